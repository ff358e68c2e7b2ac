"""Learning, from a small part of our own corpora."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from classifiers.corpora import is_held_out
from classifiers.disguises import disguise
from classifiers.evaluate import Baseline, ask, macro_f1, score_rows, unsure_share
from classifiers.model import load_model
from classifiers.model_file import read_model
from classifiers.plain_examples import mixed_lines, plain_lines
from classifiers.train import prepare, train
from inbox.errors import NotPossible
from inbox.model import Label
from inbox.sentences import Sentence
from tests.classifiers.builders import a_row, some_corpus_rows, train_small


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trained") / "small.safetensors"
    train_small(path)
    return path


def test_a_trained_file_loads_and_judges(trained: Path) -> None:
    model = load_model(trained)
    assert model.version == "small"
    assert model.about["created_on"] == "2026-11-01"
    assert {source["name"] for source in model.about["sources"]} >= {"vigie/fr-brands", "vigie/en-community"}
    assert model.predict(["espèce de connard"])[0].scores[Label.OFFENSIVE] > 0.5


def test_training_twice_gives_the_same_file(trained: Path, tmp_path: Path) -> None:
    train_small(tmp_path / "again.safetensors", list(reversed(some_corpus_rows())))
    first, second = read_model(trained), read_model(tmp_path / "again.safetensors")
    assert first.about == second.about
    assert all(np.array_equal(first.tensors[name], second.tensors[name]) for name in first.tensors)


def test_training_tells_how_far_it_is() -> None:
    told: list[tuple[Sentence, int, int]] = []
    with pytest.raises(NotPossible):
        train(
            [a_row("Bonjour")],
            Path("never-written"),
            version="x",
            created_on=date(2026, 11, 1),
            progress=lambda *step: told.append(step),
        )
    assert str(told[0][0]) == "Reading the texts"


def test_held_out_rows_and_forbidden_sources_are_never_learned_from() -> None:
    rows = [*some_corpus_rows(), a_row("un message volé", source="cyberagression_fr"), a_row("inconnu", source="x/y")]
    lesson = prepare(rows)
    ours = [
        row
        for row in lesson.rows
        if row.source not in ("vigie/disguised", "vigie/neutral", "vigie/plain", "vigie/signs")
    ]
    assert not any(is_held_out(row) for row in ours)
    assert {row.source for row in ours} == {row.source for row in some_corpus_rows()}


def test_an_unknown_source_is_learned_from_when_the_caller_says_so() -> None:
    lesson = prepare([a_row("message numéro un", source="x/y")], unknown_too=True)
    assert "x/y" in {row.source for row in lesson.rows}


def test_thresholds_are_set_only_on_messages_like_those_to_come() -> None:
    rows = [*some_corpus_rows(), a_row("a review", lang="en", source="minibar_app_reviews")]
    lesson = prepare(rows)
    measured = {row.source for row, counts in zip(lesson.rows, lesson.measures, strict=True) if counts}
    assert measured == {row.source for row in some_corpus_rows()}


def test_a_disguised_copy_hides_the_insult_and_nothing_else() -> None:
    text = disguise("quel connard ce vendeur", random.Random(3))
    assert text is not None
    assert text != "quel connard ce vendeur"
    assert text.startswith("quel ")
    assert text.endswith(" ce vendeur")


def test_a_text_without_an_insult_has_no_disguise() -> None:
    assert disguise("quelle belle journée", random.Random(3)) is None


def test_the_plain_lines_name_labels_that_exist() -> None:
    for lang, text, labels in (*plain_lines(), *mixed_lines()):
        assert lang in ("fr", "en")
        assert text == text.strip()
        assert set(labels) <= set(Label)


def test_scores_are_told_per_label_language_and_source(trained: Path) -> None:
    rows = [row for row in some_corpus_rows() if is_held_out(row)]
    verdicts = ask(load_model(trained), rows)
    scores = score_rows(verdicts, rows)
    assert {(one.head, one.lang) for one in scores if one.source == "all"} >= {
        (label, lang) for label in Label for lang in ("fr", "en")
    }
    assert all(0 <= one.average_precision <= 1 and one.positives <= one.n for one in scores)
    assert 0 <= unsure_share(verdicts) <= 1


def test_the_model_beats_the_plain_baseline_on_rows_neither_has_seen(trained: Path) -> None:
    rows = some_corpus_rows()
    held_out = [row for row in rows if is_held_out(row)]
    learned = [row for row in prepare(rows).rows if row.source not in ("vigie/disguised", "vigie/signs")]
    ours = macro_f1(score_rows(ask(load_model(trained), held_out), held_out), forced=True)
    plain = macro_f1(score_rows(Baseline(learned).ask(held_out), held_out), forced=True)
    assert ours > plain
