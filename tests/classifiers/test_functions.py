"""Functional tests: a case is right when every label that decides lies on its side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from classifiers.corpora import is_held_out
from classifiers.functions import Case, function_files, is_a_test, read_cases, score_functions
from classifiers.model import StarterModel
from inbox.errors import BadLine
from inbox.model import Label, Signal
from tests.classifiers.builders import CORPORA, a_row

CASE = {
    "text": "Pas mal du tout, votre soupe",
    "lang": "fr",
    "labels": ["praise"],
    "signals": [],
    "severity": None,
    "target": None,
    "function": "praise_by_negation",
    "decides": {"praise": True, "complaint": False, "question": False},
    "held_out": True,
}


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def a_case(text: str, decides: Mapping[Label | Signal, bool], *, function: str = "f", held_out: bool = True) -> Case:
    return Case(a_row(text), function, decides, held_out)


def test_a_case_says_what_decides_and_whether_it_is_held_out(tmp_path: Path):
    (case,) = read_cases([write(tmp_path / "fr-functions.jsonl", CASE)])

    assert case.decides == {Label.PRAISE: True, Label.COMPLAINT: False, Signal.QUESTION: False}
    assert (case.function, case.held_out) == ("praise_by_negation", True)
    assert case.row.holds == {Label.PRAISE}
    assert is_a_test(case.row)


def test_a_line_that_is_no_case_is_named(tmp_path: Path):
    path = write(tmp_path / "fr-functions.jsonl", CASE, {**CASE, "text": "Autre", "decides": {"prase": True}})

    with pytest.raises(BadLine, match="line 2"):
        read_cases([path])


def test_only_held_out_cases_are_asked_and_the_lowest_function_comes_first(starter: StarterModel):
    cases = [
        a_case("Merci beaucoup, super équipe, j'adore", {Label.PRAISE: True}, function="plain"),
        a_case("Merci beaucoup, super équipe, j'adore !", {Label.PRAISE: False}, function="upside down"),
        a_case("Merci beaucoup, super équipe, j'adore !!", {Label.PRAISE: False}, function="learned", held_out=False),
    ]

    scores = score_functions(starter, cases)

    assert [(score.function, score.right, score.n) for score in scores] == [("upside down", 0, 1), ("plain", 1, 1)]
    assert scores[0].is_weak
    assert scores[0].sure_and_wrong == 1
    assert (scores[1].is_weak, scores[1].sure_and_wrong) == (False, 0)


def test_doubt_is_not_sure_and_wrong(starter: StarterModel):
    (score,) = score_functions(starter, [a_case("Ich warte seit drei Wochen auf mein Paket", {Label.COMPLAINT: True})])

    assert score.sure_and_wrong == 0


def test_every_function_that_ships_has_cases_to_learn_from_and_cases_held_out():
    cases = read_cases(function_files(CORPORA))
    both = {(case.function, case.row.lang) for case in cases}

    assert {(case.function, case.row.lang) for case in cases if case.held_out} == both
    assert {(case.function, case.row.lang) for case in cases if not case.held_out} == both


def test_cases_held_out_are_held_out_rows():
    assert all(is_held_out(case.row) == case.held_out for case in read_cases(function_files(CORPORA)))
