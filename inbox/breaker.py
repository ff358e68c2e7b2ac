"""Leaving a channel alone that does not answer: after failures in a row its queue rests, longer each time. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAILURES = 3
"""So many different things that failed in a row: it is the channel, and not what is in one of them."""

FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=10)

RESTING = "resting:"
"""How the name of a switch begins that says that a channel is left alone."""


def resting_switch(channel: str) -> str:
    """The name of the switch that says that a channel is left alone."""
    return f"{RESTING}{channel}"


def resting_channel(switch: str) -> str:
    """The channel that such a switch is about."""
    return switch.removeprefix(RESTING)


@dataclass(slots=True)
class _Line:
    """One channel: what failed in a row, how many rests that has led to, and the rest that runs."""

    failed: set[int] = field(default_factory=set)
    rests: int = 0
    since: datetime | None = None
    until: datetime | None = None
    is_known_well: bool = False


class Breaker:
    """Which channels are left alone, and until when. It tells the time by what it is given.

    After a rest one thing is tried: if that fails as well, the next rest is twice as long; if it succeeds, the channel
    is as good as new.
    """

    def __init__(self, *, failures: int = FAILURES) -> None:
        self._failures = failures
        self._lines: dict[str, _Line] = {}

    def resting(self, *, now: datetime) -> frozenset[str]:
        """The channels that are left alone now."""
        return frozenset(name for name in self._lines if self.rests_until(name, now=now) is not None)

    def rests_until(self, channel: str, *, now: datetime) -> datetime | None:
        """Until when a channel is left alone; None where it is not."""
        line = self._lines.get(channel)
        if line is None or line.since is None or line.until is None:
            return None
        # A clock that was put back must not make the rest longer than it was meant to be.
        return line.until if line.since <= now < line.until else None

    def failed(self, channel: str, what: int, *, now: datetime, for_good: bool = False) -> timedelta | None:
        """Note that a channel did not answer; the rest that begins with it, None where none does.

        Args:
            channel: The channel.
            what: The row of the outbox that was to be done.
            now: Now.
            for_good: It refuses everything as it is set up: there is no need to ask it again and again.
        """
        line = self._lines.setdefault(channel, _Line())
        line.failed.add(what)
        line.is_known_well = False
        if len(line.failed) < self._failures and not for_good and not line.rests:
            return None
        doubled: timedelta = FIRST_REST * 2 ** min(line.rests, 16)
        rest = min(doubled, LONGEST_REST)
        line.rests += 1
        line.since, line.until = now, now + rest
        return rest

    def answered(self, channel: str) -> bool:
        """Note that a channel has answered; whether that is news: it had rested, or was not asked before."""
        line = self._lines.setdefault(channel, _Line())
        was_known_well = line.is_known_well
        self._lines[channel] = _Line(is_known_well=True)
        return not was_known_well
