"""Working on a conversation: take it, pass it on, put it off, close it; each with a line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import Collision, NotFound, NotPossible
from inbox.handing_over import offer_acknowledgement
from inbox.leading import follow_owner
from inbox.model import Actor, Severity, Status
from inbox.outcome import NewEscalation, ticket_for
from inbox.sentences import Sentence
from inbox.team import find_member, whoever_stands_in
from inbox.views import ConversationView, QueueFilter

CLOCK = Actor.vigie("clock")
_WAKE_BATCH = 200


def claim(desk: Desk, conversation_id: int, *, by: Actor) -> ConversationView:
    """Take a conversation into one's hands for a while; nobody else can answer it meanwhile.

    Raises:
        NotFound: There is no such conversation.
        Collision: It is in somebody else's hands.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        refuse_if_held(view, by=by, now=now)
        books.set_holder(conversation_id, holder=by.name, until=now + desk.claims_last)
        follow_owner(desk, books, conversation_id, owner=by.name, by=by, takes=False)
        if view.held_by(now) is None:
            note(
                books,
                by,
                "conversation.claimed",
                conversation_id,
                Sentence("{person} takes it.", person=by.name),
                now=now,
            )
        return must_find(books, conversation_id)


def release(desk: Desk, conversation_id: int, *, by: Actor) -> ConversationView:
    """Give a conversation back to all.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: It is in nobody's hands.
        Collision: It is in somebody else's.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        refuse_if_held(view, by=by, now=now)
        if view.held_by(now) is None and view.assignee != by.name:
            raise NotPossible(Sentence("Conversation {id} is in nobody's hands.", id=conversation_id))
        books.set_holder(conversation_id, holder=None, until=None)
        if view.assignee == by.name:
            books.set_assignee(conversation_id, assignee=None)
        note(
            books,
            by,
            "conversation.released",
            conversation_id,
            Sentence("{person} gives it back.", person=by.name),
            now=now,
        )
        return must_find(books, conversation_id)


def assign(desk: Desk, conversation_id: int, *, to: str, by: Actor) -> ConversationView:
    """Give a conversation to somebody of the team, or to a queue of the brand; while he is away, to his deputy.

    Raises:
        NotFound: There is no such conversation, or nobody and no queue of this name.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        if to.strip() in desk.brand.teams:
            books.set_queue(conversation_id, queue=to.strip())
            why = Sentence("{person} puts it in the queue {queue}.", person=by.name, queue=to.strip())
        else:
            named = find_member(books, to)
            member = whoever_stands_in(books, named)
            books.set_assignee(conversation_id, assignee=member.name)
            follow_owner(desk, books, conversation_id, owner=member.name, by=by, takes=True)
            if view.held_by(now) not in {None, member.name}:
                books.set_holder(conversation_id, holder=None, until=None)
            why = (
                Sentence("{person} gives it to {other}.", person=by.name, other=member.name)
                if member.name == named.name
                else Sentence(
                    "{person} gives it to {other}, who stands in for {absent}.",
                    person=by.name,
                    other=member.name,
                    absent=named.name,
                )
            )
        note(books, by, "conversation.assigned", conversation_id, why, now=now)
        return must_find(books, conversation_id)


def resolve(desk: Desk, conversation_id: int, *, by: Actor) -> ConversationView:
    """Close a conversation: all that was said in it is dealt with.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: It is resolved already.
        Collision: It is in somebody else's hands.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        if view.status is Status.RESOLVED:
            raise NotPossible(Sentence("Conversation {id} is resolved already.", id=conversation_id))
        refuse_if_held(view, by=by, now=now)
        why = Sentence("{person} has resolved it.", person=by.name)
        books.resolve(conversation_id, why=why, now=now)
        note(books, by, "conversation.resolved", conversation_id, why, now=now, before=view.status.value)
        return must_find(books, conversation_id)


def close_as_spam(desk: Desk, conversation_id: int, *, message_id: int, case: int, by: Actor) -> None:
    """Close a conversation, whoever has it in hand: it was spam, and its message was deleted under this case.

    Models may learn from it that such a message is spam, where their channel allows that.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        before = must_find(books, conversation_id).status
        why = Sentence("It was spam.")
        books.add_tag(conversation_id, tag="spam")
        books.mark_spam(message_id, is_spam=True, by=by, now=now)
        books.resolve(conversation_id, why=why, now=now)
        note(books, by, "conversation.spam", conversation_id, why, now=now, before=before.value, case=case)


def reopen(desk: Desk, conversation_id: int, *, by: Actor) -> ConversationView:
    """Open a conversation that was closed or put off, as if it had not been.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: It is open.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        must_find(books, conversation_id)
        why = Sentence("{person} opens it again.", person=by.name)
        if not books.unresolve(conversation_id, why=why) and not books.reopen(conversation_id, why=why):
            raise NotPossible(Sentence("Conversation {id} is open.", id=conversation_id))
        note(books, by, "conversation.reopened", conversation_id, why, now=now)
        return must_find(books, conversation_id)


def snooze(desk: Desk, conversation_id: int, *, until: datetime, by: Actor) -> ConversationView:
    """Put a conversation off until a moment, or until its contact writes again.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: The moment is not to come, or it is resolved.
        Collision: It is in somebody else's hands.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        if until <= now:
            raise NotPossible(Sentence("This moment is past. Name one to come, such as 4h or 1d."))
        if view.status is Status.RESOLVED:
            raise NotPossible(Sentence("Conversation {id} is resolved already.", id=conversation_id))
        refuse_if_held(view, by=by, now=now)
        why = Sentence("{person} has put it off.", person=by.name)
        books.snooze(conversation_id, until=until, why=why)
        note(books, by, "conversation.snoozed", conversation_id, why, now=now, until=until.isoformat())
        return must_find(books, conversation_id)


