"""Everything: the inbox, what is thought and decided of it, the outbox, the audit log.

Revision 0001, the first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make every table, and hold the audit log to being append-only."""
    _people_and_messages()
    _thoughts()
    _work()
    _house()
    if op.get_bind().dialect.name == "postgresql":
        _append_only_on_postgresql()
    else:
        _append_only_on_sqlite()


def _id() -> sa.Column[int]:
    return sa.Column("id", ID, primary_key=True)


def _brand() -> sa.Column[int]:
    return sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), nullable=False)


def _brand_of_parent() -> sa.Column[int]:
    return sa.Column("brand_id", ID, nullable=False)


def _ref(name: str, table: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ID, sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> sa.Index:
    return sa.Index(name, *columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _people_and_messages() -> None:
    op.create_table("brand", _id(), sa.Column("key", sa.Text, nullable=False, unique=True))
    op.create_table(
        "channel_account",
        _id(),
        _brand(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("may_train", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("brand_id", "name"),
    )
    op.create_table(
        "contact",
        _id(),
        _brand(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "contact_identity",
        _id(),
        _brand_of_parent(),
        _ref("channel_account_id", "channel_account"),
        sa.Column("external_id", sa.Text, nullable=False),
        _ref("contact_id", "contact"),
        sa.UniqueConstraint("channel_account_id", "external_id"),
        sa.Index("ix_contact_identity_contact_id", "contact_id"),
    )
    op.create_table(
        "conversation",
        _id(),
        _brand_of_parent(),
        _ref("channel_account_id", "channel_account"),
        sa.Column("thread", sa.Text, nullable=False),
        _ref("contact_id", "contact"),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("status_reason", sa.JSON()),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("priority_parts", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("lang", sa.Text),
        sa.Column("severity", sa.Text),
        sa.Column("queue", sa.Text),
        sa.Column("assignee", sa.Text),
        sa.Column("claimed_by", sa.Text),
        sa.Column("claim_until", MOMENT),
        sa.Column("snooze_until", MOMENT),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("last_message_at", MOMENT, nullable=False),
        sa.Column("human_replied_at", MOMENT),
        sa.UniqueConstraint("contact_id", "thread", "channel_account_id"),
        sa.Index("ix_conversation_queue", "brand_id", "status", "priority", "waiting_since"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "conversation_label",
        sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("label", sa.Text, primary_key=True),
        _brand_of_parent(),
        sa.Index("ix_conversation_label_label", "brand_id", "label"),
    )
    op.create_table(
        "conversation_tag",
        sa.Column("conversation_id", ID, sa.ForeignKey("conversation.id"), primary_key=True),
        sa.Column("tag", sa.Text, primary_key=True),
        _brand_of_parent(),
    )
    op.create_table(
        "message",
        _id(),
        _brand_of_parent(),
        _ref("conversation_id", "conversation"),
        _ref("channel_account_id", "channel_account"),
        sa.Column("external_id", sa.Text),
        sa.Column("is_ours", sa.Boolean, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("visibility", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang_hint", sa.Text),
        sa.Column("parent", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("edited_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.Column("triaged_at", MOMENT),
        sa.Column("dealt_at", MOMENT),
        sa.UniqueConstraint("channel_account_id", "external_id"),
        sa.Index("ix_message_conversation_id", "conversation_id", "sent_at"),
        _partial("ix_message_waiting", "brand_id", "id", where="triaged_at IS NULL"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "message_version",
        _id(),
        _brand_of_parent(),
        _ref("message_id", "message"),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.UniqueConstraint("message_id", "version"),
    )


def _thoughts() -> None:
    op.create_table(
        "prediction",
        _id(),
        _brand_of_parent(),
        _ref("message_id", "message"),
        sa.Column("message_version", sa.Integer, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("lang_known", sa.Boolean, nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("unsure", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("signals", sa.JSON(), nullable=False),
        sa.Column("severity", sa.Text),
        sa.Column("target", sa.Text),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("replaced_at", MOMENT),
        _partial("uq_prediction_current", "message_id", unique=True, where="replaced_at IS NULL"),
    )
    op.create_table(
        "rule_book",
        _id(),
        _brand(),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("author_kind", sa.Text, nullable=False),
        sa.Column("author_name", sa.Text, nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "version"),
    )
    op.create_table(
        "rule_trace",
        _id(),
        _brand(),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.UniqueConstraint("brand_id", "digest"),
    )
    op.create_table(
        "decision",
        _id(),
        _brand_of_parent(),
        sa.Column("message_id", ID, nullable=False),
        _ref("prediction_id", "prediction"),
        sa.Column("rule_book_version", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("actions", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("priority_parts", sa.JSON(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.UniqueConstraint("prediction_id"),
    )


def _work() -> None:
    op.create_table(
        "canned_response",
        _id(),
        _brand(),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("polarity", sa.Text, nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("brand_id", "code"),
    )
    op.create_table(
        "draft",
        _id(),
        _brand_of_parent(),
        _ref("conversation_id", "conversation"),
        _ref("message_id", "message"),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("response", sa.Text),
        sa.Column("rule", sa.Text),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("is_blocked", sa.Boolean, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Index("ix_draft_conversation_id", "conversation_id"),
        sa.Index("ix_draft_message_id", "message_id"),
        _partial("ix_draft_open", "brand_id", where="state = 'open'"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        _id(),
        _brand_of_parent(),
        _ref("conversation_id", "conversation"),
        _ref("channel_account_id", "channel_account"),
        _ref("message_id", "message", nullable=True),
        sa.Column("message_version", sa.Integer, nullable=False),
        _ref("draft_id", "draft", nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("response", sa.Text),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("queued_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("external_id", sa.Text),
        sa.Column("error", sa.JSON()),
        sa.UniqueConstraint("brand_id", "idempotency_key"),
        sa.Index("ix_outbox_conversation_id", "conversation_id"),
        sa.Index("ix_outbox_state", "brand_id", "state"),
        _partial("ix_outbox_active", "brand_id", "not_before", where="state IN ('waiting', 'sending')"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "escalation",
        _id(),
        _brand_of_parent(),
        _ref("conversation_id", "conversation"),
        sa.Column("queue", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("rule", sa.Text),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("first_response_due_at", MOMENT, nullable=False),
        sa.Column("resolution_due_at", MOMENT, nullable=False),
        sa.Column("acknowledged_at", MOMENT),
        sa.Column("resolved_at", MOMENT),
        sa.Index("ix_escalation_conversation_id", "conversation_id"),
        _partial("uq_escalation_open", "conversation_id", unique=True, where="resolved_at IS NULL"),
        sqlite_autoincrement=True,
    )


def _house() -> None:
    op.create_table(
        "switch",
        sa.Column("brand_id", ID, sa.ForeignKey("brand.id"), primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("is_on", sa.Boolean, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.create_table(
        "audit",
        _id(),
        _brand_of_parent(),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_kind", sa.Text, nullable=False),
        sa.Column("actor_name", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("seq", ID),
        sa.Column("hash", sa.Text),
        sa.UniqueConstraint("brand_id", "seq"),
        sa.Index("ix_audit_subject", "brand_id", "subject", "subject_id"),
        _partial("ix_audit_unsealed", "brand_id", "id", where="seq IS NULL"),
    )


_REFUSAL = "The audit log is append-only: lines are neither removed nor changed."

_WRITTEN = ("id", "brand_id", "at", "actor_kind", "actor_name", "what", "subject", "subject_id", "reason", "facts")
"""The columns of an audit line that never change; sealing sets the other two, once."""


def _append_only_on_sqlite() -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _WRITTEN)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    seals = f"OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL AND {same}"
    op.execute(f"CREATE TRIGGER audit_keeps_lines BEFORE DELETE ON audit {refuse}")
    op.execute(f"CREATE TRIGGER audit_only_seals BEFORE UPDATE ON audit WHEN NOT ({seals}) {refuse}")


def _append_only_on_postgresql() -> None:
    same = " AND ".join(
        f"NEW.{name}::text = OLD.{name}::text" if name in {"reason", "facts"} else f"NEW.{name} = OLD.{name}"
        for name in _WRITTEN
    )
    op.execute(
        f"""
        CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF OLD.seq IS NULL AND OLD.hash IS NULL AND NEW.seq IS NOT NULL AND NEW.hash IS NOT NULL AND {same} THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '{_REFUSAL}';
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER audit_keeps_lines BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_is_not_emptied BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()"
    )
