"""Finding a page of the queue: which conversations, in the order of the queue, as quickly at any depth."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, select, tuple_

from data.clock_rules import stands_at
from data.few import few
from data.many import is_among
from data.search import says
from data.tables import channel_account, conversation, conversation_label, conversation_tag, escalation, message
from data.transaction import Transaction
from inbox.views import QueueFilter, Spot

ORDER = (conversation.c.priority.desc(), conversation.c.waiting_since, conversation.c.id)
"""The order of the queue: the same data, the same order every time."""


def find_page(tx: Transaction, wanted: QueueFilter) -> list[int]:
    """The conversations of a page by their numbers, in order."""
    asked = and_(*_asked(tx, wanted))
    if wanted.after is None:
        return list(tx.connection.scalars(_in_order(asked, wanted.limit)))
    # In two steps, since no index gives both at once: what is as pressing and has waited less, then what is less so.
    equal, below = _behind(wanted.after)
    page = list(tx.connection.scalars(_in_order(and_(asked, equal), wanted.limit)))
    if len(page) < wanted.limit:
        page += tx.connection.scalars(_in_order(and_(asked, below), wanted.limit - len(page)))
    return page


def count_queue(tx: Transaction, wanted: QueueFilter) -> int:
    """How many conversations are asked for, but no more than the limit."""
    some = select(conversation.c.id).where(*_asked(tx, wanted)).limit(wanted.limit).subquery()
    return tx.connection.scalar(select(func.count()).select_from(some)) or 0


def _in_order(asked: ColumnElement[bool], limit: int) -> Select[int]:
    return select(conversation.c.id).where(asked).order_by(*ORDER).limit(limit)


def _behind(spot: Spot) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    waits = tuple_(conversation.c.waiting_since, conversation.c.id) > tuple_(
        literal(spot.waiting_since, conversation.c.waiting_since.type), literal(spot.conversation_id)
    )
    return and_(conversation.c.priority == spot.priority, waits), conversation.c.priority < spot.priority


def _asked(tx: Transaction, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    asked = [conversation.c.brand_id == tx.brand_id, *_of_itself(wanted)]
    if wanted.among is not None:
        asked.append(is_among(tx, conversation.c.id, wanted.among))
    if wanted.sla is not None:
        handed = select(escalation.c.conversation_id).where(
            escalation.c.brand_id == tx.brand_id, escalation.c.resolved_at.is_(None)
        )
        asked += [stands_at(wanted.sla), conversation.c.id.in_(handed)]
    if wanted.text is not None:
        asked.append(says(tx, wanted.text))
    if wanted.channel is not None:
        named = select(channel_account.c.id).where(
            channel_account.c.brand_id == tx.brand_id, channel_account.c.name == wanted.channel
        )
        asked.append(conversation.c.channel_account_id == named.scalar_subquery())
    if wanted.label is not None:
        asked.append(_marked(tx, conversation_label.c.label, wanted.label))
    if wanted.tag is not None:
        asked.append(_marked(tx, conversation_tag.c.tag, wanted.tag))
    if wanted.kind is not None:
        asked.append(
            exists().where(
                message.c.conversation_id == conversation.c.id,
                message.c.is_ours.is_(False),
                message.c.kind == wanted.kind.value,
            )
        )
    return asked


def _of_itself(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What the row of a conversation says itself."""
    asked: list[ColumnElement[bool]] = []
    for column, value in (
        (conversation.c.status, wanted.status and wanted.status.value),
        (conversation.c.queue, wanted.queue),
        (conversation.c.assignee, wanted.assignee),
        (conversation.c.visibility, wanted.visibility and wanted.visibility.value),
        (conversation.c.lang, wanted.lang),
    ):
        if value is not None:
            asked.append(column == value)
    if wanted.is_free:
        asked.append(conversation.c.assignee.is_(None))
    if wanted.since is not None:
        asked.append(conversation.c.last_message_at >= wanted.since)
    if wanted.until is not None:
        asked.append(conversation.c.last_message_at < wanted.until)
    return asked


def _marked(tx: Transaction, column: ColumnElement[str], mark: str) -> ColumnElement[bool]:
    """Whether a conversation has a label or a tag."""
    table = conversation_label if column is conversation_label.c.label else conversation_tag
    named = few(tx, select(table.c.conversation_id).where(table.c.brand_id == tx.brand_id, column == mark))
    if named is not None:
        return is_among(tx, conversation.c.id, named)
    return exists().where(table.c.conversation_id == conversation.c.id, column == mark)
