"""The model that ships, and the card that `make starter` writes for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.measuring import measured_rows
from app.starter import CARD, FOLDER, by_function, by_set, card_of, make_starter, measure_apart
from classifiers.corpora import Row
from classifiers.functions import FunctionScore
from classifiers.model import load_model
from inbox.errors import ModelTrouble
from inbox.model import Label
from tests.app.builders import a_model
from tests.classifiers.builders import a_row, some_corpus_rows


def from_a_set(source: str) -> list[Row]:
    """Two rows of a public set, kept for measuring."""
    rows = [a_row(f"you idiot, says {source}", Label.OFFENSIVE), a_row(f"lunch is at noon, says {source}")]
    return [replace(row, lang="en", source=source, kept_out=True) for row in rows]


def section(card: str, title: str) -> str:
    return card.split(f"## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [*some_corpus_rows(0.3), *from_a_set("davidson_en"), *from_a_set("olid_train_en")]


@pytest.fixture(scope="module")
def card(rows: list[Row]) -> str:
    model = load_model()
    return card_of(model, measure_apart(model, rows), size=9_000_000)


def test_the_card_names_every_source_with_its_licence_and_credit(card: str):
    told = section(card, "Learned from")

    for source in load_model().about["sources"]:
        assert f"| {source['name']} | {source['rows']:,} | {source['licence']} | {source['credit']} |" in told


def test_our_corpora_are_scored_by_themselves(card: str, rows: list[Row]):
    told = section(card, "Scores on held-out messages of our corpora")

    for lang, name in (("fr", "French"), ("en", "English")):
        n = sum(row.is_ours and row.lang == lang for row in measured_rows(rows))
        assert all(f"| {label} | {name} | {n:,} |" in told for label in Label)
    assert "| davidson_en | English | 2 |" in section(card, "Set by set")


def test_a_set_that_may_not_train_stands_apart(card: str):
    told = section(card, "Sets whose licence keeps them out of training")

    assert "olid_train_en | English | offensive | 2 | 1 |" in told
    assert "olid_train_en" not in section(card, "Set by set")


def test_the_card_tells_thresholds_functions_and_the_everyday_inbox(card: str):
    cut = load_model().cuts("fr")[Label.PRAISE]

    assert f"| French | {cut.no_at:.2f} | {cut.yes_at:.2f} |" in section(card, "Thresholds")
    assert "| rhetorical question |" in section(card, "Functional tests")
    assert "40% other, 25% complaint, 20% praise, 10% sales_lead, 5% offensive" in section(card, "An everyday inbox")


def test_a_table_has_as_many_cells_in_every_row_as_in_its_head(card: str):
    tables = [part.splitlines() for part in card.split("\n\n") if part.startswith("|")]

    assert len(tables) == 7
    for lines in tables:
        assert {line.count("|") for line in lines} == {lines[0].count("|")}, lines[0]


def test_the_function_that_is_lowest_in_either_language_comes_first():
    scores = [
        FunctionScore("irony", "fr", 12, 0.1, 0.8),
        FunctionScore("threat", "en", 12, 0.5, 0.1),
        FunctionScore("irony", "en", 12, 0.9, 0.0),
    ]

    told = by_function(scores)

    assert list(told) == ["irony", "threat"]
    assert told["irony"]["en"].right == 0.9
    assert "fr" not in told["threat"]


def test_scores_are_gathered_by_set_without_those_of_all_together(rows: list[Row]):
    public = measure_apart(load_model(), rows).public

    assert [(one.source, one.lang, one.n) for one in by_set(public)] == [("davidson_en", "en", 2)]


def test_a_card_is_written_beside_the_model_that_is_there(rows: list[Row], tmp_path: Path):
    trained = a_model(tmp_path, "mine")

    made = make_starter(rows, tmp_path, version="mine", created_on=date(2026, 12, 1), trains=False)

    assert made == (trained, tmp_path / CARD)
    assert (tmp_path / CARD).read_text(encoding="utf-8").startswith("# mine\n")


def test_without_a_model_nothing_is_written(rows: list[Row], tmp_path: Path):
    with pytest.raises(ModelTrouble):
        make_starter(rows, tmp_path, version="mine", created_on=date(2026, 12, 1), trains=False)

    assert not list(tmp_path.iterdir())


def test_training_makes_the_file_and_its_card(tmp_path: Path):
    file, card = make_starter(some_corpus_rows(), tmp_path, version="small", created_on=date(2026, 12, 1))

    assert load_model(file).version == "small"
    told = card.read_text(encoding="utf-8")
    assert "Trained on 2026-12-01" in told
    assert load_model(file).about["sha256"] in told


def test_the_card_that_ships_is_of_the_model_that_ships():
    card = (FOLDER / CARD).read_text(encoding="utf-8")

    assert load_model().about["sha256"] in card, "run: make starter"
