"""The order of the queue is a sum whose parts can be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.model import Label, Prediction, Priority, Severity, Signal, Visibility
from inbox.priority import priority_parts
from tests.inbox.builders import a_prediction


def parts_of(
    prediction: Prediction, *, visibility: Visibility = Visibility.PRIVATE, wanted: Sequence[Priority] = ()
) -> Mapping[str, int]:
    return priority_parts(prediction, visibility=visibility, wanted=wanted)


def score(parts: Mapping[str, int]) -> int:
    return sum(parts.values())


def test_a_message_that_is_nothing_in_particular_adds_nothing():
    assert parts_of(a_prediction(), visibility=Visibility.PUBLIC) == {}


def test_each_label_that_holds_is_a_part_of_the_score():
    parts = parts_of(a_prediction(Label.PRAISE, Label.COMPLAINT))

    assert parts == {"praise": 5, "complaint": 40}


def test_a_complaint_comes_before_a_lead_and_a_lead_before_praise():
    complaint, lead, praise = (
        score(parts_of(a_prediction(label))) for label in (Label.COMPLAINT, Label.SALES_LEAD, Label.PRAISE)
    )

    assert complaint > lead > praise > 0


def test_a_graver_offence_comes_first_and_its_part_says_how_grave():
    parts = [parts_of(a_prediction(Label.OFFENSIVE, severity=severity)) for severity in Severity]

    assert [list(part) for part in parts] == [[f"offensive:{severity}"] for severity in Severity]
    assert sorted(parts, key=score) == parts


def test_an_offence_of_unknown_severity_counts_as_a_low_one():
    assert parts_of(a_prediction(Label.OFFENSIVE)) == parts_of(a_prediction(Label.OFFENSIVE, severity=Severity.LOW))


@pytest.mark.parametrize("prediction", [a_prediction(unsure=[Label.COMPLAINT]), a_prediction(lang_known=False)])
def test_doubt_asks_for_a_person(prediction: Prediction):
    assert parts_of(prediction) == {"unsure": 10}


@pytest.mark.parametrize(("likely", "parts"), [(0.49, {}), (0.5, {"urgent": 20})])
def test_urgency_counts_once_it_is_more_likely_than_not(likely: float, parts: Mapping[str, int]):
    assert parts_of(a_prediction(signals={Signal.URGENT: likely})) == parts


def test_what_others_can_read_waits_a_little_less():
    parts = parts_of(a_prediction(Label.COMPLAINT), visibility=Visibility.PUBLIC)

    assert parts == {"complaint": 40, "public": 5}


@given(wanted=st.permutations(list(Priority)))
def test_of_several_wishes_the_highest_counts_in_whatever_order_they_came(wanted: list[Priority]):
    assert parts_of(a_prediction(), wanted=wanted) == {"rule:urgent": 60}


def test_a_rule_can_ask_for_less_haste():
    assert parts_of(a_prediction(Label.PRAISE), wanted=[Priority.LOW]) == {"praise": 5, "rule:low": -20}


def test_a_wish_for_the_usual_leaves_no_part():
    assert parts_of(a_prediction(), wanted=[Priority.LOW, Priority.MEDIUM]) == {}
