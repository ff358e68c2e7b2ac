"""Watching over escalations: what is due soon or broken is told once, and whoever is needed is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.calls import called
from inbox.clock_rules import ask_rules
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.model import Actor, Severity, SlaState, Status
from inbox.outcome import NewEscalation, ticket_for
from inbox.promises import Clock
from inbox.sentences import Sentence
from inbox.sla import Promise, Turn, passed_over, turn
from inbox.views import ConversationView
from inbox.work import CLOCK, must_find, note

_BATCH = 200
SERVICE = "customer-service"
"""The queue of complaints."""

_NEWS: Mapping[tuple[Clock, SlaState], Sentence] = {
    (Clock.FIRST, SlaState.DUE_SOON): Sentence("The first answer is due soon."),
    (Clock.FIRST, SlaState.BREACHED): Sentence("The first answer is late."),
    (Clock.NEXT, SlaState.DUE_SOON): Sentence("The next answer is due soon."),
    (Clock.NEXT, SlaState.BREACHED): Sentence("The next answer is late."),
    (Clock.RESOLUTION, SlaState.DUE_SOON): Sentence("It has to be resolved soon."),
    (Clock.RESOLUTION, SlaState.BREACHED): Sentence("It should have been resolved."),
}


def watch(desk: Desk) -> int:
    """Look at every escalation whose time has come; how many. Safe to be run twice, and by several processes."""
    now, desk = desk.clock(), desk.as_of_now()
    with desk.store.read() as books:
        due = books.clocks_to_look_at(now=now, limit=_BATCH)
        lost = [] if desk.catch_after is None else books.slipped(now=now, before=now - desk.catch_after, limit=_BATCH)
    # One at a time: whoever is killed in between has done the ones before wholly, and this one not at all.
    for conversation_id in due:
        with desk.store.begin() as books:
            _look(desk, books, conversation_id, now=now)
    return len(due) + sum(_catch(desk, conversation_id, now=now) for conversation_id in lost)


def acknowledge(desk: Desk, conversation_id: int, *, by: Actor) -> ConversationView:
    """Say that one has seen an escalation and takes care of it: nobody else is called. The contact still waits.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: It is not escalated, or somebody has acknowledged it already.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        last = next((one for one in reversed(view.escalations) if one.resolved_at is None), None)
        if last is None:
            raise NotPossible(Sentence("Conversation {id} is not escalated.", id=conversation_id))
        if not books.accept(conversation_id, by=by.name, now=now):
            raise NotPossible(
                Sentence("{person} has acknowledged conversation {id} already.", person=last.accepted_by, id=view.id)
            )
        why = Sentence("{person} has acknowledged it.", person=by.name)
        note(books, by, "escalation.acknowledged", conversation_id, why, now=now, escalation=last.id)
        return must_find(books, conversation_id)


def _catch(desk: Desk, conversation_id: int, *, now: datetime) -> bool:
    """Hand a complaint that has no owner to customer service; False where it has got one meanwhile."""
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        if not books.slipped(now=now, among=[conversation_id]):
            return False
        queue = SERVICE if SERVICE in desk.brand.teams else next(iter(desk.brand.teams), SERVICE)
        # Its clocks run from what was written last, as for any other complaint from its message.
        last = view.last
        since = now if last is None else last.sent_at
        labels = () if last is None else last.labels
        promised = desk.targets.of(Severity.MEDIUM, labels=labels, channel=view.channel)
        due = desk.brand.hours.add_open_time
        new = NewEscalation(
            queue,
            Severity.MEDIUM,
            CLOCK.name,
            due(since, promised.first_response),
            due(since, promised.resolution),
            ticket_for(queue, desk.tickets_to, by=CLOCK, now=now, hold=desk.hold),
            promised.next_response,
        )
        books.hand_to(conversation_id, new, now=now)
        why = Sentence("A complaint had no owner: it is handed to {queue}.", queue=queue)
        if view.status is not Status.OPEN:
            books.reopen(conversation_id, why=why)
        note(books, CLOCK, "escalation.caught", conversation_id, why, now=now, queue=queue)
    return True


def _look(desk: Desk, books: Books, conversation_id: int, *, now: datetime) -> None:
    row = books.clock_row(conversation_id) if books.lock(conversation_id) else None
    if row is None:
        return
    hours, chain = desk.brand.hours, desk.chain_of(row.escalation.queue)
    seen = turn(row, now=now, hours=hours, chain=chain)
    lines = [_line(now, conversation_id, promise, seen) for promise in seen.tell]
    if seen.steps:
        queue = next((step.queue for step in reversed(seen.steps) if step.queue is not None), None)
        if queue is not None:
            books.set_queue(conversation_id, queue=queue)
            moved = replace(seen.row, escalation=replace(seen.row.escalation, queue=queue))
            if (other := desk.chain_of(queue)) is not chain:
                climbed = passed_over(other, moved.escalation, now=now, hours=hours)
                moved = replace(moved, climbed=climbed, look_at=None)
            seen = replace(seen, row=moved)
        lines.append(_call(books, seen, now=now))
    books.keep_clock(seen.row)
    if seen.breaks and row.status is Status.SNOOZED:
        late = next(one for one in seen.tell if one.state is SlaState.BREACHED)
        books.reopen(conversation_id, why=_NEWS[late.clock, late.state])
    if lines:
        books.write_audit(lines)
        news = [(one, _NEWS[one.clock, one.state]) for one in seen.tell]
        ask_rules(desk, books, seen.row, news, now=now)
        books.seal_audit()


def _line(now: datetime, conversation_id: int, promise: Promise, seen: Turn) -> AuditLine:
    facts = {
        "escalation": seen.row.escalation.id,
        "clock": promise.clock.value,
        "due_at": promise.due_at.isoformat(),
    }
    what = f"escalation.{promise.state.value}"
    return AuditLine(now, CLOCK, what, "conversation", conversation_id, _NEWS[promise.clock, promise.state], facts)


def _call(books: Books, seen: Turn, *, now: datetime) -> AuditLine:
    """Have the people of the steps that were taken be called, each once; an absent one's deputy in his place."""
    people = called(books.moderators(), seen.steps)
    number = books.keep_ping(seen.row.escalation.id, people=people, now=now)
    why = (
        Sentence("Nobody has acknowledged it. Called: {names}.", names=", ".join(people))
        if people
        else Sentence("Nobody has acknowledged it, and nobody of the team is there to be called.")
    )
    facts = {"escalation": seen.row.escalation.id, "people": [*people], "step": seen.row.climbed, "ping": number}
    return AuditLine(now, CLOCK, "escalation.called", "conversation", seen.row.conversation_id, why, facts)
