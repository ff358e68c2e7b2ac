"""One conversation, whole, with everything that hangs on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, and_, func, or_, select

from data.many import is_among
from data.merging import contacts_like
from data.notes import notes_of
from data.rows import (
    to_attachments,
    to_audit_line,
    to_decision,
    to_draft,
    to_escalation,
    to_labels,
    to_offence,
    to_prediction,
    to_send,
    to_sentence,
    to_ticket,
)
from data.standing import count_reports
from data.tables import (
    audit,
    channel_account,
    contact,
    conversation,
    conversation_tag,
    correction,
    decision,
    desk_answer,
    draft,
    escalation,
    message,
    message_version,
    moderation_case,
    outbox,
    prediction,
    ticket,
)
from data.thoughts import CORRECTED
from data.traces import find_traces
from data.transaction import Transaction
from data.waiting import GOES_TO
from inbox.audit import AuditLine
from inbox.model import Kind, Status, Visibility
from inbox.views import ContextLine, ConversationView, DraftView, EscalationView, MessageView, SendView

CONTEXT = 5
"""How many messages around a conversation are shown with it."""

_CONTEXT_WITHIN = timedelta(days=2)
_CONTEXT_CONVERSATIONS = 200


def find_conversation(tx: Transaction, conversation_id: int, *, with_context: bool = True) -> ConversationView | None:
    """One conversation; None where there is none. What others said around it is read only `with_context`."""
    row = _rows(tx, _head(tx, conversation_id))
    if not row:
        return None
    head = row[0]
    messages = _messages(tx, conversation_id, contact=head["contact"])
    drafts = _drafts(tx, conversation_id)
    sends = _sends(tx, conversation_id)
    cases = _cases_of(tx, head["contact_id"])
    heard = [(one.sent_at, one.id) for one in messages if not one.is_ours]
    tags = select(conversation_tag.c.tag).where(conversation_tag.c.conversation_id == conversation_id)
    return ConversationView(
        id=conversation_id,
        channel=head["channel"],
        thread=head["thread"],
        contact=head["contact"],
        visibility=Visibility(head["visibility"]),
        status=Status(head["status"]),
        status_reason=to_sentence(head["status_reason"]),
        priority=head["priority"],
        priority_parts=head["priority_parts"],
        queue=head["queue"],
        tags=tuple(tx.connection.scalars(tags.order_by(conversation_tag.c.tag))),
        messages=messages,
        drafts=drafts,
        sends=sends,
        escalations=_escalations(tx, conversation_id),
        place=head["place"],
        reports=count_reports(tx, [conversation_id]).get(conversation_id, 0),
        context=_context(tx, head, before=max(heard)) if heard and with_context else (),
        assignee=head["assignee"],
        claimed_by=head["claimed_by"],
        claim_until=head["claim_until"],
        snooze_until=head["snooze_until"],
        resolved_at=head["resolved_at"],
        notes=notes_of(tx, conversation_id),
        known_since=head["known_since"],
        cases=cases,
        contact_id=head["contact_id"],
        audit=_audit(
            tx,
            {
                "conversation": [conversation_id],
                "message": [one.id for one in messages],
                "draft": [one.id for one in drafts],
                "outbox": [one.id for one in sends],
                "case": _cases(tx, conversation_id),
            },
        ),
    )


def _rows(tx: Transaction, wanted: Select[Any]) -> list[RowMapping]:
    return [*tx.connection.execute(wanted).mappings()]


def _head(tx: Transaction, conversation_id: int) -> Select[Any]:
    return (
        select(
            conversation,
            channel_account.c.name.label("channel"),
            contact.c.name.label("contact"),
            contact.c.created_at.label("known_since"),
        )
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .where(conversation.c.id == conversation_id, conversation.c.brand_id == tx.brand_id)
    )


def _messages(tx: Transaction, conversation_id: int, *, contact: str) -> tuple[MessageView, ...]:
    former: dict[int, list[str]] = defaultdict(list)
    versions = (
        select(message_version.c.message_id, message_version.c.text)
        .join(message, message.c.id == message_version.c.message_id)
        .where(message.c.conversation_id == conversation_id)
        .order_by(message_version.c.message_id, message_version.c.version)
    )
    for message_id, text in tx.connection.execute(versions):
        former[message_id].append(text)
    current = (
        select(prediction, decision)
        .join(message, message.c.id == prediction.c.message_id)
        .join(decision, decision.c.prediction_id == prediction.c.id)
        .where(message.c.conversation_id == conversation_id, prediction.c.replaced_at.is_(None))
    )
    # Both tables have columns of the same name: those of the decision come under their own by being asked for apart.
    thoughts = {row["message_id"]: row for row in _rows(tx, current.with_only_columns(*prediction.c))}
    decided = {row["message_id"]: row for row in _rows(tx, current.with_only_columns(*decision.c))}
    traces = find_traces(tx, (asked for row in decided.values() for asked in row["trace"]))
    corrected = (
        select(correction.c.message_id, correction.c.after)
        .join(message, CORRECTED)
        .where(message.c.conversation_id == conversation_id)
    )
    corrections = {row["message_id"]: to_labels(row["after"]) for row in _rows(tx, corrected)}
    said = select(message).where(message.c.conversation_id == conversation_id)
    parents = _parents(tx, conversation_id)
    return tuple(
        MessageView(
            id=row["id"],
            is_ours=row["is_ours"],
            author=row["author"] if row["is_ours"] else contact,
            text=row["text"],
            kind=Kind(row["kind"]),
            sent_at=row["sent_at"],
            edited_at=row["edited_at"],
            deleted_at=row["deleted_at"],
            former_texts=tuple(former[row["id"]]),
            prediction=to_prediction(thoughts[row["id"]]) if row["id"] in thoughts else None,
            decision=to_decision(decided[row["id"]], traces) if row["id"] in decided else None,
            external_id=row["external_id"],
            permalink=row["permalink"],
            parent=_parent(row, parents),
            attachments=to_attachments(row["attachments"]),
            corrected=corrections.get(row["id"]),
            visibility=Visibility(row["visibility"]),
        )
        for row in _rows(tx, said.order_by(message.c.sent_at, message.c.id))
    )


def _parents(tx: Transaction, conversation_id: int) -> dict[int, ContextLine]:
    """Of the messages of a conversation, what they answer, where we have kept it ourselves."""
    answered, its = message.alias("answered"), conversation.alias("its")
    wanted = (
        select(
            message.c.id,
            contact.c.name,
            answered.c.author,
            answered.c.is_ours,
            answered.c.text,
            answered.c.sent_at,
            prediction.c.labels,
            correction.c.after,
            prediction.c.severity,
        )
        .join(
            answered,
            and_(
                answered.c.channel_account_id == message.c.channel_account_id,
                answered.c.external_id == message.c.parent,
            ),
        )
        .join(its, its.c.id == answered.c.conversation_id)
        .join(contact, contact.c.id == its.c.contact_id)
        .outerjoin(prediction, and_(prediction.c.message_id == answered.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(
            correction,
            and_(
                correction.c.message_id == answered.c.id,
                correction.c.replaced_at.is_(None),
                correction.c.message_version == answered.c.version,
            ),
        )
        .where(message.c.conversation_id == conversation_id)
    )
    return {
        row[0]: ContextLine(row[2] if row[3] else row[1], row[3], row[4], row[5], to_offence(*row[6:]))
        for row in tx.connection.execute(wanted)
    }


def _parent(row: RowMapping, kept: Mapping[int, ContextLine]) -> ContextLine | None:
    """What a message answers: as we have kept it, else in the words that came along."""
    if row["id"] in kept:
        return kept[row["id"]]
    if row["parent_text"] is None:
        return None
    return ContextLine(row["parent_author"] or "", is_ours=False, text=row["parent_text"], sent_at=row["sent_at"])


def _context(tx: Transaction, head: RowMapping, *, before: tuple[datetime, int]) -> tuple[ContextLine, ...]:
    """What was said last in the thread of a conversation before a message, by anybody, oldest first.

    Args:
        tx: The transaction.
        head: The conversation.
        before: When the message was sent, and its id: a channel may tell time in whole seconds.
    """
    sent_at, message_id = before
    # Those who spoke last in the thread are found by its index; what they said, by their conversations'.
    lately = (
        select(conversation.c.id)
        .where(
            conversation.c.channel_account_id == head["channel_account_id"],
            conversation.c.thread == head["thread"],
            or_(conversation.c.last_message_at >= sent_at - _CONTEXT_WITHIN, conversation.c.id == head["id"]),
        )
        .order_by(conversation.c.last_message_at.desc())
        .limit(_CONTEXT_CONVERSATIONS)
    )
    wanted = (
        select(
            message.c.author,
            message.c.is_ours,
            message.c.text,
            message.c.sent_at,
            contact.c.name,
            prediction.c.labels,
            correction.c.after,
            prediction.c.severity,
        )
        .join(conversation, conversation.c.id == message.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(prediction, and_(prediction.c.message_id == message.c.id, prediction.c.replaced_at.is_(None)))
        .outerjoin(correction, CORRECTED)
        .where(
            or_(message.c.conversation_id.in_(lately), message.c.conversation_id == head["id"]),
            or_(message.c.sent_at < sent_at, and_(message.c.sent_at == sent_at, message.c.id < message_id)),
        )
        .order_by(message.c.sent_at.desc(), message.c.id.desc())
        .limit(CONTEXT)
    )
    said = [
        ContextLine(row.author if row.is_ours else row.name, row.is_ours, row.text, row.sent_at, to_offence(*row[5:]))
        for row in tx.connection.execute(wanted)
    ]
    return tuple(reversed(said))


def _drafts(tx: Transaction, conversation_id: int) -> tuple[DraftView, ...]:
    wanted = (
        select(draft, ticket.c.desk)
        .outerjoin(desk_answer, desk_answer.c.draft_id == draft.c.id)
        .outerjoin(ticket, ticket.c.id == desk_answer.c.ticket_id)
        .where(draft.c.conversation_id == conversation_id)
        .order_by(draft.c.id)
    )
    return tuple(to_draft(row) for row in _rows(tx, wanted))


def _sends(tx: Transaction, conversation_id: int) -> tuple[SendView, ...]:
    wanted = (
        select(outbox, GOES_TO)
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .where(outbox.c.conversation_id == conversation_id)
        .order_by(outbox.c.id)
    )
    return tuple(to_send(row) for row in _rows(tx, wanted))


def _escalations(tx: Transaction, conversation_id: int) -> tuple[EscalationView, ...]:
    wanted = (
        select(
            escalation,
            ticket.c.desk,
            ticket.c.external_id,
            ticket.c.url,
            ticket.c.status.label("ticket_status"),
            ticket.c.assignee.label("ticket_assignee"),
            ticket.c.stands_since,
            ticket.c.error.label("ticket_error"),
        )
        .outerjoin(ticket, ticket.c.escalation_id == escalation.c.id)
        .where(escalation.c.conversation_id == conversation_id)
        .order_by(escalation.c.id)
    )
    return tuple(replace(to_escalation(row), ticket=to_ticket(row)) for row in _rows(tx, wanted))


def _cases(tx: Transaction, conversation_id: int) -> list[int]:
    wanted = select(moderation_case.c.id).where(moderation_case.c.conversation_id == conversation_id)
    return list(tx.connection.scalars(wanted))


def _cases_of(tx: Transaction, contact_id: int) -> int:
    wanted = select(func.count()).where(moderation_case.c.contact_id.in_(contacts_like(contact_id)))
    return tx.connection.scalar(wanted) or 0


def _audit(tx: Transaction, subjects: dict[str, list[int]]) -> tuple[AuditLine, ...]:
    about: list[ColumnElement[bool]] = [
        and_(audit.c.subject == subject, is_among(tx, audit.c.subject_id, ids))
        for subject, ids in subjects.items()
        if ids
    ]
    wanted = select(audit).where(audit.c.brand_id == tx.brand_id, or_(*about)).order_by(audit.c.id)
    return tuple(to_audit_line(row) for row in _rows(tx, wanted))
