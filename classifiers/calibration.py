"""From a model's raw scores to probabilities, and from probabilities to the two thresholds of a label."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifiers.heads import Blend, Cuts

_ALL_BUT_CERTAIN = 0.98
"""Where precision alone would set a threshold no lower."""
_SURE_AT_LAST = 0.999
"""Above this no threshold goes, whatever is to be spared."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ENOUGH = 15
"""With fewer rows that hold, or that do not, figures are taken from both languages together."""


def fit_blend(linear: Floats, net: Floats, truth: Bools) -> Blend:
    """Fit a blend on two scores that were given to rows which neither had learned from.

    A score that would count against its own label is left out of the blend.

    Source: Platt 1999, with the priors of his section 2.2 kept mild by a weak penalty; Wolpert 1992, "Stacked
    Generalization", for the two together.
    """
    both = LogisticRegression(C=10.0).fit(np.stack([linear, net], axis=1), truth)
    weights = both.coef_[0]
    if weights.min() > 0:
        return Blend(float(weights[0]), float(weights[1]), float(both.intercept_[0]))
    best = int(weights.argmax())
    one = LogisticRegression(C=10.0).fit((linear, net)[best][:, None], truth)
    weight = max(float(one.coef_[0, 0]), 0.05)
    return Blend(*((weight, 0.0) if best == 0 else (0.0, weight)), float(one.intercept_[0]))


def choose_cuts(
    chance: Floats,
    truth: Bools,
    *,
    precision: float,
    missed_at_most: float,
    unsure_at_most: float,
    spared: Bools | None = None,
    alarms_at_most: float = 1.0,
) -> Cuts:
    """The thresholds that keep a stated precision and miss few, with a band of doubt between that stays useful.

    Args:
        chance: Shape (n,). Calibrated probabilities of rows the model had not learned from.
        truth: Shape (n,). Whether the label holds.
        precision: What share of the rows at or above `yes_at` must truly hold.
        missed_at_most: What share of the rows that hold may lie at or below `no_at`.
        unsure_at_most: What share of all rows may lie between; where the band is wider, `no_at` gives way.
        spared: Shape (n,). Rows for which a yes would be worst, such as complaints where the label is praise.
        alarms_at_most: What share of the spared rows may reach `yes_at`.
    """
    yes_at = _yes_at(chance, truth, precision)
    if spared is not None and spared.any():
        worst = np.sort(chance[spared])[::-1]
        allowed = int(alarms_at_most * len(worst))
        yes_at = min(max(yes_at, float(np.nextafter(worst[min(allowed, len(worst) - 1)], 1))), _SURE_AT_LAST)
    holding = np.sort(chance[truth])
    no_at = float(holding[int(missed_at_most * len(holding))]) - 1e-6 if len(holding) else 0.0
    below = np.sort(chance[chance < yes_at])
    room = int(unsure_at_most * len(chance))
    if len(below) > room:
        no_at = max(no_at, float(below[len(below) - room - 1]))
    # Even a good model leaves some room for doubt.
    no_at = min(no_at, yes_at - 0.1 * yes_at)
    return Cuts(no_at=math.floor(max(no_at, 0.01) * 1e4) / 1e4, yes_at=math.ceil(yes_at * 1e4) / 1e4)


def _yes_at(chance: Floats, truth: Bools, precision: float) -> float:
    """The lowest probability at and above which the share of true rows reaches `precision`.

    Half a false row more is reckoned than was seen, as so few rows tell little. Where no probability reaches it, only
    what is all but certain is taken at its word.
    """
    order = np.argsort(-chance, kind="stable")
    right = np.cumsum(truth[order])
    share = right / (np.arange(len(order)) + 1.5)
    enough = np.flatnonzero((share >= precision) & (right >= ENOUGH))
    if len(enough) == 0:
        return _ALL_BUT_CERTAIN
    return float(np.clip(chance[order[enough[-1]]], 0.3, _ALL_BUT_CERTAIN))


def calibration_error(chance: Floats, truth: Bools, *, bins: int = 10) -> float:
    """How far stated probability lies from observed frequency, on average.

    Args:
        chance: Shape (n,). Probability that the label holds, from 0 to 1.
        truth: Shape (n,). Whether it does.
        bins: Number of equal-width bins between 0 and 1.

    Returns:
        From 0 (probability can be taken at its word) to 1. Bins weigh by their size.

    Raises:
        ValueError: The arrays are empty, or differ in length.

    Source: "On Calibration of Modern Neural Networks", section 2. arXiv:1706.04599.
    """
    if len(chance) == 0 or len(chance) != len(truth):
        raise ValueError(f"{len(chance)} probabilities for {len(truth)} truths")
    which = np.minimum((chance * bins).astype(np.intp), bins - 1)
    sizes = np.bincount(which, minlength=bins)
    stated = np.bincount(which, weights=chance, minlength=bins)
    seen = np.bincount(which, weights=truth.astype(np.float64), minlength=bins)
    return float(np.abs(stated - seen).sum() / sizes.sum())
