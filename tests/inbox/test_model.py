"""The words that have an order keep it, whatever the alphabet says."""

from __future__ import annotations

import operator
from itertools import pairwise

import pytest

from inbox.model import Actor, Label, Priority, Ranked, Severity
from tests.inbox.builders import a_prediction


@pytest.mark.parametrize("words", [Severity, Priority])
def test_each_word_is_less_than_the_next(words: type[Ranked]):
    for less, more in pairwise(words):
        assert (less < more, less <= more, less > more, less >= more) == (True, True, False, False)
        assert (more < less, more <= less, more > less, more >= less) == (False, False, True, True)


@pytest.mark.parametrize("words", [Severity, Priority])
def test_a_word_is_as_much_as_itself(words: type[Ranked]):
    for word, same in zip(words, words, strict=True):
        assert (word < same, word <= same, word > same, word >= same) == (False, True, False, True)


def test_the_greatest_and_the_least_are_found_by_rank():
    assert (max(Severity), min(Severity)) == (Severity.CRITICAL, Severity.LOW)
    assert sorted([Priority.URGENT, Priority.LOW, Priority.HIGH]) == [Priority.LOW, Priority.HIGH, Priority.URGENT]


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
def test_a_severity_cannot_be_weighed_against_a_priority(compare: type):
    with pytest.raises(TypeError):
        compare(Severity.HIGH, Priority.LOW)


def test_a_ranked_word_still_reads_as_text():
    assert {"high": 1}[Severity.HIGH] == 1
    assert f"{Severity.HIGH}" == "high"


def test_only_a_person_is_a_person():
    actors = [Actor.person("Inès"), Actor.rule("late parcel"), Actor.vigie("triage")]

    assert [(str(actor), actor.is_person) for actor in actors] == [
        ("person:Inès", True),
        ("rule:late parcel", False),
        ("vigie:triage", False),
    ]


def test_a_prediction_is_unsure_when_a_label_is_or_the_language_is_not_known():
    sure = a_prediction(Label.PRAISE)
    torn = a_prediction(Label.PRAISE, unsure=[Label.COMPLAINT])
    foreign = a_prediction(lang="fi", lang_known=False)

    assert [one.is_unsure for one in (sure, torn, foreign)] == [False, True, True]


def test_a_label_that_was_not_scored_has_no_confidence():
    prediction = a_prediction(scores={Label.PRAISE: 0.94})

    assert (prediction.confidence(Label.PRAISE), prediction.confidence(Label.OFFENSIVE)) == (0.94, 0.0)
