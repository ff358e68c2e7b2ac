"""What is counted of a stretch of days: messages by day and label, and how soon people answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, or_, select, true, union_all

from data.rows import PERSON, to_labels
from data.tables import conversation, correction, message, moderation_case, outbox, prediction
from data.thoughts import CORRECTED, PREDICTED
from data.transaction import Transaction, word
from inbox.model import Label
from inbox.outgoing import OutboxKind
from inbox.tallies import Answered, Said, Tallies
from inbox.views import SendState

_REPLIED = and_(outbox.c.kind == word(OutboxKind.REPLY), outbox.c.state == word(SendState.SENT))

# Where the channel has echoed our words before we heard that they were sent, they have no id of their own.
_ECHOED = (outbox.c.sent_at == message.c.sent_at) & (outbox.c.actor_name == message.c.author)
_LEFT_FROM_HERE = (
    select(outbox.c.id)
    .where(outbox.c.conversation_id == message.c.conversation_id, _REPLIED)
    .where(or_(outbox.c.external_id == message.c.external_id, _ECHOED))
    .exists()
)
"""Whether something we said is in the outbox; what is not, one of the team has written on the channel by himself."""


def read_stats(tx: Transaction, *, days: Sequence[datetime], until: datetime) -> Tallies:
    """What is counted from the first of `days` until a moment.

    Args:
        tx: The transaction.
        days: The first moment of each day, in order; at least one, and the last is not after `until`.
        until: The moment after which nothing counts.
    """
    since = days[0]
    return Tallies(
        said=_said(tx, days, until),
        answered=answered(tx, since=since, until=until),
        replies_by_people=replies_by_people(tx, since=since, until=until),
        replies_automatic=left_from_here(tx, outbox.c.actor_kind != PERSON, since=since, until=until),
        cases_opened=_cases_opened(tx, since=since, until=until),
    )


def _said(tx: Transaction, days: Sequence[datetime], until: datetime) -> tuple[Said, ...]:
    waits = message.c.dealt_at.is_(None) & message.c.deleted_at.is_(None)
    each = (
        select(
            place(message.c.sent_at, days).label("day"),
            cast(prediction.c.labels, Text).label("labels"),
            cast(prediction.c.unsure, Text).label("unsure"),
            prediction.c.lang_known,
            cast(correction.c.after, Text).label("after"),
            case((waits, 1), else_=0).label("waits"),
        )
        .select_from(message)
        .outerjoin(prediction, PREDICTED)
        .outerjoin(correction, CORRECTED)
        .where(message.c.brand_id == tx.brand_id, message.c.is_ours.is_(False))
        .where(message.c.sent_at.between(days[0], until))
        .subquery()
    )
    same = (each.c.day, each.c.labels, each.c.unsure, each.c.lang_known, each.c.after)
    wanted = select(*same, func.count().label("messages"), func.sum(each.c.waits).label("unanswered")).group_by(*same)
    return tuple(
        Said(row.day, labels_standing(row), is_unsure(row), row.messages, row.unanswered)
        for row in tx.connection.execute(wanted)
    )


def labels_standing(row: Any) -> tuple[Label, ...] | None:
    """The labels that stand by the columns `labels` and `after` of a row; None where nobody has read the message."""
    kept = row.labels if row.after is None else row.after
    return None if kept is None else to_labels(json.loads(kept))


def is_unsure(row: Any) -> bool:
    """Whether a row is of messages that no person has judged and the model is unsure of."""
    return row.after is None and row.labels is not None and (row.unsure != "[]" or not row.lang_known)


def place(moment: ColumnElement[datetime], starts: Sequence[datetime], first: int = 0) -> ColumnElement[int]:
    """Which of the days a moment is in: found by halves, so that a long period costs hardly more than a short one.

    The days are given as moments because the two databases disagree on what they know of time zones.
    """
    if len(starts) == 1:
        return literal(first)
    half = len(starts) // 2
    earlier = moment < literal(starts[half], message.c.sent_at.type)
    return case((earlier, place(moment, starts[:half], first)), else_=place(moment, starts[half:], first + half))


def answered(tx: Transaction, *, since: datetime, until: datetime) -> tuple[Answered, ...]:
    """What was answered in the period, whenever it was asked.

    A reply answers what had come when it was written, as `data.sent` deals with it. What was taken back or closed
    before the reply left waited for nobody. `dealt_at` alone does not tell: it forgets an answer when the message is
    edited or reported later.
    """
    lately = select(conversation.c.id).where(
        conversation.c.brand_id == tx.brand_id, conversation.c.human_replied_at >= since
    )
    on_the_channel = select(
        message.c.conversation_id,
        message.c.received_at.label("moment"),
        message.c.sent_at.label("at"),
        message.c.deleted_at,
        message.c.dealt_at,
        message.c.is_ours.label("is_reply"),
    ).where(
        message.c.brand_id == tx.brand_id,
        message.c.conversation_id.in_(lately),
        or_(message.c.is_ours.is_(False), ~_LEFT_FROM_HERE),
    )
    left = outbox.c.sent_at
    from_here = select(outbox.c.conversation_id, outbox.c.queued_at, left, left, left, true()).where(
        outbox.c.brand_id == tx.brand_id,
        _REPLIED,
        outbox.c.actor_kind == PERSON,
        left.is_not(None),
        outbox.c.conversation_id.in_(lately),
    )
    each = union_all(on_the_channel, from_here).subquery("each_one")
    # From the last to the first, so that what has been passed is what came later.
    backwards = (each.c.moment.desc(), each.c.is_reply.desc())
    first_later_reply = (
        func.min(each.c["at"])
        .filter(each.c.is_reply)
        .over(partition_by=each.c.conversation_id, order_by=backwards, rows=(None, 0))
    )
    runs = select(each, first_later_reply.label("answered_at")).subquery("runs")
    wanted = (
        select(func.min(runs.c["at"]), runs.c.answered_at)
        .where(~runs.c.is_reply, runs.c.answered_at.between(since, until))
        .where(or_(runs.c.deleted_at.is_(None), runs.c.deleted_at > runs.c.answered_at))
        .where(or_(runs.c.dealt_at.is_(None), runs.c.dealt_at >= runs.c.answered_at))
        .group_by(runs.c.conversation_id, runs.c.answered_at)
    )
    return tuple(Answered(row[0], row[1]) for row in tx.connection.execute(wanted))


def replies_by_people(tx: Transaction, *, since: datetime, until: datetime) -> int:
    """How many replies of people left from here, or were written on the channel by one of the team."""
    on_the_channel = select(func.count()).where(
        message.c.brand_id == tx.brand_id,
        message.c.is_ours.is_(True),
        message.c.sent_at.between(since, until),
        ~_LEFT_FROM_HERE,
    )
    from_here = left_from_here(tx, outbox.c.actor_kind == PERSON, since=since, until=until)
    return from_here + (tx.connection.scalar(on_the_channel) or 0)


def left_from_here(tx: Transaction, by: ColumnElement[bool], *, since: datetime, until: datetime) -> int:
    """How many replies; the parts of a long one are the same by all that is asked here."""
    same = (outbox.c.conversation_id, outbox.c.message_id, outbox.c.draft_id, outbox.c.response, outbox.c.queued_at)
    replies = (
        select(*same, outbox.c.actor_name)
        .where(outbox.c.brand_id == tx.brand_id, _REPLIED, by, outbox.c.sent_at.between(since, until))
        .distinct()
    )
    return tx.connection.scalar(select(func.count()).select_from(replies.subquery())) or 0


def _cases_opened(tx: Transaction, *, since: datetime, until: datetime) -> int:
    wanted = select(func.count()).where(
        moderation_case.c.brand_id == tx.brand_id, moderation_case.c.opened_at.between(since, until)
    )
    return tx.connection.scalar(wanted) or 0
