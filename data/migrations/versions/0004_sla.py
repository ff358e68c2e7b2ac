"""Promises and who is called: pauses, what was told, acknowledgements, calls.

Revision 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)
BEFORE = 1_000
"""So many steps no chain has: those who waited before there was one are not all called at once."""


def upgrade() -> None:
    """Add what clocks and chains of escalations remember."""
    for name in ("next_response_due_at", "paused_at", "look_at", "accepted_at"):
        op.add_column("escalation", sa.Column(name, MOMENT))
    op.add_column("escalation", sa.Column("told", sa.JSON()))
    op.add_column("escalation", sa.Column("accepted_by", sa.Text))
    op.add_column("escalation", sa.Column("climbed", sa.Integer, nullable=False, server_default="0"))
    op.execute(sa.table("escalation", sa.column("climbed")).update().values(climbed=BEFORE))
    _partial("ix_escalation_look", "escalation", "brand_id", "look_at", where="resolved_at IS NULL")
    op.create_table(
        "ping",
        _id(),
        _brand_of_parent(),
        _ref("escalation_id", "escalation"),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Index("ix_ping_escalation_id", "escalation_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ping_post",
        _id(),
        _brand_of_parent(),
        _ref("ping_id", "ping"),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("shown", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("again_at", MOMENT),
        sa.Column("error", sa.JSON()),
        sa.UniqueConstraint("ping_id", "board"),
        sqlite_autoincrement=True,
    )
    _partial("ix_ping_post_open", "ping_post", "brand_id", "board", where="closed_at IS NULL")


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _brand_of_parent() -> sa.Column[int]:
    return sa.Column("brand_id", ID, nullable=False)


def _ref(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=False)


def _partial(name: str, table: str, *columns: str, where: str) -> None:
    op.create_index(name, table, [*columns], sqlite_where=sa.text(where), postgresql_where=sa.text(where))
