"""Having people look at a conversation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select, update

from data.many import insert_many
from data.tables import audit, conversation, conversation_tag
from data.transaction import Transaction, words
from inbox.delivery import FLOOD_STOPPED
from inbox.model import Status
from inbox.sentences import Sentence

_LOOP = "loop"


def reopen(tx: Transaction, conversation_id: int, *, why: Sentence) -> bool:
    """Open a conversation again; False where it was open."""
    others = words(*(status for status in Status if status is not Status.OPEN))
    changed = tx.connection.execute(
        update(conversation)
        .where(
            conversation.c.id == conversation_id,
            conversation.c.brand_id == tx.brand_id,
            conversation.c.status.in_(others),
        )
        .values(status=Status.OPEN.value, status_reason=why.to_json(), snooze_until=None)
    )
    return changed.rowcount > 0


def call_attention(tx: Transaction, conversation_id: int, *, why: Sentence) -> None:
    """Have a conversation open, with this as the reason, whatever its status was."""
    mine = and_(conversation.c.brand_id == tx.brand_id, conversation.c.id == conversation_id)
    opened = {"status": Status.OPEN.value, "status_reason": why.to_json(), "snooze_until": None}
    tx.connection.execute(update(conversation).where(mine).values(opened))


def alert_loop(tx: Transaction, conversation_id: int) -> bool:
    """Mark a conversation as a loop that was stopped, and open it; False when it is marked already."""
    tag = {"conversation_id": conversation_id, "tag": _LOOP, "brand_id": tx.brand_id}
    marked = insert_many(tx, conversation_tag, [tag], skip_conflicts=True, returning=[conversation_tag.c.tag])
    if marked:
        reopen(tx, conversation_id, why=Sentence("Automatic replies were stopped here: it looks like a loop."))
    return bool(marked)


def alert_flood(tx: Transaction, conversation_id: int, *, why: Sentence, since: datetime) -> bool:
    """Open a conversation because the brand sends too much by itself; False where that was told after `since`.

    The caller puts it on record, and so tells the next that it was told.
    """
    told = select(audit.c.id).where(
        audit.c.brand_id == tx.brand_id,
        audit.c.subject == "brand",
        audit.c.subject_id == 0,
        audit.c.what == FLOOD_STOPPED,
        audit.c.at > since,
    )
    if tx.connection.scalar(told.limit(1)) is not None:
        return False
    call_attention(tx, conversation_id, why=why)
    return True
