"""How the model does on what comes in: how its labels move, what people said of them, what waits to be judged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt

from inbox.desk import Desk
from inbox.doubt import Bands, Doubt, Judged, most_doubtful
from inbox.stats import KINDS, UNSURE, kinds_of

LATELY = timedelta(days=7)
BEFORE = timedelta(days=28)
AMONG = 5_000
"""Doubt is looked for among so many messages, those that came last."""

SHOWN = 20
_MOVED_Z = 3.0
"""From how many standard errors on a share is said to have moved: chance alone does that about once in 400 shares."""


@dataclass(frozen=True, slots=True)
class Drift:
    """The share of messages that the model gives a label: lately, and before."""

    kind: str
    now: float | None
    before: float | None
    has_moved: bool


@dataclass(frozen=True, slots=True)
class Drifts:
    """What the model says of what comes in. `read` and `unsure` count the messages of the last seven days."""

    read: int
    unsure: int
    drift: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What the model doubts most, and what people said of labels and of spam, the latest first."""

    doubts: tuple[Doubt, ...]
    judged: tuple[Judged, ...]
    spam: tuple[Judged, ...]


def model_use(desk: Desk, bands: Bands) -> ModelUse:
    """What it doubts, and what people said; quick, whatever came in."""
    with desk.store.read() as books:
        unjudged = books.unjudged(limit=AMONG)
        judged, spam = books.judged_lately(limit=SHOWN), books.spam_lately(limit=SHOWN)
    return ModelUse(tuple(most_doubtful(unjudged, bands, limit=SHOWN)), tuple(judged), tuple(spam))


def drifts(desk: Desk) -> Drifts:
    """How the labels that the model gives move; it takes the longer the more came in."""
    now = desk.clock()
    with desk.store.read() as books:
        lately = books.read_labels_given(since=now - LATELY, until=now)
        before = books.read_labels_given(since=now - LATELY - BEFORE, until=now - LATELY)
    counts, counts_before = kinds_of(lately), kinds_of(before)
    n, n_before = (sum(one.messages for one in groups) for groups in (lately, before))
    return Drifts(
        read=n,
        unsure=counts[UNSURE],
        drift=tuple(drift(kind, counts[kind], n, counts_before[kind], n_before) for kind in KINDS),
    )


def drift(kind: str, now: int, n: int, before: int, n_before: int) -> Drift:
    """How a share has moved, and whether that is more than chance.

    Args:
        kind: What is counted.
        now: How many of it.
        n: Among how many.
        before: How many of it before.
        n_before: Among how many then.

    Source: the z-test of two proportions with a pooled variance.
    """
    if not n or not n_before:
        return Drift(kind, now / n if n else None, before / n_before if n_before else None, False)
    pooled = (now + before) / (n + n_before)
    error = sqrt(pooled * (1 - pooled) * (1 / n + 1 / n_before))
    share, share_before = now / n, before / n_before
    return Drift(kind, share, share_before, bool(error) and abs(share - share_before) / error >= _MOVED_Z)
