"""What goes over the API, as pydantic reads and describes it: what programs send."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from inbox.incoming import LONGEST_NAME, LONGEST_TEXT
from inbox.model import Kind, Label, Severity, Visibility

LARGEST_ID = 2**63 - 1
MOST_IN_BATCH = 1_000
MOST_CLASSIFIED = 256
LONGEST_REPLY = 20_000

CHANNEL = r"^[a-z0-9][a-z0-9-]{0,39}$"


def _clean(text: str) -> str:
    if "\0" in text:
        raise ValueError("it holds a NUL character")
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("it holds half a character (a lone surrogate)")
    return text


def _spoken(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return _clean(text)


Words = Annotated[str, AfterValidator(_clean)]
"""Text that the store can keep."""

Said = Annotated[Words, AfterValidator(_spoken), Field(min_length=1, max_length=LONGEST_REPLY)]
"""Words of the team."""

Id = Annotated[int, Path(ge=1, le=LARGEST_ID, description="The number of it.")]
ChannelName = Annotated[
    str, Path(pattern=CHANNEL, description="The name of your channel; in the inbox it is called `api:NAME`.")
]


class Shape(BaseModel):
    """What a program sends; a field that is not known is refused, since it may be misspelt."""

    model_config = ConfigDict(extra="forbid")


class MessageIn(BaseModel):
    """A message that somebody wrote on your channel; the fields are those of `vigie import`. Others are passed over."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "external_id": "comment-1842",
                "text": "Bonjour, mon colis a trois semaines de retard !",
                "author": "u-77",
                "author_name": "Léa P.",
                "sent_at": "2026-11-30T09:30:00+01:00",
                "thread": "post-12",
                "kind": "comment",
                "visibility": "public",
                "lang": "fr",
            }
        }
    )

    external_id: Words = Field(
        min_length=1, max_length=LONGEST_NAME, description="Your own id of it; what comes again with it is passed over."
    )
    text: Words = Field(max_length=LONGEST_TEXT, description="What was written.")
    author: Words = Field(min_length=1, max_length=LONGEST_NAME, description="Your own id of whoever wrote it.")
    sent_at: str = Field(
        max_length=LONGEST_NAME,
        description="When it was sent, in ISO 8601; without a zone by the clock of the brand.",
        json_schema_extra={"format": "date-time"},
    )
    thread: Words = Field(min_length=1, max_length=LONGEST_NAME, description="Where a reply to it goes.")
    kind: Kind = Field(description="How it came.")
    visibility: Visibility = Field(description="Who can read it, and the reply to it.")
    author_name: Words | None = Field(None, max_length=LONGEST_NAME, description="What people see of the author.")
    lang: Words | None = Field(None, max_length=LONGEST_NAME, description="The language, where your channel tells it.")
    parent: Words | None = Field(None, max_length=LONGEST_NAME, description="Your id of the message that it answers.")


class BatchIn(Shape):
    """Several messages; each is taken in or refused by itself."""

    messages: list[dict[str, Any]] = Field(
        min_length=1, max_length=MOST_IN_BATCH, description="Each with the fields of a message."
    )


class EditIn(Shape):
    """A message has other words now."""

    external_id: Words = Field(min_length=1, max_length=LONGEST_NAME)
    text: Words = Field(max_length=LONGEST_TEXT)
    edited_at: AwareDatetime = Field(description="When; an edit older than one that is kept changes nothing.")


class DeletionIn(Shape):
    """Messages were taken back."""

    external_ids: list[Annotated[Words, Field(min_length=1, max_length=LONGEST_NAME)]] = Field(
        min_length=1, max_length=100
    )
    deleted_at: AwareDatetime


class ReplyIn(Shape):
    """Words for the contact; they leave when the hold is over, unless undone."""

    text: Said
    draft: int | None = Field(None, ge=1, le=LARGEST_ID, description="The draft that these words take the place of.")
    after: Words | None = Field(
        None,
        max_length=LONGEST_TEXT,
        description="The words of a colleague's answer that you have seen, and answer after all.",
    )
    insists: bool = Field(
        False, description="Whether a person has read what the checks find, and sends it all the same."
    )
    privately: bool = Field(False, description="Whether the contact alone is to read it, though he wrote in public.")


class DraftIn(Shape):
    """Words that wait for a person."""

    text: Said
    response: Words | None = Field(None, max_length=LONGEST_NAME, description="The canned response they come from.")


class DraftChange(Shape):
    """Other words for a draft."""

    text: Said


class NoteIn(Shape):
    """Words for the team; they never leave. `@name` tells somebody."""

    text: Said


class StatusIn(Shape):
    """Where a conversation is to stand."""

    status: Literal["open", "snoozed", "resolved"]
    until: AwareDatetime | None = Field(None, description="Until when it is snoozed; needed for that alone.")


class AssignmentIn(Shape):
    """Whose a conversation is to be."""

    to: Words = Field(min_length=1, max_length=LONGEST_NAME, description="Somebody of the team, or a queue.")


class EscalationIn(Shape):
    """Where a conversation is handed to."""

    queue: Words = Field("customer-service", min_length=1, max_length=LONGEST_NAME)
    severity: Severity | None = None


class LabelsIn(Shape):
    """What a message is: all labels that hold, none for none of them."""

    labels: list[Label] = Field(max_length=len(Label))
    why: Words = Field("", max_length=LONGEST_NAME)


class QueueAsked(Shape):
    """Which conversations are asked for; the filters are those of the page."""

    status: Literal["open", "pending", "snoozed", "resolved", "any"] = "open"
    label: Literal["praise", "complaint", "sales_lead", "offensive", "unsure"] | None = None
    channel: Words = Field("", max_length=200)
    queue: Words = Field("", max_length=200)
    assignee: Words = Field("", max_length=200)
    q: Words = Field("", max_length=200, description="Words looked for in all that was said, by how they begin.")
    sla: Literal["due_soon", "breached"] | None = None
    tag: Words = Field("", max_length=200)
    kind: Kind | None = None
    visibility: Visibility | None = None
    lang: Words = Field("", max_length=8)
    since: date | None = Field(None, description="A day of the brand; of the last message.")
    until: date | None = Field(None, description="A day of the brand, included.")
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=100, description="`next` of the page before.")


class MessagesAsked(Shape):
    """Which messages of a conversation are asked for."""

    limit: int = Field(50, ge=1, le=200)
    after: int | None = Field(None, ge=1, le=LARGEST_ID, description="`next` of the page before.")


class OutboxAsked(Shape):
    """What of an outbox is asked for."""

    after: int = Field(0, ge=0, le=LARGEST_ID, description="The last number that you have; 0 for none.")
    limit: int = Field(100, ge=1, le=500)


class TryIn(Shape):
    """What somebody might write, and how it would come."""

    text: Words = Field(max_length=LONGEST_TEXT)
    channel: Words = Field("console", min_length=1, max_length=LONGEST_NAME)
    kind: Kind = Kind.COMMENT
    visibility: Visibility = Visibility.PUBLIC
    lang: Words | None = Field(None, max_length=LONGEST_NAME)


class ClassifyIn(Shape):
    """Texts to be labelled; nothing is kept of them."""

    texts: list[Annotated[Words, Field(max_length=LONGEST_TEXT)]] = Field(min_length=1, max_length=MOST_CLASSIFIED)
    explain: bool = Field(False, description="Whether the pieces of text that carried a label are told.")


class AcknowledgeIn(Shape):
    """What you have done on your channel."""

    external_id: Words | None = Field(None, min_length=1, max_length=LONGEST_NAME, description="Your id of it.")
