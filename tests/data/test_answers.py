"""What the team says by itself on the channel counts as an answer (rows F54, F55)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from data.store import SqlStore
from inbox.delivery import Look, last_look
from inbox.model import IncomingMessage, Kind, Standing, Status, Visibility
from inbox.pipeline import receive
from tests.builders import AClock, a_message
from tests.data.steps import a_rule_replies, claim, take_in, the_conversation, the_queue
from tests.inbox.builders import NOON, some_terms

LATER = NOON + timedelta(minutes=3)


def from_staff(text: str = "Je regarde tout de suite.", *, parent: str | None = None, **more) -> IncomingMessage:
    said = a_message(text, author="ines", author_name="Inès", sent_at=LATER, parent=parent, **more)
    return replace(said, standing=Standing.STAFF)


def test_a_moderator_who_replies_on_the_channel_answers_the_conversation(store: SqlStore):
    take_in(store, a_message("Toujours rien !", external_id="1"))

    receive(store, [from_staff(parent="1")], clock=AClock(LATER))

    view = the_conversation(store)
    assert [(one.author, one.is_ours, one.text) for one in view.messages] == [
        ("Camille Rousseau", False, "Toujours rien !"),
        ("Inès", True, "Je regarde tout de suite."),
    ]
    assert view.status is Status.PENDING
    assert view.audit[-1].what == "conversation.answered"


def test_an_answer_delivered_twice_is_kept_once(store: SqlStore):
    take_in(store, a_message("Toujours rien !", external_id="1"))
    answer = from_staff(parent="1")

    receive(store, [answer], clock=AClock(LATER))
    receive(store, [answer], clock=AClock(LATER))

    assert len(the_conversation(store).messages) == 2


def test_what_the_team_says_to_nobody_is_not_taken_for_a_request(store: SqlStore):
    done = receive(store, [from_staff("Bonne journée à tous !")], clock=AClock(LATER))

    assert (done.created, the_queue(store)) == (0, [])


def test_in_a_private_thread_the_contact_of_the_thread_is_answered(store: SqlStore):
    private: dict[str, Any] = {"thread": "business/c/7", "kind": Kind.DM, "visibility": Visibility.PRIVATE}
    take_in(store, a_message("Un souci", external_id="1", **private))

    receive(store, [from_staff(**private)], clock=AClock(LATER))

    assert the_conversation(store).status is Status.PENDING


def test_an_automatic_reply_that_waits_is_refused_once_a_moderator_has_answered_by_hand(store: SqlStore):
    send_id = a_rule_replies(store, a_message("Merci !", external_id="1"))
    receive(store, [from_staff(parent="1")], clock=AClock(LATER))
    assert claim(store, now=LATER) == [send_id]

    with store.read() as books:
        due = books.due_send(send_id, lately=NOON)

    assert due is not None
    look, why = last_look(due, some_terms())
    assert (look, str(why)) == (Look.REFUSE, "A person has answered already.")
