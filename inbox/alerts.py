"""Alerts: what the team is told in its rooms without having asked. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self


class AlertKind(StrEnum):
    """What an alert is about: far more messages than usual, a raid of newcomers, a crisis, the week's report."""

    SPIKE = "spike"
    RAID = "raid"
    CRISIS = "crisis"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """What the brand has settled about alerts.

    `factor` is how many times the usual a spike is at least. With `slows`, a raid has its threads slowed down: `pause`
    between two messages of one person, for `slow_for`. A raid is at least `arrivals` newcomers and `copies` near-copies
    within a minute.
    """

    spikes: bool = True
    factor: float = 3.0
    slows: bool = True
    pause: timedelta = timedelta(seconds=30)
    slow_for: timedelta = timedelta(minutes=30)
    arrivals: int = 50
    copies: int = 30


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert as stored.

    `subject` is the channel of a spike, the channel and place of a raid. `level` counts how often it was told, from 1.
    It is `high_at` that what it is about was last seen; `ended_at` is when that was over.
    """

    id: int
    kind: AlertKind
    subject: str
    level: int
    facts: Mapping[str, Any]
    raised_at: datetime
    high_at: datetime
    seen_by: str | None = None
    seen_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertPost:
    """An alert as it stands on a board: the one of `level`, where it was told more than once."""

    id: int
    alert: Alert
    level: int
    external_id: str | None = None
    shown: str | None = None
    attempts: int = 0
    again_at: datetime | None = None

    @property
    def is_outgrown(self) -> bool:
        """Whether it was told again since."""
        return self.level < self.alert.level

    @property
    def is_over(self) -> bool:
        """Whether it will not read otherwise any more."""
        return self.is_outgrown or self.alert.ended_at is not None


@dataclass(frozen=True, slots=True)
class Spike:
    """Far more messages than usual: how many in how many minutes, of what, where.

    `usual` is how many there are as a rule at this time of the week, None where fewer than three weeks are known.
    `samples` are numbers of messages, `words` those that set them apart. `told_at` is when it was told as it is here.
    """

    label: str
    count: int
    minutes: float
    usual: float | None
    weeks: int
    samples: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    told_at: str = ""

    @property
    def per_minute(self) -> float:
        """How many in a minute."""
        return self.count / self.minutes

    @property
    def factor(self) -> float | None:
        """How many times the usual; None where that is not known, or nearly nothing."""
        return None if self.usual is None or self.usual < 0.5 else self.count / self.usual

    def to_facts(self) -> dict[str, Any]:
        """Plain data to be stored."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The spike that was stored."""
        return cls(**{**facts, "samples": tuple(facts["samples"]), "words": tuple(facts["words"])})


@dataclass(frozen=True, slots=True)
class Raid:
    """Many newcomers who post the same.

    `threads` are where; `slowed` those of them that were slowed down, until `until`, with a pause of `seconds`.
    `samples` are numbers of messages.
    """

    channel: str
    place: str | None
    arrivals: int
    copies: int
    authors: int
    threads: tuple[str, ...]
    samples: tuple[int, ...]
    slowed: tuple[str, ...] = ()
    seconds: int = 0
    until: str | None = None
    calmed_by: str | None = None

    @property
    def subject(self) -> str:
        """What its alert is about: where it is."""
        return self.channel if self.place is None else f"{self.channel}/{self.place}"

    @property
    def slow_until(self) -> datetime | None:
        """Until when threads are slowed down."""
        return None if self.until is None else datetime.fromisoformat(self.until)

    def to_facts(self) -> dict[str, Any]:
        """Plain data to be stored."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The raid that was stored."""
        several = {name: tuple(facts[name]) for name in ("threads", "samples", "slowed")}
        return cls(**{**facts, **several})


@dataclass(frozen=True, slots=True)
class Reading:
    """How a count stands now: of one label on one channel, over so many minutes, beside what is usual."""

    channel: str
    label: str
    count: int
    minutes: float
    usual: float | None
    weeks: int

    @property
    def per_minute(self) -> float:
        """How many in a minute."""
        return self.count / self.minutes


@dataclass(frozen=True, slots=True)
class Slot:
    """How many messages of a label came on a channel in the slot that begins at `at`."""

    channel: str
    label: str
    at: datetime
    messages: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as a watch over many needs it. `author` is the channel's own id of whoever wrote it."""

    id: int
    conversation_id: int
    channel: str
    thread: str
    place: str | None
    author: str
    author_name: str
    text: str
    sent_at: datetime