def wake(desk: Desk) -> int:
    """Open again what was put off until now; how many conversations."""
    now = desk.clock()
    with desk.store.read() as books:
        if not books.due_snoozes(now=now, limit=1):
            return 0
    with desk.store.begin() as books:
        due = books.due_snoozes(now=now, limit=_WAKE_BATCH)
        why = Sentence("It was put off until now.")
        for conversation_id in due:
            books.reopen(conversation_id, why=why)
            books.write_audit([AuditLine(now, CLOCK, "conversation.woken", "conversation", conversation_id, why)])
        books.seal_audit()
    return len(due)


def escalate(
    desk: Desk, conversation_id: int, *, by: Actor, queue: str = "customer-service", severity: Severity | None = None
) -> ConversationView:
    """Hand a conversation to customer service, with the moments at which it is due; the contact may be told, once.

    Raises:
        NotFound: There is no such conversation, or no such queue.
    """
    now = desk.clock()
    if queue not in desk.brand.teams:
        known = ", ".join(desk.brand.teams)
        raise NotFound(Sentence("There is no queue {queue}. Queues: {known}.", queue=queue, known=known))
    with desk.store.begin() as books:
        view = must_find(books, conversation_id)
        grave = severity or Severity.MEDIUM
        labels = () if view.subject is None else view.subject.labels
        promised = desk.targets.of(grave, labels=labels, channel=view.channel)
        due = desk.brand.hours.add_open_time
        ticket = ticket_for(queue, desk.tickets_to, by=by, now=now, hold=desk.hold)
        new = NewEscalation(
            queue,
            grave,
            by.name,
            due(now, promised.first_response),
            due(now, promised.resolution),
            ticket,
            promised.next_response,
        )
        books.hand_to(conversation_id, new, now=now)
        why = Sentence("{person} hands it to {queue}.", person=by.name, queue=queue)
        if view.status is not Status.OPEN:
            books.reopen(conversation_id, why=why)
        offered = offer_acknowledgement(desk, books, view, queue=queue, now=now)
        facts = {"queue": queue, "severity": grave.value, "draft": offered}
        note(books, by, "conversation.escalated", conversation_id, why, now=now, **facts)
        return must_find(books, conversation_id)


def add_note(desk: Desk, conversation_id: int, *, text: str, by: Actor) -> tuple[ConversationView, Sequence[str]]:
    """Write a note for the team; the conversation, and the names of those it mentions. A note never leaves.

    Raises:
        NotFound: There is no such conversation.
        NotPossible: The note is empty.
    """
    now = desk.clock()
    if not text.strip():
        raise NotPossible(Sentence("A note needs words."))
    with desk.store.begin() as books:
        must_find(books, conversation_id)
        spoken = text.casefold()
        mentioned = [one.name for one in books.moderators() if f"@{one.name.casefold()}" in spoken]
        number = books.add_note(conversation_id, author=by.name, text=text.strip(), mentions=mentioned, now=now)
        why = Sentence("{person} has written a note.", person=by.name)
        note(books, by, "conversation.noted", conversation_id, why, now=now, note=number, mentions=mentioned)
        return must_find(books, conversation_id), mentioned


def reveal(desk: Desk, message_id: int, *, by: Actor) -> int:
    """Note that somebody asks to see a blurred text; how many he has asked to see today, by the clock of the brand."""
    now = desk.clock()
    midnight = now.astimezone(desk.brand.hours.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    with desk.store.begin() as books:
        books.keep_exposure(message_id, moderator=by.name, now=now)
        return books.count_exposures(by.name, since=midnight)


def next_for(desk: Desk, *, by: Actor, passed: int | None = None) -> ConversationView | None:
    """The most pressing open conversation that nobody else has, after the one named; None where there is none."""
    now = desk.clock()
    with desk.store.read() as books:
        items = books.queue(QueueFilter(status=Status.OPEN, limit=200))
        free = [
            item.conversation_id
            for item in items
            if (item.claim_until is None or item.claim_until <= now or item.claimed_by == by.name)
            and item.assignee in {None, by.name}
        ]
        if passed in free:
            free = free[free.index(passed) + 1 :]
        return books.conversation(free[0]) if free else None


def find(desk: Desk, conversation_id: int) -> ConversationView:
    """One conversation.

    Raises:
        NotFound: There is no such conversation.
    """
    with desk.store.read() as books:
        found = books.conversation(conversation_id)
    if found is None:
        raise _none(conversation_id)
    return found


def must_find(books: Books, conversation_id: int) -> ConversationView:
    """One conversation, locked until the transaction ends.

    Raises:
        NotFound: There is no such conversation.
    """
    found = books.conversation(conversation_id) if books.lock(conversation_id) else None
    if found is None:
        raise _none(conversation_id)
    return found


def refuse_if_held(view: ConversationView, *, by: Actor, now: datetime) -> None:
    """Let somebody go on unless a conversation is in somebody else's hands.

    Raises:
        Collision: It is.
    """
    holder = view.held_by(now)
    if holder is None or holder == by.name or view.claim_until is None:
        return
    minutes = max(1, round((view.claim_until - now) / timedelta(minutes=1)))
    raise Collision(
        Sentence(
            "{person} is at conversation {id}, for {minutes} more minutes at the most.",
            person=holder,
            id=view.id,
            minutes=minutes,
        )
    )


def note(
    books: Books, by: Actor, what: str, conversation_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    """Put on record what somebody did with a conversation."""
    books.write_audit([AuditLine(now, by, what, "conversation", conversation_id, why, facts)])
    books.seal_audit()


def _none(conversation_id: int) -> NotFound:
    return NotFound(Sentence("There is no conversation {id}.", id=conversation_id))
