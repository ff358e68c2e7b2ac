"""What a person's word changes in the order of the queue, and how labels are told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inbox.learning import corrected_parts, in_order, told
from inbox.model import Label, Prediction, Priority, Severity, Signal, Visibility
from inbox.priority import priority_parts
from tests.inbox.builders import a_prediction

some_labels = st.sets(st.sampled_from(Label)).map(in_order)
predictions = st.builds(
    lambda labels, unsure, severity, urgent: a_prediction(
        *labels, unsure=unsure, severity=severity, signals={Signal.URGENT: urgent}
    ),
    some_labels,
    some_labels,
    st.none() | st.sampled_from(Severity),
    st.floats(0, 1),
)


@given(
    thought=predictions,
    said=some_labels,
    visibility=st.sampled_from(Visibility),
    wanted=st.lists(st.sampled_from(Priority)),
)
def test_a_message_weighs_as_if_the_model_had_said_what_the_person_says(
    thought: Prediction, said: tuple[Label, ...], visibility: Visibility, wanted: list[Priority]
):
    before = priority_parts(thought, visibility=visibility, wanted=wanted)

    after = corrected_parts(before, said, severity=thought.severity, visibility=visibility)

    as_if = replace(thought, labels=said, unsure=(), lang_known=True)
    assert after == priority_parts(as_if, visibility=visibility, wanted=wanted)


def test_labels_are_told_in_their_order_and_none_is_told_too():
    assert str(told(in_order([Label.OFFENSIVE, Label.SALES_LEAD, Label.COMPLAINT]))) == (
        "complaint, sales lead, offensive"
    )
    assert str(told(())) == "no label"
