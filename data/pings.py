"""Calls to people of the team: kept, put up on each board once, and closed when somebody has seen to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, RowMapping, Select, and_, exists, func, insert, or_, select, update

from data.many import insert_many
from data.rows import to_sentence
from data.tables import conversation, escalation, ping, ping_post
from data.transaction import Transaction, word
from inbox.calls import NewCall
from inbox.cards import PingRow
from inbox.model import Severity, Status
from inbox.sentences import Sentence

_LEASE = timedelta(minutes=2)
"""How long who begins to put a call up has for it: meanwhile no other process does."""

_accepted = escalation.alias("accepted")
_graver = escalation.alias("graver")

_SEEN = (
    select(_accepted.c.id)
    .where(_accepted.c.conversation_id == ping.c.conversation_id, _accepted.c.accepted_at >= ping.c.called_at)
    .order_by(_accepted.c.id.desc())
    .limit(1)
    .correlate(ping)
    .scalar_subquery()
)
"""For a call of a rule: the escalation that somebody has acknowledged since."""


def keep_ping(tx: Transaction, escalation_id: int, *, people: Collection[str], now: datetime) -> int:
    """Note that people are called; each board will say so. Its number."""
    row = {"brand_id": tx.brand_id, "escalation_id": escalation_id, "people": [*people], "called_at": now}
    return int(tx.connection.execute(insert(ping).values(row).returning(ping.c.id)).scalar_one())


def keep_call(tx: Transaction, call: NewCall, *, now: datetime) -> int | None:
    """Note that a rule calls people; each board will say so, or the one that is named. Its number.

    None where the same rule has called for the same reason since the contact waits. The conversation is locked.
    """
    waits = select(conversation.c.waiting_since).where(conversation.c.id == call.conversation_id).scalar_subquery()
    called = exists().where(
        ping.c.brand_id == tx.brand_id,
        ping.c.conversation_id == call.conversation_id,
        ping.c.rule == call.rule,
        ping.c.event.is_(None) if call.event is None else ping.c.event == call.event,
        ping.c.called_at >= waits,
    )
    if tx.connection.scalar(select(called)):
        return None
    row = {
        "brand_id": tx.brand_id,
        "conversation_id": call.conversation_id,
        "people": [*call.people],
        "called_at": now,
        "rule": call.rule,
        "event": call.event,
        "why": None if call.why is None else call.why.to_json(),
        "says": call.says,
        "board": call.board,
    }
    return int(tx.connection.execute(insert(ping).values(row).returning(ping.c.id)).scalar_one())


def wanted_pings(tx: Transaction, board: str, *, limit: int, urgent_only: bool = False) -> list[int]:
    """Calls that nobody has answered and that this board has not begun to put up, the oldest first.

    With `urgent_only`, none but those about what is critical.
    """
    there = exists().where(ping_post.c.ping_id == ping.c.id, ping_post.c.board == board)
    unacknowledged = and_(
        ping.c.escalation_id.is_not(None),
        escalation.c.resolved_at.is_(None),
        escalation.c.accepted_at.is_(None),
        escalation.c.acknowledged_at.is_(None),
    )
    asked_for = and_(
        ping.c.rule.is_not(None),
        conversation.c.status == word(Status.OPEN),
        _SEEN.is_(None),
        or_(ping.c.board.is_(None), ping.c.board == board),
    )
    wanted = (
        _with_what_it_is_about(select(ping.c.id))
        .where(ping.c.brand_id == tx.brand_id, or_(unacknowledged, asked_for), ~there)
        .order_by(ping.c.id)
        .limit(limit)
    )
    return list(tx.connection.scalars(wanted.where(_is_critical()) if urgent_only else wanted))


def _with_what_it_is_about(wanted: Select[int]) -> Select[int]:
    return wanted.outerjoin(escalation, escalation.c.id == ping.c.escalation_id).join(
        conversation, conversation.c.id == func.coalesce(ping.c.conversation_id, escalation.c.conversation_id)
    )


def _is_critical() -> ColumnElement[bool]:
    """Whether what is said, or an escalation of it, is as grave as can be."""
    grave = word(Severity.CRITICAL)
    handed = exists().where(
        _graver.c.conversation_id == conversation.c.id, _graver.c.resolved_at.is_(None), _graver.c.severity == grave
    )
    return or_(conversation.c.severity == grave, handed)


def begin_ping(tx: Transaction, board: str, ping_id: int, *, now: datetime) -> bool:
    """Begin to put a call up; False where another process has. If it is not put up, it is tried again."""
    row = {"brand_id": tx.brand_id, "ping_id": ping_id, "board": board, "again_at": now + _LEASE}
    return bool(insert_many(tx, ping_post, [row], skip_conflicts=True, returning=[ping_post.c.id]))


def begin_post(tx: Transaction, post_id: int, *, now: datetime) -> None:
    """Note that a call is being put up: from now on it may stand there without our having heard so."""
    mine = (ping_post.c.id == post_id) & (ping_post.c.brand_id == tx.brand_id)
    tx.connection.execute(update(ping_post).where(mine).values(begun_at=now))


def pings_on(tx: Transaction, board: str) -> list[PingRow]:
    """The calls of a board that may still read otherwise, oldest first."""
    wanted = (
        select(
            ping_post,
            ping.c.people,
            ping.c.called_at,
            ping.c.rule,
            ping.c.why,
            ping.c.says,
            conversation.c.id.label("place"),
            func.coalesce(escalation.c.queue, conversation.c.queue).label("queue"),
            conversation.c.status,
            escalation.c.accepted_by,
            escalation.c.accepted_at,
            escalation.c.acknowledged_at,
            escalation.c.resolved_at,
        )
        .select_from(ping_post)
        .join(ping, ping.c.id == ping_post.c.ping_id)
        .outerjoin(escalation, escalation.c.id == func.coalesce(ping.c.escalation_id, _SEEN))
        .join(conversation, conversation.c.id == func.coalesce(ping.c.conversation_id, escalation.c.conversation_id))
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


def mark_ping_unshown(
    tx: Transaction, post_id: int, *, error: Sentence, again_at: datetime, in_doubt: bool = False
) -> None:
    """Note that a call could not be put up or changed, and when to try again.

    It is `in_doubt` where it may stand there all the same.
    """
    mine = (ping_post.c.id == post_id) & (ping_post.c.brand_id == tx.brand_id)
    failed = {"attempts": ping_post.c.attempts + 1, "again_at": again_at, "error": error.to_json()}
    settled = {} if in_doubt else {"begun_at": None}
    tx.connection.execute(update(ping_post).where(mine).values({**failed, **settled}))


def _to_ping(row: RowMapping) -> PingRow:
    ends = ("accepted_at",) if row["rule"] is not None else ("accepted_at", "acknowledged_at", "resolved_at")
    is_closed = row["rule"] is not None and row["status"] != Status.OPEN.value
    return PingRow(
        id=row["id"],
        ping_id=row["ping_id"],
        conversation_id=row["place"],
        people=tuple(row["people"]),
        called_at=row["called_at"],
        queue=row["queue"],
        accepted_by=row["accepted_by"],
        accepted_at=row["accepted_at"],
        is_over=is_closed or any(row[name] is not None for name in ends),
        external_id=row["external_id"],
        shown=row["shown"],
        attempts=row["attempts"],
        again_at=row["again_at"],
        rule=row["rule"],
        why=to_sentence(row["why"]),
        says=row["says"],
        begun_at=row["begun_at"],
    )
