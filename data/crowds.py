"""What many say and do at once: who has arrived, what was said lately, and slowing threads down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, Text, cast, delete, func, select, update

from data.contacts import keep_accounts
from data.many import insert_many, is_among
from data.tables import arrival, channel_account, contact, conversation, message, outbox, prediction
from data.thoughts import PREDICTED
from data.transaction import Transaction, word, words
from data.waiting import waiting_row
from inbox.alerts import Heard
from inbox.model import Actor
from inbox.outgoing import OutboxKind
from inbox.usual import ALL
from inbox.views import SendState

_KEPT = timedelta(minutes=10)
_MOST = 1_000
_Where = tuple[str, str | None]


def add_arrivals(tx: Transaction, channel: str, place: str | None, members: Sequence[str], *, at: datetime) -> None:
    """Note for some minutes that members have joined a server or group."""
    account = keep_accounts(tx, {channel})[channel]
    rows = [
        {
            "brand_id": tx.brand_id,
            "channel_account_id": account,
            "place": place,
            "member": member,
            "arrived_at": at,
        }
        for member in members
    ]
    insert_many(tx, arrival, rows)
    tx.connection.execute(delete(arrival).where(arrival.c.brand_id == tx.brand_id, arrival.c.arrived_at < at - _KEPT))


def do_many_arrive(tx: Transaction, *, since: datetime, least: int) -> bool:
    """Whether as many have joined, or written for the first time, since a moment; quickly told where they have not."""
    joined = select(func.count()).where(arrival.c.brand_id == tx.brand_id, arrival.c.arrived_at >= since)
    last = tx.connection.scalar(select(func.max(contact.c.id))) or 0
    newest = (
        select(contact.c.created_at)
        .where(contact.c.brand_id == tx.brand_id, contact.c.id > last - _MOST)
        .order_by(contact.c.id.desc())
        .limit(least)
        .subquery()
    )
    new = select(func.count()).select_from(newest).where(newest.c.created_at >= since)
    return (tx.connection.scalar(joined) or 0) + (tx.connection.scalar(new) or 0) >= least


def arrivals(tx: Transaction, *, since: datetime) -> Mapping[_Where, frozenset[str]]:
    """Per channel and place who has joined, or written for the first time, since a moment; by the channel's ids."""
    joined = (
        select(channel_account.c.name, arrival.c.place, arrival.c.member)
        .join(channel_account, channel_account.c.id == arrival.c.channel_account_id)
        .where(arrival.c.brand_id == tx.brand_id, arrival.c.arrived_at >= since)
    )
    new = (
        select(channel_account.c.name, conversation.c.place, message.c.author)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(
            message.c.brand_id == tx.brand_id,
            message.c.id > _recent(tx, _MOST),
            message.c.is_ours.is_(False),
            message.c.sent_at >= since,
            contact.c.created_at >= since,
        )
    )
    found: dict[_Where, set[str]] = defaultdict(set)
    for asked in (joined, new):
        for channel, place, member in tx.connection.execute(asked):
            found[channel, place].add(member)
    return {where: frozenset(members) for where, members in found.items()}


def heard_since(tx: Transaction, since: datetime, *, limit: int) -> list[Heard]:
    """What contacts have said since a moment among the messages that came last, the oldest first."""
    wanted = _heard(tx).where(message.c.id > _recent(tx, limit), message.c.sent_at >= since)
    return [_to_heard(row) for row in tx.connection.execute(wanted).mappings()][::-1]


def said_lately(tx: Transaction, channel: str, label: str, *, since: datetime, limit: int) -> list[Heard]:
    """What contacts have said on a channel since a moment, of one label or all, the latest first."""
    wanted = _heard(tx).where(
        message.c.id > _recent(tx, _MOST * 10), message.c.sent_at >= since, channel_account.c.name == channel
    )
    if label != ALL:
        wanted = wanted.join(prediction, PREDICTED).where(cast(prediction.c.labels, Text).like(f'%"{label}"%'))
    return [_to_heard(row) for row in tx.connection.execute(wanted.limit(limit)).mappings()]


def said_before(tx: Transaction, channel: str, *, before: datetime, limit: int) -> list[str]:
    """The texts of contacts on a channel from before a moment, among those that came last."""
    wanted = _heard(tx).where(
        message.c.id > _recent(tx, _MOST * 10), message.c.sent_at < before, channel_account.c.name == channel
    )
    return [row["text"] for row in tx.connection.execute(wanted.limit(limit)).mappings()]


def slow_down(
    tx: Transaction, about: Heard, *, key: str, by: Actor, seconds: int, now: datetime, until: datetime
) -> None:
    """Have the thread of a message slowed down now, and set free again at a moment."""
    account = select(message.c.channel_account_id).where(message.c.id == about.id)
    for name, pause, at in (("on", seconds, now), ("off", 0, until)):
        row = waiting_row(
            tx,
            kind=OutboxKind.SLOW_MODE,
            key=f"{key}:{name}",
            by=by,
            conversation_id=about.conversation_id,
            account=tx.connection.execute(account).scalar_one(),
            message_id=None,
            message_version=1,
            text="",
            lang="",
            now=now,
            not_before=at,
            thread=about.thread,
            seconds=pause,
        )
        insert_many(tx, outbox, [row], skip_conflicts=True)


def set_free(tx: Transaction, keys: Sequence[str], *, by: Actor, now: datetime) -> int:
    """End the slow mode of `slow_down` now, in a person's name; how many threads still had it."""
    mine = (outbox.c.brand_id == tx.brand_id) & (outbox.c.state == word(SendState.WAITING))
    ends = is_among(tx, outbox.c.idempotency_key, [f"{key}:off" for key in keys])
    begins = is_among(tx, outbox.c.idempotency_key, [f"{key}:on" for key in keys])
    tx.connection.execute(update(outbox).where(mine, begins).values(state=SendState.CANCELLED.value))
    named = {"not_before": now, "actor_kind": by.kind, "actor_name": by.name}
    return tx.connection.execute(update(outbox).where(mine, ends).values(named)).rowcount


def is_slowed(tx: Transaction, keys: Sequence[str]) -> bool:
    """Whether what ends the slow mode of one of these has still to be done."""
    active = outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING))
    ends = is_among(tx, outbox.c.idempotency_key, [f"{key}:off" for key in keys])
    found = select(outbox.c.id).where(outbox.c.brand_id == tx.brand_id, active, ends).limit(1)
    return tx.connection.scalar(found) is not None


def _recent(tx: Transaction, most: int) -> Any:
    """The number after which the last messages of the whole database come: what is recent is among them."""
    return (tx.connection.scalar(select(func.max(message.c.id))) or 0) - most


def _heard(tx: Transaction) -> Select[Any]:
    return (
        select(
            message.c.id,
            message.c.conversation_id,
            channel_account.c.name.label("channel"),
            conversation.c.thread,
            conversation.c.place,
            message.c.author,
            contact.c.name.label("author_name"),
            message.c.text,
            message.c.sent_at,
        )
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(
            message.c.brand_id == tx.brand_id,
            message.c.is_ours.is_(False),
            message.c.deleted_at.is_(None),
        )
        .order_by(message.c.id.desc())
    )


def _to_heard(row: RowMapping) -> Heard:
    return Heard(**{**row, "author": row["author"] or ""})
