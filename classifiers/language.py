"""The language of short texts: by script, by frequent words, by groups of bytes; or no answer rather than a guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.heads import LANGUAGES
from classifiers.language_table import TOLD_APART
from classifiers.reading import Reading
from classifiers.tables import SCRIPTS
from inbox.model import UNDETERMINED

CODES = (*TOLD_APART, *SCRIPTS, UNDETERMINED)
"""Every answer there is: ISO 639-1, or `und`. The languages that a model serves come first."""

FEW_WORDS = 4
"""Texts with fewer words than this lean on their hint and on frequent words."""

_NONE = CODES.index(UNDETERMINED)
_HINT_VOTE = 2.0
_SERVED_VOTE = 1.0
_SURE = 0.4


@dataclass(frozen=True, slots=True)
class Languages:
    """The languages of n texts.

    Attributes:
        rows: Shape (n,). Of each text the place of its language in CODES.
        known: Shape (n,). Whether a model that serves French and English may judge it.
    """

    rows: NDArray[np.intp]
    known: NDArray[np.bool_]

    @property
    def codes(self) -> list[str]:
        """Of each text its language."""
        return [CODES[row] for row in self.rows.tolist()]


def identify(reading: Reading, hints: Sequence[str | None] | None = None) -> Languages:
    """The language of every text of a batch.

    A text without letters has none, and is known: it speaks through its signs. `hints` are what the channel or the
    contact suggests, `fr` or `fr-CA`; they settle short texts that could well be in that language.
    """
    served = len(LANGUAGES)
    scores = reading.languages.copy()
    scores[:, :served] += _SERVED_VOTE
    if hints is not None:
        vote = np.where(reading.n_words < FEW_WORDS, 2 * _HINT_VOTE, _HINT_VOTE)
        scores[:, :served] += _suggested(hints) * vote[:, None]
    chance = np.exp(scores - scores.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)

    best = chance.argmax(axis=1)
    # French and English often share a short word; either will do as long as it is one of them.
    sure = np.where(best < served, chance[:, :served].sum(axis=1), chance.max(axis=1)) >= _SURE
    rows = np.where(sure, best, _NONE)
    rows = np.where(reading.scripts >= 0, len(TOLD_APART) + reading.scripts, rows)
    rows = np.where(reading.has_letters, rows, _NONE)
    return Languages(rows, (rows < served) | ~reading.has_letters)


def _suggested(hints: Sequence[str | None]) -> NDArray[np.float32]:
    """Shape (n, len(LANGUAGES)). 1 where a text's hint is that language, else 0."""
    said = np.array([(hint or "")[:2].lower() for hint in hints], dtype="U2")
    return np.asarray(said[:, None] == np.array(LANGUAGES), dtype=np.float32)
