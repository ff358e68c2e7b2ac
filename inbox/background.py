"""What surrounds a message: what its contact did before, what others say just now, whether a crisis runs.

A rule book says what of it its conditions need, and the store gathers that for a whole batch at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

REPEATED_WITHIN = timedelta(hours=1)
"""How far back `repeated` looks for the same text."""

EVER = timedelta.max


@dataclass(frozen=True, slots=True)
class Needs:
    """What of the background some conditions need; how far back they count, None where they do not.

    `clocks` says that some ask what has come of a promise, so that they are asked when a clock runs out.
    """

    tags: bool = False
    first_message: bool = False
    messages_within: timedelta | None = None
    sanctions_within: timedelta | None = None
    repeated: bool = False
    crisis: bool = False
    clocks: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to gather."""
        return replace(self, clocks=False) == NO_NEEDS

    def __or__(self, other: Needs) -> Needs:
        """What either needs."""
        return Needs(
            tags=self.tags or other.tags,
            first_message=self.first_message or other.first_message,
            messages_within=_longer(self.messages_within, other.messages_within),
            sanctions_within=_longer(self.sanctions_within, other.sanctions_within),
            repeated=self.repeated or other.repeated,
            crisis=self.crisis or other.crisis,
            clocks=self.clocks or other.clocks,
        )


NO_NEEDS = Needs()


@dataclass(frozen=True, slots=True)
class Background:
    """What surrounds one message, as far as it was asked for.

    `tags` are on any conversation of the contact; `is_first` says that he had written nothing before. Moments are in
    order, and may go on after the message: `messages` when the contact wrote, this message included; `sanctions` when
    he was sanctioned, but for what was undone; `repeats` when anyone sent this text on the channel, this time included.
    """

    tags: frozenset[str] = frozenset()
    is_first: bool = False
    messages: Sequence[datetime] = ()
    sanctions: Sequence[datetime] = ()
    repeats: Sequence[datetime] = ()
    crisis: bool = False

    @classmethod
    def of_a_stranger(cls, sent_at: datetime) -> Background:
        """That of the first message of somebody new: what a text is tried with."""
        return cls(is_first=True, messages=(sent_at,), repeats=(sent_at,))


UNKNOWN = Background()
"""Nothing was asked for."""


def _longer(one: timedelta | None, other: timedelta | None) -> timedelta | None:
    return max((length for length in (one, other) if length is not None), default=None)
