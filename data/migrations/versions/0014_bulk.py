"""What was done with many conversations at once.

Revision 0014, after 0013.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add acts on many conversations, and what became of each."""
    op.create_table(
        "bulk",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_by_kind", sa.Text),
        sa.Column("undone_by_name", sa.Text),
        sa.Column("undone_at", MOMENT),
        sa.Index("ix_bulk_brand_id", "brand_id", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "bulk_item",
        sa.Column("id", ID, primary_key=True),
        sa.Column("bulk_id", ID, sa.ForeignKey("bulk.id"), nullable=False),
        sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("assignee", sa.Text),
        sa.Column("queue", sa.Text),
        sa.Column("snooze_until", MOMENT),
        sa.Column("case_number", sa.Integer),
        sa.Column("why", sa.JSON()),
        sa.UniqueConstraint("bulk_id", "conversation_id"),
    )
