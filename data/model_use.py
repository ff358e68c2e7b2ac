"""How the model does: what it says of what comes in, what people said of that, and what nobody has judged."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, Table, Text, cast, func, null, select

from data.rows import to_labels, to_severity
from data.stats import is_unsure, labels_standing
from data.tables import channel_account, contact, conversation, correction, message, prediction, spam_mark
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction
from inbox.doubt import Doubtful, Judged
from inbox.model import Actor, Label
from inbox.tallies import Said


def read_labels_given(tx: Transaction, *, since: datetime, until: datetime) -> list[Said]:
    """How many messages of a period the model gave which labels, whatever people said of them since."""
    said = (
        cast(prediction.c.labels, Text).label("labels"),
        cast(prediction.c.unsure, Text).label("unsure"),
        prediction.c.lang_known,
    )
    wanted = (
        select(*said, null().label("after"), func.count().label("messages"))
        .select_from(message)
        .join(prediction, PREDICTED)
        .where(message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .where(message.c.sent_at > since, message.c.sent_at <= until)
        .group_by(*said)
    )
    return [Said(0, labels_standing(row), is_unsure(row), row.messages, 0) for row in tx.connection.execute(wanted)]


def unjudged(tx: Transaction, *, limit: int) -> list[Doubtful]:
    """Messages with words that a model has read as they are now and no person has judged, the latest first."""
    wanted = (
        select(
            message.c.id,
            message.c.conversation_id,
            channel_account.c.name.label("channel"),
            contact.c.name.label("author"),
            message.c.text,
            message.c.sent_at,
            prediction.c.lang,
            cast(prediction.c.scores, Text).label("scores"),
            prediction.c.labels,
            prediction.c.unsure,
            prediction.c.severity,
        )
        .select_from(message)
        .join(prediction, PREDICTED)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(correction, CORRECTED)
        .where(message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False), message.c.deleted_at.is_(None))
        .where(correction.c.id.is_(None), message.c.text != "")
        .order_by(message.c.id.desc())
        .limit(limit)
    )
    return [
        Doubtful(
            message_id=row.id,
            conversation_id=row.conversation_id,
            channel=row.channel,
            author=row.author,
            text=row.text,
            lang=row.lang,
            sent_at=row.sent_at,
            scores={Label(label): score for label, score in json.loads(row.scores).items()},
            labels=to_labels(row.labels),
            unsure=to_labels(row.unsure),
            severity=to_severity(row.severity),
        )
        for row in tx.connection.execute(wanted)
    ]


def judged_lately(tx: Transaction, *, limit: int) -> list[Judged]:
    """What people said of labels and still stands, the latest first."""
    wanted = _of(tx, correction).order_by(correction.c.corrected_at.desc(), correction.c.id.desc()).limit(limit)
    return [
        Judged(
            **_about(row),
            before=to_labels(row["before"]),
            after=to_labels(row["after"]),
            is_spam=None,
            at=row["corrected_at"],
            why=row["why"],
        )
        for row in tx.connection.execute(wanted).mappings()
    ]


def spam_lately(tx: Transaction, *, limit: int) -> list[Judged]:
    """What people said of spam and still stands, the latest first."""
    wanted = _of(tx, spam_mark).order_by(spam_mark.c.id.desc()).limit(limit)
    return [
        Judged(**_about(row), before=(), after=None, is_spam=row["is_spam"], at=row["marked_at"])
        for row in tx.connection.execute(wanted).mappings()
    ]


def _of(tx: Transaction, said: Table) -> Select[Any]:
    """The rows of what people said that stand, with what they said it of."""
    return (
        select(said, message.c.conversation_id, message.c.text, channel_account.c.name.label("channel"))
        .join(message, message.c.id == said.c.message_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .where(said.c.brand_id == tx.brand_id, said.c.replaced_at.is_(None))
    )


def _about(row: RowMapping) -> dict[str, Any]:
    return {
        "message_id": row["message_id"],
        "conversation_id": row["conversation_id"],
        "channel": row["channel"],
        "text": row["text"],
        "by": Actor(row["actor_kind"], row["actor_name"]),
    }
