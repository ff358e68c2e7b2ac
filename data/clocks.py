"""The clocks of escalations: which are to be looked at, what each goes by, who was called and where that stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, insert, or_, select, update

from data.many import insert_many
from data.rows import PERSON, to_escalation, to_told
from data.standing import stand_anew
from data.tables import conversation, conversation_label, escalation, message, outbox, ping, ping_post
from data.transaction import Transaction, word, words
from inbox.cards import PingRow
from inbox.model import Label, Status
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.sla import ClockRow
from inbox.views import SendState

_LEASE = timedelta(minutes=2)
"""How long who begins to put a call up has for it: meanwhile no other process does."""

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


def keep_ping(tx: Transaction, escalation_id: int, *, people: Collection[str], now: datetime) -> int:
    """Note that people are called; each board will say so. Its number."""
    row = {"brand_id": tx.brand_id, "escalation_id": escalation_id, "people": [*people], "called_at": now}
    return int(tx.connection.execute(insert(ping).values(row).returning(ping.c.id)).scalar_one())


def wanted_pings(tx: Transaction, board: str, *, limit: int) -> list[int]:
    """Calls that nobody has answered and that this board has not begun to put up, the oldest first."""
    there = exists().where(ping_post.c.ping_id == ping.c.id, ping_post.c.board == board)
    wanted = (
        select(ping.c.id)
        .join(escalation, escalation.c.id == ping.c.escalation_id)
        .where(
            ping.c.brand_id == tx.brand_id,
            escalation.c.resolved_at.is_(None),
            escalation.c.accepted_at.is_(None),
            escalation.c.acknowledged_at.is_(None),
            ~there,
        )
        .order_by(ping.c.id)
        .limit(limit)
    )
    return list(tx.connection.scalars(wanted))


def begin_ping(tx: Transaction, board: str, ping_id: int, *, now: datetime) -> bool:
    """Begin to put a call up; False where another process has. If it is not put up, it is tried again."""
    row = {"brand_id": tx.brand_id, "ping_id": ping_id, "board": board, "again_at": now + _LEASE}
    return bool(insert_many(tx, ping_post, [row], skip_conflicts=True, returning=[ping_post.c.id]))


def pings_on(tx: Transaction, board: str) -> list[PingRow]:
    """The calls of a board that may still read otherwise, oldest first."""
    wanted = (
        select(
            ping_post,
            ping.c.people,
            ping.c.called_at,
            escalation.c.conversation_id,
            escalation.c.queue,
            escalation.c.accepted_by,
            escalation.c.accepted_at,
            escalation.c.acknowledged_at,
            escalation.c.resolved_at,
        )
        .join(ping, ping.c.id == ping_post.c.ping_id)
        .join(escalation, escalation.c.id == ping.c.escalation_id)
        .where(ping_post.c.brand_id == tx.brand_id, ping_post.c.board == board, ping_post.c.closed_at.is_(None))
        .order_by(ping_post.c.id)
    )
    return [_to_ping(row) for row in tx.connection.execute(wanted).mappings()]


def mark_ping_shown(
    tx: Transaction, post_id: int, *, external_id: str | None, shown: str, closed: bool, now: datetime
) -> None:
    """Note what a call says now, and under which id; a closed one is not looked at again."""
    mine = (ping_post.c.id == post_id) & (ping_post.c.brand_id == tx.brand_id)
    stands = {"external_id": external_id, "shown": shown, "closed_at": now if closed else None}
    tx.connection.execute(update(ping_post).where(mine).values(**stands, attempts=0, again_at=None, error=None))


def mark_ping_unshown(tx: Transaction, post_id: int, *, error: Sentence, again_at: datetime) -> None:
    """Note that a call could not be put up or changed, and when to try again."""
    mine = (ping_post.c.id == post_id) & (ping_post.c.brand_id == tx.brand_id)
    failed = {"attempts": ping_post.c.attempts + 1, "again_at": again_at, "error": error.to_json()}
    tx.connection.execute(update(ping_post).where(mine).values(failed))


def slipped(tx: Transaction, *, now: datetime, before: datetime | None = None, limit: int | None = None) -> list[int]:
    """Conversations with a complaint that nobody has dealt with, and without an owner, the oldest first.

    An owner is an open escalation, an assignee, somebody who has it in hand, or a person's answer on its way; what a
    person has put off comes back at its time. `before` names those that have waited since then at least.
    """
    handed = exists().where(escalation.c.conversation_id == conversation.c.id, escalation.c.resolved_at.is_(None))
    answering = exists().where(
        outbox.c.conversation_id == conversation.c.id,
        outbox.c.kind == word(OutboxKind.REPLY),
        outbox.c.actor_kind == PERSON,
        outbox.c.state.in_(words(SendState.WAITING, SendState.SENDING)),
    )
    held: ColumnElement[bool] = and_(conversation.c.claimed_by.is_not(None), conversation.c.claim_until > now)
    wanted = (
        select(conversation.c.id)
        .join(conversation_label, conversation_label.c.conversation_id == conversation.c.id)
        .where(
            conversation_label.c.brand_id == tx.brand_id,
            conversation_label.c.label == Label.COMPLAINT.value,
            conversation.c.status.in_(words(Status.OPEN, Status.PENDING)),
            conversation.c.assignee.is_(None),
            or_(conversation.c.claim_until.is_(None), ~held),
            *([] if before is None else [conversation.c.waiting_since <= before]),
            ~handed,
            ~answering,
        )
        .order_by(conversation.c.waiting_since, conversation.c.id)
    )
    return list(tx.connection.scalars(wanted.limit(limit) if limit is not None else wanted))


def _to_ping(row: RowMapping) -> PingRow:
    return PingRow(
        id=row["id"],
        ping_id=row["ping_id"],
        conversation_id=row["conversation_id"],
        people=tuple(row["people"]),
        called_at=row["called_at"],
        queue=row["queue"],
        accepted_by=row["accepted_by"],
        accepted_at=row["accepted_at"],
        is_over=any(row[name] is not None for name in ("accepted_at", "acknowledged_at", "resolved_at")),
        external_id=row["external_id"],
        shown=row["shown"],
        attempts=row["attempts"],
        again_at=row["again_at"],
    )
