"""Channels that are connected, and moderation: places, files, cases, appeals, reports, corrections.

Revision 0002, after 0001.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what connected channels tell, and the records of moderation."""
    _more_of_what_is_there()
    _cases()
    _reports()
    _corrections()


def _more_of_what_is_there() -> None:
    state: tuple[sa.Column[Any], ...] = (
        sa.Column("state", sa.Text, nullable=False, server_default="off"),
        sa.Column("state_why", sa.JSON()),
        sa.Column("state_since", MOMENT),
    )
    for column in state:
        op.add_column("channel_account", column)
    op.add_column("contact_identity", sa.Column("standing", sa.Text))
    op.add_column("conversation", sa.Column("place", sa.Text))
    op.create_index("ix_conversation_thread", "conversation", ["channel_account_id", "thread", "last_message_at"])
    for name in ("permalink", "parent_text", "parent_author"):
        op.add_column("message", sa.Column(name, sa.Text))
    op.add_column("message", sa.Column("attachments", sa.JSON()))
    more: tuple[sa.Column[Any], ...] = (
        sa.Column("thread", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("until", MOMENT),
        sa.Column("seconds", sa.Integer, nullable=False, server_default="0"),
        sa.Column("perhaps_sent", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("sent_at", MOMENT),
        sa.Column("case_id", ID),
    )
    for column in more:
        op.add_column("outbox", column)
    _partial("ix_outbox_case_id", "outbox", "case_id", where="case_id IS NOT NULL")
    # What had been tried before may have got through: it is looked up before it is tried again.
    outbox = sa.table("outbox", sa.column("attempts"), sa.column("state"), sa.column("perhaps_sent"))
    tried = (outbox.c.attempts > 0) & outbox.c.state.in_(["waiting", "sending"])
    op.execute(outbox.update().where(tried).values(perhaps_sent=sa.true()))


def _cases() -> None:
    op.create_table(
        "moderation_case",
        _id(),
        _ref("brand_id", "brand"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        _ref("channel_account_id", "channel_account"),
        sa.Column("place", sa.Text),
        _ref("contact_id", "contact"),
        _ref("conversation_id", "conversation"),
        _ref("message_id", "message", nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT),
        sa.Column("undone_by", sa.Text),
        sa.Column("undone_why", sa.Text),
        sa.UniqueConstraint("brand_id", "number"),
        sa.Index("ix_moderation_case_contact_id", "contact_id"),
        sa.Index("ix_moderation_case_conversation_id", "conversation_id"),
        sqlite_autoincrement=True,
    )
    _partial("ix_moderation_case_message_id", "moderation_case", "message_id", where="message_id IS NOT NULL")
    op.create_table(
        "appeal",
        _id(),
        _brand_of_parent(),
        _ref("case_id", "moderation_case"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.Column("why", sa.Text),
        sa.Column("judged_by", sa.Text),
        sa.Column("judged_at", MOMENT),
        sa.Index("ix_appeal_case_id", "case_id"),
        sqlite_autoincrement=True,
    )
    _partial("uq_appeal_open", "appeal", "case_id", where="judged_at IS NULL", unique=True)


def _reports() -> None:
    op.create_table(
        "report",
        _id(),
        _brand_of_parent(),
        _ref("message_id", "message"),
        _ref("channel_account_id", "channel_account"),
        sa.Column("reporter", sa.Text, nullable=False),
        sa.Column("reporter_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reported_at", MOMENT, nullable=False),
        sa.UniqueConstraint("message_id", "reporter"),
        sa.Index("ix_report_reporter", "channel_account_id", "reporter", "reported_at"),
        sqlite_autoincrement=True,
    )


def _corrections() -> None:
    op.create_table(
        "correction",
        _id(),
        _brand_of_parent(),
        _ref("message_id", "message"),
        sa.Column("message_version", sa.Integer, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("corrected_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT),
        sa.Index("ix_correction_message_id", "message_id"),
        sqlite_autoincrement=True,
    )
    _partial("uq_correction_current", "correction", "message_id", where="replaced_at IS NULL", unique=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _brand_of_parent() -> sa.Column[int]:
    return sa.Column("brand_id", ID, nullable=False)


def _ref(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _partial(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, [*columns], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
