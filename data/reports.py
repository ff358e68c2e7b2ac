"""Reports: each member's once per message, and what they do to the conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import exists, func, select, update

from data.many import insert_many
from data.standing import lock_conversations, stand_anew
from data.tables import channel_account, conversation_tag, message, report
from data.transaction import Transaction
from data.types import to_storable
from inbox.events import Reported

TAG = "reported"
"""The tag of a conversation of which a message was reported."""


def is_ours(tx: Transaction, channel: str, external_id: str) -> bool:
    """Whether a message, by the channel's name and id for it, is one that we sent."""
    wanted = (
        select(message.c.id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == to_storable(channel),
            message.c.external_id == to_storable(external_id),
            message.c.is_ours.is_(True),
        )
    )
    return tx.connection.scalar(wanted) is not None


def has_reported(tx: Transaction, message_id: int, reporter: str) -> bool:
    """Whether a member has reported a message."""
    mine = exists().where(report.c.message_id == message_id, report.c.reporter == to_storable(reporter))
    return bool(tx.connection.scalar(select(mine)))


def reports_by(tx: Transaction, channel: str, reporter: str, *, since: datetime) -> list[datetime]:
    """When a member has reported messages, after a moment."""
    wanted = (
        select(report.c.reported_at)
        .join(channel_account, channel_account.c.id == report.c.channel_account_id)
        .where(
            channel_account.c.brand_id == tx.brand_id,
            channel_account.c.name == to_storable(channel),
            report.c.reporter == to_storable(reporter),
            report.c.reported_at > since,
        )
        .order_by(report.c.reported_at)
    )
    return list(tx.connection.scalars(wanted))


def keep_report(tx: Transaction, message_id: int, event: Reported) -> int:
    """Keep a report, tag its conversation and weigh it anew; how many members have reported the message.

    A message that somebody had dealt with is to be looked at again.
    """
    about = select(message.c.conversation_id, message.c.channel_account_id).where(message.c.id == message_id)
    place = tx.connection.execute(about).one()
    new = {
        "brand_id": tx.brand_id,
        "message_id": message_id,
        "channel_account_id": place.channel_account_id,
        "reporter": to_storable(event.reporter),
        "reporter_name": to_storable(event.reporter_name),
        "reason": to_storable(event.reason),
        "reported_at": event.at,
    }
    insert_many(tx, report, [new], skip_conflicts=True)
    tagged = {"conversation_id": place.conversation_id, "tag": TAG, "brand_id": tx.brand_id}
    insert_many(tx, conversation_tag, [tagged], skip_conflicts=True)
    tx.connection.execute(update(message).where(message.c.id == message_id).values(dealt_at=None))
    lock_conversations(tx, [place.conversation_id])
    stand_anew(tx, place.conversation_id)
    count = select(func.count()).where(report.c.message_id == message_id)
    return tx.connection.scalar(count) or 0
