"""Alerts: how many messages come when, who arrives, what the team is told in its rooms.

Revision 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what is counted, and the alerts."""
    op.create_table(
        "tally",
        sa.Column("channel_account_id", ID, sa.ForeignKey("channel_account.id"), primary_key=True),
        sa.Column("label", sa.Text, primary_key=True),
        sa.Column("slot", MOMENT, primary_key=True),
        _brand_of_parent(),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Index("ix_tally_slot", "brand_id", "slot"),
    )
    op.create_table(
        "tally_mark",
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), primary_key=True),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("looked_at", MOMENT),
    )
    op.create_table(
        "arrival",
        _id(),
        _brand_of_parent(),
        sa.Column("channel_account_id", ID, sa.ForeignKey("channel_account.id"), nullable=False),
        sa.Column("place", sa.Text),
        sa.Column("member", sa.Text, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Index("ix_arrival_arrived_at", "brand_id", "arrived_at"),
    )
    op.create_table(
        "alert",
        _id(),
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("high_at", MOMENT, nullable=False),
        sa.Column("seen_by", sa.Text),
        sa.Column("seen_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sqlite_autoincrement=True,
    )
    _partial("uq_alert_open", "alert", "brand_id", "kind", "subject", where="ended_at IS NULL", unique=True)
    op.create_table(
        "alert_post",
        _id(),
        _brand_of_parent(),
        sa.Column("alert_id", ID, sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("board", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text),
        sa.Column("shown", sa.Text),
        sa.Column("closed_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("again_at", MOMENT),
        sa.Column("error", sa.JSON()),
        sa.UniqueConstraint("alert_id", "level", "board"),
        sqlite_autoincrement=True,
    )
    _partial("ix_alert_post_open", "alert_post", "brand_id", "board", where="closed_at IS NULL")


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _brand_of_parent() -> sa.Column[int]:
    return sa.Column("brand_id", ID, nullable=False)


def _partial(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, [*columns], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
