"""Steps that many stories over a store share, each in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from data.store import SqlStore
from inbox.model import Actor, IncomingMessage, WaitingMessage
from inbox.outcome import Outcome
from inbox.views import ConversationView, QueueFilter, QueueItem
from tests.builders import an_outcome, some_words
from tests.inbox.builders import NOON

LEASE = timedelta(minutes=2)
MODERATOR = Actor.person("Ines")


def take_in(store: SqlStore, *said: IncomingMessage, now: datetime = NOON) -> list[int | None]:
    with store.begin() as books:
        return books.add_messages(said, now=now)


def triage(
    store: SqlStore, judge: Callable[[WaitingMessage], Outcome] = an_outcome, *, now: datetime = NOON
) -> list[WaitingMessage]:
    with store.begin() as books:
        waiting = books.claim_waiting(100)
        books.keep_outcomes([judge(message) for message in waiting], rule_book_version=1, now=now)
        return waiting


def the_queue(store: SqlStore, wanted: QueueFilter | None = None) -> list[QueueItem]:
    with store.read() as books:
        return books.queue(wanted or QueueFilter())


def the_conversation(store: SqlStore, conversation_id: int | None = None) -> ConversationView:
    """The one named, or the one at the top of the queue."""
    with store.read() as books:
        if conversation_id is None:
            conversation_id = books.queue(QueueFilter(limit=1))[0].conversation_id
        found = books.conversation(conversation_id)
    assert found is not None
    return found


def a_rule_replies(store: SqlStore, said: IncomingMessage, *, not_before: datetime = NOON) -> int:
    """Take in a message to which a rule wants to reply by itself; the row of the outbox."""
    take_in(store, said)
    triage(
        store,
        lambda message: an_outcome(message, sends=[some_words(said.text, response=said.text)], not_before=not_before),
    )
    with store.read() as books:
        return books.waiting_automatic()[-1].id


def a_person_replies(store: SqlStore, said: IncomingMessage, *, text: str = "Bonjour !", now: datetime = NOON) -> int:
    """Take in a message, and approve a draft on it; the row of the outbox."""
    take_in(store, said, now=now)
    triage(store, lambda message: an_outcome(message, drafts=[some_words(said.text, response=said.text)]), now=now)
    with store.begin() as books:
        item = next(one for one in books.queue(QueueFilter()) if one.open_drafts)
        found = books.conversation(item.conversation_id)
        assert found is not None
        send_id = books.approve(found.drafts[-1].id, parts=[text], by=MODERATOR, not_before=now, now=now)
    assert send_id is not None
    return send_id


def claim(store: SqlStore, *, now: datetime = NOON, paused: bool = False) -> list[int]:
    with store.begin() as books:
        return books.claim_due(now=now, limit=10, lease=LEASE, paused=paused)


def send_out(store: SqlStore, send_id: int, *, external_id: str = "out-1", now: datetime = NOON) -> None:
    with store.begin() as books:
        books.mark_sent(send_id, external_id=external_id, now=now)
