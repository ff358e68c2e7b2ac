"""Doing outside what is due on one channel or help desk, each thing after a last look, and noting what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from inbox.abilities import Bucket
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.delivery import LATELY, LEASE, DueSend, Look, is_looping, last_look, next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.outgoing import WORDS, OutboxKind
from inbox.ports import Channels
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.switches import PAUSED
from inbox.tickets import Opened, Ticket
from inbox.views import ChannelState, SendState

_SENT = Sentence("Sent on {channel}.")
_DONE = Sentence("Done on {channel}.")
_OPENED = Sentence("Ticket {id} is open in {channel}.")

T = TypeVar("T")

TICKETS_A_MINUTE = 60
"""What one help desk is asked at the most: a crisis must not shut us out there."""

TICKET_PATIENCE = LEASE / 2 - timedelta(seconds=15)
"""How long one ticket may take, however many calls it needs: it begins before half of the lease is over."""


async def deliver_all(desk: Desk, channels: Channels, limiter: RateLimiter, sends: Sequence[DueSend]) -> None:
    """Do what was claimed for one channel, in order; what would outlast its lease is given back."""
    began = desk.clock()
    for claimed in sends:
        if desk.clock() - began > LEASE / 2:
            await asyncio.to_thread(_released, desk, claimed)  # while it is still ours to give back
            continue
        # What was claimed with others may have changed while they were dealt with.
        send, paused = await asyncio.to_thread(_look_at, desk, claimed.id)
        if send is not None and send.attempts == claimed.attempts:
            await _deliver_one(desk, channels, limiter, send, paused=paused)


async def _deliver_one(desk: Desk, channels: Channels, limiter: RateLimiter, send: DueSend, *, paused: bool) -> None:
    try:
        way = await _way_out(desk, channels, send)
    except SendFailed as error:
        await asyncio.to_thread(_failed, desk, send, error, in_doubt=send.perhaps_sent)
        return
    buckets = way.buckets
    in_doubt = send.perhaps_sent
    try:
        if send.perhaps_sent and (there := await _answer(way.find())) is not None:
            await asyncio.to_thread(_sent, desk, send, there)
            return
        look, why = last_look(send, paused=paused, replies_an_hour=desk.replies_an_hour)
        if look is Look.GO and (wait := limiter.take(buckets, now=desk.clock())):
            await asyncio.to_thread(_released, desk, send, wait)
        elif look is Look.GO:
            in_doubt = False
            await asyncio.to_thread(_begun, desk, send)
            done = await _answer(way.do())
            await asyncio.to_thread(_sent, desk, send, done)
        elif look is Look.HOLD:
            await asyncio.to_thread(_released, desk, send)
        elif why is not None:
            await asyncio.to_thread(_refused, desk, send, why)
    except SendFailed as error:
        if error.retry_after is None or error.permanent:
            # Where we asked in vain what became of an earlier attempt, we know no more than before.
            await asyncio.to_thread(_failed, desk, send, error, in_doubt=in_doubt or error.outcome_unknown)
        else:
            limiter.block(buckets, until=desk.clock() + error.retry_after)
            await asyncio.to_thread(
                _released, desk, send, error.retry_after, in_doubt=in_doubt or error.outcome_unknown
            )


@dataclass(frozen=True, slots=True)
class _Way:
    """How something is done outside, and how it is found out whether it was."""

    buckets: Sequence[Bucket]
    find: Callable[[], Awaitable[Opened | None]]
    do: Callable[[], Awaitable[Opened]]


async def _way_out(desk: Desk, channels: Channels, send: DueSend) -> _Way:
    """The way to a channel, or for a ticket to its help desk.

    Raises:
        SendFailed: There is none here.
    """
    if send.outgoing.kind is OutboxKind.TICKET:
        return await _way_to_help_desk(desk, send)
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
    ticket = await asyncio.to_thread(_ticket, desk, send)
    if ticket is None:
        raise SendFailed(Sentence("The escalation of this ticket is not there any more."), permanent=True)
    bucket = Bucket(f"desk:{send.channel}", most=TICKETS_A_MINUTE, per=timedelta(minutes=1))
    return _Way(
        [bucket],
        lambda: _in_time(send, help_desk.find_ticket(ticket)),
        lambda: _in_time(send, help_desk.open_ticket(ticket)),
    )


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
    with desk.store.read() as books:
        return books.ticket_of(send.id)


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
        raise SendFailed(fault, permanent=False, outcome_unknown=True) from error


def _look_at(desk: Desk, send_id: int) -> tuple[DueSend | None, bool]:
    with desk.store.read() as books:
        return books.due_send(send_id, lately=desk.clock() - LATELY), books.switch(PAUSED).is_on


def _sent(desk: Desk, send: DueSend, done: Opened) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        books.mark_sent(send.id, external_id=done.external_id, now=now)
        kind = send.outgoing.kind
        if kind is OutboxKind.TICKET:
            books.mark_opened(send.id, done, now=now)
            why = _OPENED.filled(id=done.external_id, channel=send.channel)
        else:
            why = _SENT.filled(channel=send.channel) if kind in WORDS else _DONE.filled(channel=send.channel)
        books.write_audit([_line(send, "outbox.sent", why, now=now, external_id=done.external_id)])
        books.seal_audit()


def _is_ours(books: Books, send: DueSend) -> bool:
    """Whether nobody has claimed a row since: after its lease it is another worker's, who may be sending it now."""
    stands = books.send(send.id)
    return stands is not None and (stands.state, stands.attempts) == (SendState.SENDING, send.attempts)


def _begun(desk: Desk, send: DueSend) -> None:
    with desk.store.begin() as books:
        books.note_attempt(send.id)


def _released(desk: Desk, send: DueSend, wait: timedelta | None = None, *, in_doubt: bool | None = None) -> None:
    with desk.store.begin() as books:
        if _is_ours(books, send):
            until = None if wait is None else desk.clock() + wait
            books.release(send.id, until=until, in_doubt=in_doubt)


def _refused(desk: Desk, send: DueSend, why: Sentence) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        if not _is_ours(books, send):
            return
        books.refuse(send.id, why=why, now=now)
        books.write_audit([_line(send, "outbox.refused", why, now=now)])
        if is_looping(send, replies_an_hour=desk.replies_an_hour) and books.alert_loop(send.conversation_id):
            books.write_audit([_line(send, "loop.stopped", why, now=now)])
        books.seal_audit()


def _failed(desk: Desk, send: DueSend, error: SendFailed, *, in_doubt: bool) -> None:
    now = desk.clock()
    again_at = None if error.permanent else next_attempt(send.attempts, now=now)
    with desk.store.begin() as books:
        if not _is_ours(books, send):
            return
        books.mark_failed(send.id, error=error.sentence, again_at=again_at, outcome_unknown=in_doubt, now=now)
        if error.broken:
            books.set_channel_state(send.channel, ChannelState.BROKEN, why=error.sentence, now=now)
        books.write_audit([_line(send, "outbox.failed", error.sentence, now=now, given_up=again_at is None)])
        books.seal_audit()


def _line(send: DueSend, what: str, why: Sentence, *, now: datetime, **facts: object) -> AuditLine:
    return AuditLine(
        at=now,
        actor=send.actor,
        what=what,
        subject="outbox",
        subject_id=send.id,
        reason=why,
        facts={
            "kind": send.outgoing.kind.value,
            "conversation": send.conversation_id,
            "message": send.message_id,
            "attempts": send.attempts,
            **facts,
        },
    )
