"""Replies that wait for a colleague to approve them, and every version of the canned responses.

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
    op.create_table(
        "response_version",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("told", sa.JSON()),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Index("ix_response_version_brand_id_code", "brand_id", "code"),
    )
