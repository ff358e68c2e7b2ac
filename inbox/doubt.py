"""Doubt: which messages the model is least sure of, so that a person judges those first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from inbox.model import UNDETERMINED, Actor, Label, Severity

SURE = 1.0
"""The margin of a probability that lies on one of the two thresholds."""


class Band(NamedTuple):
    """The two thresholds of a label: up to the first it does not hold, from the second on it does."""

    no_at: float
    yes_at: float


Bands = Mapping[str, Mapping[Label, Band]]
"""Per language the thresholds of each label; `UNDETERMINED` for texts in no language."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A message that no person has judged, with what the model says of it."""

    message_id: int
    conversation_id: int
    channel: str
    author: str
    text: str
    lang: str
    sent_at: datetime
    scores: Mapping[Label, float]
    labels: tuple[Label, ...]
    unsure: tuple[Label, ...]
    severity: Severity | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a person said of a message: the labels before and after, or that it is spam or is none.

    `after` is None for a mark of spam.
    """

    message_id: int
    conversation_id: int
    channel: str
    text: str
    before: tuple[Label, ...]
    after: tuple[Label, ...] | None
    is_spam: bool | None
    by: Actor
    at: datetime
    why: str = ""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message with how unsure the model is of it, and of which label most."""

    message: Doubtful
    margin: float
    label: Label


def margin(probability: float, band: Band) -> float:
    """How far a probability lies from the middle between the thresholds, which is where the model knows least.

    In halves of the way from one to the other: 0 is the middle, 1 is on a threshold, and what is more is sure. A label
    with a single threshold has no way between: there it is the distance itself, beyond 1.
    """
    half = (band.yes_at - band.no_at) / 2
    away = abs(probability - (band.yes_at + band.no_at) / 2)
    return away / half if half > 0 else SURE + away


def doubt_of(one: Doubtful, bands: Bands) -> Doubt | None:
    """The doubt of the label that is least sure; None where the model gave no probability."""
    mine = bands.get(one.lang) or bands.get(UNDETERMINED) or {}
    found = [(margin(one.scores[label], band), label) for label, band in mine.items() if label in one.scores]
    if not found:
        return None
    least, label = min(found, key=lambda pair: pair[0])
    return Doubt(one, least, label)


def most_doubtful(messages: Iterable[Doubtful], bands: Bands, *, limit: int) -> list[Doubt]:
    """The messages with the lowest margins, the lowest first and the latest first among equals."""
    doubts = [doubt for one in messages if (doubt := doubt_of(one, bands)) is not None]
    return sorted(doubts, key=lambda doubt: (doubt.margin, -doubt.message.message_id))[:limit]
