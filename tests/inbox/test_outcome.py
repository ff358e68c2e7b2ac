"""From a decision to what is kept of it: where every action ends, and when words leave by themselves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import Action, Draft, Escalate, Hide, Mode, Planned, Reply, SetPriority, SetQueue, Tag
from inbox.decisions import Decision
from inbox.model import Actor, Label, Prediction, Priority, Severity, Visibility
from inbox.outcome import NewDraft, NewEscalation, NewSend, Outcome, carry_out, variables
from inbox.outgoing import OutboxKind
from inbox.promises import PROMISES
from inbox.responses import VARIABLES, DraftText, Variant
from tests.inbox.builders import (
    NOON,
    OFFICE_HOURS,
    a_decision,
    a_house,
    a_live_reply,
    a_prediction,
    a_response,
    a_waiting_message,
    in_paris,
)

TEAMS = {"sav": {"fr": "notre service client", "en": "our customer service"}}
HELLO = a_response(Variant("fr", "Bonjour {{contact.first_name}} !"), code="hello")
HANDED_OVER = a_response(
    Variant("fr", "C’est chez {{ticket.team}}."), Variant("en", "It is with {{ticket.team}}."), code="handed-over"
)


def outcome_of(decision: Decision, prediction: Prediction | None = None) -> Outcome:
    return carry_out(a_waiting_message(), prediction or a_prediction(), decision, house=a_house(), now=NOON)


# --- where every action ends ---


def test_without_a_rule_nothing_is_prepared_and_nothing_leaves():
    outcome = outcome_of(Decision(), a_prediction(Label.PRAISE))

    assert (outcome.drafts, outcome.sends, outcome.escalation, outcome.queue, outcome.tags) == ((), (), None, None, ())


def test_a_draft_waits_for_a_person_under_the_name_of_its_rule():
    outcome = outcome_of(a_decision(Draft("thanks"), rule="thank"))

    assert outcome.drafts == (NewDraft(DraftText("Merci !", lang="fr", response="thanks"), rule="thank"),)
    assert outcome.sends == ()


def test_tags_are_kept_each_once_in_order():
    outcome = outcome_of(a_decision(Tag("parcel"), Tag("late"), Tag("parcel")))

    assert outcome.tags == ("parcel", "late")


def test_a_priority_becomes_a_part_of_the_score():
    outcome = outcome_of(a_decision(SetPriority(Priority.HIGH)), a_prediction(Label.COMPLAINT))

    assert outcome.priority_parts == {"complaint": 40, "public": 5, "rule:high": 25}


def test_a_private_message_gets_no_part_for_being_seen():
    message = a_waiting_message(visibility=Visibility.PRIVATE)

    outcome = carry_out(message, a_prediction(Label.COMPLAINT), Decision(), house=a_house(), now=NOON)

    assert outcome.priority_parts == {"complaint": 40}


def test_a_queue_is_where_the_conversation_goes():
    assert outcome_of(a_decision(SetQueue("sales"))).queue == "sales"


def test_an_escalation_brings_its_own_queue():
    outcome = outcome_of(a_decision(SetQueue("sales"), Escalate("sav")))

    assert outcome.queue == "sav"


def test_hiding_is_only_ever_proposed():
    decision = a_decision(Hide("insult"), mode=Mode.LIVE)

    outcome = outcome_of(decision, a_prediction(Label.OFFENSIVE))

    assert (outcome.sends, outcome.drafts) == ((), ())
    assert outcome.decision.actions == (Planned(Hide("insult"), "late parcel", Mode.LIVE),)
    assert outcome.audit.facts["actions"] == [{"action": "hide", "reason": "insult", "mode": "live"}]


def test_a_response_that_does_not_exist_gives_no_words():
    outcome = outcome_of(a_decision(Draft("no-such-response"), Draft("thanks")))

    assert [draft.words.response for draft in outcome.drafts] == ["thanks"]


# --- what leaves by itself ---


@pytest.mark.parametrize("mode", [Mode.LIVE, Mode.SHARE])
def test_a_reply_of_a_rule_that_may_act_leaves_after_the_hold(mode: Mode):
    decision = a_decision(Reply("thanks"), rule="thank", mode=mode)
    message = a_waiting_message(message_id=12, version=2)

    outcome = carry_out(
        message, a_prediction(Label.PRAISE), decision, house=a_house(hold=timedelta(seconds=20)), now=NOON
    )

    assert outcome.drafts == ()
    assert outcome.sends == (
        NewSend(
            kind=OutboxKind.REPLY,
            words=DraftText("Merci !", lang="fr", response="thanks"),
            rule="thank",
            not_before=NOON + timedelta(seconds=20),
            idempotency_key="reply:12:2:thank",
        ),
    )


@pytest.mark.parametrize(
    ("decision", "prediction"),
    [
        pytest.param(a_decision(Reply("thanks")), a_prediction(Label.PRAISE), id="a reply in draft mode"),
        pytest.param(
            a_decision(Draft("thanks"), mode=Mode.LIVE), a_prediction(Label.PRAISE), id="a draft, though live"
        ),
        pytest.param(a_live_reply(), a_prediction(Label.PRAISE, unsure=[Label.COMPLAINT]), id="an unsure label"),
        pytest.param(a_live_reply(), a_prediction(lang_known=False), id="an unknown language"),
        pytest.param(a_live_reply(), a_prediction(Label.PRAISE, Label.OFFENSIVE), id="an offence"),
    ],
)
def test_words_become_a_draft_where_anything_speaks_against_sending(decision: Decision, prediction: Prediction):
    outcome = outcome_of(decision, prediction)

    assert outcome.sends == ()
    assert [draft.words.text for draft in outcome.drafts] == ["Merci !"]


def test_a_reply_with_an_empty_blank_becomes_a_draft_that_says_which():
    message = a_waiting_message(contact_name="xX_Watt_Xx")

    outcome = carry_out(message, a_prediction(), a_live_reply("hello"), house=a_house(HELLO), now=NOON)

    (draft,) = outcome.drafts
    assert (outcome.sends, draft.words.text) == ((), "Bonjour {{contact.first_name}} !")
    assert [finding.sentence.facts for finding in draft.words.findings] == [{"blank": "contact.first_name"}]


def test_the_same_reply_with_a_name_to_say_leaves():
    message = a_waiting_message(contact_name="Camille Rousseau")

    outcome = carry_out(message, a_prediction(), a_live_reply("hello"), house=a_house(HELLO), now=NOON)

    assert [send.words.text for send in outcome.sends] == ["Bonjour Camille !"]


def test_an_edited_message_can_be_answered_anew():
    first, edited = (
        carry_out(a_waiting_message(version=version), a_prediction(), a_live_reply(), house=a_house(), now=NOON)
        for version in (1, 2)
    )

    assert first.sends[0].idempotency_key != edited.sends[0].idempotency_key


def some_actions() -> st.SearchStrategy[Action]:
    words = st.sampled_from(["thanks", "hello", "no-such-response"])
    severities = st.sampled_from(Severity)
    return st.one_of(
        st.builds(Draft, words),
        st.builds(Reply, words),
        st.builds(Tag, st.sampled_from(["late", "parcel"])),
        st.builds(SetQueue, st.just("sales")),
        st.builds(SetPriority, st.sampled_from(Priority)),
        st.builds(Escalate, st.just("sav"), severities),
        st.builds(Hide, st.just("insult")),
    )


def some_decisions() -> st.SearchStrategy[Decision]:
    plans = st.lists(st.builds(Planned, some_actions(), st.sampled_from(["one", "two"]), st.sampled_from(Mode)))
    return plans.map(lambda planned: Decision(tuple(planned), tuple(dict.fromkeys(plan.rule for plan in planned))))


def some_predictions() -> st.SearchStrategy[Prediction]:
    labels = st.lists(st.sampled_from(Label), unique=True)
    return st.builds(
        lambda holds, unsure, known: a_prediction(*holds, unsure=unsure, lang_known=known),
        labels,
        labels,
        st.booleans(),
    )


@given(decision=some_decisions(), prediction=some_predictions())
def test_what_leaves_is_sure_inoffensive_whole_and_asked_for_by_a_rule_that_may(
    decision: Decision, prediction: Prediction
):
    outcome = carry_out(a_waiting_message(), prediction, decision, house=a_house(a_response(), HELLO), now=NOON)

    if outcome.sends:
        assert not prediction.is_unsure
        assert Label.OFFENSIVE not in prediction.labels
    allowed = {
        plan.rule
        for plan in decision.actions
        if isinstance(plan.action, Reply) and plan.mode in {Mode.LIVE, Mode.SHARE}
    }
    assert all(send.words.is_sendable and send.rule in allowed for send in outcome.sends)


# --- the words ---


@pytest.mark.parametrize(
    ("lang", "text"),
    [("fr", "C’est chez notre service client."), ("en", "It is with our customer service.")],
)
def test_the_team_is_named_in_the_language_of_the_wording(lang: str, text: str):
    decision = a_decision(Escalate("sav"), Draft("handed-over"))

    outcome = carry_out(
        a_waiting_message(), a_prediction(lang=lang), decision, house=a_house(HANDED_OVER, teams=TEAMS), now=NOON
    )

    assert [draft.words.text for draft in outcome.drafts] == [text]


def test_a_message_in_another_language_is_answered_in_the_first_of_the_brand_with_the_team_named_in_it():
    decision = a_decision(Escalate("sav"), Draft("handed-over"))

    outcome = carry_out(
        a_waiting_message(), a_prediction(lang="fi"), decision, house=a_house(HANDED_OVER, teams=TEAMS), now=NOON
    )

    assert [(draft.words.lang, draft.words.text) for draft in outcome.drafts] == [
        ("fr", "C’est chez notre service client.")
    ]


def test_a_team_without_a_name_in_that_language_leaves_its_blank_empty():
    decision = a_decision(Escalate("billing"), Reply("handed-over"), mode=Mode.LIVE)

    outcome = carry_out(
        a_waiting_message(), a_prediction(), decision, house=a_house(HANDED_OVER, teams=TEAMS), now=NOON
    )

    assert (outcome.sends, [draft.words.is_sendable for draft in outcome.drafts]) == ((), [False])


def test_what_is_known_of_a_message_can_fill_its_blanks():
    message = a_waiting_message(text="Et ma commande n° 48213 ?")

    known = variables(message, brand=a_house(teams=TEAMS).brand, lang="fr", queue="sav")

    assert known == {
        "brand.name": "Loriot",
        "channel.name": "discord",
        "contact.first_name": "Camille",
        "contact.name": "Camille Rousseau",
        "conversation.id": "40",
        "order.number": "48213",
        "ticket.team": "notre service client",
    }


def test_every_variable_is_looked_up_and_a_handle_is_never_said():
    known = variables(a_waiting_message(contact_name="BandeDeCons_44"), brand=a_house().brand, lang="fr", queue=None)

    assert set(known) == set(VARIABLES)
    assert {name for name, value in known.items() if value is None} == {
        "contact.first_name",
        "contact.name",
        "order.number",
        "ticket.team",
    }


# --- escalations ---


def test_an_escalation_is_due_as_its_rule_says_counted_from_arrival_in_open_hours():
    promise = Escalate("sav", Severity.HIGH, first_response=timedelta(hours=1), resolution=timedelta(hours=9))
    message = a_waiting_message(sent_at=in_paris(2026, 6, 12, 17, 50))
    later = in_paris(2026, 6, 13, 4)

    outcome = carry_out(
        message, a_prediction(), a_decision(promise, rule="late"), house=a_house(hours=OFFICE_HOURS), now=later
    )

    assert outcome.escalation == NewEscalation(
        queue="sav",
        severity=Severity.HIGH,
        rule="late",
        first_response_due_at=in_paris(2026, 6, 15, 9, 50),
        resolution_due_at=in_paris(2026, 6, 15, 17, 50),
        answer_within=timedelta(hours=1),
    )


@pytest.mark.parametrize("severity", Severity)
def test_without_a_promise_of_its_own_an_escalation_is_due_by_its_severity(severity: Severity):
    outcome = outcome_of(a_decision(Escalate("sav", severity)))

    first_response, resolution = PROMISES[severity]
    assert outcome.escalation is not None
    assert outcome.escalation.first_response_due_at == NOON + first_response
    assert outcome.escalation.resolution_due_at == NOON + resolution


def test_a_graver_escalation_is_never_promised_later_and_an_answer_comes_before_a_solution():
    by_severity = [PROMISES[severity] for severity in sorted(Severity)]

    assert by_severity == sorted(by_severity, reverse=True)
    assert all(first_response < resolution for first_response, resolution in by_severity)


# --- the audit line ---


def test_the_audit_line_cites_the_rules_and_the_model():
    decision = Decision((Planned(Tag("late"), "late parcel"),), because=("late parcel", "any complaint"))

    line = outcome_of(decision, a_prediction(Label.COMPLAINT, unsure=[Label.OFFENSIVE])).audit

    assert (line.at, line.what, line.subject, line.subject_id) == (NOON, "message.triaged", "message", 1)
    assert (line.actor, str(line.reason)) == (
        Actor.rule("late parcel"),
        "The rule book asks for it: late parcel, any complaint.",
    )
    assert line.facts == {
        "labels": ["complaint"],
        "unsure": ["offensive"],
        "lang": "fr",
        "model": "starter-2026.06",
        "rule_book": 3,
        "actions": [{"action": "tag", "tag": "late", "mode": "draft"}],
    }


def test_without_a_rule_the_audit_line_says_that_a_person_decides():
    line = outcome_of(Decision()).audit

    assert (line.actor, str(line.reason)) == (Actor.vigie("triage"), "No rule holds: a person decides.")


@given(decision=some_decisions(), prediction=some_predictions())
def test_the_audit_line_holds_no_words_of_anyone_and_fits_a_json_column(decision: Decision, prediction: Prediction):
    message = a_waiting_message(text="Trois semaines, Zorglub !", contact_name="Zorglub Bulgroz")

    line = carry_out(message, prediction, decision, house=a_house(a_response(), HELLO), now=NOON).audit

    kept = json.dumps([line.facts, line.reason.to_json(), str(line.actor)], ensure_ascii=False)
    assert not any(word in kept for word in ("Zorglub", "Bulgroz", "semaines", "Merci", "Bonjour"))
