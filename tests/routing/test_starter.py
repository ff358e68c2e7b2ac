"""The rule book that ships: what every combination of labels ends in, and that nothing in it sends."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given

from inbox.actions import Draft, Escalate, Hide, Lead, Mode, Reply, SetPriority, SetQueue, Tag, to_words
from inbox.decisions import Decision, Facts
from inbox.model import Label, Severity, Signal
from routing.lint import lint
from routing.responses import load_responses
from routing.rulebook import STARTER, load
from tests.routing.builders import some_facts, some_facts_of

PRAISE, COMPLAINT, LEAD, OFFENSIVE = Label
BOOK = load(STARTER, responses=load_responses())


def told(decision: Decision) -> list[str]:
    """The actions in short, such as `queue review`; hiding without its reason."""
    said = [list(to_words(plan.action).values()) for plan in decision.actions]
    return ["hide" if words[0] == "hide" else " ".join(words[:2]) for words in said]


def ends_in(text: str = "", **facts: Any) -> list[str]:
    return told(BOOK.decide(some_facts_of(text, **facts)))


CS = "escalate customer-service"
IN_COMPLAINT = ["tag offensive-complaint", "priority high", CS]

EVERY_COMBINATION: dict[tuple[Label, ...], list[str]] = {
    (): [],
    (PRAISE,): ["priority low", "draft thanks"],
    (COMPLAINT,): ["draft handed-over", CS],
    (LEAD,): ["lead", "queue sales", "draft lead"],
    (OFFENSIVE,): ["priority low", "queue moderation"],
    (PRAISE, COMPLAINT): ["draft thanks-and-sorry", CS],
    (PRAISE, LEAD): ["lead", "queue sales", "draft lead"],
    (PRAISE, OFFENSIVE): ["priority low", "queue moderation"],
    (COMPLAINT, LEAD): ["lead", "draft handed-over", CS],
    (COMPLAINT, OFFENSIVE): IN_COMPLAINT,
    (LEAD, OFFENSIVE): ["priority low", "queue moderation"],
    (PRAISE, COMPLAINT, LEAD): ["lead", "draft thanks-and-sorry", CS],
    (PRAISE, COMPLAINT, OFFENSIVE): IN_COMPLAINT,
    (PRAISE, LEAD, OFFENSIVE): ["priority low", "queue moderation"],
    (COMPLAINT, LEAD, OFFENSIVE): IN_COMPLAINT,
    (PRAISE, COMPLAINT, LEAD, OFFENSIVE): IN_COMPLAINT,
}


@pytest.mark.parametrize("labels", [c for n in range(5) for c in combinations(Label, n)])
def test_every_combination_of_labels_ends_where_it_should(labels: tuple[Label, ...]) -> None:
    assert ends_in(labels=labels) == EVERY_COMBINATION[labels]


@pytest.mark.parametrize("labels", [c for n in range(4) for c in combinations(Label, n)])
def test_a_message_in_doubt_goes_to_review_and_nowhere_else(labels: tuple[Label, ...]) -> None:
    doubt = [label for label in Label if label not in labels]

    assert ends_in(labels=labels, unsure=doubt, severity=Severity.HIGH, signals={Signal.SPAM: 1.0}) == ["queue review"]
    assert ends_in(labels=labels, lang="de", lang_known=False) == ["queue review"]


def test_what_may_be_a_threat_is_looked_at_first_and_nothing_is_done_to_it() -> None:
    assert ends_in(unsure=[Label.OFFENSIVE], severity=Severity.CRITICAL) == ["priority urgent", "queue moderation"]


@pytest.mark.parametrize(
    ("severity", "ends"),
    [
        (Severity.LOW, ["priority low", "queue moderation"]),
        (Severity.MEDIUM, ["priority medium", "queue moderation", "hide"]),
        (Severity.HIGH, ["priority high", "queue moderation", "hide"]),
        (Severity.CRITICAL, ["priority urgent", "queue moderation", "hide"]),
    ],
)
def test_an_offence_is_met_by_its_severity(severity: Severity, ends: list[str]) -> None:
    assert ends_in(labels=[OFFENSIVE], severity=severity) == ends


@pytest.mark.parametrize(
    ("severity", "ends"),
    [
        (Severity.LOW, IN_COMPLAINT),
        (Severity.MEDIUM, IN_COMPLAINT),
        (Severity.HIGH, ["tag offensive-complaint", "priority urgent", CS, "hide"]),
        (Severity.CRITICAL, ["tag offensive-complaint", "priority urgent", CS, "hide"]),
    ],
)
def test_an_offensive_complaint_reaches_customer_service_and_is_hidden_only_when_grave(
    severity: Severity, ends: list[str]
) -> None:
    assert ends_in(labels=[COMPLAINT, OFFENSIVE], severity=severity) == ends


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("Trois semaines et toujours pas de colis !", "late-parcel"),
        ("Ma LIVRAISON a 3 semaines de retard", "late-parcel"),
        ("Je n'ai jamais reçu ma commande", "late-parcel"),
        ("Three weeks and still no parcel!", "late-parcel"),
        ("My order hasn’t arrived", "late-parcel"),
        ("Le colis n'est jamais venu, je veux être remboursée", "refund"),
        ("I want my money back", "refund"),
        ("et mon remboursement ?", "refund"),
        ("l'appli plante dès que j'ouvre l'onglet", "bug"),
        ("App crashes on open since the update", "bug"),
        ("L’accueil a été glacial", "handed-over"),
        ("Your plants are dying and the staff shrugged", "handed-over"),
    ],
)
def test_a_complaint_gets_the_draft_that_its_words_call_for(text: str, draft: str) -> None:
    actions = ends_in(text, labels=[COMPLAINT])

    assert f"draft {draft}" in actions
    assert CS in actions


def test_an_urgent_complaint_is_promised_a_faster_answer() -> None:
    usual = BOOK.decide(some_facts_of("où est mon colis", labels=[COMPLAINT]))
    urgent = BOOK.decide(some_facts_of("où est mon colis", labels=[COMPLAINT], signals={Signal.URGENT: 0.9}))

    (slow,) = [plan.action for plan in usual.actions if isinstance(plan.action, Escalate)]
    (fast,) = [plan.action for plan in urgent.actions if isinstance(plan.action, Escalate)]
    assert (slow.first_response, slow.resolution) == (timedelta(hours=4), timedelta(hours=24))
    assert (fast.first_response, fast.resolution) == (timedelta(hours=1), timedelta(hours=8))
    assert told(urgent) == ["priority urgent", "draft late-parcel", CS]


def test_spam_goes_to_review_without_an_answer_unless_it_complains() -> None:
    spam = {Signal.SPAM: 0.9}

    assert ends_in(signals=spam) == ["tag spam", "queue review"]
    assert ends_in(labels=[LEAD], signals=spam) == ["tag spam", "queue review"]
    assert ends_in(labels=[COMPLAINT], signals=spam) == ["draft handed-over", CS]
    assert ends_in(labels=[OFFENSIVE], severity=Severity.CRITICAL, signals=spam)[0] == "priority urgent"


@pytest.mark.parametrize(
    "text", ["Je voudrais prendre rendez-vous", "Could someone call me?", "On peut l’essayer samedi ?"]
)
def test_a_lead_who_wants_to_meet_us_gets_a_draft_about_it(text: str) -> None:
    assert ends_in(text, labels=[LEAD]) == ["lead", "priority high", "queue sales", "draft lead-appointment"]


def test_ideas_and_questions_come_before_thanks() -> None:
    assert ends_in(signals={Signal.SUGGESTION: 0.9}) == ["tag suggestion", "draft suggestion"]
    assert ends_in(signals={Signal.QUESTION: 0.9}) == ["queue questions", "draft question"]
    assert ends_in(labels=[PRAISE], signals={Signal.QUESTION: 0.9}) == ["queue questions", "draft question"]
    assert ends_in(labels=[LEAD], signals={Signal.QUESTION: 0.9}) == ["lead", "queue sales", "draft lead"]


@given(facts=some_facts())
def test_nothing_is_sent_and_no_offence_is_answered(facts: Facts) -> None:
    plans = BOOK.decide(facts).actions

    assert not any(isinstance(plan.action, Reply) for plan in plans)
    assert all(plan.mode is Mode.DRAFT for plan in plans)
    if OFFENSIVE in facts.prediction.labels:
        assert not any(isinstance(plan.action, Draft) for plan in plans)
    if COMPLAINT in facts.prediction.labels and not facts.prediction.is_unsure:
        assert any(isinstance(plan.action, Escalate) for plan in plans)


def test_every_kind_of_action_but_the_reply_is_shown_at_work() -> None:
    shown = {type(action) for rule in BOOK.rules for action in rule.actions}

    assert shown == {Tag, Lead, SetPriority, SetQueue, Draft, Escalate, Hide}


def test_the_linter_has_nothing_to_say_of_it() -> None:
    assert lint(BOOK) == []
