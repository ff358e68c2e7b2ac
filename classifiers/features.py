"""What a model sees of a text: hashed pieces of words, words and pairs of words, and a few figures about its shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from classifiers.folding import Folded, fold_texts
from classifiers.hashing import NOTHING, Words, hash_pieces, hash_words
from classifiers.letters import TABLE_SIZE
from classifiers.word_lists import WORD_LISTS
from classifiers.word_tables import WordTable

WORD_SHARE = 1.2
"""How much the words of a text weigh against its pieces of words."""

SHAPE_SHARE = 4.0
"""How much the figures about the shape weigh against all else."""

SIGNS = {
    "question marks": "?",
    "exclamation marks": "!",
    "glad signs": "❤♥😍👏🥰😊🙏💯🔥👍🎉✨💪😘🤩💖💕💗😻🙌💙💚💛🧡💜⭐🌟😋🤗🥳👌🫶😃😄😁",
    "angry signs": "😡🤬👎😤😠😒🙄🤦💩🤮🤢😾😭😞😑",
    "rude signs": "🖕🤡🐷🐍🐀🫵🐒",
    "prices": "€$£",
    "addresses": "\ue001",
    "mentions": "\ue000",
}
DENIED = ("glad", "cross")
"""The lists whose words are counted apart where a denial stands up to three words before them, as in `not so good`."""

LISTS = (*WORD_LISTS, *(f"denied {name}" for name in DENIED))
SHAPE = (*SIGNS, "capitals", "words", "no letters", *(f"{name} words" for name in LISTS))
"""The figures about a text's shape, each from 0 to about SHAPE_SHARE, in the order of their columns."""

_FEELINGS = [list(SIGNS).index(name) for name in ("glad signs", "angry signs", "rude signs")]
_CAPITALS, _WORDS, _NO_LETTERS, _LISTS = (len(SIGNS) + place for place in range(4))
_COLUMN_OF_SIGN = np.full(TABLE_SIZE, len(SIGNS), dtype=np.intp)
for _column, _signs in enumerate(SIGNS.values()):
    _COLUMN_OF_SIGN[[ord(sign) for sign in _signs]] = _column


@dataclass(frozen=True, slots=True)
class Features:
    """The features of a batch.

    Attributes:
        folded: The buffer the features were read from.
        pieces: Shape (orders, n). As from `hash_pieces`.
        piece_share: Shape (n_texts,). The value each piece of a text counts with.
        words: The words, with separators.
        word_share: Shape (n_texts,). The value each word of a text counts with.
        listed: Shape (n_words, n_lists). Which words are on which list.
        shape: Shape (n_texts, len(SHAPE)).
    """

    folded: Folded
    pieces: NDArray[np.intp]
    piece_share: NDArray[np.float32]
    words: Words
    word_share: NDArray[np.float32]
    listed: NDArray[np.float32]
    shape: NDArray[np.float32]

    @property
    def n_texts(self) -> int:
        """How many texts there are."""
        return len(self.piece_share)

    @property
    def n_words(self) -> NDArray[np.int64]:
        """Shape (n_texts,). How many words each text has, separators aside."""
        return np.diff(self.words.starts) - 1

    @property
    def has_letters(self) -> NDArray[np.bool_]:
        """Shape (n_texts,). Which texts have letters at all, digits and signs aside."""
        return np.asarray(self.shape[:, _NO_LETTERS] == 0, dtype=np.bool_)

    @property
    def has_feeling(self) -> NDArray[np.bool_]:
        """Shape (n_texts,). Which texts have a glad, angry or rude sign."""
        return np.asarray(self.shape[:, _FEELINGS].max(axis=1) > 0, dtype=np.bool_)


def read_features(texts: Sequence[str]) -> Features:
    """The features of at least one text."""
    folded = fold_texts(texts)
    pieces = hash_pieces(folded)
    n_pieces = np.add.reduceat((pieces != NOTHING).sum(axis=0, dtype=np.int32), folded.starts[:-1])
    words = hash_words(folded)
    listed = _look_up(words)
    return Features(
        folded=folded,
        pieces=pieces,
        piece_share=(1 / np.sqrt(np.maximum(n_pieces, 1))).astype(np.float32),
        words=words,
        word_share=(WORD_SHARE / np.sqrt(3.0 * np.diff(words.starts))).astype(np.float32),
        listed=listed,
        shape=_shape(folded, words, listed),
    )


@cache
def _word_lists() -> WordTable:
    return WordTable(WORD_LISTS)


