"""Tickets in help desks: one for each escalation that goes to one.

Revision 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the record of tickets."""
    op.create_table(
        "ticket",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("escalation_id", ID, sa.ForeignKey("escalation.id"), nullable=False),
        sa.Column("outbox_id", ID, sa.ForeignKey("outbox.id"), nullable=False),
        sa.Column("desk", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("url", sa.Text),
        sa.Column("opened_at", MOMENT),
        sa.UniqueConstraint("escalation_id"),
        sa.UniqueConstraint("outbox_id"),
        sa.UniqueConstraint("brand_id", "key"),
        sa.Index("ix_ticket_external_id", "desk", "external_id"),
        sqlite_autoincrement=True,
    )
