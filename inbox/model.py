"""The words of the inbox: messages, what is thought of them, what is decided. Plain values, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Label(StrEnum):
    """What a message is. Several may hold at once, or none."""

    PRAISE = "praise"
    COMPLAINT = "complaint"
    SALES_LEAD = "sales_lead"
    OFFENSIVE = "offensive"


class Signal(StrEnum):
    """What a message is besides: a hint for rules and for the order of the queue."""

    QUESTION = "question"
    SPAM = "spam"
    SUGGESTION = "suggestion"
    URGENT = "urgent"


class Ranked(StrEnum):
    """Words with an order: the one defined first is the least."""

    # All four are spelled out: text has its own, alphabetical ones, which `total_ordering` would leave in place.

    @property
    def rank(self) -> int:
        """Place in the order of definition, from 0."""
        return list(type(self)).index(self)

    def __lt__(self, other: object) -> bool:
        return self.rank < other.rank if isinstance(other, type(self)) else NotImplemented

    def __le__(self, other: object) -> bool:
        return self.rank <= other.rank if isinstance(other, type(self)) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return self.rank > other.rank if isinstance(other, type(self)) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return self.rank >= other.rank if isinstance(other, type(self)) else NotImplemented


class Severity(Ranked):
    """How bad an offence, or how grave an escalation, is."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Priority(Ranked):
    """How soon a conversation wants a person."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    URGENT = "urgent"


class SlaState(Ranked):
    """How a promise stands, the worst last."""

    PAUSED = "paused"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    BREACHED = "breached"


class Target(StrEnum):
    """Whom an offence is aimed at."""

    BRAND = "brand"
    PERSON = "person"
    GROUP = "group"


class Kind(StrEnum):
    """How a message came."""

    COMMENT = "comment"
    THREAD_REPLY = "thread_reply"
    MENTION = "mention"
    DM = "dm"
    REVIEW = "review"
    NO_TEXT = "no_text"


class Visibility(StrEnum):
    """Who can read a message, and the reply to it."""

    PUBLIC = "public"
    PRIVATE = "private"


class Status(StrEnum):
    """Where a conversation stands: needs us; waits on the contact; comes back at a set time; done."""

    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Standing(StrEnum):
    """What a contact is to the brand where he writes: one of many; spared by every rule and ladder; one of the team."""

    MEMBER = "member"
    EXEMPT = "exempt"
    STAFF = "staff"


UNDETERMINED = "und"
"""The language of a text too short to tell (ISO 639-2 for 'undetermined')."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something: a person, a rule of the rule book, or Vigie itself."""

    kind: str
    name: str

    @classmethod
    def person(cls, name: str) -> Actor:
        """A moderator, by the name the audit log shows."""
        return cls("person", name)

    @classmethod
    def rule(cls, name: str) -> Actor:
        """A rule of the rule book."""
        return cls("rule", name)

    @classmethod
    def vigie(cls, part: str) -> Actor:
        """A part of the program, such as `delivery`."""
        return cls("vigie", part)

    @property
    def is_person(self) -> bool:
        """Whether a human being acted."""
        return self.kind == "person"

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message: where it can be fetched for a while, and the copy of it, where one was made.

    `size` is in bytes. `path` is relative to the folder of copies.
    """

    name: str
    media_type: str = ""
    size: int | None = None
    url: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message as a channel delivers it.

    `author` is the channel's own id of the contact, `author_name` what people see; `thread` is where a reply goes,
    `place` the server or group around it, None where there is none. `lang` is the channel's word for the language,
    where it gives one. `parent` is the channel's id of the message that this one answers, with its words and author
    where they came along. Moments are UTC.
    """

    channel: str
    external_id: str
    text: str
    author: str
    thread: str
    sent_at: datetime
    author_name: str = ""
    kind: Kind = Kind.COMMENT
    visibility: Visibility = Visibility.PUBLIC
    lang: str | None = None
    parent: str | None = None
    parent_text: str | None = None
    parent_author: str | None = None
    place: str | None = None
    permalink: str | None = None
    standing: Standing = Standing.MEMBER
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a classifier thinks of one text.

    `labels` hold, `unsure` are left to a person; a label in neither does not hold. Scores are probabilities from 0 to
    1. `lang` is ISO 639-1, or `und`; where `lang_known` is false the model does not serve that language and every
    label is unsure. `reasons` are pieces of the text that carried a label, strongest first; empty unless asked for.
    """

    labels: tuple[Label, ...]
    unsure: tuple[Label, ...]
    scores: Mapping[Label, float]
    signals: Mapping[Signal, float]
    lang: str
    lang_known: bool
    model: str
    severity: Severity | None = None
    target: Target | None = None
    reasons: Mapping[Label, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_unsure(self) -> bool:
        """Whether a person has to look before anything acts outside."""
        return bool(self.unsure) or not self.lang_known

    def confidence(self, label: Label) -> float:
        """The probability of one label, from 0 to 1."""
        return self.scores.get(label, 0.0)


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A stored message that has not been triaged, with what deciding needs to know of it."""

    id: int
    conversation_id: int
    contact_id: int
    contact_name: str
    channel: str
    thread: str
    text: str
    kind: Kind
    visibility: Visibility
    lang_hint: str | None
    sent_at: datetime
    version: int = 1
    standing: Standing = Standing.MEMBER


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as the store keeps it now."""

    id: int
    conversation_id: int
    text: str
    version: int
    edited_at: datetime | None
    deleted_at: datetime | None
