"""What the store counts of a stretch of days, for statistics. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inbox.model import Label


@dataclass(frozen=True, slots=True)
class Said:
    """How many messages of contacts, on one of the days, are the same by the labels that stand.

    `day` is the place of the day among those asked for. `labels` is None where nobody has read the messages as they
    are now: no model yet, and no person. `unanswered` are those of them that no person has dealt with and that are
    still there.
    """

    day: int
    labels: tuple[Label, ...] | None
    is_unsure: bool
    messages: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Answered:
    """A run of a contact's messages: when the first of them was sent, and when a person's first reply to it left."""

    asked_at: datetime
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Tallies:
    """All that is counted at once. Replies in several parts count once; a case counts when it was opened."""

    said: tuple[Said, ...]
    answered: tuple[Answered, ...]
    replies_by_people: int
    replies_automatic: int
    cases_opened: int


@dataclass(frozen=True, slots=True)
class SaidOn:
    """How many messages of contacts, on one of the days and one channel, are the same by the labels that stand.

    `day` and `labels` are as in `Said`.
    """

    day: int
    channel: str
    labels: tuple[Label, ...] | None
    is_unsure: bool
    messages: int


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises fell due, and how many of them were kept."""

    due: int
    kept: int


@dataclass(frozen=True, slots=True)
class KpiTallies:
    """All that a report counts of a stretch of days.

    `slots` has per quarter of an hour how many messages of contacts were sent from that moment on; quarters without any
    are left out. `closed` are conversations by their last resolution: since when the contact had waited for it, and
    when it came. `prepared` of the replies by people were a prepared answer. Of `judged` messages a person said what
    they are, of `confirmed` the same as the model. `acts` counts cases by what was done; `won` of the new `leads` were
    won.
    """

    said: tuple[SaidOn, ...]
    slots: tuple[tuple[datetime, int], ...]
    answered: tuple[Answered, ...]
    closed: tuple[Answered, ...]
    replies_by_people: int
    replies_automatic: int
    prepared: int
    judged: int
    confirmed: int
    first_answers: Kept
    resolutions: Kept
    acts: Mapping[str, int]
    leads: int
    won: int
