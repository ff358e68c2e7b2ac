"""Replies that wait for a colleague to approve them.

Revision 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add who asked for an approval, what responses said before, and a way from a draft to what was sent of it."""
    op.add_column("draft", sa.Column("asked_by", sa.Text))
    op.add_column("draft", sa.Column("asked_at", MOMENT))
    op.add_column("draft", sa.Column("asked_privately", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_draft_asked",
        "draft",
        ["brand_id", "asked_at"],
        sqlite_where=sa.text("state = 'open' AND asked_at IS NOT NULL"),
        postgresql_where=sa.text("state = 'open' AND asked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_draft_id",
        "outbox",
        ["draft_id"],
        sqlite_where=sa.text("draft_id IS NOT NULL"),
        postgresql_where=sa.text("draft_id IS NOT NULL"),
    )
