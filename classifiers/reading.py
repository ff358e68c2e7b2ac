"""What is read of texts, a whole batch at once: hashed features already weighed, shape, and scores of languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers import native
from classifiers.features import DENIED, FEELINGS, N_BUCKETS, NO_LETTERS, SHAPE, SHAPE_SHARE, WORD_SHARE
from classifiers.tables import tables
from classifiers.word_lists import WORD_LISTS

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

BARE_WORD, PAIR = 1, 2
"""The places among the buckets of a word of its form without accents, and of the pair it makes with the next word."""

_NO_WEIGHTS = np.zeros((N_BUCKETS, 0), dtype=np.int8)


class VectorTable:
    """Vectors of some words, or of some pairs of words."""

    def __init__(self, row_of: NDArray[np.uint16], rows: NDArray[np.int8], *, pairs: bool) -> None:
        """Take a table.

        Args:
            row_of: Shape (N_BUCKETS,). Of each bucket its row, 0 for none.
            rows: Shape (at most 65,536, k), k a multiple of 16. The first row belongs to none.
            pairs: Whether the vectors are of pairs of words, rather than of bare words.

        Raises:
            ValueError: A row is pointed at that is not there, or a shape or type is another.
        """
        fits = row_of.shape == (N_BUCKETS,) and row_of.dtype == np.uint16 and rows.dtype == np.int8
        if not fits or rows.shape[1] % native.COLUMNS or row_of.max() >= len(rows):
            raise ValueError(f"vectors are {rows.dtype} of shape {rows.shape}, looked up by {row_of.shape}")
        self.row_of = np.ascontiguousarray(row_of)
        self.rows = np.ascontiguousarray(rows)
        self.pairs = pairs
        self.passed = native.Vectors(
            row_of=self.row_of, rows=self.rows, n_columns=rows.shape[1], place=PAIR if pairs else BARE_WORD
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of a batch of n texts, with k columns of weights.

    Attributes:
        piece_sums: Shape (n, k). Whole numbers: the weights of all pieces of a text together.
        word_sums: Shape (n, k). The same of its words, their bare forms and pairs.
        vectors: Shape (n, columns of all tables). The vectors of a text's words added up, table by table.
        n_pieces: Shape (n,).
        n_words: Shape (n,). Signs count as words.
        shape: Shape (n, len(SHAPE)).
        languages: Shape (n, len(TOLD_APART)). Log odds by groups of bytes and frequent words.
        scripts: Shape (n,). The row of SCRIPTS that most letters are of, len(SCRIPTS) for one that is not among them;
            -1 for Latin letters or none.
    """

    piece_sums: Floats
    word_sums: Floats
    vectors: Floats
    n_pieces: NDArray[np.int32]
    n_words: NDArray[np.int32]
    shape: Floats
    languages: Floats
    scripts: NDArray[np.int8]

    @property
    def has_letters(self) -> Bools:
        """Shape (n,). Which texts have letters at all, digits and signs aside."""
        return np.asarray(self.shape[:, NO_LETTERS] == 0, dtype=np.bool_)

    @property
    def has_feeling(self) -> Bools:
        """Shape (n,). Which texts have a glad, angry or rude sign."""
        return np.asarray((self.shape[:, FEELINGS] > 0).any(axis=1), dtype=np.bool_)

    @property
    def piece_share(self) -> Floats:
        """Shape (n,). The value each piece of a text counts with."""
        return np.asarray(1 / np.sqrt(np.maximum(self.n_pieces, 1)), dtype=np.float32)

    @property
    def word_share(self) -> Floats:
        """Shape (n,). The value each word of a text counts with, as do its bare form and its pair."""
        return np.asarray(WORD_SHARE / np.sqrt(3.0 * (self.n_words + 1)), dtype=np.float32)

    @property
    def list_share(self) -> Floats:
        """Shape (n,). The value each listed word of a text counts with."""
        return np.asarray(SHAPE_SHARE / np.sqrt(self.n_words + 1), dtype=np.float32)

    @property
    def sums(self) -> Floats:
        """Shape (n, k). The weighed sum of each text's hashed features."""
        return self.piece_sums * self.piece_share[:, None] + self.word_sums * self.word_share[:, None]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of n texts, m in all, with k columns of weights.

    Attributes:
        starts: Shape (n + 1,). The first word of each text.
        first: Shape (m,). Where each word begins in its text as written.
        last: Shape (m,). The place of its last character.
        sign: Shape (m,). The code point that its first character is read as.
        listed: Shape (m, len(LISTS)). 1 where a word is on a list, else 0.
        piece_sums: Shape (m, k). As of texts.
        word_sums: Shape (m, k).
    """

    starts: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    sign: NDArray[np.uint32]
    listed: Floats
    piece_sums: Floats
    word_sums: Floats

    @property
    def text(self) -> NDArray[np.intp]:
        """Shape (m,). Which text each word is of."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of a batch of n texts: of each text those of its pieces, then those of its words.

    Attributes:
        starts: Shape (2 * n + 1,). Where the pieces of each text start, and its words.
        buckets: Shape (starts[-1],).
    """

    starts: NDArray[np.int64]
    buckets: NDArray[np.uint32]


def read_texts(
    texts: Sequence[str], weights: NDArray[np.int8] = _NO_WEIGHTS, vectors: Sequence[VectorTable] = ()
) -> Reading:
    """Read a batch. Any string will do, lone surrogates included.

    Args:
        texts: As written.
        weights: Shape (N_BUCKETS, k), contiguous, k a multiple of 16.
        vectors: Tables whose vectors are added up, too.
    """
    n, width = len(texts), _width_of(weights)
    reading = Reading(
        piece_sums=np.empty((n, width), dtype=np.float32),
        word_sums=np.empty((n, width), dtype=np.float32),
        vectors=np.empty((n, sum(table.rows.shape[1] for table in vectors)), dtype=np.float32),
        n_pieces=np.empty(n, dtype=np.int32),
        n_words=np.empty(n, dtype=np.int32),
        shape=np.empty((n, len(SHAPE)), dtype=np.float32),
        languages=np.empty((n, native.N_LANGUAGES), dtype=np.float32),
        scripts=np.empty(n, dtype=np.int8),
    )
    into = native.Reading(**{name: getattr(reading, name) for name in native.Reading.names()})
    looked_up = (native.Vectors * len(vectors))(*(table.passed for table in vectors))
    native.call("vigie_read_texts", tables(), native.to_codes(texts), _weights(weights), looked_up, len(vectors), into)
    return reading


def read_words(texts: Sequence[str], reading: Reading, weights: NDArray[np.int8] = _NO_WEIGHTS) -> Words:
    """Read the words of a batch one by one; `reading` is of the same texts."""
    starts = np.concatenate([[0], np.cumsum(reading.n_words, dtype=np.int64)])
    m, width = int(starts[-1]), _width_of(weights)
    first, last = np.empty(m, dtype=np.int64), np.empty(m, dtype=np.int64)
    sign, lists, denied = (np.empty(m, dtype=np.uint32) for _ in range(3))
    piece_sums, word_sums = (np.empty((m, width), dtype=np.float32) for _ in range(2))
    into = native.WordReading(
        starts=starts,
        first=first,
        last=last,
        sign=sign,
        lists=lists,
        denied=denied,
        piece_sums=piece_sums,
        word_sums=word_sums,
    )
    native.call("vigie_read_words", tables(), native.to_codes(texts), _weights(weights), into)
    return Words(starts, first, last, sign, _listed(lists, denied), piece_sums, word_sums)


def read_buckets(texts: Sequence[str], reading: Reading) -> Buckets:
    """The buckets of a batch one by one; `reading` is of the same texts."""
    sizes = np.stack([reading.n_pieces, native.WORD_BUCKETS * (reading.n_words + 1)], axis=1).ravel()
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    buckets = np.empty(int(starts[-1]), dtype=np.uint32)
    native.call("vigie_read_buckets", tables(), native.to_codes(texts), buckets)
    return Buckets(starts, buckets)


def multiply(left: Floats, right: Floats) -> Floats:
    """The product of two matrices. Its sums are made in one order whatever the number of rows, unlike those of `@`."""
    (n, inner), width = left.shape, right.shape[1]
    product = np.empty((n, width), dtype=np.float32)
    ready = [np.ascontiguousarray(side, dtype=np.float32) for side in (left, right)]
    native.call("vigie_multiply", *ready, product, n, inner, width)
    return product


def fold(text: str) -> tuple[str, str]:
    """A text as the features see it, tricks of spelling undone: with its accents, and without."""
    exact, bare = (np.empty(len(text) + 1, dtype=np.uint32) for _ in range(2))
    length = np.empty(1, dtype=np.int64)
    native.call("vigie_fold_texts", tables(), native.to_codes([text]), exact, bare, length)
    seen, plain = ("".join(map(chr, codes[1 : length[0]].tolist())) for codes in (exact, bare))
    return seen, plain


def _width_of(weights: NDArray[np.int8]) -> int:
    if weights.dtype != np.int8 or weights.shape[0] != N_BUCKETS or weights.shape[1] % native.COLUMNS:
        raise ValueError(f"weights are {weights.dtype} of shape {weights.shape}")
    return int(weights.shape[1])


def _weights(weights: NDArray[np.int8]) -> native.Weights:
    return native.Weights(rows=np.ascontiguousarray(weights), n_columns=weights.shape[1])


def _listed(lists: NDArray[np.uint32], denied: NDArray[np.uint32]) -> Floats:
    """Shape (m, len(LISTS)). From a bit per list to a column per list, denied ones last."""
    plain = [lists >> np.uint32(column) & np.uint32(1) for column in range(len(WORD_LISTS))]
    turned = [denied >> np.uint32(list(WORD_LISTS).index(name)) & np.uint32(1) for name in DENIED]
    return np.stack([*plain, *turned], axis=1).astype(np.float32)
