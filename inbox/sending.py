"""Doing outside what is due on one channel or help desk, each thing after a last look, and noting what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from inbox.abilities import Bucket
from inbox.books import Books
from inbox.breaker import Breaker, resting_switch
from inbox.delivery import LEASE, DueSend, next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.leads import Lead
from inbox.looking import line_about, look_and_begin
from inbox.model import Actor
from inbox.outgoing import CRM, TO_HELP_DESKS, WORDS, OutboxKind
from inbox.ports import Channels
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Ticket
from inbox.views import ChannelState, SendState

_SENT = Sentence("Sent on {channel}.")
_DONE = Sentence("Done on {channel}.")
_OPENED = Sentence("Ticket {id} is open in {channel}.")
_ADDED = Sentence("Added to the ticket in {channel}.")
_TOLD = Sentence("The CRM knows how the lead stands, as {id}.")

_DELIVERY = Actor.vigie("delivery")

T = TypeVar("T")

TICKETS_A_MINUTE = 60
"""What one help desk is asked at the most: a crisis must not shut us out there."""

TICKET_PATIENCE = LEASE / 2 - timedelta(seconds=15)
"""How long one ticket may take, however many calls it needs: it begins before half of the lease is over."""


async def deliver_all(
    desk: Desk, channels: Channels, limiter: RateLimiter, sends: Sequence[DueSend], breaker: Breaker
) -> None:
    """Do what was claimed for one channel, in order; what would outlast its lease is given back.

    So is all the rest where the channel does not answer any more.
    """
    began = desk.clock()
    for claimed in sends:
        now = desk.clock()
        if now - began > LEASE / 2:
            await asyncio.to_thread(_released, desk, claimed)  # while it is still ours to give back
        elif (until := breaker.rests_until(claimed.channel, now=now)) is not None:
            await asyncio.to_thread(_released, desk, claimed, until - now)
        else:
            await _deliver_one(desk, channels, limiter, claimed, breaker)


async def _deliver_one(
    desk: Desk, channels: Channels, limiter: RateLimiter, claimed: DueSend, breaker: Breaker
) -> None:
    try:
        way = await _way_out(desk, channels, claimed)
    except SendFailed as error:
        await asyncio.to_thread(_failed, desk, claimed, error, in_doubt=claimed.perhaps_sent)
        return
    in_doubt = claimed.perhaps_sent
    try:
        # What was claimed with others may be another's by now: only what is still ours is asked after.
        if claimed.perhaps_sent and await asyncio.to_thread(_stands, desk, claimed):
            there = await _answer(way.find())
            if there is not None:
                await asyncio.to_thread(_sent, desk, claimed, there, is_news=breaker.answered(claimed.channel))
                return
        if wait := limiter.take(way.buckets, now=desk.clock()):
            await asyncio.to_thread(_released, desk, claimed, wait)
            return
        begun = await asyncio.to_thread(look_and_begin, desk, claimed, against=way.against)
        if begun is None:
            limiter.give_back(way.buckets)
            return
        in_doubt = False
        if begun.outgoing != claimed.outgoing:
            way = await _way_out(desk, channels, begun)
        done = await _answer(way.do())
        await asyncio.to_thread(_sent, desk, begun, done, is_news=breaker.answered(begun.channel))
    except SendFailed as error:
        # Where we asked in vain what became of an earlier attempt, we know no more than before.
        in_doubt = in_doubt or error.outcome_unknown
        if error.retry_after is None or error.permanent:
            rest = _rest_after(breaker, claimed, error, now=desk.clock())
            await asyncio.to_thread(_failed, desk, claimed, error, in_doubt=in_doubt, rest=rest)
        else:
            limiter.block(way.buckets, until=desk.clock() + error.retry_after)
            await asyncio.to_thread(_released, desk, claimed, error.retry_after, in_doubt=in_doubt)


def _rest_after(breaker: Breaker, send: DueSend, error: SendFailed, *, now: datetime) -> timedelta | None:
    """The rest of the channel that a failure leads to; None for none, and where it is not the channel's failure."""
    if error.permanent or isinstance(error, _OurFault):
        return None
    return breaker.failed(send.channel, send.id, now=now, for_good=error.broken)


