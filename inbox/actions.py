"""What a rule may ask for, one value per action, in the order from mild to grave."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar

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
class Draft:
    """Prepare words for a person to send; never sent by itself."""

    word: ClassVar[str] = "draft"
    response: str


@dataclass(frozen=True, slots=True)
class Reply:
    """Send words; a draft unless the rule's mode is live or share."""

    word: ClassVar[str] = "reply"
    response: str


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


Action = Tag | SetPriority | SetQueue | Draft | Reply | Escalate | Hide

ACTIONS: tuple[type[Action], ...] = (Tag, SetPriority, SetQueue, Draft, Reply, Escalate, Hide)
"""Every action there is, mildest first."""

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
