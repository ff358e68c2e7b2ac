"""Sales leads as records.

Revision 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
JSON = sa.JSON(none_as_null=True)
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("status IN ('new', 'contacted')")
OF_A_LEAD = sa.text("lead_id IS NOT NULL")


def upgrade() -> None:
    """Add leads, what each message gives to one, and whose telling a row of the outbox is."""
    op.create_table(
        "lead",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id"), nullable=False),
        sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("products", JSON, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("score_parts", JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "key"),
        sa.Index("ix_lead_status", "brand_id", "status", "score"),
        sa.Index("ix_lead_contact_id", "contact_id"),
        sa.Index("ix_lead_conversation_id", "conversation_id"),
        sa.Index("uq_lead_open", "contact_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "lead_source",
        sa.Column("message_id", ID, sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("lead_id", ID, sa.ForeignKey("lead.id"), nullable=False),
        sa.Column("message_version", sa.Integer, nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("need", sa.Text, nullable=False),
        sa.Column("products", JSON, nullable=False),
        sa.Column("places", JSON, nullable=False),
        sa.Column("email", sa.Text),
        sa.Column("phone", sa.Text),
        sa.Column("signs", JSON, nullable=False),
        sa.Index("ix_lead_source_lead_id", "lead_id"),
    )
    op.add_column("outbox", sa.Column("lead_id", ID))
    op.create_index("ix_outbox_lead_id", "outbox", ["lead_id"], sqlite_where=OF_A_LEAD, postgresql_where=OF_A_LEAD)
