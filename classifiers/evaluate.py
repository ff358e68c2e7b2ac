"""How well a model does, per label, language and source; a plain baseline beside it; sources left out whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from classifiers.calibration import calibration_error
from classifiers.corpora import Row
from classifiers.heads import HEADS, LABELS
from inbox.model import Label, Signal
from inbox.ports import Classifier

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

EVERY = "all"
"""The name of the group that takes in every language or source."""


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a yes was right, and how many that should have had one got it; each from 0 to 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """How well one label or signal was told in one group of rows.

    `acted` counts what the model is sure enough of to act on; `forced` counts every probability of a half or more, as
    if it might not abstain. Signals have no thresholds: for them the two agree, and nothing is unsure.
    """

    head: Label | Signal
    lang: str
    source: str
    n: int
    positives: int
    acted: Hits
    forced: Hits
    average_precision: float
    unsure_share: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a model said of some rows, each of shape (n_rows, len(HEADS)): probabilities, yes, and unsure."""

    chance: Floats
    holds: Bools
    unsure: Bools


def ask(model: Classifier, rows: Sequence[Row], *, hinted: bool = False) -> Verdicts:
    """What a classifier says of some rows; `hinted` tells it their language, as a channel of one language would."""
    told = model.predict([row.text for row in rows], hints=[row.lang if hinted else None for row in rows])
    n_signals = len(HEADS) - len(LABELS)
    chance = np.array([[*one.scores.values(), *one.signals.values()] for one in told]).reshape(-1, len(HEADS))
    holds = np.zeros(chance.shape, dtype=np.bool_)
    unsure = np.zeros(chance.shape, dtype=np.bool_)
    for at, one in enumerate(told):
        holds[at] = [*(label in one.labels for label in LABELS), *([False] * n_signals)]
        unsure[at] = [*(label in one.unsure for label in LABELS), *([False] * n_signals)]
    holds[:, len(LABELS) :] = chance[:, len(LABELS) :] >= 0.5
    return Verdicts(chance, holds, unsure)


class Baseline:
    """The plain way: words and pairs of words weighed by TF-IDF, a logistic regression per head, yes from a half."""

    def __init__(self, rows: Sequence[Row]) -> None:
        """Learn from all the rows given."""
        self._words = TfidfVectorizer(ngram_range=(1, 2))
        matrix = self._words.fit_transform([row.text for row in rows])
        self._heads: dict[Label | Signal, LogisticRegression] = {}
        for head in HEADS:
            known = np.array([head in row.known for row in rows])
            truth = np.array([head in row.holds for row in rows])
            self._heads[head] = LogisticRegression(max_iter=300).fit(matrix[np.flatnonzero(known)], truth[known])

    def ask(self, rows: Sequence[Row]) -> Verdicts:
        """What it says of some rows; it is never unsure."""
        matrix = self._words.transform([row.text for row in rows])
        chance = np.stack([self._heads[head].predict_proba(matrix)[:, 1] for head in HEADS], axis=1)
        return Verdicts(chance, chance >= 0.5, np.zeros(chance.shape, dtype=np.bool_))


def score_rows(verdicts: Verdicts, rows: Sequence[Row], *, by_source: bool = True) -> list[Score]:
    """Scores per label or signal, language and source, for every group with a row that holds.

    Args:
        verdicts: What a model said of these rows.
        rows: With their truth; rows that leave a label open do not count for it.
        by_source: Also per source, beside all sources together.
    """
    langs = np.array([row.lang for row in rows])
    sources = np.array([row.source for row in rows])
    groups = [(lang, EVERY, langs == lang) for lang in sorted(set(langs.tolist()))]
    if by_source:
        groups += [
            (lang, source, (langs == lang) & (sources == source))
            for lang, source in sorted(set(zip(langs.tolist(), sources.tolist(), strict=True)))
        ]
    scores = []
    for column, head in enumerate(HEADS):
        known = np.array([head in row.known for row in rows])
        truth = np.array([head in row.holds for row in rows])
        for lang, source, group in groups:
            among = np.flatnonzero(group & known)
            if truth[among].any():
                scores.append(_score(verdicts, among, truth[among], column=column, lang=lang, source=source))
    return scores


def macro_f1(scores: Sequence[Score], *, forced: bool) -> float:
    """The mean F1 over the labels and languages of the scores over all sources."""
    figures = [
        (one.forced if forced else one.acted).f1
        for one in scores
        if one.source == EVERY and isinstance(one.head, Label)
    ]
    return float(np.mean(figures))


def unsure_share(verdicts: Verdicts) -> float:
    """The share of rows with any label unsure."""
    return float(verdicts.unsure.any(axis=1).mean())


def _score(verdicts: Verdicts, among: NDArray[np.intp], truth: Bools, *, column: int, lang: str, source: str) -> Score:
    chance = verdicts.chance[among, column]
    return Score(
        head=HEADS[column],
        lang=lang,
        source=source,
        n=len(among),
        positives=int(truth.sum()),
        acted=_hits(verdicts.holds[among, column], truth),
        forced=_hits(chance >= 0.5, truth),
        average_precision=float(average_precision_score(truth, chance)),
        unsure_share=float(verdicts.unsure[among, column].mean()),
        calibration_error=calibration_error(chance, truth),
    )


def _hits(said: Bools, truth: Bools) -> Hits:
    right = int((said & truth).sum())
    return Hits(right / max(int(said.sum()), 1), right / max(int(truth.sum()), 1))
