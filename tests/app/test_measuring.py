"""Gathering rows and measuring a model on them."""

from __future__ import annotations

import json
from pathlib import Path

from app.measuring import gather, measure, measured_rows
from classifiers.corpora import is_held_out
from classifiers.functions import is_a_test
from classifiers.model import load_model
from inbox.model import Label
from tests.classifiers.builders import some_corpus_rows


def test_who_labels_a_text_that_ships_means_it(tmp_path: Path):
    shipped = next(row for row in some_corpus_rows() if row.lang == "fr" and Label.PRAISE not in row.holds)
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"text": shipped.text.upper(), "lang": "fr", "labels": ["praise"]}))

    found = [row for row in gather(None, [path]) if row.text.lower() == shipped.text.lower()]

    assert [row.source for row in found] == ["own/mine"]
    assert found[0].holds == {Label.PRAISE}


def test_functional_tests_and_rows_learned_from_are_not_measured_on():
    rows = measured_rows(gather(None))

    assert all(is_held_out(row) and not is_a_test(row) for row in rows)
    assert len(rows) > 1_000


def test_measuring_tells_everything_of_both_languages():
    measured = measure(load_model(), some_corpus_rows(0.6))

    assert {one.lang for one in measured.confusions} == {"fr", "en"}
    assert {one.lang for one in measured.mixes} == {"fr", "en"}
    assert {(one.label, one.lang) for one in measured.curves} == {
        (label, lang) for label in Label for lang in ("fr", "en")
    }
    assert measured.functions
    assert sum(sum(map(sum, one.counts)) for one in measured.confusions) == measured.n
    assert measured.baseline_macro_f1 is None
