"""The journey of a message: received, triaged, delivered. Each stage is safe to run twice and safe to kill."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from inbox.abilities import Bucket
from inbox.audit import AuditLine
from inbox.background import UNKNOWN, Background
from inbox.books import Books, Store
from inbox.decisions import Decision, Facts
from inbox.delivery import LATELY, LEASE, DueSend, Look, is_looping, last_look, next_attempt
from inbox.desk import Desk
from inbox.errors import InboxError, SendFailed
from inbox.events import Moved
from inbox.model import Actor, IncomingMessage, Label, Prediction, Standing, WaitingMessage
from inbox.outcome import House, carry_out
from inbox.outgoing import WORDS, OutboxKind
from inbox.ports import Channels, Clock
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.switches import PAUSED
from inbox.tickets import Opened, Ticket
from inbox.views import ChannelState, SendState

_DELETED = Sentence("The author has deleted the message.")
_SENT = Sentence("Sent on {channel}.")
_DONE = Sentence("Done on {channel}.")
_OPENED = Sentence("Ticket {id} is open in {channel}.")

T = TypeVar("T")

TRIAGE_BATCH = 512
"""The most messages that one transaction triages."""

TICKETS_A_MINUTE = 60
"""What one help desk is asked at the most: a crisis must not shut us out there."""

TICKET_PATIENCE = LEASE / 2 - timedelta(seconds=15)
"""How long one ticket may take, however many calls it needs: it begins before half of the lease is over."""

DELIVERY_BATCH = 32
"""The most rows of the outbox that one worker claims at a time."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch of messages: how many are new, how many had been delivered before."""

    created: int = 0
    skipped: int = 0


def receive(store: Store, said: Sequence[IncomingMessage], *, clock: Clock) -> Received:
    """Take messages in, each once, in one transaction. A redelivery changes nothing.

    What one of the team says is nobody's request: it counts as an answer to whom it answers, else it is passed over.
    """
    ours = [one for one in said if one.standing is Standing.STAFF]
    theirs = [one for one in said if one.standing is not Standing.STAFF]
    with store.begin() as books:
        ids = books.add_messages(theirs, now=clock())
        for one in ours:
            _receive_answer(books, one, now=clock())
    created = sum(message_id is not None for message_id in ids)
    return Received(created=created, skipped=len(ids) - created)


def receive_edit(store: Store, channel: str, external_id: str, *, text: str, edited_at: datetime, clock: Clock) -> bool:
    """Follow an edit: the old text becomes a version, drafts on it are withdrawn, the message is triaged anew.

    Returns:
        False when the message is not known, was deleted, or reads the same already, and when the edit is older than one
        that is kept.
    """
    with store.begin() as books:
        message = books.find_message(channel, external_id)
        if message is None or message.deleted_at is not None or message.text == text:
            return False
        if message.edited_at is not None and edited_at < message.edited_at:
            return False
        why = Sentence("The author has edited the message.")
        books.add_version(message.id, text=text, edited_at=edited_at)
        books.withdraw(message.id, why=why, now=clock())
        books.reopen(message.conversation_id, why=why)
        _note(books, channel, "message.edited", message.id, why, now=clock(), version=message.version + 1)
        return True


def receive_deletion(
    store: Store, channel: str, external_ids: Sequence[str], *, deleted_at: datetime, keep_text: bool, clock: Clock
) -> int:
    """Follow a deletion: messages are marked, their words blanked unless `keep_text`; nothing about them leaves now.

    What we have taken away ourselves keeps its words, and is on record already.

    Returns:
        How many of the messages were known and had not been deleted before.
    """
    gone = 0
    with store.begin() as books:
        for external_id in external_ids:
            message = books.find_message(channel, external_id)
            if message is None or message.deleted_at is not None:
                continue
            by_us = books.is_being_removed(channel, external_id)
            why = Sentence("A moderator has deleted the message.") if by_us else _DELETED
            books.mark_deleted(message.id, deleted_at=deleted_at, keep_text=keep_text or by_us)
            books.withdraw(message.id, why=why, now=clock())
            kept = keep_text or by_us
            _note(books, channel, "message.deleted", message.id, why, now=clock(), text_kept=kept)
            gone += 1
    return gone


def receive_move(store: Store, event: Moved, *, clock: Clock) -> int:
    """Follow a group that goes on under another id; how many conversations went with it."""
    with store.begin() as books:
        moved = books.move_place(event.channel, event.place, event.new_place)
        line = AuditLine(
            clock(),
            Actor.vigie(f"channel/{event.channel}"),
            "channel.moved",
            "channel",
            0,
            Sentence("The group goes on under another id."),
            {"before": event.place, "after": event.new_place, "conversations": moved},
        )
        books.write_audit([line])
        books.seal_audit()
    return moved


