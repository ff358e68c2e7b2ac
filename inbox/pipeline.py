"""The journey of a message: received, triaged, delivered. Each stage is safe to run twice and safe to kill."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine
from inbox.decisions import Facts
from inbox.delivery import LEASE, DueSend, Look, last_look, next_attempt
from inbox.desk import Desk
from inbox.errors import SendFailed
from inbox.model import Actor, IncomingMessage
from inbox.outcome import House, carry_out
from inbox.ports import Books, Channels, Clock, Store
from inbox.sentences import Sentence
from inbox.switches import PAUSED

TRIAGE_BATCH = 512
"""The most messages that one transaction triages."""

DELIVERY_BATCH = 32
"""The most rows of the outbox that one worker claims at a time."""


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a batch of messages: how many are new, how many had been delivered before."""

    created: int = 0
    skipped: int = 0


def receive(store: Store, said: Sequence[IncomingMessage], *, clock: Clock) -> Received:
    """Take messages in, each once, in one transaction. A redelivery changes nothing."""
    with store.begin() as books:
        ids = books.add_messages(said, now=clock())
    created = sum(message_id is not None for message_id in ids)
    return Received(created=created, skipped=len(ids) - created)


def receive_edit(store: Store, channel: str, external_id: str, *, text: str, edited_at: datetime, clock: Clock) -> bool:
    """Follow an edit: the old text becomes a version, drafts on it are withdrawn, the message is triaged anew.

    Returns:
        False when the message is not known, was deleted, or reads the same already.
    """
    with store.begin() as books:
        message = books.find_message(channel, external_id)
        if message is None or message.deleted_at is not None or message.text == text:
            return False
        why = Sentence("The author has edited the message.")
        books.add_version(message.id, text=text, edited_at=edited_at)
        books.withdraw(message.id, why=why, now=clock())
        books.reopen(message.conversation_id, why=why)
        _note(books, channel, "message.edited", message.id, why, now=clock(), version=message.version + 1)
        return True


def receive_deletion(
    store: Store, channel: str, external_id: str, *, deleted_at: datetime, keep_text: bool, clock: Clock
) -> bool:
    """Follow a deletion: the message is marked, its words blanked unless `keep_text`, nothing about it leaves any more.

    Returns:
        False when the message is not known, or was deleted before.
    """
    with store.begin() as books:
        message = books.find_message(channel, external_id)
        if message is None or message.deleted_at is not None:
            return False
        why = Sentence("The author has deleted the message.")
        books.mark_deleted(message.id, deleted_at=deleted_at, keep_text=keep_text)
        books.withdraw(message.id, why=why, now=clock())
        _note(books, channel, "message.deleted", message.id, why, now=clock(), text_kept=keep_text)
        return True


def triage(desk: Desk, *, limit: int = TRIAGE_BATCH) -> int:
    """Bring one batch of waiting messages from words to decisions, in one transaction; how many there were.

    Killed before the commit, nothing happened; after it, all did.
    """
    with desk.store.begin() as books:
        waiting = books.claim_waiting(limit)
        if not waiting:
            return 0
        predictions = desk.classifier.predict(
            [message.text for message in waiting], hints=[message.lang_hint for message in waiting], explain=True
        )
        now = desk.clock()
        house = House(desk.brand, desk.responses, desk.rule_book_version, desk.hold)
        outcomes = []
        for message, prediction in zip(waiting, predictions, strict=True):
            decision = desk.rules.decide(Facts.of(message, prediction))
            outcomes.append(carry_out(message, prediction, decision, house=house, now=now))
        books.keep_outcomes(outcomes, rule_book_version=desk.rule_book_version, now=now)
    with desk.store.begin() as books:
        books.seal_audit()
    return len(waiting)


async def deliver(desk: Desk, channels: Channels) -> int:
    """Send what is due, each after a last look; how many rows were dealt with.

    The outside world is not in our transaction: a row is claimed under a lease, and after a lost answer the channel is
    asked what became of it before anything is sent again.
    """
    due = await asyncio.to_thread(_claim_due, desk)
    for send_id in due:
        send, paused = await asyncio.to_thread(_look_at, desk, send_id)
        if send is not None:
            await _deliver_one(desk, channels, send, paused=paused)
    return len(due)


async def _deliver_one(desk: Desk, channels: Channels, send: DueSend, *, paused: bool) -> None:
    channel = channels.get(send.channel)
    if channel is None:
        error = Sentence("The channel {channel} is not connected here.", channel=send.channel)
        await asyncio.to_thread(_failed, desk, send, SendFailed(error, permanent=True))
        return
    try:
        if send.claimed_before and (external_id := await channel.find_sent(send.idempotency_key)) is not None:
            await asyncio.to_thread(_sent, desk, send, external_id)
            return
        look, why = last_look(send, paused=paused)
        if look is Look.GO:
            external_id = await channel.send(send.thread, send.text, key=send.idempotency_key)
            await asyncio.to_thread(_sent, desk, send, external_id)
        elif look is Look.HOLD:
            await asyncio.to_thread(_released, desk, send)
        elif why is not None:
            await asyncio.to_thread(_refused, desk, send, why)
    except SendFailed as error:
        await asyncio.to_thread(_failed, desk, send, error)


def _claim_due(desk: Desk) -> list[int]:
    with desk.store.begin() as books:
        paused = books.switch(PAUSED).is_on
        return books.claim_due(now=desk.clock(), limit=DELIVERY_BATCH, lease=LEASE, paused=paused)


def _look_at(desk: Desk, send_id: int) -> tuple[DueSend | None, bool]:
    with desk.store.read() as books:
        return books.due_send(send_id), books.switch(PAUSED).is_on


def _sent(desk: Desk, send: DueSend, external_id: str) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        books.mark_sent(send.id, external_id=external_id, now=now)
        why = Sentence("Sent on {channel}.", channel=send.channel)
        books.write_audit([_line(send, "outbox.sent", why, now=now, external_id=external_id)])
        books.seal_audit()


def _released(desk: Desk, send: DueSend) -> None:
    with desk.store.begin() as books:
        books.release(send.id)


def _refused(desk: Desk, send: DueSend, why: Sentence) -> None:
    now = desk.clock()
    with desk.store.begin() as books:
        books.refuse(send.id, why=why, now=now)
        books.write_audit([_line(send, "outbox.refused", why, now=now)])
        books.seal_audit()


def _failed(desk: Desk, send: DueSend, error: SendFailed) -> None:
    now = desk.clock()
    again_at = None if error.permanent else next_attempt(send.attempts, now=now)
    with desk.store.begin() as books:
        books.mark_failed(send.id, error=error.sentence, again_at=again_at, now=now)
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
        facts={"conversation": send.conversation_id, "message": send.message_id, "attempts": send.attempts, **facts},
    )


def _note(
    books: Books, channel: str, what: str, message_id: int, why: Sentence, *, now: datetime, **facts: object
) -> None:
    actor = Actor.vigie(f"channel/{channel}")
    books.write_audit([AuditLine(now, actor, what, "message", message_id, why, facts)])
    books.seal_audit()
