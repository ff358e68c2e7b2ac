"""Drafts that wait for a colleague to approve them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, select, update

from data.rows import to_draft
from data.tables import draft
from data.transaction import Transaction, word
from data.types import to_storable
from inbox.model import Actor
from inbox.views import DraftState, DraftView


def ask_approval(tx: Transaction, draft_id: int, *, text: str, by: Actor, privately: bool, now: datetime) -> bool:
    """Have an open draft wait for a colleague, with the words that are to be sent; False where it is not open."""
    asked = {
        "text": to_storable(text),
        "asked_by": by.name,
        "asked_privately": privately,
        "asked_at": now,
    }
    return tx.connection.execute(update(draft).where(_is_open(tx, draft_id)).values(asked)).rowcount > 0


def end_waiting(tx: Transaction, draft_id: int) -> bool:
    """Make a draft that waits for approval an open one again; False where it does not wait."""
    waits = and_(_is_open(tx, draft_id), draft.c.asked_at.is_not(None))
    return tx.connection.execute(update(draft).where(waits).values(asked_by=None, asked_at=None)).rowcount > 0


def awaiting_approval(tx: Transaction, *, limit: int) -> list[DraftView]:
    """The drafts that wait for somebody to approve them, the oldest first."""
    wanted = (
        select(draft)
        .where(draft.c.brand_id == tx.brand_id, draft.c.state == word(DraftState.OPEN), draft.c.asked_at.is_not(None))
        .order_by(draft.c.asked_at, draft.c.id)
        .limit(limit)
    )
    return [to_draft(row) for row in tx.connection.execute(wanted).mappings()]


def _is_open(tx: Transaction, draft_id: int) -> ColumnElement[bool]:
    return and_(draft.c.id == draft_id, draft.c.brand_id == tx.brand_id, draft.c.state == word(DraftState.OPEN))
