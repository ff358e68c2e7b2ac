"""What goes over the API, as pydantic describes it: what programs are answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Told(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True, use_enum_values=True)


class TakenOut(Told):
    """What became of a message: new, or here before."""

    external_id: str
    channel: str = Field(description="The channel as the inbox calls it.")
    status: Literal["created", "skipped"]


class LineOut(Told):
    """What became of one of several messages."""

    line: int = Field(description="Which of them, from 1.")
    status: Literal["created", "skipped", "refused"]
    external_id: str | None = None
    why: str | None = Field(None, description="Why it was refused.")


class BatchOut(Told):
    """What became of several messages."""

    created: int
    skipped: int
    refused: int
    results: list[LineOut]


class ChangedOut(Told):
    """Whether anything changed: not where the message is unknown, or reads so already."""

    changed: bool


class DeletedOut(Told):
    """How many of the messages were known, and not deleted before."""

    deleted: int


class TokenOut(Told):
    """The token that asks."""

    name: str
    brand: str
    scopes: list[str]


class ConversationOut(Told):
    """A conversation as the queue shows it."""

    id: int
    channel: str
    contact: str
    kind: str
    visibility: str
    text: str = Field(description="The contact's latest words.")
    lang: str | None
    labels: list[str]
    unsure: bool
    severity: str | None
    status: str
    priority: int
    queue: str | None
    tags: list[str]
    messages: int
    open_drafts: int
    due_at: datetime | None
    last_message_at: datetime
    assignee: str | None
    claimed_by: str | None
    snooze_until: datetime | None


class ConversationsOut(Told):
    """A page of conversations, the most pressing first; `next` asks for what follows, null at the end."""

    conversations: list[ConversationOut]
    next: str | None


class EscalationOut(Told):
    """The escalation that is open."""

    queue: str
    severity: str
    opened_at: datetime
    first_response_due_at: datetime
    resolution_due_at: datetime
    acknowledged_at: datetime | None


class DraftOut(Told):
    """A draft; `findings` are what the checks say of it."""

    id: int
    text: str
    lang: str
    response: str | None
    rule: str | None
    state: str
    findings: list[str]
    created_at: datetime


class SendOut(Told):
    """Something on its way outside, or there."""

    id: int
    kind: str
    text: str
    by: str
    state: str
    not_before: datetime
    external_id: str | None
    error: str | None


class NoteOut(Told):
    """A note of the team."""

    id: int
    author: str
    text: str
    written_at: datetime


class WholeOut(Told):
    """One conversation, without its messages."""

    id: int
    channel: str
    thread: str
    contact: str
    contact_id: int
    visibility: str
    status: str
    priority: int
    queue: str | None
    tags: list[str]
    assignee: str | None
    claimed_by: str | None
    snooze_until: datetime | None
    escalation: EscalationOut | None
    drafts: list[DraftOut]
    sends: list[SendOut]
    notes: list[NoteOut]


class MessageOut(Told):
    """A message, with what was thought and decided of it. `labels` are a person's where `is_corrected`."""

    id: int
    external_id: str | None
    is_ours: bool
    author: str
    text: str
    kind: str
    visibility: str
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    lang: str | None
    labels: list[str]
    scores: dict[str, float]
    is_unsure: bool
    is_corrected: bool
    severity: str | None
    rules: list[str] = Field(description="The rules that held, in order.")


class MessagesOut(Told):
    """Messages of a conversation, oldest first; `next` asks for what follows, null at the end."""

    messages: list[MessageOut]
    next: int | None


class LabelsOut(Told):
    """The labels of a message: before, and as they stand now."""

    message: int
    before: list[str]
    labels: list[str]


class PredictionOut(Told):
    """What the model thinks of a text, as `vigie classify` writes it."""

    lang: str
    labels: list[str]
    unsure: list[str]
    scores: dict[str, float]
    signals: dict[str, float]
    severity: str | None
    target: str | None
    reasons: dict[str, list[str]] | None = None
    model: str


class ClassifiedOut(Told):
    """A prediction per text, in order."""

    predictions: list[PredictionOut]


class AskedRuleOut(Told):
    """A rule as it was asked."""

    rule: str
    held: bool
    conditions: list[dict[str, Any]]


class TriedOut(Told):
    """What the rules would do with a text. Nothing was done."""

    prediction: PredictionOut
    because: list[str]
    actions: list[dict[str, Any]]
    notes: list[str]
    trace: list[AskedRuleOut]


class FetchedOut(Told):
    """One thing to do on your channel. `key` is the same however often it is told: do it once."""

    number: int
    key: str
    kind: str
    thread: str
    text: str
    target: str | None
    contact: str | None
    put_at: datetime


class OutboxOut(Told):
    """What is to be done on your channel, in order."""

    outgoing: list[FetchedOut]
