"""F43: sixty faults planted in French and English are found where they stand, and good answers are left in peace."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from inbox.findings import CheckKind, Finding
from inbox.model import Label
from inbox.responses import CannedResponse, Polarity, Variant, draft_from
from routing.responses import load_responses
from tests.inbox.checks.builders import a_context, context_of, found_in, planted_faults, the_checks

FAULTS = list(planted_faults())
RESPONSES = load_responses()
TEAM = {"fr": "notre service client", "en": "our customer service team"}
MOST_FALSE_ALARMS = 0.02

MEANT_FOR: dict[Polarity, tuple[tuple[Label, ...], ...]] = {
    Polarity.THANKS: ((Label.PRAISE,),),
    Polarity.APOLOGY: ((Label.COMPLAINT,),),
    Polarity.NEUTRAL: ((), (Label.SALES_LEAD,)),
    Polarity.HOLDING: ((), (Label.COMPLAINT,)),
}
"""What each polarity answers."""


def filled(response: CannedResponse, variant: Variant) -> str:
    return draft_from(response, variant, {"brand.name": "Loriot", "ticket.team": TEAM[variant.lang]}).text


def alarms(response: CannedResponse, variant: Variant) -> list[Finding]:
    """What is found in a canned response where it answers what it is meant for."""
    answered: Sequence[tuple[Label, ...]] = MEANT_FOR[response.polarity]
    if response.code == "thanks-and-sorry":
        answered = ((Label.PRAISE, Label.COMPLAINT),)
    text = filled(response, variant)
    contexts = [a_context(*labels, lang=variant.lang, polarity=response.polarity) for labels in answered]
    return [finding for context in contexts for finding in found_in(text, context)]


def test_there_are_sixty_faults_of_every_kind_in_both_languages():
    assert len(FAULTS) >= 60
    assert {(fault["kind"], fault["lang"]) for fault in FAULTS} >= {
        (kind.value, lang) for kind in CheckKind if kind is not CheckKind.TYPOGRAPHY for lang in ("fr", "en")
    }


@pytest.mark.parametrize("fault", [pytest.param(fault, id=fault["text"][:50]) for fault in FAULTS])
def test_f43_a_planted_fault_is_found_by_its_check_with_its_place_and_its_fix(fault: dict[str, Any]):
    found = [one for one in found_in(fault["text"], context_of(fault)) if one.kind == fault["kind"]]

    assert found
    first = found[0]
    place = fault.get("words") or fault.get("at")
    if place is not None:
        assert fault["text"][first.start : first.end] == place
    if "fix" in fault:
        assert first.fix == fault["fix"]
    assert str(first.sentence)


def test_f43_fewer_than_two_in_a_hundred_good_answers_raise_an_alarm():
    wordings = [(response, variant) for response in RESPONSES.values() for variant in response.variants]
    raised = [(response.code, found) for response, variant in wordings if (found := alarms(response, variant))]
    told = [f"{code}: {[(one.kind, one.words) for one in found]}" for code, found in raised]

    print(f"{len(raised)} of {len(wordings)} wordings raise an alarm", *told, sep="\n")  # noqa: T201  # what was measured
    assert len(wordings) >= 400
    assert len(raised) / len(wordings) < MOST_FALSE_ALARMS


def test_an_answer_is_checked_in_an_instant():
    text = " ".join(filled(RESPONSES["late-parcel"], variant) for variant in RESPONSES["late-parcel"].variants[:3])[
        :300
    ]
    checks = the_checks()
    found_in(text, a_context(Label.COMPLAINT), checks)
    began = time.thread_time()

    for number in range(50):
        found_in(f"{text} {chr(97 + number % 26)}", a_context(Label.COMPLAINT, contact=f"Camille {number}"), checks)

    # Far from the two milliseconds that it takes at the most, so that a busy machine does not matter.
    assert (time.thread_time() - began) / 50 < 0.01
