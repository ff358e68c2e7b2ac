"""Pausing and resuming: the switches that every process reads before it acts."""

from __future__ import annotations

from enum import StrEnum

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.model import Actor
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.views import SendView

PAUSED = "paused"
CRISIS = "crisis"
PAUSED_BEFORE_CRISIS = "crisis:paused-before"

HELD_BACK = Sentence("Held back by a pause.")
"""Why something that a pause kept back is a draft now."""


class Held(StrEnum):
    """What to do, when automatic sending resumes, with what a pause held back."""

    SEND = "send"
    DRAFT = "draft"
    DROP = "drop"


def pause(store: Store, *, by: Actor, clock: Clock) -> list[SendView]:
    """Stop all automatic sending on all channels at once; what is held back. What people send still goes out."""
    with store.begin() as books:
        pause_within(books, by=by, clock=clock)
        return books.waiting_automatic()


def pause_within(books: Books, *, by: Actor, clock: Clock) -> bool:
    """Pause in a transaction that is open; False when it was paused already."""
    if not books.set_switch(PAUSED, on=True, by=by, now=clock()):
        return False
    _note(books, by, "switch.paused", Sentence("Automatic sending was paused."), clock)
    return True


def resume(store: Store, *, held: dict[int, Held], by: Actor, clock: Clock) -> bool:
    """Let automatic sending go on; False when it was not paused.

    `held` says per row of the outbox what becomes of it. A row not named becomes a draft: nothing leaves on a guess.
    """
    with store.begin() as books:
        return resume_within(books, held=held, by=by, clock=clock) is not None


def resume_within(books: Books, *, held: dict[int, Held], by: Actor, clock: Clock) -> dict[Held, int] | None:
    """Resume in a transaction that is open; what became of how much, None when it was not paused."""
    if not books.set_switch(PAUSED, on=False, by=by, now=clock()):
        return None
    counts = dict.fromkeys(Held, 0)
    for send in books.waiting_automatic():
        choice = held.get(send.id, Held.DRAFT)
        counts[choice] += 1
        if choice is Held.DRAFT:
            books.refuse(send.id, why=HELD_BACK, now=clock())
        elif choice is Held.DROP:
            books.cancel(send.id, why=Sentence("Dropped after a pause."))
    facts = {choice.value: count for choice, count in counts.items()}
    _note(books, by, "switch.resumed", Sentence("Automatic sending was resumed."), clock, **facts)
    return counts


def settle(store: Store, send_id: int, choice: Held, *, by: Actor, clock: Clock) -> bool:
    """Say what becomes of one thing that a pause holds back, while it stands; False where it is not held any more.

    What is to be sent leaves at once, in the name of the person who says so: a pause holds what rules send.
    """
    now = clock()
    with store.begin() as books:
        if send_id not in {send.id for send in books.waiting_automatic()}:
            return False
        match choice:
            case Held.SEND:
                books.adopt(send_id, by=by)
            case Held.DRAFT:
                books.refuse(send_id, why=HELD_BACK, now=now)
            case Held.DROP:
                books.cancel(send_id, why=Sentence("Dropped after a pause."))
        why = Sentence("{person} has settled what a pause held back.", person=by.name)
        books.write_audit([AuditLine(now, by, "outbox.settled", "outbox", send_id, why, {"choice": choice.value})])
        books.seal_audit()
        return True


def _note(books: Books, by: Actor, what: str, why: Sentence, clock: Clock, **facts: object) -> None:
    books.write_audit([AuditLine(clock(), by, what, "switch", 0, why, facts)])
    books.seal_audit()
