"""Every table, and what it means.

A row that belongs to a brand carries `brand_id`. Moments are UTC; a moment that is NULL has not come. Words such as a
status are those of `inbox/model.py` and `inbox/views.py`. `data/migrations` brings a database to this shape, and a test
holds the two together.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from data.types import Id, Json, UtcDateTime

WORD_INDEXES = ("message_words", "contact_words")
"""Indexes of the words of a column, which each database has in a manner of its own; migration 0013 makes them."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True)


def _brand() -> Column[int]:
    return Column("brand_id", Id, ForeignKey("brand.id"), nullable=False)


def _brand_of_parent() -> Column[int]:
    # No foreign key: the parent row has one, and checking it for every message would lock one brand row all day.
    return Column("brand_id", Id, nullable=False)


def _ref(name: str, table: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(f"{table}.id"), nullable=nullable)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


brand = Table("brand", metadata, _id(), Column("key", Text, nullable=False, unique=True))
"""A workspace, by the key that its settings give it: the name that customers read may change."""

channel_account = Table(
    "channel_account",
    metadata,
    _id(),
    _brand(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", Json, nullable=False),
    Column("may_train", Boolean, nullable=False, server_default=false()),
    Column("state", Text, nullable=False, server_default="off"),
    Column("state_why", Json),
    Column("state_since", UtcDateTime),
    UniqueConstraint("brand_id", "name"),
)
"""One connected account. `name` is what messages carry as their channel; nothing of it trains unless `may_train`.

`state` is how its connection stands, with the reason where it is down or broken.
"""

contact = Table(
    "contact",
    metadata,
    _id(),
    _brand(),
    Column("name", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("is_vip", Boolean, nullable=False, server_default=false()),
    Column("merged_into", Id),
    Column("person_id", Id),
    _partial("ix_contact_person_id", "person_id", where="person_id IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""A person who wrote in, under the name seen last.

One who was found to be the same person as another keeps everything that is his: `merged_into` is the contact that he
was merged into, and `person_id` that at the top, for it as well; both are NULL for whoever is nobody else.
"""

contact_note = Table(
    "contact_note",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("contact_id", "contact"),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Index("ix_contact_note_contact_id", "contact_id"),
)
"""What one of the team wrote about a contact, for the others. It never leaves."""

contact_identity = Table(
    "contact_identity",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("channel_account_id", "channel_account"),
    Column("external_id", Text, nullable=False),
    _ref("contact_id", "contact"),
    Column("standing", Text),
    UniqueConstraint("channel_account_id", "external_id"),
    Index("ix_contact_identity_contact_id", "contact_id"),
)
"""How a channel names a contact; `standing` where he is more than a member there, as last seen."""

conversation = Table(
    "conversation",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("channel_account_id", "channel_account"),
    Column("thread", Text, nullable=False),
    _ref("contact_id", "contact"),
    Column("visibility", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("status_reason", Json),
    Column("priority", Integer, nullable=False),
    Column("priority_parts", Json, nullable=False),
    Column("scores", Json, nullable=False),
    Column("lang", Text),
    Column("severity", Text),
    Column("queue", Text),
    Column("assignee", Text),
    Column("claimed_by", Text),
    Column("claim_until", UtcDateTime),
    Column("snooze_until", UtcDateTime),
    Column("waiting_since", UtcDateTime, nullable=False),
    Column("last_message_at", UtcDateTime, nullable=False),
    Column("human_replied_at", UtcDateTime),
    Column("place", Text),
    Column("resolved_at", UtcDateTime),
    UniqueConstraint("contact_id", "thread", "channel_account_id"),
    Index("ix_conversation_thread", "channel_account_id", "thread", "last_message_at"),
    Index("ix_conversation_queue", "brand_id", "status", "priority", "waiting_since"),
    Index("ix_conversation_assignee", "brand_id", "assignee"),
    _partial("ix_conversation_answered", "brand_id", "human_replied_at", where="human_replied_at IS NOT NULL"),
    _partial("ix_conversation_resolved", "brand_id", "resolved_at", where="resolved_at IS NOT NULL"),
    _partial("ix_conversation_snoozed", "brand_id", "snooze_until", where="snooze_until IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""One contact's messages in one thread.

`place` is the server or group around the thread. `priority` to `severity` sum up the messages that nobody has dealt
with; `waiting_since` is when the first of them was sent. Once `human_replied_at` is set, rules stay silent here. Until
`claim_until` it is in the hands of `claimed_by`. `resolved_at` is when a person closed it, and dealt with its messages.
"""

for _name, *_columns in (
    ("pressing", conversation.c.status),
    ("pressing_any",),
    ("pressing_on", conversation.c.channel_account_id, conversation.c.status),
    ("pressing_in", conversation.c.queue, conversation.c.status),
    ("pressing_with", conversation.c.assignee, conversation.c.status),
):
    # Each gives conversations in the order of the queue, so that a page costs the same at any depth.
    Index(
        f"ix_conversation_{_name}",
        conversation.c.brand_id,
        *_columns,
        conversation.c.priority.desc(),
        conversation.c.waiting_since,
        conversation.c.id,
    )

conversation_label = Table(
    "conversation_label",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("label", Text, primary_key=True),
    _brand_of_parent(),
    Index("ix_conversation_label_label", "brand_id", "label", "conversation_id"),
)
"""The labels of the messages that nobody has dealt with; `unsure` where one of them is. The queue filters by it."""

conversation_tag = Table(
    "conversation_tag",
    metadata,
    Column("conversation_id", Id, ForeignKey("conversation.id"), primary_key=True),
    Column("tag", Text, primary_key=True),
    _brand_of_parent(),
    Index("ix_conversation_tag_tag", "brand_id", "tag", "conversation_id"),
)
"""The tags of a conversation."""

message = Table(
    "message",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("conversation_id", "conversation"),
    _ref("channel_account_id", "channel_account"),
    Column("external_id", Text),
    Column("is_ours", Boolean, nullable=False),
    Column("author", Text),
    Column("kind", Text, nullable=False),
    Column("visibility", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lang_hint", Text),
    Column("parent", Text),
    Column("version", Integer, nullable=False),
    Column("sent_at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    Column("deleted_at", UtcDateTime),
    Column("triaged_at", UtcDateTime),
    Column("dealt_at", UtcDateTime),
    Column("permalink", Text),
    Column("parent_text", Text),
    Column("parent_author", Text),
    Column("attachments", Json),
    UniqueConstraint("channel_account_id", "external_id"),
    Index("ix_message_conversation_id", "conversation_id", "sent_at"),
    Index("ix_message_author", "channel_account_id", "author", "sent_at"),
    Index("ix_message_sent_at", "brand_id", "sent_at", "is_ours"),
    _partial("ix_message_waiting", "brand_id", "id", where="triaged_at IS NULL"),
    sqlite_autoincrement=True,
)
"""Something a contact said, or that we said to them (`is_ours`).

`author` is the channel's own id of the contact, or the name of whoever of us wrote it. `triaged_at` is NULL while it
waits for triage, `dealt_at` until a person has answered it. `parent` is the channel's id of what it answers, with its
words and author as they came along. `attachments` are files by name, type, size and where they are.
"""

message_version = Table(
    "message_version",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("message_id", "message"),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("replaced_at", UtcDateTime, nullable=False),
    UniqueConstraint("message_id", "version"),
)
"""A text that a message had before its author edited it."""

prediction = Table(
    "prediction",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("message_id", "message"),
    Column("message_version", Integer, nullable=False),
    Column("model", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("lang_known", Boolean, nullable=False),
    Column("labels", Json, nullable=False),
    Column("unsure", Json, nullable=False),
    Column("scores", Json, nullable=False),
    Column("signals", Json, nullable=False),
    Column("severity", Text),
    Column("target", Text),
    Column("reasons", Json, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime),
    _partial("uq_prediction_current", "message_id", unique=True, where="replaced_at IS NULL"),
)
"""What a model thought of one version of a message. One per message is current; the others are history."""

rule_book = Table(
    "rule_book",
    metadata,
    _id(),
    _brand(),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author_kind", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "version"),
)
"""Every version of the rules, as their author wrote them."""

rule_trace = Table(
    "rule_trace",
    metadata,
    _id(),
    _brand(),
    Column("digest", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("conditions", Json, nullable=False),
    UniqueConstraint("brand_id", "digest"),
)
"""What a rule can answer: whether it held, and `[condition, held]` for each of its conditions. Each answer once."""

decision = Table(
    "decision",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("message_id", Id, nullable=False),
    _ref("prediction_id", "prediction"),
    Column("rule_book_version", Integer, nullable=False),
    Column("rule", Text),
    Column("because", Json, nullable=False),
    Column("actions", Json, nullable=False),
    Column("notes", Json, nullable=False),
    Column("trace", Json, nullable=False),
    Column("priority_parts", Json, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    UniqueConstraint("prediction_id"),
)
"""What the rule book said of a message, on the ground of one prediction; `trace` names rows of `rule_trace`."""

canned_response = Table(
    "canned_response",
    metadata,
    _id(),
    _brand(),
    Column("code", Text, nullable=False),
    Column("polarity", Text, nullable=False),
    Column("variants", Json, nullable=False),
    Column("title", Json, nullable=False),
    Column("owner", Text, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "code"),
)
"""Prepared text with blanks, as last read from its file."""

response_book = Table(
    "response_book",
    metadata,
    _id(),
    _brand(),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("author_kind", Text, nullable=False),
    Column("author_name", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "version"),
)
"""Every version of the file of canned responses, as its author wrote it."""
draft = Table(
    "draft",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("conversation_id", "conversation"),
    _ref("message_id", "message"),
    Column("text", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("response", Text),
    Column("rule", Text),
    Column("findings", Json, nullable=False),
    Column("is_blocked", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("asked_by", Text),
    Column("asked_at", UtcDateTime),
    Column("asked_privately", Boolean, nullable=False, server_default=false()),
    Index("ix_draft_conversation_id", "conversation_id"),
    Index("ix_draft_message_id", "message_id"),
    _partial("ix_draft_open", "brand_id", where="state = 'open'"),
    _partial("ix_draft_asked", "brand_id", "asked_at", where="state = 'open' AND asked_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""Words awaiting a person, with what the checks found; `is_blocked` when a finding keeps them from being sent.

One that is open and has `asked_at` waits for a colleague to approve what `asked_by` wants to send.
"""

outbox = Table(
    "outbox",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("conversation_id", "conversation"),
    _ref("channel_account_id", "channel_account"),
    _ref("message_id", "message", nullable=True),
    Column("message_version", Integer, nullable=False),
    _ref("draft_id", "draft", nullable=True),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("response", Text),
    Column("idempotency_key", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),
    Column("not_before", UtcDateTime, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("lease_until", UtcDateTime),
    Column("external_id", Text),
    Column("error", Json),
    Column("thread", Text),
    Column("target", Text),
    Column("until", UtcDateTime),
    Column("seconds", Integer, nullable=False, server_default="0"),
    Column("perhaps_sent", Boolean, nullable=False, server_default=false()),
    Column("sent_at", UtcDateTime),
    Column("case_id", Id),  # no foreign key: SQLite adds none to a table that is there
    Column("ticket_id", Id),
    Column("lead_id", Id),
    Column("disclosure", Text),
    UniqueConstraint("brand_id", "idempotency_key"),
    Index("ix_outbox_conversation_id", "conversation_id"),
    Index("ix_outbox_state", "brand_id", "state"),
    _partial("ix_outbox_draft_id", "draft_id", where="draft_id IS NOT NULL"),
    _partial("ix_outbox_case_id", "case_id", where="case_id IS NOT NULL"),
    _partial("ix_outbox_ticket_id", "ticket_id", where="ticket_id IS NOT NULL"),
    _partial("ix_outbox_lead_id", "lead_id", where="lead_id IS NOT NULL"),
    _partial("ix_outbox_active", "brand_id", "not_before", where="state IN ('waiting', 'sending')"),
    _partial("ix_outbox_said", "brand_id", "sent_at", where="kind = 'reply' AND sent_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""One thing to do outside, once. `attempts` counts claims that were not given back; `error` is also why not.

`thread` is where, when that is not the thread of the conversation; `target` is the channel's id of the message that it
is about. `sent_at` is when it left; `perhaps_sent` is set while an attempt may have got through without our hearing so.
A row of a case or a lead names it. `disclosure` is the line that stands above the words and says that they are
automatic, where they were given one.
"""

escalation = Table(
    "escalation",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("conversation_id", "conversation"),
    Column("queue", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("rule", Text),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("first_response_due_at", UtcDateTime, nullable=False),
    Column("resolution_due_at", UtcDateTime, nullable=False),
    Column("acknowledged_at", UtcDateTime),
    Column("resolved_at", UtcDateTime),
    Column("next_response_due_at", UtcDateTime),
    Column("paused_at", UtcDateTime),
    Column("told", Json),
    Column("look_at", UtcDateTime),
    Column("climbed", Integer, nullable=False, server_default="0"),
    Column("accepted_at", UtcDateTime),
    Column("accepted_by", Text),
    Column("answer_within_s", Integer),
    Column("wanted", Text),
    Index("ix_escalation_conversation_id", "conversation_id"),
    Index("ix_escalation_first_due", "brand_id", "first_response_due_at"),
    Index("ix_escalation_resolution_due", "brand_id", "resolution_due_at"),
    _partial("ix_escalation_look", "brand_id", "look_at", where="resolved_at IS NULL"),
    _partial("uq_escalation_open", "conversation_id", unique=True, where="resolved_at IS NULL"),
    sqlite_autoincrement=True,
)
"""A conversation handed to customer service; a conversation has at most one that is not resolved.

`acknowledged_at` is when a person first answered the contact, `accepted_at` when `accepted_by` said that he has seen
it. While `paused_at` is set, all clocks but the first stand still. `told` are the states that were told, per clock;
nothing is to come of itself before `look_at`. `climbed` counts the steps of the chain that were taken. Every further
message is to be answered within `answer_within_s` seconds of open time; where that is NULL, as its severity has it.
`wanted` is the priority that rules have asked for when a clock ran out.
"""

ping = Table(
    "ping",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("escalation_id", "escalation", nullable=True),
    Column("people", Json, nullable=False),
    Column("called_at", UtcDateTime, nullable=False),
    _ref("conversation_id", "conversation", nullable=True),
    Column("rule", Text),
    Column("event", Text),
    Column("why", Json),
    Column("says", Text),
    Column("board", Text),
    Index("ix_ping_escalation_id", "escalation_id"),
    _partial("ix_ping_conversation_id", "conversation_id", where="conversation_id IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""People are called, and each board of the team says so, or only the `board` that is named.

Because nobody has acknowledged an escalation; or because a `rule` asks for it: then `conversation_id` is what it is
about, `event` what has come of it (NULL for a message), `why` the reason and `says` the words of the rule, if any.
"""

ping_post = Table(
    "ping_post",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("ping_id", "ping"),
    Column("board", Text, nullable=False),
    Column("external_id", Text),
    Column("shown", Text),
    Column("closed_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("again_at", UtcDateTime),
    Column("error", Json),
    Column("begun_at", UtcDateTime),
    UniqueConstraint("ping_id", "board"),
    _partial("ix_ping_post_open", "brand_id", "board", where="closed_at IS NULL"),
    sqlite_autoincrement=True,
)
"""A call as it stands on a board, once; like a card, it is put up, changed, and tried again after a failure.

While `begun_at` is set and there is no `external_id`, it may stand there without our having heard so.
"""

ticket = Table(
    "ticket",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("escalation_id", "escalation"),
    _ref("outbox_id", "outbox"),
    Column("desk", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("external_id", Text),
    Column("url", Text),
    Column("opened_at", UtcDateTime),
    Column("told_to", Id),
    Column("assignee", Text),
    Column("changed_at", UtcDateTime),
    Column("stands_since", UtcDateTime),
    Column("look_at", UtcDateTime),
    Column("error", Json),
    UniqueConstraint("escalation_id"),
    UniqueConstraint("outbox_id"),
    UniqueConstraint("brand_id", "key"),
    Index("ix_ticket_external_id", "desk", "external_id"),
    _partial("ix_ticket_look", "brand_id", "look_at", where="look_at IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""The record of an escalation in a help desk, one at the most for each.

`desk` is the help desk by its name in the settings; `key` finds the ticket again there. `external_id` and `url` are
what it is called there and where people look at it, NULL until `opened_at`. Its transcript ends with the message
`told_to`, from the first attempt on; what comes later is added, each by a row of the outbox that names the ticket.
`status` since `stands_since` and `assignee` are as the help desk told last, of the moment `changed_at` by its own
clock. It is asked again at `look_at`, NULL for never; `error` is why it could not be asked last.
"""

desk_answer = Table(
    "desk_answer",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("ticket_id", "ticket"),
    Column("external_id", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    _ref("draft_id", "draft", nullable=True),
    UniqueConstraint("ticket_id", "external_id"),
    sqlite_autoincrement=True,
)
"""What an agent of a help desk said to the customer, once; `draft_id` is how it was offered, NULL where it was not."""

desk_call = Table(
    "desk_call",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("desk", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Column("taken_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "desk", "mark"),
    Index("ix_desk_call_taken_at", "brand_id", "taken_at"),
    sqlite_autoincrement=True,
)
"""A call of a help desk that was taken, by what marks it: the same again is refused."""

lead = Table(
    "lead",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("key", Text, nullable=False),
    _ref("contact_id", "contact"),
    _ref("conversation_id", "conversation"),
    Column("status", Text, nullable=False),
    Column("owner", Text),
    Column("products", Json, nullable=False),
    Column("need", Text, nullable=False),
    Column("place", Text),
    Column("email", Text),
    Column("phone", Text),
    Column("score", Integer, nullable=False),
    Column("score_parts", Json, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "key"),
    Index("ix_lead_status", "brand_id", "status", "score"),
    Index("ix_lead_contact_id", "contact_id"),
    Index("ix_lead_conversation_id", "conversation_id"),
    _partial("uq_lead_open", "contact_id", unique=True, where="status IN ('new', 'contacted')"),
    sqlite_autoincrement=True,
)
"""A contact who may buy; at most one lead of a contact is open. `conversation_id` is where it began.

`products` to `score_parts` sum up its rows of `lead_source`, and are counted anew with each change of them. `revision`
counts the changes, from 1; `key` and `revision` make a repetition harmless to whom it is told.
"""

lead_source = Table(
    "lead_source",
    metadata,
    Column("message_id", Id, ForeignKey("message.id"), primary_key=True),
    _brand_of_parent(),
    _ref("lead_id", "lead"),
    Column("message_version", Integer, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("need", Text, nullable=False),
    Column("products", Json, nullable=False),
    Column("places", Json, nullable=False),
    Column("email", Text),
    Column("phone", Text),
    Column("signs", Json, nullable=False),
    Index("ix_lead_source_lead_id", "lead_id"),
)
"""What one message gives to a lead: emptied when the author takes the message back, and read anew after an edit."""

moderation_case = Table(
    "moderation_case",
    metadata,
    _id(),
    _brand(),
    Column("number", Integer, nullable=False),
    Column("act", Text, nullable=False),
    _ref("channel_account_id", "channel_account"),
    Column("place", Text),
    _ref("contact_id", "contact"),
    _ref("conversation_id", "conversation"),
    _ref("message_id", "message", nullable=True),
    Column("evidence", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rule", Text),
    Column("lang", Text, nullable=False),
    Column("points", Integer, nullable=False),
    Column("until", UtcDateTime),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("undone_at", UtcDateTime),
    Column("undone_by", Text),
    Column("undone_why", Text),
    UniqueConstraint("brand_id", "number"),
    Index("ix_moderation_case_contact_id", "contact_id"),
    Index("ix_moderation_case_conversation_id", "conversation_id"),
    _partial("ix_moderation_case_message_id", "message_id", where="message_id IS NOT NULL"),
    sqlite_autoincrement=True,
)
"""One act of moderation, numbered per brand without gaps, with its evidence as it stood then.

`evidence` keeps the words, author, moments, place and files of the message though it may be gone. `points` fade with
time; an act that was undone has none.
"""

appeal = Table(
    "appeal",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("case_id", "moderation_case"),
    Column("text", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("verdict", Text),
    Column("why", Text),
    Column("judged_by", Text),
    Column("judged_at", UtcDateTime),
    Index("ix_appeal_case_id", "case_id"),
    _partial("uq_appeal_open", "case_id", unique=True, where="judged_at IS NULL"),
    sqlite_autoincrement=True,
)
"""The person concerned asks for a case to be looked at again; at most one appeal of a case is open."""

report = Table(
    "report",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("message_id", "message"),
    _ref("channel_account_id", "channel_account"),
    Column("reporter", Text, nullable=False),
    Column("reporter_name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reported_at", UtcDateTime, nullable=False),
    UniqueConstraint("message_id", "reporter"),
    Index("ix_report_reporter", "channel_account_id", "reporter", "reported_at"),
    sqlite_autoincrement=True,
)
"""A member has reported a message; each member counts once per message."""

correction = Table(
    "correction",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("message_id", "message"),
    Column("message_version", Integer, nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("why", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("corrected_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime),
    Index("ix_correction_message_id", "message_id"),
    Index("ix_correction_corrected_at", "brand_id", "corrected_at"),
    _partial("uq_correction_current", "message_id", unique=True, where="replaced_at IS NULL"),
    sqlite_autoincrement=True,
)
"""A person's labels over the model's, for one version of a message; one per message is current."""

moderator = Table(
    "moderator",
    metadata,
    _id(),
    _brand(),
    Column("name", Text, nullable=False),
    Column("role", Text),
    Column("seen_role", Text),
    Column("lang", Text),
    Column("deputy", Text),
    Column("absent_since", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "name"),
    sqlite_autoincrement=True,
)
"""One of the team. `role` is what he was given here; `seen_role` what his roles on a channel last came to."""

moderator_identity = Table(
    "moderator_identity",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("moderator_id", "moderator"),
    Column("channel", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    UniqueConstraint("brand_id", "channel", "external_id"),
    Index("ix_moderator_identity_moderator_id", "moderator_id"),
)
"""How a channel, or the shell, names one of the team."""

login = Table(
    "login",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    sqlite_autoincrement=True,
)
"""A name that somebody signs in to the page with; `password` is a hash. It belongs to no brand: teams know it."""

login_session = Table(
    "login_session",
    metadata,
    _id(),
    _ref("login_id", "login"),
    Column("mark", Text, nullable=False, unique=True),
    Column("browser", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Index("ix_login_session_login_id", "login_id"),
)
"""Somebody who is signed in; `mark` is a digest of the token in his browser."""

sign_in_attempt = Table(
    "sign_in_attempt",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
"""Wrong passwords in a row, per name and per address."""

note = Table(
    "note",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("conversation_id", "conversation"),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("mentions", Json, nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Index("ix_note_conversation_id", "conversation_id"),
    sqlite_autoincrement=True,
)
"""What one of the team wrote for the others. It never leaves."""

exposure = Table(
    "exposure",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("moderator", Text, nullable=False),
    _ref("message_id", "message"),
    Column("revealed_at", UtcDateTime, nullable=False),
    Index("ix_exposure_moderator", "brand_id", "moderator", "revealed_at"),
)
"""Somebody of the team has asked to see a text that was blurred."""

card = Table(
    "card",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("board", Text, nullable=False),
    _ref("conversation_id", "conversation"),
    Column("external_id", Text),
    Column("shown", Text),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("closed_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("again_at", UtcDateTime),
    Column("error", Json),
    Index("ix_card_external_id", "board", "external_id"),
    Index("ix_card_conversation_id", "conversation_id"),
    _partial("uq_card_open", "board", "conversation_id", where="closed_at IS NULL", unique=True),
    sqlite_autoincrement=True,
)
"""A conversation on the board of the team; at most one card of it is open on each.

`external_id` is the channel's id of the card, NULL until it is posted; `shown` is a digest of what it says there. After
a failure it is tried again from `again_at` on.
"""

spam_mark = Table(
    "spam_mark",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("message_id", "message"),
    Column("message_version", Integer, nullable=False),
    Column("is_spam", Boolean, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("marked_at", UtcDateTime, nullable=False),
    Column("replaced_at", UtcDateTime),
    Index("ix_spam_mark_message_id", "message_id"),
    _partial("uq_spam_mark_current", "message_id", unique=True, where="replaced_at IS NULL"),
)
"""A person's word on whether one version of a message is spam; one per message is current."""

tally = Table(
    "tally",
    metadata,
    Column("channel_account_id", Id, ForeignKey("channel_account.id"), primary_key=True),
    Column("label", Text, primary_key=True),
    Column("slot", UtcDateTime, primary_key=True),
    _brand_of_parent(),
    Column("messages", Integer, nullable=False),
    Index("ix_tally_slot", "brand_id", "slot"),
)
"""How many messages of a label, or `all`, contacts sent on a channel in the five minutes from `slot` on."""

tally_mark = Table(
    "tally_mark",
    metadata,
    Column("brand_id", Id, ForeignKey("brand.id"), primary_key=True),
    Column("message_id", Id, nullable=False),
    Column("looked_at", UtcDateTime),
)
"""Up to which message a brand's are counted, and when the counts were last looked at."""

arrival = Table(
    "arrival",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("channel_account_id", "channel_account"),
    Column("place", Text),
    Column("member", Text, nullable=False),
    Column("arrived_at", UtcDateTime, nullable=False),
    Index("ix_arrival_arrived_at", "brand_id", "arrived_at"),
)
"""A member has joined a server or group, by the channel's own id; kept for some minutes."""

alert = Table(
    "alert",
    metadata,
    _id(),
    _brand(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("facts", Json, nullable=False),
    Column("raised_at", UtcDateTime, nullable=False),
    Column("high_at", UtcDateTime, nullable=False),
    Column("seen_by", Text),
    Column("seen_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    _partial("uq_alert_open", "brand_id", "kind", "subject", where="ended_at IS NULL", unique=True),
    sqlite_autoincrement=True,
)
"""What the team is told in its rooms without having asked; one of a kind and subject is open at the most."""

alert_post = Table(
    "alert_post",
    metadata,
    _id(),
    _brand_of_parent(),
    _ref("alert_id", "alert"),
    Column("level", Integer, nullable=False),
    Column("board", Text, nullable=False),
    Column("external_id", Text),
    Column("shown", Text),
    Column("closed_at", UtcDateTime),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("again_at", UtcDateTime),
    Column("error", Json),
    UniqueConstraint("alert_id", "level", "board"),
    _partial("ix_alert_post_open", "brand_id", "board", where="closed_at IS NULL"),
    sqlite_autoincrement=True,
)
"""An alert as it stands on a board, once for each time it was told; put up and tried again as a call is."""

saved_view = Table(
    "saved_view",
    metadata,
    _id(),
    _brand(),
    Column("owner", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    UniqueConstraint("brand_id", "owner", "name"),
    sqlite_autoincrement=True,
)
"""A list of the inbox under a name; the `owner` of one that is for all of the team is empty."""

bulk = Table(
    "bulk",
    metadata,
    _id(),
    _brand(),
    Column("act", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("undone_by_kind", Text),
    Column("undone_by_name", Text),
    Column("undone_at", UtcDateTime),
    Index("ix_bulk_brand_id", "brand_id", "id"),
    sqlite_autoincrement=True,
)
"""One thing that somebody did with many conversations."""

bulk_item = Table(
    "bulk_item",
    metadata,
    _id(),
    _ref("bulk_id", "bulk"),
    _ref("conversation_id", "conversation"),
    Column("state", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("assignee", Text),
    Column("queue", Text),
    Column("snooze_until", UtcDateTime),
    Column("case_number", Integer),
    Column("why", Json),
    UniqueConstraint("bulk_id", "conversation_id"),
)
"""What became of one of them; `status` to `snooze_until` are how it stood before."""
bulletin = Table(
    "bulletin",
    metadata,
    Column("brand_id", Id, ForeignKey("brand.id"), primary_key=True),
    Column("week", Text, primary_key=True),
    Column("sent_at", UtcDateTime, nullable=False),
)
"""The report of a week, such as 2026-W48, has been put up in the rooms of the team: each once."""
api_token = Table(
    "api_token",
    metadata,
    _id(),
    _brand(),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    Column("mark", Text, nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    _partial("uq_api_token_name", "brand_id", "folded", where="revoked_at IS NULL", unique=True),
    sqlite_autoincrement=True,
)
"""What a program proves itself with: `mark` is the SHA-256 of its secret, which is not kept."""

api_call = Table(
    "api_call",
    metadata,
    _id(),
    _ref("token_id", "api_token"),
    Column("key", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    Column("status", Integer),
    Column("body", Text),
    UniqueConstraint("token_id", "key"),
    Index("ix_api_call_begun_at", "begun_at"),
)
"""A request under an idempotency key, and its answer once there is one; kept for a day. `digest` is of its bytes."""

api_outgoing = Table(
    "api_outgoing",
    metadata,
    _id(),
    _brand(),
    Column("channel", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("target", Text),
    Column("contact", Text),
    Column("put_at", UtcDateTime, nullable=False),
    Column("acked_at", UtcDateTime),
    Column("external_id", Text),
    UniqueConstraint("brand_id", "key"),
    Index("ix_api_outgoing_channel", "brand_id", "channel", "id"),
    sqlite_autoincrement=True,
)
"""What a program fetches to do it on its channel; once it says that it has, `text` is blank. `key` is the outbox's."""

switch = Table(
    "switch",
    metadata,
    Column("brand_id", Id, ForeignKey("brand.id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("is_on", Boolean, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("since", UtcDateTime, nullable=False),
)
"""A state that every process reads before it acts."""

audit = Table(
    "audit",
    metadata,
    _id(),
    _brand_of_parent(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("subject_id", Id, nullable=False),
    Column("reason", Json, nullable=False),
    Column("facts", Json, nullable=False),
    Column("seq", Id),
    Column("hash", Text),
    UniqueConstraint("brand_id", "seq"),
    Index("ix_audit_subject", "brand_id", "subject", "subject_id"),
    _partial("ix_audit_unsealed", "brand_id", "id", where="seq IS NULL"),
)
"""Who did what, on what, why. Append-only, held by triggers; sealing adds `seq` and `hash`, once."""
