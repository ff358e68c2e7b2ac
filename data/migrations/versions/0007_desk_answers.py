"""What help desks say back: how tickets stand, agents' answers, calls that were taken; and what is added to tickets.

Revision 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what comes back from help desks, and which ticket a row of the outbox is for."""
    op.add_column("outbox", sa.Column("ticket_id", ID))
    _partial("ix_outbox_ticket_id", "outbox", "ticket_id", where="ticket_id IS NOT NULL")
    op.add_column("ticket", sa.Column("told_to", ID))
    op.add_column("ticket", sa.Column("assignee", sa.Text))
    op.add_column("ticket", sa.Column("changed_at", MOMENT))
    op.add_column("ticket", sa.Column("stands_since", MOMENT))
    op.add_column("ticket", sa.Column("look_at", MOMENT))
    op.add_column("ticket", sa.Column("error", sa.JSON()))
    _partial("ix_ticket_look", "ticket", "brand_id", "look_at", where="look_at IS NOT NULL")
    _know_old_tickets()
    op.create_table(
        "desk_answer",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("ticket_id", ID, sa.ForeignKey("ticket.id"), nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("draft_id", ID, sa.ForeignKey("draft.id")),
        sa.UniqueConstraint("ticket_id", "external_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "desk_call",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "desk", "mark"),
        sa.Index("ix_desk_call_taken_at", "brand_id", "taken_at"),
        sqlite_autoincrement=True,
    )


def _know_old_tickets() -> None:
    """Have the tickets that are open already asked after, and say of each how much of its conversation it holds."""
    ticket = sa.table("ticket", *map(sa.column, ("id", "outbox_id", "opened_at", "stands_since", "look_at", "told_to")))
    outbox = sa.table("outbox", *map(sa.column, ("id", "conversation_id", "ticket_id")))
    message = sa.table("message", *map(sa.column, ("id", "conversation_id", "received_at")))
    of_ticket = sa.select(ticket.c.id).where(ticket.c.outbox_id == outbox.c.id).scalar_subquery()
    op.execute(outbox.update().where(sa.exists().where(ticket.c.outbox_id == outbox.c.id)).values(ticket_id=of_ticket))
    last = (
        sa.select(sa.func.max(message.c.id))
        .select_from(outbox.join(message, message.c.conversation_id == outbox.c.conversation_id))
        .where(outbox.c.id == ticket.c.outbox_id, message.c.received_at <= ticket.c.opened_at)
        .scalar_subquery()
    )
    opened = ticket.c.opened_at
    op.execute(ticket.update().where(opened.is_not(None)).values(look_at=opened, stands_since=opened, told_to=last))


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, [*columns], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
