"""What was given up, and trying it again."""

from __future__ import annotations

from collections.abc import Sequence

from inbox.audit import AuditLine
from inbox.books import Store
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.views import SendState, SendView

MOST = 1_000
"""How many are looked at in one go."""


def dead_letters(store: Store) -> list[SendView]:
    """What was given up and waits for a person, the oldest first."""
    with store.read() as books:
        return books.list_sends(state=SendState.FAILED, limit=MOST)[::-1]


def replay(store: Store, send_id: int, *, by: Actor, clock: Clock) -> SendView:
    """Have one thing that was given up tried again at once; where it may have got through, that is looked up first.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It was not given up, or its case has been undone since.
    """
    now = clock()
    with store.begin() as books:
        send = books.send(send_id)
        if send is None:
            raise NotFound(Sentence("There is nothing with the number {id} in the outbox.", id=send_id))
        if send.state is not SendState.FAILED:
            raise NotPossible(Sentence("Number {id} was not given up.", id=send_id))
        if not books.replay(send_id, now=now):
            raise NotPossible(Sentence("Number {id} is not to be done any more: its case was undone.", id=send_id))
        why = Sentence("{person} has it tried again.", person=by.name)
        facts = {"kind": send.kind, "conversation": send.conversation_id}
        books.write_audit([AuditLine(now, by, "outbox.replayed", "outbox", send_id, why, facts)])
        books.seal_audit()
        return books.send(send_id) or send


def set_aside(store: Store, send_id: int, *, by: Actor, clock: Clock) -> SendView:
    """Have something that was given up wait for nobody any more; its words are a draft again. Its conversation stays.

    Raises:
        NotFound: There is no such row in the outbox.
        NotPossible: It was not given up, or is being tried again.
    """
    with store.begin() as books:
        send = books.send(send_id)
        if send is None:
            raise NotFound(Sentence("There is nothing with the number {id} in the outbox.", id=send_id))
        if not books.set_aside(send_id):
            raise NotPossible(Sentence("Number {id} was not given up.", id=send_id))
        why = Sentence("{person} leaves it as it is: it will not be tried again.", person=by.name)
        facts = {"kind": send.kind, "conversation": send.conversation_id}
        books.write_audit([AuditLine(clock(), by, "outbox.set_aside", "outbox", send_id, why, facts)])
        books.seal_audit()
        return books.send(send_id) or send


def replay_all(store: Store, *, by: Actor, clock: Clock) -> Sequence[SendView]:
    """Have all that was given up tried again, the oldest first; what of it is tried again."""
    replayed = []
    for send in dead_letters(store):
        try:
            replayed.append(replay(store, send.id, by=by, clock=clock))
        except NotPossible:
            continue
    return replayed
