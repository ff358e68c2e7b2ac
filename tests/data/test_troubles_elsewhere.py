"""More of what goes wrong beside the plain way: replies in parts, answers heard late, a worker that is killed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from data.store import SqlStore
from inbox.model import IncomingMessage, Standing, Status
from inbox.outgoing import part_key
from inbox.pipeline import receive
from tests.builders import AClock, a_message, an_outcome, some_words
from tests.data.steps import a_rule_replies, claim, take_in, the_conversation, triage
from tests.data.test_racing import at_once
from tests.data.test_troubles import plans
from tests.inbox.builders import NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def an_answer(parent: str, *, at: datetime) -> IncomingMessage:
    said = a_message("Je regarde.", author="ines", author_name="Inès", external_id="s", parent=parent, sent_at=at)
    return replace(said, standing=Standing.STAFF)


def test_all_parts_of_an_automatic_reply_are_kept_though_they_come_from_one_response(store: SqlStore):
    take_in(store, a_message("un"))

    def judge(one: Any) -> Any:
        outcome = an_outcome(one, sends=[some_words("Un."), some_words("Deux."), some_words("Deux.")])
        keyed = [replace(send, idempotency_key=part_key("reply:1:1:r", at)) for at, send in enumerate(outcome.sends)]
        return replace(outcome, sends=tuple(keyed))

    triage(store, judge)

    assert [send.text for send in the_conversation(store).sends] == ["Un.", "Deux.", "Deux."]


def test_what_the_team_had_answered_before_we_heard_of_either_is_dealt_with(store: SqlStore):
    """After an absence, everything is taken in at once, long after it was said."""
    said = [
        a_message("Toujours rien !", external_id="1"),
        an_answer("1", at=NOON + MINUTE),
        a_message("Merci !", external_id="2", sent_at=NOON + 2 * MINUTE),
    ]
    receive(store, said[:2], clock=AClock(NOON + HOUR))
    at_rest = the_conversation(store).status
    receive(store, said[2:], clock=AClock(NOON + HOUR))

    view = the_conversation(store)
    assert at_rest is Status.PENDING
    assert view.status is Status.OPEN
    assert [message.text for message in view.messages] == ["Toujours rien !", "Je regarde.", "Merci !"]


def test_an_answer_heard_by_two_processes_at_once_is_kept_once(store: SqlStore):
    take_in(store, a_message("Toujours rien !", external_id="1"))

    at_once(lambda _: receive(store, [an_answer("1", at=NOON + MINUTE)], clock=AClock(NOON + MINUTE)))

    assert len(the_conversation(store).messages) == 2


def test_a_deletion_looks_only_at_what_its_conversation_has_in_the_outbox(sqlite_store: SqlStore):
    take_in(sqlite_store, a_message(external_id="1"))

    with sqlite_store.begin() as books, plans(books) as found:
        books.is_being_removed("telegram", "1")

    assert all("ix_outbox_conversation_id" in plan for plan in found)


def test_what_a_killed_worker_had_claimed_but_not_begun_is_not_in_doubt(store: SqlStore):
    begun = a_rule_replies(store, a_message("un", thread="a"))
    idle = a_rule_replies(store, a_message("deux", thread="b"))
    claim(store)
    with store.begin() as books:
        books.note_attempt(begun)

    claim(store, now=NOON + HOUR)

    with store.read() as books:
        looked = [books.due_send(send_id, lately=NOON) for send_id in (begun, idle)]
    assert [send is not None and send.perhaps_sent for send in looked] == [True, False]
