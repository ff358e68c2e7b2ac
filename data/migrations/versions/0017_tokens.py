"""Tokens of programs, what they were answered, and what waits for them to be fetched.

Revision 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tokens, their answered requests, and the words that programs fetch."""
    op.create_table(
        "api_token",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("mark", sa.Text, nullable=False, unique=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_api_token_name",
        "api_token",
        ["brand_id", "folded"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "api_call",
        sa.Column("id", ID, primary_key=True),
        sa.Column("token_id", ID, sa.ForeignKey("api_token.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("body", sa.Text),
        sa.UniqueConstraint("token_id", "key"),
        sa.Index("ix_api_call_begun_at", "begun_at"),
    )
    op.create_table(
        "api_outgoing",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("thread", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("target", sa.Text),
        sa.Column("contact", sa.Text),
        sa.Column("put_at", MOMENT, nullable=False),
        sa.Column("acked_at", MOMENT),
        sa.Column("external_id", sa.Text),
        sa.UniqueConstraint("brand_id", "key"),
        sa.Index("ix_api_outgoing_channel", "brand_id", "channel", "id"),
        sqlite_autoincrement=True,
    )
