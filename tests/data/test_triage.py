"""From waiting messages to outcomes, in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.store import SqlStore
from inbox.decisions import ConditionTrace, Decision, RuleTrace
from inbox.findings import Finding
from inbox.model import Label, Severity, Signal, Target
from inbox.responses import Polarity, Variant
from inbox.sentences import Sentence
from inbox.views import DraftState
from tests.builders import a_message, an_escalation, an_outcome, some_words
from tests.data.steps import MODERATOR, a_person_replies, claim, send_out, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON, PARIS, a_prediction, a_response, in_paris

HOUR = timedelta(hours=1)
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


def test_what_waits_is_claimed_first_come_first_and_once(store: SqlStore):
    take_in(store, a_message("b", sent_at=NOON), a_message("a", sent_at=NOON - HOUR))
    take_in(store, a_message("c", sent_at=NOON - 2 * HOUR))

    assert [message.text for message in triage(store)] == ["a", "b", "c"]
    assert triage(store) == []


def test_a_claim_without_an_outcome_leaves_the_message_waiting(store: SqlStore):
    take_in(store, a_message())
    with store.begin() as books:
        assert len(books.claim_waiting(10)) == 1

    with store.read() as books:
        assert books.count_waiting() == 1


def test_everything_thought_and_decided_can_be_read_again(store: SqlStore):
    said = a_message(lang="fr", parent="p-1")
    take_in(store, said)
    scores = {Label.COMPLAINT: 0.1 + 0.2}
    reasons = {Label.COMPLAINT: ("pas de colis", "trois semaines")}
    thought = a_prediction(Label.COMPLAINT, unsure=[Label.OFFENSIVE], scores=scores, severity=Severity.LOW)
    thought = replace(thought, reasons=reasons, signals={Signal.URGENT: 0.25}, target=Target.BRAND)
    note = Sentence("Settled: {what}.", what="milder first")
    asked = RuleTrace("late parcel", True, (ConditionTrace("label = complaint", True),))
    decision = Decision(because=("late parcel",), notes=(note,), trace=(asked,))
    triage(store, lambda message: an_outcome(message, thought, decision=decision))

    (message,) = the_conversation(store).messages
    assert message.prediction == thought
    assert message.decision is not None
    assert (message.decision.because, message.decision.notes) == (("late parcel",), (note,))
    assert message.decision.trace == (
        {"rule": "late parcel", "held": True, "conditions": [{"says": "label = complaint", "held": True}]},
    )
    assert [line.what for line in the_conversation(store).audit] == ["message.triaged"]


def test_a_conversation_shows_the_sum_of_its_messages(store: SqlStore):
    take_in(store, a_message("un", sent_at=NOON - HOUR), a_message("deux"))
    judged = {
        "un": partial(
            an_outcome,
            prediction=a_prediction(Label.COMPLAINT, scores={Label.COMPLAINT: 0.9}),
            priority_parts={"complaint": 40},
            tags=["colis"],
        ),
        "deux": partial(
            an_outcome,
            prediction=a_prediction(Label.PRAISE, unsure=[Label.SALES_LEAD], scores={Label.COMPLAINT: 0.2}),
            priority_parts={"praise": 5},
            tags=["merci"],
        ),
    }
    triage(store, lambda message: judged[message.text](message))

    (item,) = the_queue(store)
    assert item.labels == (Label.PRAISE, Label.COMPLAINT)
    assert (item.unsure, item.priority, item.priority_parts) == (True, 40, {"complaint": 40})
    assert item.scores[Label.COMPLAINT] == 0.9
    assert item.tags == ("colis", "merci")


def test_the_sum_is_the_same_in_one_batch_or_in_two(store: SqlStore):
    take_in(store, a_message("un"))
    triage(store, lambda message: an_outcome(message, a_prediction(Label.COMPLAINT), priority_parts={"complaint": 40}))
    take_in(store, a_message("deux", sent_at=NOON + HOUR))
    triage(store, lambda message: an_outcome(message, a_prediction(Label.PRAISE), priority_parts={"praise": 5}))

    (item,) = the_queue(store)
    assert (item.labels, item.priority, item.text) == ((Label.PRAISE, Label.COMPLAINT), 40, "deux")


def test_an_answered_conversation_weighs_nothing_until_something_new_comes(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)
    send_out(store, send_id)
    (item,) = the_queue(store)
    assert (item.labels, item.priority) == ((), 0)

    take_in(store, a_message(sent_at=NOON + HOUR), now=NOON + HOUR)
    triage(store, lambda message: an_outcome(message, a_prediction(Label.PRAISE), priority_parts={"praise": 5}))

    (item,) = the_queue(store)
    assert (item.labels, item.priority) == ((Label.PRAISE,), 5)


def test_a_second_escalation_makes_the_open_one_stricter(store: SqlStore):
    take_in(store, a_message())
    triage(store, lambda message: an_outcome(message, escalation=an_escalation(severity=Severity.MEDIUM)))
    take_in(store, a_message(sent_at=NOON + HOUR))
    triage(
        store,
        lambda message: an_outcome(
            message, escalation=an_escalation(severity=Severity.CRITICAL, queue="crise", due_at=NOON + HOUR)
        ),
    )

    (escalation,) = the_conversation(store).escalations
    assert (escalation.severity, escalation.queue) == (Severity.CRITICAL, "sav")
    assert escalation.first_response_due_at == NOON + HOUR
    assert the_queue(store)[0].due_at == NOON + HOUR


def test_a_later_message_does_not_take_an_escalated_conversation_from_customer_service(store: SqlStore):
    take_in(store, a_message("où est mon colis ?"))
    triage(store, lambda message: an_outcome(message, escalation=an_escalation(queue="sav")))
    take_in(store, a_message("allô ?"))

    triage(store, lambda message: an_outcome(message, queue="review"))

    assert the_conversation(store).queue == "sav"


def test_a_milder_escalation_leaves_the_open_one_as_it_is(store: SqlStore):
    take_in(store, a_message(), a_message())
    severities = iter([Severity.HIGH, Severity.LOW])

    triage(
        store,
        lambda message: an_outcome(message, escalation=an_escalation(severity=next(severities), due_at=NOON + HOUR)),
    )

    (escalation,) = the_conversation(store).escalations
    assert (escalation.severity, escalation.first_response_due_at) == (Severity.HIGH, NOON + HOUR)


def test_one_response_is_drafted_once_in_a_conversation(store: SqlStore):
    take_in(store, a_message(), a_message())

    triage(store, lambda message: an_outcome(message, drafts=[some_words(f"Désolés {message.id}")]))
    take_in(store, a_message(), a_message(thread="another"))
    triage(store, lambda message: an_outcome(message, drafts=[some_words("Mes excuses")]))

    places = sorted(item.conversation_id for item in the_queue(store))
    first, other = (the_conversation(store, place) for place in places)
    assert (len(first.drafts), len(other.drafts)) == (1, 1)
    said = Sentence("The response {response} is in this conversation already.", response="late")
    assert [said in message.decision.notes for message in first.messages if message.decision] == [False, True, True]


def test_a_response_thrown_away_may_be_drafted_again(store: SqlStore):
    take_in(store, a_message())
    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))
    with store.begin() as books:
        assert books.discard(the_conversation(store).drafts[0].id)
    take_in(store, a_message())

    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))

    assert [draft.state for draft in the_conversation(store).drafts] == [DraftState.DISCARDED, DraftState.OPEN]


def test_a_blocked_draft_is_counted_apart(store: SqlStore):
    take_in(store, a_message(), a_message(thread="t-2"))
    finding = Finding(Sentence("Nothing fills the blank {blank}.", blank="order.number"))
    blocked = replace(some_words(), findings=(finding,))
    words = iter([blocked, some_words()])
    triage(store, lambda message: an_outcome(message, drafts=[next(words)]))

    with store.read() as books:
        assert (books.summary().drafts_open, books.summary().drafts_blocked) == (2, 1)
    found = [the_conversation(store, item.conversation_id).drafts[0].findings for item in the_queue(store)]
    assert sorted(found, key=len) == [(), (finding,)]


def test_a_rule_book_gets_a_new_version_only_when_it_reads_otherwise(store: SqlStore):
    with store.begin() as books:
        versions = [books.keep_rule_book(text, author=MODERATOR, now=NOON) for text in ("a", "a", "b", "a")]

    assert versions == [1, 1, 2, 3]


def test_the_stored_responses_become_those_of_the_file(store: SqlStore):
    thanks, late = a_response(code="thanks"), a_response(Variant("fr", "Désolés"), code="late")
    with store.begin() as books:
        books.keep_responses([thanks, late], now=NOON)
        books.keep_responses([replace(thanks, polarity=Polarity.NEUTRAL)], now=NOON + HOUR)
        rows = books.connection.exec_driver_sql("SELECT code, polarity FROM canned_response").all()

    assert [tuple(row) for row in rows] == [("thanks", "neutral")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(text=WORDS, sent_at=st.datetimes(timezones=st.timezones()), name=WORDS)
def test_any_words_and_any_moment_come_back_as_they_were(store: SqlStore, text: str, sent_at: datetime, name: str):
    said = a_message(text, author_name=name, sent_at=sent_at)
    said = replace(said, author=said.external_id, thread=said.external_id)
    take_in(store, said)

    (message,) = triage(store)

    assert (message.text, message.thread) == (text, said.thread)
    assert message.contact_name == (name or said.author)
    assert (message.sent_at, message.sent_at.utcoffset()) == (sent_at.astimezone(UTC), timedelta(0))


def test_the_two_equal_hours_of_autumn_stay_apart(store: SqlStore):
    first, second = (in_paris(2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1))
    take_in(store, *(a_message(sent_at=moment.astimezone(PARIS)) for moment in (first, second)))

    assert [message.sent_at for message in triage(store)] == [first, second]
