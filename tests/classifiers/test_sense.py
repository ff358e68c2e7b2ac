"""What words mean by the company they keep, and the small net that reads it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.features import N_BUCKETS, SHAPE
from classifiers.net import fit_net
from classifiers.reading import VectorTable, read_texts
from classifiers.sense import Sense, pack_sense, read_inputs, sum_vectors, unpack_sense
from classifiers.vectors import PAIR_SIZE, WORD_SIZE, hear, learn_tables, learn_vectors
from tests.classifiers.builders import some_corpus_rows

ANIMALS, COLOURS = ("cat", "dog", "horse", "sheep"), ("red", "green", "blue", "yellow")


def _sentences() -> list[str]:
    farm = [f"the {animal} eats grass in the field" for animal in ANIMALS]
    paint = [f"we painted this wall {colour} all over again" for colour in COLOURS]
    return (farm + paint) * 6


def _vector_of(word: str, table: VectorTable) -> np.ndarray:
    return np.asarray(read_texts([word], vectors=[table]).vectors[0])


def _closeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def test_words_in_the_same_company_lie_closer_than_others() -> None:
    table = learn_vectors(hear(_sentences()), pairs=False, size=16)
    cat, dog, red = (_vector_of(word, table) for word in ("cat", "dog", "red"))
    assert _closeness(cat, dog) > 0.9
    assert _closeness(cat, dog) > _closeness(cat, red) + 0.3


def test_accents_and_case_are_no_other_word() -> None:
    table = learn_vectors(hear(_sentences()), pairs=False, size=16)
    assert np.array_equal(_vector_of("CÀT", table), _vector_of("cat", table))


def test_pairs_of_words_have_vectors_of_their_own() -> None:
    table = learn_vectors(hear(_sentences()), pairs=True, size=16)
    known = read_texts(["eats grass", "grass eats"], vectors=[table]).vectors
    assert known[0].any()
    assert not np.array_equal(known[0], known[1])


def test_a_word_seen_too_seldom_has_no_vector() -> None:
    table = learn_vectors(hear([*_sentences(), "a unicorn"]), pairs=False, size=16)
    assert not _vector_of("unicorn", table).any()


def test_from_nothing_nothing_is_learned() -> None:
    table = learn_vectors(hear(["alone"]), pairs=False, size=16)
    assert table.rows.shape == (1, 16)
    assert not read_texts(["alone"], vectors=[table]).vectors.any()


def test_a_table_that_points_past_its_rows_is_refused() -> None:
    row_of = np.zeros(N_BUCKETS, dtype=np.uint16)
    row_of[7] = 3
    with pytest.raises(ValueError, match="looked up by"):
        VectorTable(row_of, np.zeros((3, 16), dtype=np.int8), pairs=False)


def test_a_net_learns_what_no_straight_line_divides() -> None:
    chance = np.random.default_rng(3)
    inputs = chance.choice([-1.0, 1.0], size=(4000, 2)).astype(np.float32)
    truth = (inputs.prod(axis=1) > 0)[:, None]
    net = fit_net(inputs, truth, np.ones_like(truth), np.ones(4000), epochs=20)
    assert ((net.score(inputs) > 0) == truth).mean() > 0.98


def test_what_is_not_known_teaches_nothing() -> None:
    chance = np.random.default_rng(3)
    inputs = chance.normal(size=(2000, 4)).astype(np.float32)
    truth = np.stack([inputs[:, 0] > 0, inputs[:, 1] > 0], axis=1)
    known = np.ones_like(truth)
    known[1000:, 1] = False
    lied_to = truth.copy()
    lied_to[1000:, 1] = ~truth[1000:, 1]
    honest, masked = (fit_net(inputs, one, known, np.ones(2000), seed=1) for one in (truth, lied_to))
    assert np.array_equal(honest.score(inputs), masked.score(inputs))


@pytest.fixture(scope="module")
def sense() -> Sense:
    texts = [row.text for row in some_corpus_rows(0.02)]
    tables = learn_tables(texts)
    inputs, scale = read_inputs(texts, tables)
    chance = np.random.default_rng(5)
    truth = chance.random((len(texts), 8)) < 0.3
    return Sense(tables, scale, fit_net(inputs, truth, np.ones_like(truth), np.ones(len(texts)), epochs=1))


def test_what_was_packed_is_unpacked(sense: Sense) -> None:
    again = unpack_sense(pack_sense(sense))
    reading = read_texts(["Super produit", "awful app"], vectors=sense.tables)
    assert np.array_equal(again.score(reading), sense.score(reading))


def test_each_table_spreads_alike(sense: Sense) -> None:
    texts = [row.text for row in some_corpus_rows(0.02)]
    inputs, _ = read_inputs(texts, sense.tables, sense.scale)
    assert inputs.shape == (len(texts), WORD_SIZE + PAIR_SIZE + len(SHAPE))
    assert inputs[:, :WORD_SIZE].std() == pytest.approx(1, abs=0.01)
    assert inputs[:, WORD_SIZE : WORD_SIZE + PAIR_SIZE].std() == pytest.approx(1, abs=0.01)


@given(st.lists(st.text(max_size=40) | st.sampled_from(_sentences()), min_size=1, max_size=6))
def test_a_text_scores_the_same_alone_and_in_company(sense: Sense, texts: Sequence[str]) -> None:
    together = sense.score(read_texts(texts, vectors=sense.tables))
    alone = [sense.score(read_texts([text], vectors=sense.tables))[0] for text in texts]
    assert np.array_equal(together, np.array(alone))
    assert np.isfinite(sum_vectors(read_texts(texts, vectors=sense.tables))).all()
