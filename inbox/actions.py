"""What a rule may ask for, one value per action, in the order from mild to grave."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Literal

from inbox.model import Priority, Severity


class Mode(StrEnum):
    """How far a rule may go by itself: words for a person, a note of what it would do, a share, or all of it."""

    DRAFT = "draft"
    SHADOW = "shadow"
    SHARE = "share"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Tag:
    """Put a tag on the conversation."""

    word: ClassVar[str] = "tag"
    tag: str


@dataclass(frozen=True, slots=True)
class Lead:
    """Mark the conversation as a sales lead, and have it wait where sales looks unless another place is asked for."""

    word: ClassVar[str] = "lead"


@dataclass(frozen=True, slots=True)
class SetPriority:
    """Say how soon a person should look."""

    word: ClassVar[str] = "priority"
    level: Priority


@dataclass(frozen=True, slots=True)
class SetQueue:
    """Put the conversation where a team looks."""

    word: ClassVar[str] = "queue"
    queue: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Give the conversation to one of the team, unless somebody has it."""

    word: ClassVar[str] = "assign"
    to: str


TEAM, ROOM = "team:", "channel:"
"""What stands before the name of a queue, or of a channel, in whom a rule calls."""

EVERY_ROOM = "staff"
"""The rooms of the team on all channels."""


@dataclass(frozen=True, slots=True)
class Notify:
    """Call one of the team, whoever works a queue, or the team's room; never a contact. With `text`, in these words."""

    word: ClassVar[str] = "notify"
    to: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Snooze:
    """Put the conversation off for a time, or until its contact writes again."""

    word: ClassVar[str] = "snooze"
    lasts: timedelta


@dataclass(frozen=True, slots=True)
class Resolve:
    """Close the conversation, where nothing in it waits for anybody."""

    word: ClassVar[str] = "resolve"


CLOSURE: Literal["closure"] = "closure"
"""From when the brand closed until it opens again."""

Once = timedelta | Literal["closure"]
"""How long the same contact is spared the same words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Prepare words for a person to send; never sent by itself. With `once`, a contact has them once in that time."""

    word: ClassVar[str] = "draft"
    response: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """Send words; a draft unless the rule's mode is live or share. With `once`, once in that time to a contact."""

    word: ClassVar[str] = "reply"
    response: str
    once: Once | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand the conversation to customer service, with the moments at which it is due, in open hours."""

    word: ClassVar[str] = "escalate"
    queue: str
    severity: Severity = Severity.MEDIUM
    first_response: timedelta | None = None
    resolution: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Hide:
    """Propose to a person that the message be hidden."""

    word: ClassVar[str] = "hide"
    reason: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Propose to a person that the message be deleted."""

    word: ClassVar[str] = "delete"
    reason: str


@dataclass(frozen=True, slots=True)
class Warn:
    """Propose to a person that the contact be warned."""

    word: ClassVar[str] = "warn"
    reason: str


@dataclass(frozen=True, slots=True)
class Timeout:
    """Propose to a person that the contact be silenced for a time."""

    word: ClassVar[str] = "timeout"
    lasts: timedelta
    reason: str


Proposal = Hide | Delete | Warn | Timeout
"""What is done to a message or to a person is proposed, and a person does it."""

Action = (
    Tag
    | Lead
    | SetPriority
    | SetQueue
    | Assign
    | Notify
    | Snooze
    | Resolve
    | Draft
    | Reply
    | Escalate
    | Hide
    | Delete
    | Warn
    | Timeout
)

ACTIONS: tuple[type[Action], ...] = (
    Tag,
    Lead,
    SetPriority,
    SetQueue,
    Assign,
    Notify,
    Snooze,
    Resolve,
    Draft,
    Reply,
    Escalate,
    Hide,
    Delete,
    Warn,
    Timeout,
)
"""Every action there is, mildest first."""

NOT_BY_THE_CLOCK: tuple[type[Action], ...] = (Lead, Snooze, Resolve, Reply, Hide, Delete, Warn, Timeout)
"""What a rule cannot do when a clock runs out: nothing is sent, closed or proposed because time has passed."""

_PARTS = {kind: tuple(part.name for part in fields(kind)) for kind in ACTIONS}


@dataclass(frozen=True, slots=True)
class Planned:
    """An action as decided: which rule asked for it, and how far that rule may go."""

    action: Action
    rule: str
    mode: Mode = Mode.DRAFT


def to_words(action: Action) -> dict[str, Any]:
    """The action as the plain data that the store and the shell show, with its word under `action`."""
    shown: dict[str, Any] = {"action": action.word}
    for name in _PARTS[type(action)]:
        value = getattr(action, name)
        if value is not None:
            shown[name] = value.total_seconds() if isinstance(value, timedelta) else str(value)
    return shown
