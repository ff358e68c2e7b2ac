"""Doing one thing with many conversations: looked at before, counted, and taken back together.

Each conversation goes through the very act that it would go through alone, with its own line in the audit log; what is
refused for one does not keep the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from inbox import work
from inbox.audit import AuditLine
from inbox.bulk import MOST, Before, BulkAct, BulkItem, BulkLine, BulkOrder, BulkState, BulkView
from inbox.cases import Order
from inbox.desk import Desk
from inbox.errors import InboxError, NotFound, NotPossible
from inbox.model import Actor, Status
from inbox.moderation import moderate, undo, what_it_takes, what_stops
from inbox.sentences import Sentence
from inbox.team import find_member
from inbox.views import QueueItem


def look(desk: Desk, order: BulkOrder, conversations: Sequence[int], *, by: Actor) -> list[BulkLine]:
    """What an act would come to with each conversation, in the order of the queue; nothing is done.

    Raises:
        NotPossible: They are too many.
    """
    return [_looked_at(desk, order, item, by=by) for item in _items(desk, conversations)]


def carry_out(desk: Desk, order: BulkOrder, conversations: Sequence[int], *, by: Actor) -> BulkView:
    """Do it with each conversation that it can be done with; what became of each is kept, to be taken back.

    Raises:
        NotPossible: There is nothing to do it with, they are too many, or the act lacks what it needs.
        NotFound: There is nobody and no queue to assign to.
    """
    now = desk.clock()
    _refuse_lacking(desk, order, now=now)
    items = _items(desk, conversations)
    if not items:
        raise NotPossible(Sentence("Choose at least one conversation."))
    before = {one.conversation_id: Before(one.status, one.assignee, one.queue, one.snooze_until) for one in items}
    with desk.store.begin() as books:
        number = books.open_bulk(order.act, before, by=by, now=now)
        why = Sentence("{person} does one thing with {count} conversations.", person=by.name, count=len(items))
        books.write_audit([AuditLine(now, by, "bulk.done", "bulk", number, why, {"act": order.act.value})])
        books.seal_audit()
    for one in items:
        case: int | None = None
        trouble: Sentence | None = None
        try:
            case = _do(desk, order, one.conversation_id, by=by)
        except InboxError as error:
            trouble = error.sentence
        state = BulkState.DONE if trouble is None else BulkState.REFUSED
        with desk.store.begin() as books:
            books.mark_bulk_item(number, one.conversation_id, state, case=case, why=trouble)
    return find_bulk(desk, number)


def take_back(desk: Desk, number: int, *, by: Actor) -> BulkView:
    """Take back what was done: each conversation stands as before, and what was hidden is shown again.

    What has changed since, or cannot be taken back, stays; the reason is kept.

    Raises:
        NotFound: There was no such act.
        NotPossible: It was taken back before.
    """
    now = desk.clock()
    found = find_bulk(desk, number)
    with desk.store.begin() as books:
        if not books.mark_bulk_undone(number, by=by, now=now):
            raise NotPossible(Sentence("This was taken back already."))
        why = Sentence(
            "{person} takes back what was done with {count} conversations.", person=by.name, count=found.total
        )
        books.write_audit([AuditLine(now, by, "bulk.undone", "bulk", number, why, {"act": found.act.value})])
        books.seal_audit()
    for one in found.items:
        if one.state is not BulkState.DONE:
            continue
        trouble: Sentence | None = None
        try:
            _undo(desk, found.act, one, by=by)
        except InboxError as error:
            trouble = error.sentence
        state = BulkState.UNDONE if trouble is None else BulkState.STAYS
        with desk.store.begin() as books:
            books.mark_bulk_item(number, one.conversation_id, state, why=trouble)
    return find_bulk(desk, number)


def find_bulk(desk: Desk, number: int) -> BulkView:
    """What was done with many conversations.

    Raises:
        NotFound: There was no such act.
    """
    with desk.store.read() as books:
        found = books.find_bulk(number)
    if found is None:
        raise NotFound(Sentence("There is no such page."))
    return found


def list_bulks(desk: Desk, *, limit: int = 50) -> list[BulkView]:
    """The latest acts on many conversations."""
    with desk.store.read() as books:
        return books.list_bulks(limit=limit)


def _items(desk: Desk, conversations: Sequence[int]) -> list[QueueItem]:
    chosen = list(dict.fromkeys(conversations))
    if len(chosen) > MOST:
        raise NotPossible(
            Sentence("{count} conversations are too many at once; {most} are the most.", count=len(chosen), most=MOST)
        )
    with desk.store.read() as books:
        return books.items(chosen)


def _refuse_lacking(desk: Desk, order: BulkOrder, *, now: datetime) -> None:
    """Refuse what cannot be done with any conversation.

    Raises:
        NotPossible: A reason, a moment to come, or somebody to give them to is missing.
        NotFound: There is nobody and no queue of this name.
    """
    if order.act.case_act is not None and not order.reason.strip():
        raise NotPossible(Sentence("Say why: every act of moderation needs a reason."))
    if order.act is BulkAct.SNOOZE and (order.until is None or order.until <= now):
        raise NotPossible(Sentence("This moment is past. Name one to come, such as 4h or 1d."))
    if order.act is BulkAct.ASSIGN and order.to not in desk.brand.teams:
        with desk.store.read() as books:
            find_member(books, order.to)


def _looked_at(desk: Desk, order: BulkOrder, item: QueueItem, *, by: Actor) -> BulkLine:
    act = order.act.case_act
    if act is None:
        return BulkLine(item, _against_working(desk, order, item, by=by))
    try:
        # What it is for does not change what it comes to: the reason may be written later.
        asked = _case_order(desk, order, item.conversation_id, reason=order.reason or "-")
        return BulkLine(item, what_stops(desk, asked, by=by), what_it_takes(desk, asked))
    except InboxError as error:
        return BulkLine(item, error.sentence)


def _against_working(desk: Desk, order: BulkOrder, item: QueueItem, *, by: Actor) -> Sentence | None:
    is_resolved = item.status is Status.RESOLVED
    if is_resolved and order.act is not BulkAct.ASSIGN:
        return Sentence("Conversation {id} is resolved already.", id=item.conversation_id)
    if order.act is BulkAct.ASSIGN:
        return None
    try:
        work.refuse_if_held(work.find(desk, item.conversation_id), by=by, now=desk.clock())
    except InboxError as error:
        return error.sentence
    return None


def _do(desk: Desk, order: BulkOrder, conversation_id: int, *, by: Actor) -> int | None:
    """Do it with one conversation; the number of the case, where it is moderated."""
    match order.act:
        case BulkAct.RESOLVE:
            work.resolve(desk, conversation_id, by=by)
        case BulkAct.SNOOZE:
            work.snooze(desk, conversation_id, until=order.until or desk.clock(), by=by)
        case BulkAct.ASSIGN:
            work.assign(desk, conversation_id, to=order.to, by=by)
        case BulkAct.HIDE | BulkAct.DELETE:
            opened = moderate(desk, _case_order(desk, order, conversation_id, reason=order.reason), by=by)
            if order.closes:
                # It may be resolved, or in a colleague's hands: the message is out of sight all the same.
                with suppress(InboxError):
                    work.resolve(desk, conversation_id, by=by)
            return opened.number
    return None


def _case_order(desk: Desk, order: BulkOrder, conversation_id: int, *, reason: str) -> Order:
    act, subject = order.act.case_act, work.find(desk, conversation_id).subject
    if act is None or subject is None:
        raise NotPossible(Sentence("Nobody has said anything here."))
    return Order(act, subject.id, reason, silent=order.silent)


def _undo(desk: Desk, act: BulkAct, item: BulkItem, *, by: Actor) -> None:
    number, before = item.conversation_id, item.before
    if act is BulkAct.ASSIGN:
        _give_back(desk, number, before, by=by)
        return
    if item.case is not None:
        undo(desk, item.case, by=by)
    if work.find(desk, number).status not in {Status.RESOLVED, Status.SNOOZED}:
        return  # a message that came since has opened it, or it never was closed
    if before.status is Status.RESOLVED:
        return
    work.reopen(desk, number, by=by)
    if before.status in {Status.PENDING, Status.SNOOZED}:
        with desk.store.begin() as books:
            books.put_back(
                number, before, why=Sentence("It stands as before: {person} took an act back.", person=by.name)
            )


def _give_back(desk: Desk, number: int, before: Before, *, by: Actor) -> None:
    """Let a conversation be where it was, and with whom."""
    now = desk.clock()
    with desk.store.begin() as books:
        work.refuse_if_held(work.must_find(books, number), by=by, now=now)
        books.set_assignee(number, assignee=before.assignee)
        books.set_queue(number, queue=before.queue)
        why = Sentence("It stands as before: {person} took an act back.", person=by.name)
        work.note(books, by, "conversation.assigned", number, why, now=now)
