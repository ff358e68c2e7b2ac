"""What the team writes for itself, and what of it was revealed to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from data.many import insert_many
from data.tables import exposure, note
from data.transaction import Transaction
from data.types import to_storable
from inbox.views import NoteView


def add_note(
    tx: Transaction, conversation_id: int, *, author: str, text: str, mentions: Sequence[str], now: datetime
) -> int:
    """Keep a note on a conversation; its number."""
    row = {
        "brand_id": tx.brand_id,
        "conversation_id": conversation_id,
        "author": author,
        "text": to_storable(text),
        "mentions": list(mentions),
        "written_at": now,
    }
    return int(insert_many(tx, note, [row], returning=[note.c.id])[0].id)


def notes_of(tx: Transaction, conversation_id: int) -> tuple[NoteView, ...]:
    """The notes on a conversation, oldest first."""
    wanted = select(note).where(note.c.brand_id == tx.brand_id, note.c.conversation_id == conversation_id)
    return tuple(
        NoteView(row.id, row.author, row.text, row.written_at, tuple(row.mentions))
        for row in tx.connection.execute(wanted.order_by(note.c.id))
    )


def keep_exposure(tx: Transaction, message_id: int, *, moderator: str, now: datetime) -> None:
    """Note that somebody has asked to see a text that was blurred."""
    row = {"brand_id": tx.brand_id, "moderator": moderator, "message_id": message_id, "revealed_at": now}
    insert_many(tx, exposure, [row])


def count_exposures(tx: Transaction, moderator: str, *, since: datetime) -> int:
    """How many blurred texts somebody has asked to see from a moment on."""
    wanted = select(func.count()).where(
        exposure.c.brand_id == tx.brand_id, exposure.c.moderator == moderator, exposure.c.revealed_at >= since
    )
    return tx.connection.scalar(wanted) or 0
