"""What a channel can do at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from inbox.outgoing import UNDOES, OutboxKind
from inbox.sentences import Sentence
from inbox.windows import Way, Window, Windows


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
    says that the channel itself ends a ban at its `until`, one up to `longest_ban` where there is a limit. `windows`
    says how long after a contact's message words may follow; where nothing is said, for ever.
    """

    acts: frozenset[OutboxKind] = frozenset({OutboxKind.REPLY})
    measure: Callable[[str], int] = field(default=len)
    longest: int = 100_000
    longest_timeout: timedelta | None = None
    deletes_within: timedelta | None = None
    private_thread: Callable[[str], str] = str
    ends_bans: bool = False
    longest_ban: timedelta | None = None
    windows: Windows = field(default_factory=dict)

    def ends_ban(self, lasts: timedelta | None) -> bool:
        """Whether a ban of this length has no need of anybody to end it."""
        if lasts is None:
            return True
        return self.ends_bans and (self.longest_ban is None or lasts <= self.longest_ban)

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


META_WINDOWS: Mapping[Way, Window] = {
    Way.DIRECT: Window(timedelta(hours=24), for_people=timedelta(days=7)),
    Way.PRIVATE_REPLY: Window(timedelta(days=7)),
}
"""The windows of Instagram and Messenger: a day for whatever is automatic, a week for people, a week for a private
reply to a comment. Discord and Telegram have none.

Source: Messenger Platform, "Send messages" and the HUMAN_AGENT tag; "Private replies".
"""

NOTHING = Abilities(acts=frozenset())
"""What a channel can do that is not connected, such as a file."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about how a channel is set up: well, or with what stands in the way and what to do."""

    sentence: Sentence
    is_well: bool = False