def _look_up(words: Words) -> NDArray[np.float32]:
    """Shape (n_words, len(LISTS)). Which words are on which list, denied ones apart."""
    plain = _word_lists().look_up(words.bare)
    names = list(WORD_LISTS)
    denial = plain[:, names.index("not")] > 0
    # Separators keep a denial from reaching into the next text.
    reach = np.zeros(len(denial), dtype=np.bool_)
    apart = words.bare == 0
    clear = ~apart
    for distance in range(1, 4):
        if distance >= len(denial):
            break
        clear[distance:] &= ~apart[:-distance]
        reach[distance:] |= denial[:-distance] & clear[distance:]
    columns = [names.index(name) for name in DENIED]
    denied = plain[:, columns] * reach[:, None]
    plain[:, columns] -= denied
    return np.concatenate([plain, denied], axis=1)


def _shape(folded: Folded, words: Words, listed: NDArray[np.float32]) -> NDArray[np.float32]:
    """The figures of SHAPE."""
    starts = folded.starts[:-1]
    n = int(folded.starts[-1])
    shape = np.zeros((len(starts), len(SHAPE)), dtype=np.float32)
    signs = np.flatnonzero(folded.sign[:n])
    texts = np.searchsorted(starts, signs, side="right") - 1
    width = len(SIGNS) + 1
    columns = texts * width + _COLUMN_OF_SIGN[folded.exact[signs]]
    counts = np.bincount(columns, minlength=len(starts) * width).reshape(-1, width)[:, :-1]
    shape[:, : len(SIGNS)] = np.minimum(counts, 3) / 3 * SHAPE_SHARE

    raw, raw_starts = folded.raw, folded.raw_starts[:-1]
    n_upper = np.add.reduceat((raw >= ord("A")) & (raw <= ord("Z")), raw_starts, dtype=np.int32)
    n_lower = np.add.reduceat((raw >= ord("a")) & (raw <= ord("z")), raw_starts, dtype=np.int32)
    shape[:, _CAPITALS] = np.where(n_upper > 3, n_upper / np.maximum(n_upper + n_lower, 1), 0) * SHAPE_SHARE
    n_words = np.diff(words.starts)
    shape[:, _WORDS] = np.minimum(np.log(n_words), 6) / 6
    lettered = np.add.reduceat(folded.wordy[:n] & (folded.bare[:n] != ord("0")), starts, dtype=np.int32)
    shape[:, _NO_LETTERS] = lettered == 0
    found = np.minimum(np.add.reduceat(listed, words.starts[:-1], axis=0), 4)
    shape[:, _LISTS:] = found * (SHAPE_SHARE / np.sqrt(n_words))[:, None]
    return shape


def add_up(features: Features, weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The weighted sum of each text's hashed features.

    Args:
        features: Of n_texts texts.
        weights: Shape (N_BUCKETS + 1, n_heads), the last row nought. Where they are whole numbers, the sums do not
            depend on what else is in the batch.

    Returns:
        Shape (n_texts, n_heads).
    """
    pieces = np.add.reduceat(_weigh(features.pieces, weights), features.folded.starts[:-1], axis=0)
    words = np.add.reduceat(_weigh(features.words.buckets, weights), features.words.starts[:-1], axis=0)
    return np.asarray(pieces * features.piece_share[:, None] + words * features.word_share[:, None], dtype=np.float32)


def add_up_words(
    features: Features, weights: NDArray[np.float32], of_lists: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What each word brings to its text: its pieces, itself, its pair, and the lists it is on.

    Args:
        features: Of some texts.
        weights: As for `add_up`.
        of_lists: Shape (n_lists, n_heads). What a word on a list counts for.

    Returns:
        Shape (n_words, n_heads); separators bring nothing.
    """
    per_text = np.diff(features.words.starts)
    text = np.repeat(np.arange(features.n_texts), per_text)
    # A piece that starts on the border before a word belongs to the word.
    first = features.words.at[:-1].copy()
    first[1:] = np.maximum(first[1:] - ~features.folded.wordy[first[1:] - 1], first[:-1] + 1)
    pieces = np.add.reduceat(_weigh(features.pieces, weights), first, axis=0)
    words = _weigh(features.words.buckets, weights)
    total = pieces * features.piece_share[text, None] + words * features.word_share[text, None]
    total += features.listed @ of_lists * (SHAPE_SHARE / np.sqrt(per_text))[text, None]
    total[features.words.starts[:-1]] = 0
    return np.asarray(total, dtype=np.float32)


def list_columns() -> slice:
    """Which columns of SHAPE count listed words."""
    return slice(_LISTS, len(SHAPE))


def _weigh(buckets: NDArray[np.intp], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Shape (n, n_heads). The weights of all kinds of features that start at one place, together."""
    total: NDArray[np.float32] = weights.take(buckets[0], axis=0)
    for row in buckets[1:]:
        total += weights.take(row, axis=0)
    return total
