"""Following tickets: help desks are asked how they stand, or tell so, and what they say takes effect here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from inbox.abilities import Bucket
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.delivery import LEASE
from inbox.desk import Desk
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews, TicketTurn, WatchedTicket, next_look, turn
from inbox.errors import CallRefused, InboxError, Refusal, SendFailed
from inbox.findings import Finding
from inbox.model import Actor, Status
from inbox.proofreading import findings_in, spoken_in
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.views import ConversationView
from inbox.wording import said

READS_A_MINUTE = 30
"""How many tickets one help desk is asked after at the most."""

READ_PATIENCE = timedelta(seconds=40)
"""How long asking after one ticket may take, however many calls it needs."""

_BATCH = 50
_AGAIN_AFTER = timedelta(minutes=5)
_REFUSED_AFTER = timedelta(hours=1)
"""When a help desk is asked again that was away, and one that has refused."""


async def follow(desk: Desk, limiter: RateLimiter) -> int:
    """Ask help desks after the tickets whose time has come; how many were asked after.

    Safe to be run twice, by several processes and to be killed: what is known already changes nothing.
    """
    due = await asyncio.to_thread(_claim, desk)
    by_desk: dict[str, list[WatchedTicket]] = {}
    for ticket in due:
        by_desk.setdefault(ticket.desk, []).append(ticket)
    return sum(await asyncio.gather(*(_ask_all(desk, limiter, name, found) for name, found in by_desk.items())))


async def _ask_all(desk: Desk, limiter: RateLimiter, name: str, tickets: Sequence[WatchedTicket]) -> int:
    """Ask one help desk after tickets, in turn; the rest waits where it does not answer."""
    began = desk.clock()
    bucket = Bucket(f"desk:{name}:read", most=READS_A_MINUTE, per=timedelta(minutes=1))
    for number, ticket in enumerate(tickets):
        wait = limiter.take([bucket], now=desk.clock())
        if wait or desk.clock() - began > LEASE / 2:
            await asyncio.to_thread(_put_off, desk, tickets[number:], wait)
            return number
        try:
            await _ask(desk, ticket)
        except SendFailed as error:
            wait = error.retry_after or (_REFUSED_AFTER if error.permanent else _AGAIN_AFTER)
            # A refusal may be about one ticket alone; a help desk that is away is away for all of them.
            left = tickets[number : number + 1] if error.permanent else tickets[number:]
            await asyncio.to_thread(_put_off, desk, left, wait, error.sentence)
            if not error.permanent:
                return number + 1
    return len(tickets)


async def _ask(desk: Desk, ticket: WatchedTicket) -> None:
    help_desk = desk.help_desks.get(ticket.desk)
    if help_desk is None:
        says = Sentence("There is no help desk {name} in the settings any more.", name=ticket.desk)
        raise SendFailed(says, permanent=True)
    try:
        news = await asyncio.wait_for(
            help_desk.read_ticket(ticket.external_id, told=ticket.told), READ_PATIENCE.total_seconds()
        )
    except TimeoutError as error:
        says = Sentence("{desk} does not say how ticket {id} stands.", desk=ticket.desk, id=ticket.external_id)
        raise SendFailed(says, permanent=False) from error
    except InboxError:
        raise
    except Exception as error:
        fault = Sentence("A fault of our own: {why}. It is tried again.", why=type(error).__name__)
        raise SendFailed(fault, permanent=True) from error
    await asyncio.to_thread(_asked, desk, ticket, news)


def _claim(desk: Desk) -> list[WatchedTicket]:
    now = desk.clock()
    with desk.store.read() as books:
        if not books.tickets_to_ask(now=now, limit=1):
            return []
    with desk.store.begin() as books:
        return books.claim_tickets(now=now, limit=_BATCH, lease=LEASE)


def _put_off(desk: Desk, tickets: Sequence[WatchedTicket], wait: timedelta, trouble: Sentence | None = None) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        for ticket in tickets:
            books.ask_again(ticket.id, at=now + wait, trouble=trouble, now=now)


def _asked(desk: Desk, ticket: WatchedTicket, news: DeskNews | None) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        if news is None:
            books.ask_again(ticket.id, at=None, now=now)
            return
        _take(desk, books, ticket.desk, ticket.external_id, news)
        quiet_since = max(ticket.opened_at, min(news.changed_at, now))
        books.ask_again(ticket.id, at=next_look(quiet_since, news.status, now=now), now=now)


def take_news(desk: Desk, name: str, news: DeskNews) -> bool:
    """Let what a help desk says of a ticket take effect; False where the ticket is not ours, or nothing is new."""
    with desk.store.begin() as books:
        return _take(desk, books, name, news.ticket, news)


def take_call(desks: Sequence[Desk], name: str, call: DeskCall) -> bool:
    """Let a call of a help desk that has proved who makes it take effect; False where its ticket is not ours.

    Where the call does not say all itself, the help desk is asked at once: the call alone changes nothing.

    Raises:
        CallRefused: It was taken before.
    """
    if call.ticket is None:
        return False
    for desk in desks:
        with desk.store.read() as books:
            known = name in desk.help_desks and books.watched_ticket(name, call.ticket) is not None
        if known:
            _take_call(desk, name, call.ticket, call)
            return True
    return False


def _take_call(desk: Desk, name: str, external_id: str, call: DeskCall) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        if call.mark is not None and not books.remember_call(name, call.mark, now=now):
            raise CallRefused(Refusal.REPEATED, Sentence("This call of {desk} was taken before.", desk=name))
        if call.news is not None:
            _take(desk, books, name, external_id, call.news)
            return
        ticket = books.watched_ticket(name, external_id)
        if ticket is not None:
            books.ask_now(ticket.id, now=now)


def _take(desk: Desk, books: Books, name: str, external_id: str, news: DeskNews) -> bool:
    known = books.watched_ticket(name, external_id)
    if known is None or not books.lock(known.conversation_id):
        return False
    # Read again, now that nobody else can change it.
    ticket = books.watched_ticket(name, external_id)
    view = books.conversation(known.conversation_id, with_context=False)
    if ticket is None or view is None:
        return False
    seen = turn(ticket, news)
    if seen.changed_at != ticket.changed_at or seen.is_told:
        books.keep_turn(ticket.id, seen, now=desk.clock())
    if not seen.is_told and not seen.answers:
        return False
    lines = [_offer(desk, books, view, ticket, answer) for answer in seen.answers]
    if seen.is_told:
        lines.append(_line(desk, ticket, "ticket.changed", _told(ticket, seen), status=seen.status.value))
    if seen.solves and ticket.is_current:
        lines.append(_solve(desk, books, view, ticket, seen))
    if seen.reopens:
        lines += _reopen(desk, books, view, ticket)
    books.write_audit(lines)
    books.seal_audit()
    return True


def _offer(desk: Desk, books: Books, view: ConversationView, ticket: WatchedTicket, answer: DeskAnswer) -> AuditLine:
    """Offer an agent's words as a draft: nobody is told them before a person has sent them."""
    message_id = None if view.last is None else view.last.id
    lang = spoken_in(view, message_id, brand=desk.brand)
    text, now = answer.text.strip(), desk.clock()
    origin = Sentence("{person} has written this in {desk}.", person=answer.by, desk=ticket.desk)
    findings = [
        Finding(origin, blocking=False),
        *findings_in(text, view, message_id=message_id, lang=lang, response=None, brand=desk.brand, now=now),
    ]
    draft_id = books.offer_answer(ticket.id, answer, lang=lang, findings=findings, now=now)
    if draft_id is None:
        why = Sentence(
            "{person} has answered in {desk}, but the message is gone: there is nobody to answer here.",
            person=answer.by,
            desk=ticket.desk,
        )
    else:
        why = Sentence(
            "{person} has answered in {desk}: draft {id} has the words.",
            person=answer.by,
            desk=ticket.desk,
            id=draft_id,
        )
    return _line(desk, ticket, "ticket.answered", why, answer=answer.id, draft=draft_id)


