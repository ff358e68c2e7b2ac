"""Which words of a text carried a label, as they were written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Features
from classifiers.letters import ADDRESS, MENTION

MOST = 3
_LONGEST = 4
_FOLLOWS = 0.35
"""A neighbour joins a phrase when it brings at least this share of what the phrase's strongest word brings."""


class Candidate(NamedTuple):
    """A piece of a text that may have carried a label."""

    text: int
    head: int
    piece: str


def find_candidates(
    texts: list[str], features: Features, brought: NDArray[np.float32], asked: list[tuple[int, int]]
) -> list[Candidate]:
    """Up to MOST pieces for each text and head asked for, the strongest first.

    Args:
        texts: As written.
        features: Of these texts.
        brought: Shape (n_words, n_heads). What each word brings to each head.
        asked: Pairs of text and head.
    """
    words, folded = features.words, features.folded
    solid = folded.wordy | folded.sign
    lengths = np.add.reduceat(solid, words.at, dtype=np.int64)
    first = folded.origin[words.at]
    last = folded.origin[words.at + np.maximum(lengths, 1) - 1]
    silent = np.isin(folded.exact[words.at[:-1]], [ord(MENTION), ord(ADDRESS)])
    found: list[Candidate] = []
    for text, head in asked:
        start, end = int(words.starts[text]) + 1, int(words.starts[text + 1])
        carried = np.where(silent[start:end], 0, brought[start:end, head]).tolist()
        opens = int(folded.raw_starts[text]) + 1
        for here, there in _phrases(carried):
            piece = texts[text][int(first[start + here]) - opens : int(last[start + there]) - opens + 1]
            if piece:
                found.append(Candidate(text, head, piece))
    return found


def _phrases(carried: list[float]) -> list[tuple[int, int]]:
    """First and last word of the runs of words that brought most, none of them twice."""
    free = [weight if weight > 0 else 0.0 for weight in carried]
    runs: list[tuple[int, int]] = []
    while len(runs) < MOST:
        strongest = max(free, default=0.0)
        if strongest <= 0 or (runs and strongest < _FOLLOWS * max(carried)):
            break
        here = there = free.index(strongest)
        joins = _FOLLOWS * strongest
        while there - here + 1 < _LONGEST:
            before = free[here - 1] if here > 0 else 0.0
            after = free[there + 1] if there + 1 < len(free) else 0.0
            if max(before, after) < joins:
                break
            if after >= before:
                there += 1
            else:
                here -= 1
        free[here : there + 1] = [0.0] * (there - here + 1)
        runs.append((here, there))
    return runs
