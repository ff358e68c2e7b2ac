"""The clocks of escalations: which are to be looked at, what each goes by, and what has none though it should."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from data.many import is_among
from data.rows import PERSON, to_escalation, to_told
from data.standing import stand_anew
from data.tables import conversation, conversation_label, escalation, message, moderator, outbox
from data.transaction import Transaction, word, words
from inbox.model import Label, Status
from inbox.outgoing import OutboxKind
from inbox.sla import ClockRow
from inbox.views import SendState

_UNDEALT = and_(
    message.c.conversation_id == conversation.c.id,
    message.c.dealt_at.is_(None),
    message.c.is_ours.is_(False),
    message.c.deleted_at.is_(None),
)


def clocks_to_look_at(tx: Transaction, *, now: datetime, limit: int) -> list[int]:
    """Conversations whose escalation is to be looked at: a moment has come, or something has happened to them."""
    put_off = conversation.c.status == word(Status.SNOOZED)
    is_over = and_(put_off, conversation.c.snooze_until <= now)
    is_open = conversation.c.status == word(Status.OPEN)
    rests = or_(
        conversation.c.status == word(Status.PENDING),
        and_(put_off, or_(conversation.c.snooze_until.is_(None), conversation.c.snooze_until > now)),
    )
    waits = exists().where(_UNDEALT)
    asked = or_(
        escalation.c.look_at.is_(None),
        escalation.c.look_at <= now,
        and_(escalation.c.paused_at.is_(None), rests),
        and_(escalation.c.paused_at.is_not(None), or_(is_open, is_over)),
        and_(is_open, escalation.c.acknowledged_at.is_not(None), escalation.c.next_response_due_at.is_(None), waits),
        and_(is_open, escalation.c.next_response_due_at.is_not(None), ~waits),
    )
    wanted = (
        select(escalation.c.conversation_id)
        .join(conversation, conversation.c.id == escalation.c.conversation_id)
        .where(
            escalation.c.brand_id == tx.brand_id,
            escalation.c.resolved_at.is_(None),
            conversation.c.status != word(Status.RESOLVED),
            asked,
        )
        .order_by(escalation.c.id)
        .limit(limit)
    )
    return list(tx.connection.scalars(wanted))


def clock_row(tx: Transaction, conversation_id: int) -> ClockRow | None:
    """All that the clocks of a conversation go by; None where it is not escalated. The caller has locked it."""
    since = select(func.min(message.c.sent_at)).where(_UNDEALT).correlate(conversation).scalar_subquery()
    wanted = (
        select(
            escalation,
            conversation.c.status,
            conversation.c.waiting_since,
            conversation.c.snooze_until,
            since.label("unanswered_since"),
        )
        .join(conversation, conversation.c.id == escalation.c.conversation_id)
        .where(
            escalation.c.brand_id == tx.brand_id,
            escalation.c.conversation_id == conversation_id,
            escalation.c.resolved_at.is_(None),
        )
    )
    row = tx.connection.execute(wanted).mappings().one_or_none()
    if row is None:
        return None
    return ClockRow(
        to_escalation(row),
        conversation_id,
        Status(row["status"]),
        row["waiting_since"],
        row["unanswered_since"],
        row["snooze_until"],
        to_told(row["told"]),
        row["climbed"],
        row["look_at"],
    )


def keep_clock(tx: Transaction, row: ClockRow) -> None:
    """Write how the clocks of an escalation stand, and have its conversation stand in the queue by what was told."""
    one = row.escalation
    told = {clock.value: state.value for clock, state in (row.told or {}).items()}
    mine = (escalation.c.id == one.id) & (escalation.c.brand_id == tx.brand_id)
    before = tx.connection.scalar(select(escalation.c.told).where(mine))
    tx.connection.execute(
        update(escalation)
        .where(mine)
        .values(
            resolution_due_at=one.resolution_due_at,
            next_response_due_at=one.next_response_due_at,
            paused_at=one.paused_at,
            queue=one.queue,
            told=told or None,
            climbed=row.climbed,
            look_at=row.look_at,
        )
    )
    if (before or {}) != told:
        stand_anew(tx, row.conversation_id)


def accept(tx: Transaction, conversation_id: int, *, by: str, now: datetime) -> bool:
    """Note that somebody has seen an escalation; False where there is none open, or somebody has already."""
    mine = and_(
        escalation.c.brand_id == tx.brand_id,
        escalation.c.conversation_id == conversation_id,
        escalation.c.resolved_at.is_(None),
        escalation.c.accepted_at.is_(None),
    )
    done = tx.connection.execute(update(escalation).where(mine).values(accepted_at=now, accepted_by=by))
    return done.rowcount > 0


def slipped(
    tx: Transaction,
    *,
    now: datetime,
    before: datetime | None = None,
    limit: int | None = None,
    among: Collection[int] | None = None,
) -> list[int]:
    """Conversations with a complaint that nobody has dealt with, and without an owner, the oldest first.

    An owner is an open escalation, an assignee who is there, somebody who has it in hand, or a person's answer on its
    way; what a person has put off comes back at its time. `before` names those that have waited since then at least;
    `among` asks of some conversations alone.
    """
    # Two statements: most complaints are handed over, and of those an index tells so without a look at them. In one,
    # PostgreSQL reads every conversation there is.
    unhanded = _unhanded(tx, among)
    if not unhanded:
        return []
    answering = exists().where(
        outbox.c.conversation_id == conversation.c.id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.actor_kind == PERSON,
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING)),
    )
    # Who is away has passed on what he had; where nobody stood in for him, nobody has it.
    away = exists().where(
        moderator.c.brand_id == tx.brand_id,
        moderator.c.name == conversation.c.assignee,
        moderator.c.absent_since.is_not(None),
    )
    held: ColumnElement[bool] = and_(conversation.c.claimed_by.is_not(None), conversation.c.claim_until > now)
    wanted = (
        select(conversation.c.id)
        .where(
            is_among(tx, conversation.c.id, unhanded),
            conversation.c.status.in_(words(Status.OPEN, Status.PENDING)),
            or_(conversation.c.assignee.is_(None), away),
            or_(conversation.c.claim_until.is_(None), ~held),
            *([] if before is None else [conversation.c.waiting_since <= before]),
            ~answering,
        )
        .order_by(conversation.c.waiting_since, conversation.c.id)
    )
    return list(tx.connection.scalars(wanted.limit(limit) if limit is not None else wanted))


def _unhanded(tx: Transaction, among: Collection[int] | None) -> list[int]:
    """Conversations with a complaint that nobody has dealt with, and no open escalation."""
    place = conversation_label.c.conversation_id
    handed = exists().where(escalation.c.conversation_id == place, escalation.c.resolved_at.is_(None))
    wanted = select(place).where(
        conversation_label.c.brand_id == tx.brand_id, conversation_label.c.label == Label.COMPLAINT.value, ~handed
    )
    return list(tx.connection.scalars(wanted if among is None else wanted.where(is_among(tx, place, among))))
