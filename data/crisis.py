"""What a crisis touches: complaints without an answer, the drafts offered on them, the timeline."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, exists, func, or_, select, update

from data.many import is_among
from data.rows import PERSON, to_audit_line
from data.tables import (
    audit,
    channel_account,
    contact,
    conversation,
    conversation_label,
    draft,
    message,
    outbox,
    prediction,
)
from data.transaction import Transaction, word, words
from inbox.audit import AuditLine
from inbox.model import Kind, Label, Status, Visibility, WaitingMessage
from inbox.outgoing import OutboxKind
from inbox.views import DraftState, SendState, Unanswered

_CRISIS, _SWITCH = "crisis", "switch"


def unanswered_complaints(tx: Transaction, *, limit: int) -> list[Unanswered]:
    """Open complaints with no open draft, and no answer that a person has given or is about to, most pressing first."""
    mine = draft.c.conversation_id == conversation.c.id
    drafted = exists().where(mine, draft.c.state == word(DraftState.OPEN))
    # What a person has sent deals with the messages before it, and takes their labels from the conversation.
    answering = exists().where(
        outbox.c.conversation_id == conversation.c.id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.actor_kind == PERSON,
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING)),
    )
    other = message.alias("other")
    latest = (
        select(other.c.id)
        .where(
            other.c.conversation_id == conversation.c.id,
            other.c.is_ours.is_(False),
            other.c.deleted_at.is_(None),
        )
        .order_by(other.c.sent_at.desc(), other.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = (
        select(
            message.c.id,
            message.c.conversation_id,
            conversation.c.contact_id,
            contact.c.name,
            channel_account.c.name.label("channel"),
            conversation.c.thread,
            message.c.text,
            message.c.kind,
            message.c.visibility,
            message.c.lang_hint,
            message.c.sent_at,
            message.c.version,
            conversation.c.queue,
            prediction.c.lang,
        )
        .join(conversation_label, conversation_label.c.conversation_id == conversation.c.id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .join(channel_account, channel_account.c.id == conversation.c.channel_account_id)
        .join(message, message.c.id == latest)
        .outerjoin(prediction, (prediction.c.message_id == message.c.id) & prediction.c.replaced_at.is_(None))
        .where(
            conversation.c.brand_id == tx.brand_id,
            conversation.c.status == word(Status.OPEN),
            conversation_label.c.label == Label.COMPLAINT.value,
            ~drafted,
            ~answering,
        )
        .order_by(conversation.c.priority.desc(), conversation.c.waiting_since, conversation.c.id)
        .limit(limit)
    )
    return [
        Unanswered(
            WaitingMessage(
                id=row.id,
                conversation_id=row.conversation_id,
                contact_id=row.contact_id,
                contact_name=row.name,
                channel=row.channel,
                thread=row.thread,
                text=row.text,
                kind=Kind(row.kind),
                visibility=Visibility(row.visibility),
                lang_hint=row.lang_hint,
                sent_at=row.sent_at,
                version=row.version,
            ),
            lang=row.lang,
            queue=row.queue,
        )
        for row in tx.connection.execute(wanted)
    ]


def withdraw_untouched(tx: Transaction, drafts: Collection[int]) -> list[int]:
    """Withdraw those of these drafts that are open, and that nobody has changed or sent; which they were."""
    changed = exists().where(
        audit.c.brand_id == tx.brand_id,
        audit.c.subject == "draft",
        audit.c.subject_id == draft.c.id,
        audit.c.what == "draft.changed",
    )
    sent_once = exists().where(outbox.c.draft_id == draft.c.id)
    withdrawn = tx.connection.scalars(
        update(draft)
        .where(
            draft.c.brand_id == tx.brand_id,
            is_among(tx, draft.c.id, drafts),
            draft.c.state == word(DraftState.OPEN),
            ~changed,
            ~sent_once,
        )
        .values(state=DraftState.WITHDRAWN.value)
        .returning(draft.c.id)
    )
    return sorted(withdrawn)


def crisis_lines(tx: Transaction) -> list[tuple[int, AuditLine]]:
    """The lines of the audit log about crises, in the order in which they were written, each with its number."""
    wanted = select(audit).where(audit.c.brand_id == tx.brand_id, audit.c.subject == _CRISIS).order_by(audit.c.id)
    return [(row["id"], to_audit_line(row)) for row in tx.connection.execute(wanted).mappings()]


def acts_between(tx: Transaction, first: int, last: int | None) -> tuple[list[AuditLine], Mapping[str, int]]:
    """What people did from one line of the audit log to another, and how often else what was done."""
    within: list[ColumnElement[bool]] = [audit.c.brand_id == tx.brand_id, audit.c.id >= first]
    if last is not None:
        within.append(audit.c.id <= last)
    # Whoever starts or ends a crisis, what that does is part of its timeline.
    acts = or_(audit.c.actor_kind == PERSON, audit.c.subject.in_([_CRISIS, _SWITCH]))
    wanted = select(audit).where(*within, acts).order_by(audit.c.id)
    counts = select(audit.c.what, func.count()).where(*within, ~acts).group_by(audit.c.what).order_by(audit.c.what)
    lines = [to_audit_line(row) for row in tx.connection.execute(wanted).mappings()]
    return lines, {row[0]: row[1] for row in tx.connection.execute(counts)}
