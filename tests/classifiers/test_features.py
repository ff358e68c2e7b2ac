"""Features: the same on every machine, the same alone as in a batch."""

from __future__ import annotations

import random
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.features import N_BUCKETS, SHAPE
from classifiers.learning import to_matrix
from classifiers.reading import Reading, Words, multiply, read_buckets, read_texts, read_words
from tests.classifiers.builders import BEYOND_UNICODE

WEIGHTS = np.random.default_rng(7).integers(-127, 128, (N_BUCKETS, 32)).astype(np.int8)


def shape_of(text: str, name: str) -> float:
    return float(read_texts([text]).shape[0, SHAPE.index(name)])


def words_of(text: str) -> Words:
    return read_words([text], read_texts([text], WEIGHTS), WEIGHTS)


def test_a_feature_has_the_same_number_everywhere() -> None:
    text = "Été à Lyon ?"
    reading = read_texts([text])
    pieces, words = np.split(read_buckets([text], reading).buckets, reading.n_pieces)
    assert pieces[:5].tolist() == [61471, 26349, 129576, 105724, 59762]
    assert words.reshape(-1, 3).tolist()[1] == [145102, 231526, 189822]


@given(st.lists(BEYOND_UNICODE, max_size=6), st.randoms())
def test_a_text_reads_the_same_alone_as_in_any_batch(texts: list[str], chance: random.Random) -> None:
    chance.shuffle(texts)
    together = read_texts(texts, WEIGHTS)
    for at, text in enumerate(texts):
        alone = read_texts([text], WEIGHTS)
        for field in fields(Reading):
            assert np.array_equal(getattr(together, field.name)[at], getattr(alone, field.name)[0])


@given(BEYOND_UNICODE)
def test_words_stand_in_the_text_where_they_are_said_to(text: str) -> None:
    words = words_of(text)
    assert (words.first <= words.last).all()
    assert (np.diff(words.first) > 0).all()
    assert not len(words.last) or words.last[-1] < len(text)


def test_a_word_is_found_as_it_was_written() -> None:
    text = "Quel  c.o.n.n.a.r.d, merci 👍🏻"
    words = words_of(text)
    assert [text[first : last + 1] for first, last in zip(words.first, words.last, strict=True)] == [
        "Quel",
        "c.o.n.n.a.r.d",
        "merci",
        "👍",
    ]


def test_the_words_of_a_text_bring_what_the_text_brings() -> None:
    text = "super produit, merci"
    words, whole = words_of(text), read_texts([text], WEIGHTS)
    # All but the four pieces on the border before the first word, and the separator's own three buckets.
    assert np.abs(words.piece_sums.sum(axis=0) - whole.piece_sums[0]).max() <= 4 * 127
    assert np.abs(words.word_sums.sum(axis=0) - whole.word_sums[0]).max() <= 3 * 127


def test_the_training_matrix_gives_the_sums_the_model_gives() -> None:
    texts = ["Super produit, merci !", "", "j'ai jamais reçu mon colis 😡", "How much is it?"]
    matrix, reading = to_matrix(texts), read_texts(texts, WEIGHTS)
    np.testing.assert_allclose(reading.sums, matrix[:, :N_BUCKETS] @ WEIGHTS.astype(float), rtol=1e-4, atol=1e-2)
    np.testing.assert_allclose(matrix[:, N_BUCKETS:].toarray(), reading.shape)


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="weights are int8 of shape"):
        read_texts(["a"], WEIGHTS[:, :9])


@given(st.integers(1, 9), st.integers(0, 7), st.integers(1, 20), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_product_has_the_same_rows_whatever_their_number(n: int, inner: int, width: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    left, right = (chance.normal(size=size).astype(np.float32) for size in ((n, inner), (inner, width)))
    product = multiply(left, right)
    assert np.array_equal(product, np.concatenate([multiply(row[None], right) for row in left]))
    np.testing.assert_allclose(product, left @ right, rtol=1e-4, atol=1e-5)


def test_stretched_words_are_found_on_their_list() -> None:
    assert shape_of("I looove it", "glad words") == shape_of("I love it", "glad words") > 0


def test_a_denied_kind_word_is_not_a_kind_word() -> None:
    assert shape_of("this is not very good", "glad words") == 0
    assert shape_of("this is not very good", "denied glad words") > 0


def test_a_denial_does_not_reach_into_the_next_text() -> None:
    read = read_texts(["no", "good"])
    assert read.shape[1, SHAPE.index("denied glad words")] == 0


def test_emoji_alone_have_no_letters() -> None:
    assert not read_texts(["👍👍 100%"]).has_letters[0]
    assert read_texts(["ok 👍"]).has_letters[0]


def test_no_texts_are_read_as_none() -> None:
    read = read_texts([], WEIGHTS)
    assert (read.sums.shape, read.shape.shape) == ((0, 32), (0, len(SHAPE)))
