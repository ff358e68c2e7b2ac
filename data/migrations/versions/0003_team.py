"""The team at work: people and their roles, claims with a clock, notes, cards, what was revealed.

Revision 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add what a team needs to work together."""
    op.add_column("conversation", sa.Column("resolved_at", MOMENT))
    op.create_index("ix_conversation_assignee", "conversation", ["brand_id", "assignee"])
    _partial("ix_conversation_snoozed", "conversation", "brand_id", "snooze_until", where="snooze_until IS NOT NULL")
    op.create_index("ix_message_author", "message", ["channel_account_id", "author", "sent_at"])
    # What the program before had claimed may have been sent: from now on a row says so only while it is being sent.
    outbox = sa.table("outbox", sa.column("state"), sa.column("perhaps_sent"))
    op.execute(outbox.update().where(outbox.c.state == "sending").values(perhaps_sent=sa.true()))
    _people()
    _notes()
    _cards()
    _spam()


def _people() -> None:
    op.create_table(
        "moderator",
        _id(),
        _ref("brand_id", "brand"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text),
        sa.Column("seen_role", sa.Text),
        sa.Column("lang", sa.Text),
        sa.Column("deputy", sa.Text),
        sa.Column("absent_since", MOMENT),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "moderator_identity",
        _id(),
        _brand_of_parent(),
        _ref("moderator_id", "moderator"),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.UniqueConstraint("brand_id", "channel", "external_id"),
        sa.Index("ix_moderator_identity_moderator_id", "moderator_id"),
    )


def _notes() -> None:
    op.create_table(
        "note",
        _id(),
        _brand_of_parent(),
        _ref("conversation_id", "conversation"),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Index("ix_note_conversation_id", "conversation_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "exposure",
        _id(),
        _brand_of_parent(),
        sa.Column("moderator", sa.Text, nullable=False),
        _ref("message_id", "message"),
        sa.Column("revealed_at", MOMENT, nullable=False),
        sa.Index("ix_exposure_moderator", "brand_id", "moderator", "revealed_at"),
    )


def _cards() -> None:
    op.create_table(
        "card",
        _id(),
        _brand_of_parent(),
        sa.Column("board", sa.Text, nullable=False),
        _ref("conversation_id", "conversation"),
        sa.Column("external_id", sa.Text),
        sa.Column("shown", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("again_at", MOMENT),
        sa.Column("error", sa.JSON()),
        sa.Index("ix_card_external_id", "board", "external_id"),
        sa.Index("ix_card_conversation_id", "conversation_id"),
        sqlite_autoincrement=True,
    )
    _partial("uq_card_open", "card", "board", "conversation_id", where="closed_at IS NULL", unique=True)


def _spam() -> None:
    op.create_table(
        "spam_mark",
        _id(),
        _brand_of_parent(),
        _ref("message_id", "message"),
        sa.Column("message_version", sa.Integer, nullable=False),
        sa.Column("is_spam", sa.Boolean, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("marked_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT),
        sa.Index("ix_spam_mark_message_id", "message_id"),
    )
    _partial("uq_spam_mark_current", "spam_mark", "message_id", where="replaced_at IS NULL", unique=True)


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _brand_of_parent() -> sa.Column[int]:
    return sa.Column("brand_id", ID, nullable=False)


def _ref(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=False)


def _partial(name: str, table: str, *columns: str, where: str, unique: bool = False) -> None:
    op.create_index(
        name, table, [*columns], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
