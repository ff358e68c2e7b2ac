"""Contacts that are one person, and what the team notes of them.

Revision 0012, after 0011.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add who is who, who matters most, and notes about a contact."""
    op.add_column("contact", sa.Column("is_vip", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("contact", sa.Column("merged_into", ID))
    op.add_column("contact", sa.Column("person_id", ID))
    op.create_index(
        "ix_contact_person_id",
        "contact",
        ["person_id"],
        sqlite_where=sa.text("person_id IS NOT NULL"),
        postgresql_where=sa.text("person_id IS NOT NULL"),
    )
    op.create_table(
        "contact_note",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id"), nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Index("ix_contact_note_contact_id", "contact_id"),
    )