def _receive_answer(books: Books, said: IncomingMessage, *, now: datetime) -> None:
    conversation_id = books.keep_answer(said, now=now)
    if conversation_id is not None:
        why = Sentence("One of the team has answered on {channel}.", channel=said.channel)
        by = Actor.person(said.author_name or said.author)
        books.write_audit([AuditLine(now, by, "conversation.answered", "conversation", conversation_id, why)])
        books.seal_audit()


def triage(desk: Desk, *, limit: int = TRIAGE_BATCH, one_by_one: bool = False) -> int:
    """Bring one batch of waiting messages from words to decisions, in one transaction; how many there were.

    Killed before the commit, nothing happened; after it, all did. With `one_by_one`, a message that cannot be judged is
    left to a person, and costs no other.
    """
    with desk.store.begin() as books:
        waiting = books.claim_waiting(limit)
        if not waiting:
            return 0
        around = books.backgrounds(waiting, desk.rules.needs)
        judged = (
            [_judge_or_leave(desk, message, around) for message in waiting]
            if one_by_one
            else _judge(desk, waiting, around)
        )
        now = desk.clock()
        house = House(
            desk.brand,
            desk.responses,
            desk.rule_book_version,
            desk.hold,
            desk.abilities,
            desk.splits_replies,
            desk.tickets_to,
        )
        outcomes = [
            carry_out(message, prediction, decision, house=house, now=now)
            for message, (prediction, decision) in zip(waiting, judged, strict=True)
        ]
        books.keep_outcomes(outcomes, rule_book_version=desk.rule_book_version, now=now)
    with desk.store.begin() as books:
        books.seal_audit()
    return len(waiting)


def _judge(
    desk: Desk, waiting: Sequence[WaitingMessage], around: Mapping[int, Background]
) -> list[tuple[Prediction, Decision]]:
    predictions = desk.classifier.predict(
        [message.text for message in waiting], hints=[message.lang_hint for message in waiting], explain=True
    )
    return [
        (
            prediction,
            desk.rules.decide(
                Facts.of(message, prediction, hours=desk.brand.hours, background=around.get(message.id, UNKNOWN))
            ),
        )
        for message, prediction in zip(waiting, predictions, strict=True)
    ]


def _judge_or_leave(
    desk: Desk, message: WaitingMessage, around: Mapping[int, Background]
) -> tuple[Prediction, Decision]:
    try:
        return _judge(desk, [message], around)[0]
    except Exception:  # noqa: BLE001  # whatever is wrong with one message must not stop the next
        nothing_known = Prediction((), tuple(Label), {}, {}, "und", lang_known=False, model=desk.classifier.version)
        return nothing_known, Decision()


async def deliver(desk: Desk, channels: Channels, limiter: RateLimiter) -> int:
    """Do outside what is due, each after a last look; how many rows were dealt with.

    The outside world is not in our transaction: a row is claimed under a lease, and where an earlier attempt may have
    got through, the channel is asked what became of it before anything is done again. Channels do not wait for each
    other.
    """
    due = await asyncio.to_thread(_look_at_due, desk)
    by_channel: dict[str, list[DueSend]] = {}
    for send in due:
        by_channel.setdefault(send.channel, []).append(send)
    ended = await asyncio.gather(
        *(_deliver_all(desk, channels, limiter, sends) for sends in by_channel.values()), return_exceptions=True
    )
    # Told once every channel is done: what one of them is saying must not go on unseen.
    for fault in ended:
        if fault is not None:
            raise fault
    return len(due)


async def _deliver_all(desk: Desk, channels: Channels, limiter: RateLimiter, sends: Sequence[DueSend]) -> None:
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


def _look_at_due(desk: Desk) -> list[DueSend]:
    now = desk.clock()
    with desk.store.begin() as books:
        paused = books.switch(PAUSED).is_on
        claimed = books.claim_due(now=now, limit=DELIVERY_BATCH, lease=LEASE, paused=paused)
        looked_at = [books.due_send(send_id, lately=now - LATELY) for send_id in claimed]
    return [send for send in looked_at if send is not None]


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


def _note(
    books: Books, channel: str, what: str, message_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    actor = Actor.vigie(f"channel/{channel}")
    books.write_audit([AuditLine(now, actor, what, "message", message_id, why, facts)])
    books.seal_audit()