@dataclass(frozen=True, slots=True)
class _Way:
    """How something is done outside, how it is found out whether it was, and what speaks against it, if anything."""

    buckets: Sequence[Bucket]
    find: Callable[[], Awaitable[Opened | None]]
    do: Callable[[], Awaitable[Opened]]
    against: Sentence | None = None


async def _way_out(desk: Desk, channels: Channels, send: DueSend) -> _Way:
    """The way to a channel, for a ticket to its help desk, or for a lead to the CRM.

    Raises:
        SendFailed: There is none here.
    """
    if send.outgoing.kind in TO_HELP_DESKS:
        return await _way_to_help_desk(desk, send)
    if send.outgoing.kind is OutboxKind.LEAD:
        return await _way_to_crm(desk, send)
    channel = channels.get(send.channel)
    if channel is None:
        error = Sentence("The channel {channel} is not connected here.", channel=send.channel)
        raise SendFailed(error, permanent=True)
    connected = channel

    async def find() -> Opened | None:
        there = await connected.find_sent(send.outgoing)
        return None if there is None else Opened(there)

    async def do() -> Opened:
        return Opened(await connected.send(send.outgoing))

    return _Way(connected.buckets(send.outgoing), find, do)


async def _way_to_help_desk(desk: Desk, send: DueSend) -> _Way:
    help_desk = desk.help_desks.get(send.channel)
    if help_desk is None:
        error = Sentence(
            "There is no help desk {name} in the settings any more. Set it again, then: vigie outbox replay",
            name=send.channel,
        )
        raise SendFailed(error, permanent=True)
    bucket = Bucket(f"desk:{send.channel}", most=TICKETS_A_MINUTE, per=timedelta(minutes=1))
    if send.outgoing.kind is OutboxKind.ADDITION:
        added = await asyncio.to_thread(_addition, desk, send)
        if added is None:
            raise SendFailed(Sentence("The ticket of this message is not there any more."), permanent=True)
        return _Way(
            [bucket],
            lambda: _in_time(send, help_desk.find_added(added)),
            lambda: _in_time(send, help_desk.add(added)),
            added.against,
        )
    ticket = await asyncio.to_thread(_ticket, desk, send)
    if ticket is None:
        raise SendFailed(Sentence("The escalation of this ticket is not there any more."), permanent=True)
    return _Way(
        [bucket],
        lambda: _in_time(send, help_desk.find_ticket(ticket)),
        lambda: _in_time(send, help_desk.open_ticket(ticket)),
    )


async def _way_to_crm(desk: Desk, send: DueSend) -> _Way:
    crm = desk.crm
    if crm is None:
        error = Sentence("No CRM is set any more in leads.webhook_url. Set it again, then: vigie outbox replay")
        raise SendFailed(error, permanent=True)
    lead = await asyncio.to_thread(_lead, desk, send)
    if lead is None:
        raise SendFailed(Sentence("The lead that was to be told is not there any more."), permanent=True)

    async def find() -> Opened | None:
        return None  # it cannot be asked: what it is told again under the same key, it passes over

    bucket = Bucket(CRM, most=TICKETS_A_MINUTE, per=timedelta(minutes=1))
    return _Way([bucket], find, lambda: _in_time(send, crm.tell_lead(lead, key=send.outgoing.key)))


async def _in_time(send: DueSend, asked: Awaitable[T]) -> T:
    """What a help desk answers while the row is ours: after its lease, another worker may be asking the same."""
    try:
        return await asyncio.wait_for(asked, TICKET_PATIENCE.total_seconds())
    except TimeoutError as error:
        says = Sentence(
            "No answer came from {desk} ({why}). It is looked for, then tried again.",
            desk=send.channel,
            why=type(error).__name__,
        )
        raise SendFailed(says, permanent=False, outcome_unknown=True) from error


