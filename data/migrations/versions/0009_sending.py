"""What is checked and counted around a send.

Revision 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Keep the line that says that a message is automatic, and find what was said lately by when it left."""
    op.add_column("outbox", sa.Column("disclosure", sa.Text))
    said = sa.text("kind = 'reply' AND sent_at IS NOT NULL")
    op.create_index("ix_outbox_said", "outbox", ["brand_id", "sent_at"], sqlite_where=said, postgresql_where=said)
