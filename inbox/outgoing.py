"""What is done outside, one value for each thing to do, and what a channel can do at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.sentences import Sentence


class OutboxKind(StrEnum):
    """A thing to do outside.

    reply: words to a contact in his thread; notice: words to him alone about a case; edit, retract: change or take back
    what we said; the rest is moderation.
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


WORDS = frozenset({OutboxKind.REPLY, OutboxKind.NOTICE})
"""What says something new to somebody: done twice, it is said twice."""

REPLIES = frozenset({OutboxKind.REPLY, OutboxKind.EDIT, OutboxKind.RETRACT})
"""What makes up our side of a conversation, and is done in order."""

PART = "/"
"""In an idempotency key, what comes before the number of a part of a reply that was too long for one message."""


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
    earliest moment at which it may have been done.
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


@dataclass(frozen=True, slots=True)
class Bucket:
    """A rate that a channel allows: at most `most` things within any `per`."""

    name: str
    most: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a kind of channel can do, and how long a text it takes.

    `acts` are the kinds of `OutboxKind` it can carry out; what is not there is not possible. `measure` counts a text
    the channel's own way, `longest` is the most of it that one message holds. `longest_timeout` is the longest that it
    takes, None where there is no limit. `deletes_within` is the age up to which a message can be deleted, None for any.
    `private_thread` gives the thread of words to one contact alone, from the channel's id of the contact. `ends_bans`
    says that the channel itself ends a ban at its `until`.
    """

    acts: frozenset[OutboxKind] = frozenset({OutboxKind.REPLY})
    measure: Callable[[str], int] = field(default=len)
    longest: int = 100_000
    longest_timeout: timedelta | None = None
    deletes_within: timedelta | None = None
    private_thread: Callable[[str], str] = str
    ends_bans: bool = False

    def can(self, kind: OutboxKind) -> bool:
        """Whether the channel can do this."""
        return kind in self.acts

    def can_undo(self, kind: OutboxKind) -> bool:
        """Whether, once done, it can be taken back."""
        return kind in UNDOES and UNDOES[kind] in self.acts

    @property
    def removal(self) -> OutboxKind | None:
        """The mildest way to take a message out of sight: hidden where that can be, else deleted; None for neither."""
        return next((kind for kind in (OutboxKind.HIDE, OutboxKind.DELETE) if kind in self.acts), None)


NOTHING = Abilities(acts=frozenset())
"""What a channel can do that is not connected, such as a file."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about how a channel is set up: well, or with what stands in the way and what to do."""

    sentence: Sentence
    is_well: bool = False