def _solve(desk: Desk, books: Books, view: ConversationView, ticket: WatchedTicket, seen: TicketTurn) -> AuditLine:
    """Close the conversation of a ticket that was solved, unless it waits for something else; its escalation ends."""
    now = desk.clock()
    facts = {"desk": ticket.desk, "id": ticket.external_id}
    holder = view.held_by(now)
    why = (
        Sentence("{desk} has solved ticket {id}.", **facts)
        if seen.assignee is None
        else Sentence("{person} has solved ticket {id} in {desk}.", person=seen.assignee, **facts)
    )
    if books.waits_beyond(ticket.id, at=seen.changed_at or now):
        why = Sentence("{desk} has solved ticket {id}, but the contact has written since: it stays open.", **facts)
    elif holder is not None:
        why = Sentence("{desk} has solved ticket {id}, but {person} is at it: it stays open.", person=holder, **facts)
    else:
        books.resolve(view.id, why=why, now=now)
        return _line(desk, ticket, "conversation.resolved", why, before=view.status.value)
    # What was said since is for the next escalation, which has a ticket of its own.
    books.end_escalation(ticket.escalation_id, now=now)
    books.call_attention(view.id, why=why)
    return _line(desk, ticket, "ticket.outlived", why)


def _reopen(desk: Desk, books: Books, view: ConversationView, ticket: WatchedTicket) -> list[AuditLine]:
    """Open the conversation of a ticket again that was opened again, and have its escalation run on."""
    now = desk.clock()
    why = Sentence("Ticket {id} is open again in {desk}.", id=ticket.external_id, desk=ticket.desk)
    opened = books.unresolve(view.id, why=why)
    resumed = books.resume_escalation(ticket.escalation_id)
    if resumed and not opened and view.status is not Status.OPEN:
        opened = books.reopen(view.id, why=why)
    books.keep_additions(view.id, now=now)
    return [_line(desk, ticket, "conversation.reopened", why)] if opened else []


def _told(ticket: WatchedTicket, seen: TicketTurn) -> Sentence:
    facts = {"id": ticket.external_id, "desk": ticket.desk, "status": said(seen.status)}
    if seen.assignee is None:
        return Sentence("Ticket {id} in {desk}: {status}, with nobody.", **facts)
    return Sentence("Ticket {id} in {desk}: {status}, with {person}.", person=seen.assignee, **facts)


def _line(desk: Desk, ticket: WatchedTicket, what: str, why: Sentence, **facts: object) -> AuditLine:
    return AuditLine(
        desk.clock(),
        Actor.vigie(f"desk/{ticket.desk}"),
        what,
        "conversation",
        ticket.conversation_id,
        why,
        {"ticket": ticket.id, "escalation": ticket.escalation_id, **facts},
    )
