"""What reports count is found by its time, and the report of a week is put up once.

Revision 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add indexes over moments, and the weeks that were reported."""
    op.create_index("ix_message_sent_at", "message", ["brand_id", "sent_at", "is_ours"])
    _where_set("ix_conversation_answered", "human_replied_at")
    _where_set("ix_conversation_resolved", "resolved_at")
    op.create_index("ix_escalation_first_due", "escalation", ["brand_id", "first_response_due_at"])
    op.create_index("ix_escalation_resolution_due", "escalation", ["brand_id", "resolution_due_at"])
    op.create_index("ix_correction_corrected_at", "correction", ["brand_id", "corrected_at"])
    op.create_table(
        "bulletin",
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), primary_key=True),
        sa.Column("week", sa.Text, primary_key=True),
        sa.Column("sent_at", MOMENT, nullable=False),
    )


def _where_set(name: str, column: str) -> None:
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(name, "conversation", ["brand_id", column], sqlite_where=where, postgresql_where=where)
