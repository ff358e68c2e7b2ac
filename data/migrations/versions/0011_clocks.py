"""What rules ask for when a clock runs out: calls about conversations, further answers, a priority.

Revision 0011, after 0010.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
NEW = ("rule", "event", "says", "board")


def upgrade() -> None:
    """Let a call be about a conversation that is not escalated, and remember what rules have asked for.

    The labels of conversations are looked through more quickly for complaints that nobody owns.
    """
    op.drop_index("ix_conversation_label_label", "conversation_label")
    op.create_index("ix_conversation_label_label", "conversation_label", ["brand_id", "label", "conversation_id"])
    op.add_column("escalation", sa.Column("answer_within_s", sa.Integer))
    op.add_column("escalation", sa.Column("wanted", sa.Text))
    if op.get_bind().dialect.name == "sqlite":
        _remake()
    else:
        op.alter_column("ping", "escalation_id", nullable=True)
        op.add_column("ping", sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id")))
        op.add_column("ping", sa.Column("why", sa.JSON()))
        for name in NEW:
            op.add_column("ping", sa.Column(name, sa.Text))
        op.add_column("ping_post", sa.Column("begun_at", MOMENT))
    _partial("ix_ping_conversation_id", "ping", "conversation_id", where="conversation_id IS NOT NULL")


def _remake() -> None:
    """SQLite lets no column become nullable: both tables are made anew, with all that was in them."""
    connection = op.get_bind()
    kept = {
        name: [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {name} ORDER BY id")).mappings()]  # noqa: S608  # names of ours
        for name in ("ping", "ping_post")
    }
    op.drop_table("ping_post")
    op.drop_table("ping")
    op.create_table(
        "ping",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("escalation_id", ID, sa.ForeignKey("escalation.id")),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id")),
        sa.Column("why", sa.JSON()),
        *(sa.Column(name, sa.Text) for name in NEW),
        sa.Index("ix_ping_escalation_id", "escalation_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ping_post",
        sa.Column("id", ID, primary_key=True),
        sa.Column("brand_id", ID, nullable=False),
        sa.Column("ping_id", ID, sa.ForeignKey("ping.id"), nullable=False),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("shown", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("again_at", MOMENT),
        sa.Column("error", sa.JSON()),
        sa.Column("begun_at", MOMENT),
        sa.UniqueConstraint("ping_id", "board"),
        sqlite_autoincrement=True,
    )
    _partial("ix_ping_post_open", "ping_post", "brand_id", "board", where="closed_at IS NULL")
    for name, rows in kept.items():
        if rows:
            _put_back(connection, name, rows)


def _put_back(connection: sa.Connection, name: str, rows: list[dict[str, Any]]) -> None:
    # As text, to the letter: neither moments nor JSON are read on the way.
    columns = [*rows[0]]
    named = ", ".join(columns)
    values = ", ".join(f":{column}" for column in columns)
    connection.execute(sa.text(f"INSERT INTO {name} ({named}) VALUES ({values})"), rows)  # noqa: S608  # names of ours


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, [*columns], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
