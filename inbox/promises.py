"""What is promised to a contact, and what can come of it: how long until which answer, and that it is due or late."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from inbox.model import Label, Severity, SlaState

PROMISES: Mapping[Severity, tuple[timedelta, timedelta]] = {
    Severity.LOW: (timedelta(hours=8), timedelta(hours=40)),
    Severity.MEDIUM: (timedelta(hours=4), timedelta(hours=24)),
    Severity.HIGH: (timedelta(hours=2), timedelta(hours=16)),
    Severity.CRITICAL: (timedelta(hours=1), timedelta(hours=8)),
}
"""First response and resolution, in open hours, where neither a rule nor the settings say other ones."""


class Clock(StrEnum):
    """What is promised: the first answer, the answer to what was written after it, the end of the matter."""

    FIRST = "first"
    NEXT = "next"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class ClockEvent:
    """A promise has become due soon, or was broken: what rules are asked about."""

    clock: Clock
    state: SlaState

    def __str__(self) -> str:
        return f"{self.clock}:{self.state}"


@dataclass(frozen=True, slots=True)
class Promised:
    """How much open time there is for the first answer, for each further one, and for the whole."""

    first_response: timedelta
    next_response: timedelta
    resolution: timedelta


@dataclass(frozen=True, slots=True)
class SlaTarget:
    """What is promised to some messages instead: those with any of the labels, by any of the channels, so grave.

    Empty sets ask nothing. What is None here is as it would be without this target.
    """

    labels: frozenset[Label] = frozenset()
    channels: frozenset[str] = frozenset()
    severities: frozenset[Severity] = frozenset()
    first_response: timedelta | None = None
    next_response: timedelta | None = None
    resolution: timedelta | None = None

    def covers(self, severity: Severity, labels: Collection[Label], channel: str) -> bool:
        """Whether it is about an escalation of this severity, with these labels, by this channel."""
        return (
            (not self.severities or severity in self.severities)
            and (not self.channels or channel in self.channels)
            and (not self.labels or not self.labels.isdisjoint(labels))
        )


@dataclass(frozen=True, slots=True)
class SlaTargets:
    """What a brand promises: of each length the first target that covers a message and names it counts."""

    special: tuple[SlaTarget, ...] = ()

    def of(self, severity: Severity, *, labels: Collection[Label] = (), channel: str = "") -> Promised:
        """What is promised for an escalation.

        Without a target, further answers are promised within the time of the first. The whole is never due before the
        first answer is.
        """
        usual_answer, usual_whole = PROMISES[severity]
        covering = [one for one in self.special if one.covers(severity, labels, channel)]
        first = next((one.first_response for one in covering if one.first_response is not None), usual_answer)
        following = next((one.next_response for one in covering if one.next_response is not None), first)
        whole = next((one.resolution for one in covering if one.resolution is not None), usual_whole)
        return Promised(first, following, max(first, whole))


USUAL = SlaTargets()
"""What is promised where the settings say nothing."""
