"""How well a model does, per label, language and source; a plain baseline beside it; what it would do to real mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from classifiers.calibration import calibration_error
from classifiers.corpora import Row
from classifiers.heads import HEADS, LABELS
from classifiers.train import PRECISION
from inbox.model import Label, Signal
from inbox.ports import Classifier

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

EVERY = "all"
"""The name of the group that takes in every language or source."""

SEVERAL = "several"
OTHER = "other"
UNSURE = "unsure"
KINDS: tuple[str, ...] = (*(label.value for label in LABELS), SEVERAL, OTHER)
"""What a message can truly be: one label alone, several, or none."""

VERDICTS = (*KINDS, UNSURE)
"""What a model can say of one; with any label unsure it is unsure as a whole."""

REAL_MIX: Mapping[str, float] = {
    OTHER: 0.40,
    Label.COMPLAINT.value: 0.25,
    Label.PRAISE.value: 0.20,
    Label.SALES_LEAD.value: 0.10,
    Label.OFFENSIVE.value: 0.05,
}
"""How often each kind comes in an everyday inbox; they add up to one."""


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

    Attributes:
        head: The label or signal.
        lang: The language of the rows.
        source: Where they come from; EVERY for all together.
        n: How many rows determine the head.
        positives: In how many of them it holds.
        acted: At the thresholds.
        forced: At a half.
        roc_auc: How likely a row that holds is scored above one that does not; None where all hold.
        average_precision: The mean precision over the rows that hold, each taken with all that score above it.
        found: The share of rows that hold which could be found at the precision the thresholds are set for, on these
            very rows; None for signals, for which none is stated.
        unsure_share: The share of rows left to a person for this label.
        calibration_error: How far stated probability lies from observed frequency.
    """

    head: Label | Signal
    lang: str
    source: str
    n: int
    positives: int
    acted: Hits
    forced: Hits
    roc_auc: float | None
    average_precision: float
    found: float | None
    unsure_share: float
    calibration_error: float

    @property
    def sure_share(self) -> float:
        """The share of rows that are told yes or no rather than left to a person."""
        return 1 - self.unsure_share


@dataclass(frozen=True, slots=True)
class Confusion:
    """What rows of each kind were called: `counts[KINDS][VERDICTS]`, for the rows of one language."""

    lang: str
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two rates over an everyday inbox of one language, and how many rows of each kind they were reckoned from."""

    lang: str
    wrongly_offensive_per_1000: float
    complaints_as_praise_per_200: float
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What a model said of some rows, each of shape (n_rows, len(HEADS)): probabilities, yes, and unsure."""

    chance: Floats
    holds: Bools
    unsure: Bools

    def only(self, rows: Sequence[int]) -> Verdicts:
        """What was said of the rows at some places."""
        at = np.array(rows, dtype=np.intp)
        return Verdicts(self.chance[at], self.holds[at], self.unsure[at])


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


def confuse(verdicts: Verdicts, rows: Sequence[Row]) -> list[Confusion]:
    """A confusion matrix per language, over the rows that determine all four labels."""
    langs = [row.lang for row in rows]
    told = _told(verdicts)
    matrices = []
    for lang in sorted(set(langs)):
        counts = np.zeros((len(KINDS), len(VERDICTS)), dtype=np.intp)
        for at, row in enumerate(rows):
            if langs[at] == lang and row.known.issuperset(LABELS):
                counts[KINDS.index(_kind(row)), told[at]] += 1
        matrices.append(Confusion(lang, tuple(map(tuple, counts.tolist()))))
    return matrices


def mix(verdicts: Verdicts, rows: Sequence[Row]) -> list[Mixed]:
    """Per language, how often an everyday inbox would be misread where it hurts most.

    Nothing is drawn: each row counts for as much as its kind is wanted in `REAL_MIX`, so the rates are exact for these
    rows. Rows with several labels have no part in the mix. A language that lacks a kind is left out.
    """
    wrong = verdicts.holds[:, LABELS.index(Label.OFFENSIVE)]
    praised = verdicts.holds[:, LABELS.index(Label.PRAISE)]
    langs = np.array([row.lang for row in rows])
    kinds = np.array([_kind(row) if row.known.issuperset(LABELS) else SEVERAL for row in rows])
    rates = []
    for lang in sorted(set(langs.tolist())):
        groups = {kind: (langs == lang) & (kinds == kind) for kind in REAL_MIX}
        if all(group.any() for group in groups.values()):
            false_alarms = sum(
                share * float(wrong[groups[kind]].mean())
                for kind, share in REAL_MIX.items()
                if kind != Label.OFFENSIVE.value
            )
            thanked = float(praised[groups[Label.COMPLAINT.value]].mean())
            counted = {kind: int(group.sum()) for kind, group in groups.items()}
            rates.append(Mixed(lang, 1000 * false_alarms, 200 * thanked, counted))
    return rates


def _kind(row: Row) -> str:
    labels = [label for label in LABELS if label in row.holds]
    return OTHER if not labels else labels[0].value if len(labels) == 1 else SEVERAL


def _told(verdicts: Verdicts) -> list[int]:
    """Per row the place in VERDICTS of what the model said."""
    said = verdicts.holds[:, : len(LABELS)]
    several = np.where(said.sum(axis=1) > 1, VERDICTS.index(SEVERAL), said.argmax(axis=1))
    sure = np.where(said.any(axis=1), several, VERDICTS.index(OTHER))
    told: list[int] = np.where(verdicts.unsure.any(axis=1), VERDICTS.index(UNSURE), sure).tolist()
    return told


def _score(verdicts: Verdicts, among: NDArray[np.intp], truth: Bools, *, column: int, lang: str, source: str) -> Score:
    chance = verdicts.chance[among, column]
    head = HEADS[column]
    return Score(
        head=head,
        lang=lang,
        source=source,
        n=len(among),
        positives=int(truth.sum()),
        acted=_hits(verdicts.holds[among, column], truth),
        forced=_hits(chance >= 0.5, truth),
        roc_auc=None if truth.all() else float(roc_auc_score(truth, chance)),
        average_precision=float(average_precision_score(truth, chance)),
        found=found_at(chance, truth, PRECISION[head]) if isinstance(head, Label) else None,
        unsure_share=float(verdicts.unsure[among, column].mean()),
        calibration_error=calibration_error(chance, truth),
    )


def found_at(chance: Floats, truth: Bools, precision: float) -> float:
    """The largest share of the rows that hold which one threshold finds while `precision` of what it takes is right."""
    order = np.argsort(-chance, kind="stable")
    right = np.cumsum(truth[order])
    # A threshold takes all rows of one probability or none, so only the last of equals is a place to cut.
    ends = np.append(np.flatnonzero(np.diff(chance[order])), len(order) - 1)
    enough = ends[right[ends] / (ends + 1) >= precision]
    return float(right[enough[-1]] / right[-1]) if len(enough) and right[-1] else 0.0


def _hits(said: Bools, truth: Bools) -> Hits:
    right = int((said & truth).sum())
    return Hits(right / max(int(said.sum()), 1), right / max(int(truth.sum()), 1))
