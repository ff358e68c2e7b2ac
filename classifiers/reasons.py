"""Which words of a text carried a label, as they were written."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.letters import ADDRESS, MENTION
from classifiers.reading import Words

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
    texts: list[str], words: Words, brought: NDArray[np.float32], asked: list[tuple[int, int]]
) -> list[Candidate]:
    """Up to MOST pieces for each text and head asked for, the strongest first.

    Args:
        texts: As written.
        words: Of these texts.
        brought: Shape (n_words, n_heads). What each word brings to each head.
        asked: Pairs of text and head.
    """
    silent = np.isin(words.sign, [ord(MENTION), ord(ADDRESS)])
    found: list[Candidate] = []
    for text, head in asked:
        start, end = words.starts[text], words.starts[text + 1]
        carried = np.where(silent[start:end], 0, brought[start:end, head]).tolist()
        for here, there in _phrases(carried):
            piece = texts[text][words.first[start + here] : words.last[start + there] + 1]
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
