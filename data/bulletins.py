"""Which weeks were reported to the team: each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from data.many import insert_many
from data.tables import bulletin
from data.transaction import Transaction


def has_bulletin(tx: Transaction, week: str) -> bool:
    """Whether a week, such as 2026-W48, was reported."""
    wanted = select(bulletin.c.week).where(bulletin.c.brand_id == tx.brand_id, bulletin.c.week == week)
    return tx.connection.scalar(wanted) is not None


def take_bulletin(tx: Transaction, week: str, *, now: datetime) -> bool:
    """Be the one who reports a week; False where somebody was first."""
    row = {"brand_id": tx.brand_id, "week": week, "sent_at": now}
    return bool(insert_many(tx, bulletin, [row], skip_conflicts=True, returning=[bulletin.c.week]))
