"""What there is to draw of a model: how honest its probabilities are, what thresholds bring, how scores lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifiers.corpora import Row
from classifiers.evaluate import Bools, Floats, Verdicts
from classifiers.heads import LABELS, Cuts
from inbox.model import Label

BINS = 10
BARS = 20
POINTS = 120


@dataclass(frozen=True, slots=True)
class Bin:
    """The rows whose probability lies in one step: what was said on average, how often it held, how many there are."""

    stated: float
    seen: float
    n: int


@dataclass(frozen=True, slots=True)
class Point:
    """What one threshold brings on these rows."""

    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True, slots=True)
class Bar:
    """How many rows score from `at` on, up to the next bar: those that hold, and the others."""

    at: float
    holds: int
    others: int


@dataclass(frozen=True, slots=True)
class Curves:
    """Everything to draw of one label in one language; `acts` is what its threshold `yes_at` brings."""

    label: Label
    lang: str
    n: int
    positives: int
    cuts: Cuts
    reliability: Sequence[Bin]
    trade_off: Sequence[Point]
    acts: Point | None
    histogram: Sequence[Bar]


def draw(verdicts: Verdicts, rows: Sequence[Row], cuts: Mapping[str, Mapping[Label, Cuts]]) -> list[Curves]:
    """Per label and language with thresholds: its curves over the rows that determine it.

    Args:
        verdicts: What a model said of these rows.
        rows: With their truth.
        cuts: The thresholds per language and label.
    """
    langs = np.array([row.lang for row in rows])
    drawn = []
    for column, label in enumerate(LABELS):
        known = np.array([label in row.known for row in rows])
        truth = np.array([label in row.holds for row in rows])
        for lang, thresholds in sorted(cuts.items()):
            among = known & (langs == lang)
            if truth[among].any():
                chance, held = verdicts.chance[among, column], truth[among]
                drawn.append(_curves(label, lang, chance, held, thresholds[label]))
    return drawn


def _curves(label: Label, lang: str, chance: Floats, truth: Bools, cuts: Cuts) -> Curves:
    points = _trade_off(chance, truth)
    taken = chance >= cuts.yes_at
    right = int((taken & truth).sum())
    acts = Point(cuts.yes_at, right / int(taken.sum()), right / int(truth.sum())) if taken.any() else None
    edges = np.linspace(0, 1, BARS + 1)
    holds, others = (np.histogram(chance[side], edges)[0].tolist() for side in (truth, ~truth))
    bars = [Bar(*one) for one in zip(edges[:-1].tolist(), holds, others, strict=True)]
    return Curves(label, lang, len(chance), int(truth.sum()), cuts, _reliability(chance, truth), points, acts, bars)


def _reliability(chance: Floats, truth: Bools) -> list[Bin]:
    which = np.minimum((chance * BINS).astype(np.intp), BINS - 1)
    return [
        Bin(float(chance[which == step].mean()), float(truth[which == step].mean()), int((which == step).sum()))
        for step in sorted(set(which.tolist()))
    ]


def _trade_off(chance: Floats, truth: Bools) -> list[Point]:
    """At most POINTS thresholds from the highest down, spread evenly over recall."""
    order = np.argsort(-chance, kind="stable")
    right = np.cumsum(truth[order])
    ends = np.append(np.flatnonzero(np.diff(chance[order])), len(order) - 1)
    recall, precision = right[ends] / right[-1], right[ends] / (ends + 1)
    wanted = np.unique(np.searchsorted(recall, np.linspace(0, 1, POINTS)).clip(max=len(ends) - 1))
    return [Point(float(chance[order[ends[at]]]), float(precision[at]), float(recall[at])) for at in wanted]