def _ticket(desk: Desk, send: DueSend) -> Ticket | None:
    with desk.store.begin() as books:
        return books.begin_ticket(send.id)


def _addition(desk: Desk, send: DueSend) -> Addition | None:
    with desk.store.read() as books:
        return books.addition_of(send.id)


def _lead(desk: Desk, send: DueSend) -> Lead | None:
    with desk.store.read() as books:
        return books.lead_told_in(send.id)


class _OurFault(SendFailed):
    """What went wrong in asking, and not because of who was asked."""


async def _answer(asked: Awaitable[T]) -> T:
    """What a channel answers. A fault of ours in asking it is an attempt of this row alone, which may have got through.

    Raises:
        SendFailed: The channel refused, did not answer, or could not be asked.
    """
    try:
        return await asked
    except InboxError:
        raise
    except Exception as error:
        fault = Sentence("A fault of our own: {why}. It is tried again.", why=type(error).__name__)
        raise _OurFault(fault, permanent=False, outcome_unknown=True) from error


def _stands(desk: Desk, send: DueSend) -> bool:
    with desk.store.read() as books:
        return _is_ours(books, send)


def _sent(desk: Desk, send: DueSend, done: Opened, *, is_news: bool) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        books.mark_sent(send.id, external_id=done.external_id, now=now)
        kind = send.outgoing.kind
        if kind is OutboxKind.TICKET:
            books.mark_opened(send.id, done, now=now)
            why = _OPENED.filled(id=done.external_id, channel=send.channel)
        elif kind is OutboxKind.ADDITION:
            why = _ADDED.filled(channel=send.channel)
        elif kind is OutboxKind.LEAD:
            why = _TOLD.filled(id=done.external_id)
        else:
            why = _SENT.filled(channel=send.channel) if kind in WORDS else _DONE.filled(channel=send.channel)
        books.write_audit([line_about(send, "outbox.sent", why, now=now, external_id=done.external_id)])
        # Another process may have left it resting, and may be gone.
        if is_news and books.set_switch(resting_switch(send.channel), on=False, by=_DELIVERY, now=now):
            goes_on = Sentence("{channel} answers again: its queue goes on.", channel=send.channel)
            books.write_audit(
                [line_about(send, "channel.goes_on", goes_on, now=now, by=_DELIVERY, channel=send.channel)]
            )
        books.seal_audit()


def _is_ours(books: Books, send: DueSend) -> bool:
    """Whether nobody has claimed a row since: after its lease it is another worker's, who may be sending it now."""
    stands = books.send(send.id)
    return stands is not None and (stands.state, stands.attempts) == (SendState.SENDING, send.attempts)


def _released(desk: Desk, send: DueSend, wait: timedelta | None = None, *, in_doubt: bool | None = None) -> None:
    with desk.store.begin() as books:
        if _is_ours(books, send):
            until = None if wait is None else desk.clock() + wait
            books.release(send.id, until=until, in_doubt=in_doubt)


def _failed(desk: Desk, send: DueSend, error: SendFailed, *, in_doubt: bool, rest: timedelta | None = None) -> None:
    now = desk.clock()
    again_at = None if error.permanent else next_attempt(send.attempts, now=now)
    with desk.store.begin() as books:
        if not _is_ours(books, send):
            return
        books.mark_failed(send.id, error=error.sentence, again_at=again_at, outcome_unknown=in_doubt, now=now)
        if error.broken:
            books.set_channel_state(send.channel, ChannelState.BROKEN, why=error.sentence, now=now)
        books.write_audit([line_about(send, "outbox.failed", error.sentence, now=now, given_up=again_at is None)])
        if rest is not None and books.set_switch(resting_switch(send.channel), on=True, by=_DELIVERY, now=now):
            rests = Sentence("{channel} does not answer: its queue rests.", channel=send.channel)
            facts = {"channel": send.channel, "seconds": round(rest.total_seconds())}
            books.write_audit([line_about(send, "channel.rests", rests, now=now, by=_DELIVERY, **facts)])
        books.seal_audit()
