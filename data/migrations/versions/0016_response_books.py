"""The versions of the canned responses.

Revision 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what the file of canned responses said before, by whom and why."""
    op.create_table(
        "response_book",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_kind", sa.Text, nullable=False),
        sa.Column("author_name", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "version"),
    )
