"""Numbers for pieces of words, words and pairs of words, over a whole batch at once.

Plain 32-bit arithmetic on code points, so a feature has the same number on every machine and every Python.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.folding import PADDING, Folded

BUCKET_BITS = 18
N_BUCKETS = 1 << BUCKET_BITS
NOTHING = N_BUCKETS
"""The bucket of places where no feature starts; its weight is always nought."""

LONGEST_PIECE = 5

_STEP = np.uint32(0x01000193)
_SPREAD = np.uint32(0x2C1B3C6D)
_WORD, _BARE_WORD, _PAIR = np.uint32(0x51ED270B), np.uint32(0xB5297A4D), np.uint32(0x68E31DA4)
_LONGEST_WORD = 40
_POWERS = np.cumprod(np.full(_LONGEST_WORD, 0x9E3779B1, dtype=np.uint32), dtype=np.uint32)


class Words(NamedTuple):
    """The words of a batch, each text opened by one empty word: its separator.

    Attributes:
        at: Shape (n_words,). Where each word starts in the buffer.
        starts: Shape (n_texts + 1,). The first word of each text.
        bare: Shape (n_words,). The whole hash of each word without accents and doubled letters; nought for separators.
        buckets: Shape (3, n_words). Of each word, of its bare form, and of the pair it makes with the next one.
    """

    at: NDArray[np.int64]
    starts: NDArray[np.int64]
    bare: NDArray[np.uint32]
    buckets: NDArray[np.intp]


def hash_pieces(folded: Folded) -> NDArray[np.intp]:
    """Buckets of 2 to LONGEST_PIECE characters within one word; the border of a word counts as a character.

    Returns:
        Shape (LONGEST_PIECE - 1, n). By length, the bucket of the piece that starts at each place, or NOTHING.
    """
    n = int(folded.starts[-1])
    codes, solid = folded.bare[: n + PADDING], (folded.wordy | folded.sign)[: n + PADDING]
    pieces = np.empty((LONGEST_PIECE - 1, n), dtype=np.intp)
    rolling = codes[:n] * _STEP
    rolling += codes[1 : n + 1]
    whole = solid[:n] | solid[1 : n + 1]
    inner = np.ones(n, dtype=np.bool_)
    for order in range(2, LONGEST_PIECE + 1):
        if order > 2:
            rolling *= _STEP
            rolling += codes[order - 1 : n + order - 1]
            inner &= solid[order - 2 : n + order - 2]
            whole = inner
        salted = rolling + np.uint32(order * 0x1F3D5B79 & 0xFFFFFFFF)
        pieces[order - 2] = np.where(whole, _bucket(salted), NOTHING)
    return pieces


def hash_words(folded: Folded) -> Words:
    """The words of a batch. A run of letters and digits is one, and so is each sign."""
    opens = folded.sign.copy()
    opens[1:] |= folded.wordy[1:] & ~folded.wordy[:-1]
    opens[folded.starts] = True
    at = np.flatnonzero(opens)

    solid = folded.wordy | folded.sign
    exact = _word_hashes(folded.exact, solid, at)
    single = solid.copy()
    single[1:] &= (folded.bare[1:] != folded.bare[:-1]) | opens[1:]
    bare = _word_hashes(folded.bare, single, at)
    buckets = np.empty((3, len(at)), dtype=np.intp)
    buckets[0] = _bucket(exact ^ _WORD)
    buckets[1] = _bucket(bare ^ _BARE_WORD)
    pairs = bare * _STEP ^ _PAIR
    pairs[:-1] += bare[1:]
    buckets[2] = _bucket(pairs)
    # The last separator closes the last text and belongs to none.
    return Words(at, np.searchsorted(at, folded.starts), bare[:-1], buckets[:, :-1])


def _word_hashes(codes: NDArray[np.uint32], counts: NDArray[np.bool_], at: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Shape (n_words,). A hash over the characters of each word that count; nought where none does."""
    places: NDArray[np.int64] = np.cumsum(counts)
    before: NDArray[np.int64] = places[at] - counts[at]
    place: NDArray[np.int64] = places - np.repeat(before, np.diff(at, append=len(codes)))
    powers = _POWERS[np.minimum(place, _LONGEST_WORD) - 1]
    powers *= counts
    hashes: NDArray[np.uint32] = np.add.reduceat(codes * powers, at, dtype=np.uint32)
    return hashes


def _bucket(hashed: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Spread a hash over the buckets."""
    spread = hashed ^ (hashed >> np.uint32(15))
    spread *= _SPREAD
    spread >>= np.uint32(32 - BUCKET_BITS)
    return spread
