"""What a model answers: the labels, the signals, the languages it serves, and how scores become answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inbox.model import Label, Signal

LABELS = tuple(Label)
SIGNALS = tuple(Signal)
HEADS: tuple[Label | Signal, ...] = (*LABELS, *SIGNALS)
"""Everything a model gives a probability for, in the order of its columns."""

LANGUAGES = ("fr", "en")
"""The languages a model serves."""


@dataclass(frozen=True, slots=True)
class Blend:
    """A probability is the logistic function of `linear * a linear score + net * a net's score + offset`."""

    linear: float
    net: float
    offset: float

    def __call__(self, linear: NDArray[np.float64], net: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probabilities from two raw scores, in log odds."""
        return logistic(self.linear * linear + self.net * net + self.offset)


@dataclass(frozen=True, slots=True)
class Cuts:
    """At or above `yes_at` a label holds, at or below `no_at` it does not, between them it is unsure."""

    no_at: float
    yes_at: float


def logistic(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """From log odds to probability."""
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -40, 40))), dtype=np.float64)
