"""The outbox as people look at it: what waits, what was given up, what was refused, and what became of the words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, update

from data.drafts import open_again
from data.rows import PERSON, to_send
from data.tables import channel_account, contact, conversation, draft, outbox, ticket
from data.transaction import Transaction, word, words
from data.waiting import FREES, GOES_TO
from inbox.outboxbooks import OutboxCounts, OutboxFilter, OutboxLine
from inbox.outgoing import INSIDE, PART, whole_key
from inbox.views import DraftState, SendState

_ON_ITS_WAY = (SendState.WAITING, SendState.SENDING)


def outbox_lines(tx: Transaction, wanted: OutboxFilter) -> list[OutboxLine]:
    """Rows of the outbox: what waits in the order in which it leaves, the rest the latest first."""
    waits = wanted.state in _ON_ITS_WAY
    states = words(*_ON_ITS_WAY) if waits else words(wanted.state)
    asked: list[ColumnElement[bool]] = [outbox.c.brand_id == tx.brand_id, outbox.c.state.in_(states)]
    if wanted.channel is not None:
        asked.append(GOES_TO.element == wanted.channel)
    if wanted.before is not None:
        asked.append(outbox.c.id < wanted.before)
    is_open = and_(draft.c.id == outbox.c.draft_id, draft.c.state == word(DraftState.OPEN))
    rows = (
        select(outbox, GOES_TO, contact.c.name.label("contact"), draft.c.id.label("open_draft"))
        .join(channel_account, channel_account.c.id == outbox.c.channel_account_id)
        .join(conversation, conversation.c.id == outbox.c.conversation_id)
        .join(contact, contact.c.id == conversation.c.contact_id)
        .outerjoin(ticket, ticket.c.id == outbox.c.ticket_id)
        .outerjoin(draft, is_open)
        .where(*asked)
        .order_by(*([outbox.c.not_before, outbox.c.id] if waits else [outbox.c.id.desc()]))
        .limit(wanted.limit)
    )
    return [
        OutboxLine(to_send(row), row["contact"], row["queued_at"], row["sent_at"], row["open_draft"])
        for row in tx.connection.execute(rows).mappings()
    ]


def outbox_counts(tx: Transaction) -> OutboxCounts:
    """How much waits, and how much was given up; only rows that stand so are read."""
    waits = outbox.c.state.in_(words(*_ON_ITS_WAY))
    held = and_(
        outbox.c.state == word(SendState.WAITING),
        outbox.c.actor_kind != PERSON,
        outbox.c.kind.not_in(words(*INSIDE)),
        ~FREES,
    )
    failed = outbox.c.state == word(SendState.FAILED)
    row = tx.connection.execute(
        select(_count(waits), _count(held), _count(failed)).where(
            outbox.c.brand_id == tx.brand_id, outbox.c.state.in_(words(*_ON_ITS_WAY, SendState.FAILED))
        )
    ).one()
    return OutboxCounts(waiting=row[0] or 0, automatic=row[1] or 0, failed=row[2] or 0)


def set_aside(tx: Transaction, send_id: int) -> bool:
    """Have something that was given up wait for nobody any more; False where it was not given up.

    Its words, and those of the parts that were taken back with it, are an open draft again where they came from one.
    """
    row: Any = tx.connection.execute(
        update(outbox)
        .where(outbox.c.id == send_id, outbox.c.brand_id == tx.brand_id, outbox.c.state == word(SendState.FAILED))
        .values(state=SendState.CANCELLED.value)
        .returning(outbox)
    ).one_or_none()
    if row is None:
        return False
    if row.draft_id is not None:
        parts = tx.connection.execute(
            select(outbox.c.text, outbox.c.error)
            .where(
                outbox.c.brand_id == tx.brand_id,
                outbox.c.conversation_id == row.conversation_id,
                outbox.c.id != row.id,
                outbox.c.state == word(SendState.CANCELLED),
                outbox.c.idempotency_key.startswith(whole_key(row.idempotency_key) + PART, autoescape=True),
            )
            .order_by(outbox.c.id)
        )
        rest = [part.text for part in parts if part.error == row.error]
        open_again(tx, row.draft_id, text=" ".join([row.text, *rest]))
    return True


def _count(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((which, 1), else_=0))
