"""A stretch of the past, streaming: a chunk of messages in one statement, what people did about them in four more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Text, and_, case, cast, func, select

from data.handled import handled, read_labels
from data.rows import to_severity
from data.tables import (
    channel_account,
    contact,
    contact_identity,
    conversation,
    message,
    prediction,
)
from data.thoughts import PREDICTED
from data.transaction import Transaction
from data.triage import SAID
from inbox.model import Kind, Label, Prediction, Signal, Standing, Target, Visibility, WaitingMessage
from inbox.past import NOTHING, Handled, Past, PastCount

CHUNK = 4_096
"""Messages at a time: large enough that the statements beside it cost little, small enough to forget."""

_GONE = message.c.deleted_at.is_not(None) & (message.c.text == "")

Word = TypeVar("Word", Label, Signal)


def count_past(tx: Transaction, *, since: datetime, until: datetime, channel: str | None = None) -> PastCount:
    """How many messages contacts sent from one moment until before another, and how many cannot be replayed."""
    unread = and_(~_GONE, prediction.c.id.is_(None))
    wanted = (
        select(func.count(), func.sum(case((unread, 1), else_=0)), func.sum(case((_GONE, 1), else_=0)))
        .select_from(message)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(prediction, PREDICTED)
        .where(*_sent(tx, since, until, channel))
    )
    row = tx.connection.execute(wanted).one()
    return PastCount(row[0], row[1] or 0, row[2] or 0)


def read_past(
    tx: Transaction, *, since: datetime, until: datetime, channel: str | None = None
) -> Iterator[Sequence[Past]]:
    """The messages that `count_past` finds to replay, oldest number first, in chunks."""
    streamed = _messages(tx, since, until, channel).execution_options(yield_per=CHUNK)
    # Closed with the generator, so that a reader may stop anywhere.
    with tx.connection.execute(streamed) as found:
        for rows in found.partitions():
            first, last = rows[0].id, rows[-1].id
            yield _to_pasts(rows, handled(tx, lambda number: number.between(first, last)))  # noqa: B023  # called at once


def _sent(tx: Transaction, since: datetime, until: datetime, channel: str | None) -> list[ColumnElement[bool]]:
    asked = [
        message.c.brand_id == tx.brand_id,
        message.c.is_ours.is_(False),
        message.c.sent_at >= since,
        message.c.sent_at < until,
    ]
    return asked if channel is None else [*asked, channel_account.c.name == channel]


def _messages(tx: Transaction, since: datetime, until: datetime, channel: str | None) -> Select[Any]:
    # JSON comes as the text it is kept as: a whole column of it is read at once below.
    return (
        select(
            *SAID,
            cast(prediction.c.labels, Text),
            cast(prediction.c.unsure, Text),
            cast(prediction.c.scores, Text),
            cast(prediction.c.signals, Text),
            prediction.c.lang,
            prediction.c.lang_known,
            prediction.c.model,
            prediction.c.severity,
            prediction.c.target,
        )
        .select_from(message)
        .join(prediction, PREDICTED)
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == message.c.channel_account_id)
        .outerjoin(
            contact_identity,
            (contact_identity.c.channel_account_id == message.c.channel_account_id)
            & (contact_identity.c.external_id == message.c.author),
        )
        .where(*_sent(tx, since, until, channel), ~_GONE)
        .order_by(message.c.id)
    )


def _to_pasts(rows: Sequence[Any], done: Mapping[int, Handled]) -> list[Past]:
    scores = _read_column([row[15] for row in rows], Label)
    signals = _read_column([row[16] for row in rows], Signal)
    return [
        Past(
            WaitingMessage(
                id=row[0],
                conversation_id=row[1],
                contact_id=row[2],
                contact_name=row[3],
                channel=row[4],
                thread=row[5],
                text=row[6],
                kind=_kind(row[7]),
                visibility=_visibility(row[8]),
                lang_hint=row[9],
                sent_at=row[10],
                version=row[11],
                standing=_standing(row[12]),
            ),
            Prediction(
                read_labels(row[13]),
                read_labels(row[14]),
                scored,
                signalled,
                row[17],
                row[18],
                row[19],
                _severity(row[20]),
                _target(row[21]),
            ),
            done.get(row[0], NOTHING),
        )
        for row, scored, signalled in zip(rows, scores, signals, strict=True)
    ]


def _read_column(kept: Sequence[str], word_of: type[Word]) -> list[dict[Word, float]]:
    """A column of JSON objects, read as one document; their keys become our words."""
    known = tuple(word_of)
    names = [one.value for one in known]
    return [
        dict(zip(known, one.values(), strict=True))
        if list(one) == names
        else {word_of(name): score for name, score in one.items()}
        for one in json.loads(f"[{','.join(kept)}]")
    ]


_kind = lru_cache(Kind)
_visibility = lru_cache(Visibility)


_severity = lru_cache(to_severity)


@lru_cache
def _target(kept: str | None) -> Target | None:
    return Target(kept) if kept else None


@lru_cache
def _standing(kept: str | None) -> Standing:
    return Standing(kept) if kept else Standing.MEMBER
