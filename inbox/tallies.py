"""What the store counts of a stretch of days, for statistics. Plain values."""

from __future__ import annotations

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
