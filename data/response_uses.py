"""How often each canned response was sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from data.tables import outbox
from data.transaction import Transaction, word
from inbox.response_books import ResponseUse
from inbox.views import SendState


def response_uses(tx: Transaction, *, since: datetime) -> dict[str, ResponseUse]:
    """Per code how often a response was sent since a moment; those that were not are left out."""
    # The parts of a long reply are one use: they come from one draft.
    reply = func.coalesce(outbox.c.draft_id, -outbox.c.id)
    wanted = (
        select(outbox.c.response, func.count(reply.distinct()).label("sent"), func.max(outbox.c.sent_at).label("last"))
        .where(
            outbox.c.brand_id == tx.brand_id,
            outbox.c.response.is_not(None),
            outbox.c.state == word(SendState.SENT),
            outbox.c.sent_at >= since,
        )
        .group_by(outbox.c.response)
    )
    return {row.response: ResponseUse(row.sent, row.last) for row in tx.connection.execute(wanted)}
