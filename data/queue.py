"""The queue as people see it: one statement finds the page, four fill it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, Table, and_, case, exists, func, select

from data.clock_rules import stands_at
from data.many import is_among
from data.rows import to_escalation, to_offence, to_severity
from data.search import conversations_saying
from data.standing import UNSURE, count_reports
from data.tables import (
    channel_account,
    contact,
    conversation,
    conversation_label,
    conversation_tag,
    correction,
    draft,
    escalation,
    message,
    prediction,
)
from data.transaction import Transaction, word
from inbox.model import Kind, Label, Status, Visibility
from inbox.views import DraftState, EscalationView, QueueFilter, QueueItem

_OF_ESCALATION = "escalation_"
_ORDER = (conversation.c.priority.desc(), conversation.c.waiting_since, conversation.c.id)


def queue(tx: Transaction, wanted: QueueFilter) -> list[QueueItem]:
    """Conversations, the highest priority first and the one that has waited longest first among equals."""
    page = list(tx.connection.scalars(_page(tx, wanted)))
    if not page:
        return []
    labels = _words_of(tx, conversation_label, "label", page)
    tags = _words_of(tx, conversation_tag, "tag", page)
    reports = count_reports(tx, page)
    return [
        QueueItem(
            conversation_id=row["id"],
            channel=row["channel"],
            kind=Kind(row["kind"]) if row["kind"] else Kind.NO_TEXT,
            visibility=Visibility(row["visibility"]),
            contact=row["contact"],
            text=row["text"] or "",
            lang=row["lang"],
            labels=tuple(label for label in Label if label in labels[row["id"]]),
            scores={Label(label): score for label, score in row["scores"].items()},
            unsure=UNSURE in labels[row["id"]],
            severity=to_severity(row["severity"]),
            status=Status(row["status"]),
            priority=row["priority"],
            priority_parts=row["priority_parts"],
            queue=row["queue"],
            tags=tuple(tags[row["id"]]),
            messages=row["messages"],
            open_drafts=row["open_drafts"],
            due_at=row["due_at"],
            last_message_at=row["last_message_at"],
            reports=reports.get(row["id"], 0),
            assignee=row["assignee"],
            claimed_by=row["claimed_by"],
            claim_until=row["claim_until"],
            offends=to_offence(row["its_labels"], row["its_correction"], row["its_severity"]),
            escalation=_escalation_of(row),
            snooze_until=row["snooze_until"],
            waiting_since=row["waiting_since"],
        )
        for row in tx.connection.execute(_items(tx, page)).mappings()
    ]


def _page(tx: Transaction, wanted: QueueFilter) -> Select[int]:
    asked: list[ColumnElement[bool]] = [conversation.c.brand_id == tx.brand_id]
    if wanted.status is not None:
        asked.append(conversation.c.status == wanted.status.value)
    if wanted.queue is not None:
        asked.append(conversation.c.queue == wanted.queue)
    if wanted.assignee is not None:
        asked.append(conversation.c.assignee == wanted.assignee)
    if wanted.sla is not None:
        handed = exists().where(escalation.c.conversation_id == conversation.c.id, escalation.c.resolved_at.is_(None))
        asked += [stands_at(wanted.sla), handed]
    if wanted.text is not None:
        asked.append(conversation.c.id.in_(conversations_saying(tx, wanted.text)))
    if wanted.channel is not None:
        named = select(channel_account.c.id).where(
            channel_account.c.brand_id == tx.brand_id, channel_account.c.name == wanted.channel
        )
        asked.append(conversation.c.channel_account_id == named.scalar_subquery())
    if wanted.label is not None:
        asked.append(
            exists().where(
                conversation_label.c.conversation_id == conversation.c.id, conversation_label.c.label == wanted.label
            )
        )
    if wanted.after is not None:
        asked.append(_is_behind(*wanted.after))
    return select(conversation.c.id).where(*asked).order_by(*_ORDER).limit(wanted.limit)


def _is_behind(priority: int, waiting_since: datetime, number: int) -> ColumnElement[bool]:
    """Whether a conversation stands behind a place in the queue."""
    place = conversation.c
    is_later = (place.waiting_since > waiting_since) | ((place.waiting_since == waiting_since) & (place.id > number))
    return (place.priority < priority) | ((place.priority == priority) & is_later)


def _items(tx: Transaction, page: Collection[int]) -> Select[Any]:
    last = message.alias("last")
    earlier = message.alias("earlier")
    latest = (
        select(earlier.c.id)
        .where(earlier.c.conversation_id == conversation.c.id, earlier.c.is_ours.is_(False))
        .order_by(earlier.c.sent_at.desc(), earlier.c.id.desc())
        .limit(1)
        .correlate(conversation)
        .scalar_subquery()
    )
    said = select(func.count()).where(message.c.conversation_id == conversation.c.id).scalar_subquery()
    drafts = (
        select(func.count())
        .where(draft.c.conversation_id == conversation.c.id, draft.c.state == word(DraftState.OPEN))
        .scalar_subquery()
    )
    # The next promise of an open escalation: the first answer, what was written since, then the end of the matter.
    due_at = case(
        (escalation.c.acknowledged_at.is_(None), escalation.c.first_response_due_at),
        (escalation.c.next_response_due_at.is_not(None), escalation.c.next_response_due_at),
        else_=escalation.c.resolution_due_at,
    )
    return (
        select(
            conversation,
            channel_account.c.name.label("channel"),
            contact.c.name.label("contact"),
            last.c.kind,
            last.c.text,
            said.label("messages"),
            drafts.label("open_drafts"),
            due_at.label("due_at"),
            *(one.label(f"{_OF_ESCALATION}{one.name}") for one in escalation.c),
            prediction.c.labels.label("its_labels"),
            prediction.c.severity.label("its_severity"),
            correction.c.after.label("its_correction"),
        )
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(last, last.c.id == latest)
        .outerjoin(prediction, and_(prediction.c.message_id == last.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(
            correction,
            and_(
                correction.c.message_id == last.c.id,
                correction.c.replaced_at.is_(None),
                correction.c.message_version == last.c.version,
            ),
        )
        .outerjoin(
            escalation, and_(escalation.c.conversation_id == conversation.c.id, escalation.c.resolved_at.is_(None))
        )
        .where(is_among(tx, conversation.c.id, page))
        .order_by(*_ORDER)
    )


def _escalation_of(row: RowMapping) -> EscalationView | None:
    """The open escalation that was asked for with a conversation; both have columns of the same names."""
    if row[f"{_OF_ESCALATION}id"] is None:
        return None
    return to_escalation({one.name: row[f"{_OF_ESCALATION}{one.name}"] for one in escalation.c})


def _words_of(tx: Transaction, table: Table, column: str, page: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    wanted = select(table.c.conversation_id, table.c[column]).where(is_among(tx, table.c.conversation_id, page))
    for conversation_id, one in tx.connection.execute(wanted.order_by(table.c[column])):
        found[conversation_id].append(one)
    return found
