"""What is done outside, one value for each thing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OutboxKind(StrEnum):
    """A thing to do outside.

    reply: words to a contact in his thread; notice: words to him alone about a case; edit, retract: change or take back
    what we said; ticket: an escalation told to a help desk; addition: a later message told to the same; lead: a sales
    lead told to the CRM; the rest is moderation.
    """

    REPLY = "reply"
    NOTICE = "notice"
    EDIT = "edit"
    RETRACT = "retract"
    HIDE = "hide"
    UNHIDE = "unhide"
    DELETE = "delete"
    TIMEOUT = "timeout"
    UNTIMEOUT = "untimeout"
    KICK = "kick"
    BAN = "ban"
    UNBAN = "unban"
    SLOW_MODE = "slow_mode"
    TICKET = "ticket"
    ADDITION = "addition"
    LEAD = "lead"


WORDS = frozenset({OutboxKind.REPLY, OutboxKind.NOTICE})
"""What says something new to somebody: done twice, it is said twice."""

REPLIES = frozenset({OutboxKind.REPLY, OutboxKind.EDIT, OutboxKind.RETRACT})
"""What makes up our side of a conversation, and is done in order."""

TO_HELP_DESKS = frozenset({OutboxKind.TICKET, OutboxKind.ADDITION})
"""What is told to a help desk: of one ticket, in order."""

INSIDE = frozenset({*TO_HELP_DESKS, OutboxKind.LEAD})
"""What is told to the brand's own tools and to nobody outside: no pause holds it, and nothing waits for it."""

CRM = "crm"
"""Where what tells of leads goes, as people read it."""

PART = "/"
"""In an idempotency key, what comes before the number of a part of a reply that was too long for one message."""


def is_later_part(key: str) -> bool:
    """Whether an idempotency key is that of a part of a reply after its first."""
    return PART in key


def whole_key(key: str) -> str:
    """The idempotency key of the reply that a part belongs to."""
    return key.partition(PART)[0]


def part_key(key: str, number: int) -> str:
    """The idempotency key of one part of a reply, numbered from 0; the first part has the key of the whole."""
    return f"{key}{PART}{number}" if number else key


UNDOES: Mapping[OutboxKind, OutboxKind] = {
    OutboxKind.HIDE: OutboxKind.UNHIDE,
    OutboxKind.TIMEOUT: OutboxKind.UNTIMEOUT,
    OutboxKind.BAN: OutboxKind.UNBAN,
}
"""What takes each thing back, where anything does."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing to do outside, as a channel is handed it.

    `thread` is where it is done or said, `place` the server or group around it. `target` is the channel's id of the
    message it is about: answered by a reply, changed, taken back, hidden or deleted. `contact` is the channel's id of a
    person. `until` is when a timeout or ban ends, None for never; `seconds` is how far back a ban deletes, or the pause
    that slow mode sets. `key` makes a repetition harmless where the channel knows such keys. `queued_at` is the
    earliest moment at which it may have been done. `as_person` says that the channel takes it from a person only, and
    has to be told that one sends it.
    """

    kind: OutboxKind
    key: str
    thread: str
    queued_at: datetime
    text: str = ""
    place: str | None = None
    target: str | None = None
    contact: str | None = None
    until: datetime | None = None
    seconds: int = 0
    as_person: bool = False

    @property
    def frees(self) -> bool:
        """Whether it ends the slow mode of a thread: no pause holds that back, or the thread would stay slow."""
        return self.kind is OutboxKind.SLOW_MODE and not self.seconds
