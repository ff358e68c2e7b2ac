"""Alerts: raised once, told again only when they have grown, put up on each board."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, and_, exists, or_, select, update

from data.many import insert_many
from data.tables import alert, alert_post
from data.transaction import Transaction
from inbox.alerts import Alert, AlertKind, AlertPost
from inbox.sentences import Sentence

_LEASE = timedelta(minutes=2)
"""How long who begins to put an alert up has for it: meanwhile no other process does."""

_FRESH = timedelta(hours=1)
"""After so long an alert that is over is not put up any more where it has not been."""


def raise_alert(
    tx: Transaction, kind: AlertKind, subject: str, *, facts: Mapping[str, Any], now: datetime
) -> int | None:
    """Raise an alert; its number, or None where one about this is open."""
    row = {
        "brand_id": tx.brand_id,
        "kind": kind.value,
        "subject": subject,
        "level": 1,
        "facts": dict(facts),
        "raised_at": now,
        "high_at": now,
    }
    made = insert_many(tx, alert, [row], skip_conflicts=True, returning=[alert.c.id])
    return int(made[0][0]) if made else None


def tell_again(tx: Transaction, known: Alert, *, facts: Mapping[str, Any], now: datetime) -> bool:
    """Have an open alert told once more, with other facts; False where somebody else was first."""
    return _change(tx, known, level=known.level + 1, facts=dict(facts), high_at=now, seen_by=None, seen_at=None)


def change_alert(tx: Transaction, known: Alert, *, facts: Mapping[str, Any], now: datetime) -> bool:
    """Give an open alert other facts where it stands; False where somebody else was first."""
    return _change(tx, known, facts=dict(facts), high_at=now)


def keep_high(tx: Transaction, alert_id: int, *, now: datetime) -> None:
    """Note that what an open alert is about goes on."""
    tx.connection.execute(update(alert).where(_open(tx), alert.c.id == alert_id).values(high_at=now))


def end_alert(tx: Transaction, alert_id: int, *, now: datetime) -> bool:
    """Note that what an alert is about is over; False where somebody else was first."""
    done = tx.connection.execute(update(alert).where(_open(tx), alert.c.id == alert_id).values(ended_at=now))
    return done.rowcount > 0


def see_alert(tx: Transaction, alert_id: int, *, by: str, now: datetime) -> bool:
    """Note that somebody has seen an alert; False where it is over, or somebody has already."""
    mine = and_(_open(tx), alert.c.id == alert_id, alert.c.seen_by.is_(None))
    return tx.connection.execute(update(alert).where(mine).values(seen_by=by, seen_at=now)).rowcount > 0


def find_alert(tx: Transaction, alert_id: int) -> Alert | None:
    """One alert."""
    wanted = select(alert).where(alert.c.brand_id == tx.brand_id, alert.c.id == alert_id)
    row = tx.connection.execute(wanted).mappings().one_or_none()
    return None if row is None else _to_alert(row)


def open_alerts(tx: Transaction, kinds: Collection[AlertKind] = tuple(AlertKind)) -> list[Alert]:
    """The alerts that are not over, the oldest first."""
    wanted = select(alert).where(_open(tx), alert.c.kind.in_([kind.value for kind in kinds])).order_by(alert.c.id)
    return [_to_alert(row) for row in tx.connection.execute(wanted).mappings()]


def wanted_alerts(tx: Transaction, board: str, *, now: datetime, limit: int) -> list[Alert]:
    """Alerts that this board has not begun to put up as they stand now, the oldest first."""
    there = exists().where(
        alert_post.c.alert_id == alert.c.id, alert_post.c.level == alert.c.level, alert_post.c.board == board
    )
    news = or_(alert.c.ended_at.is_(None), alert.c.ended_at > now - _FRESH)
    wanted = select(alert).where(alert.c.brand_id == tx.brand_id, news, ~there).order_by(alert.c.id).limit(limit)
    return [_to_alert(row) for row in tx.connection.execute(wanted).mappings()]


def begin_alert_post(tx: Transaction, board: str, known: Alert, *, now: datetime) -> bool:
    """Begin to put an alert up; False where another process has. If it is not put up, it is tried again."""
    row = {
        "brand_id": tx.brand_id,
        "alert_id": known.id,
        "level": known.level,
        "board": board,
        "again_at": now + _LEASE,
    }
    return bool(insert_many(tx, alert_post, [row], skip_conflicts=True, returning=[alert_post.c.id]))


def alert_posts_on(tx: Transaction, board: str) -> list[AlertPost]:
    """The alerts of a board that may still read otherwise, the oldest first."""
    posts = (
        select(alert_post)
        .where(alert_post.c.brand_id == tx.brand_id, alert_post.c.board == board, alert_post.c.closed_at.is_(None))
        .order_by(alert_post.c.id)
    )
    rows = tx.connection.execute(posts).mappings().all()
    return [post for row in rows if (post := _to_post(tx, row)) is not None]


def mark_alert_shown(
    tx: Transaction, post_id: int, *, external_id: str | None, shown: str, closed: bool, now: datetime
) -> None:
    """Note what an alert says now, and under which id; a closed one is not looked at again."""
    stands = {"external_id": external_id, "shown": shown, "closed_at": now if closed else None}
    tx.connection.execute(
        update(alert_post).where(_post(tx, post_id)).values(**stands, attempts=0, again_at=None, error=None)
    )


def mark_alert_unshown(tx: Transaction, post_id: int, *, error: Sentence, again_at: datetime) -> None:
    """Note that an alert could not be put up or changed, and when to try again."""
    failed = {"attempts": alert_post.c.attempts + 1, "again_at": again_at, "error": error.to_json()}
    tx.connection.execute(update(alert_post).where(_post(tx, post_id)).values(failed))


def _open(tx: Transaction) -> Any:
    return and_(alert.c.brand_id == tx.brand_id, alert.c.ended_at.is_(None))


def _post(tx: Transaction, post_id: int) -> Any:
    return and_(alert_post.c.brand_id == tx.brand_id, alert_post.c.id == post_id)


def _change(tx: Transaction, known: Alert, **values: Any) -> bool:
    mine = and_(_open(tx), alert.c.id == known.id, alert.c.level == known.level)
    return tx.connection.execute(update(alert).where(mine).values(values)).rowcount > 0


def _to_post(tx: Transaction, row: RowMapping) -> AlertPost | None:
    known = find_alert(tx, row["alert_id"])
    if known is None:
        return None
    return AlertPost(row["id"], known, row["level"], row["external_id"], row["shown"], row["attempts"], row["again_at"])


def _to_alert(row: RowMapping) -> Alert:
    return Alert(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        subject=row["subject"],
        level=row["level"],
        facts=row["facts"],
        raised_at=row["raised_at"],
        high_at=row["high_at"],
        seen_by=row["seen_by"],
        seen_at=row["seen_at"],
        ended_at=row["ended_at"],
    )
