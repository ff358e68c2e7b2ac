"""Vectors of words and of pairs of words, learned from the company that they keep: what is said alike lies close.

They need no labels. Words that our few labelled messages do not hold are known through their neighbours this way.

Source: Levy and Goldberg 2014, "Neural Word Embedding as Implicit Matrix Factorization", section 3.3 (shifted positive
pointwise mutual information, and its singular value decomposition).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

from classifiers import native
from classifiers.features import N_BUCKETS
from classifiers.reading import BARE_WORD, PAIR, VectorTable, read_buckets, read_texts

WORD_SIZE, PAIR_SIZE = 64, 48
"""How many numbers a vector has."""

SEEN_AT_LEAST = 4
"""A word or pair seen less often has no vector."""

REACH = 5
"""So many words to either side are a word's company; one at distance d counts 1/d."""

_SMOOTHING = 0.75
_CHUNK = 1024
_MOST_ROWS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Said:
    """The words of many texts in a row, each text opened by a separator.

    Attributes:
        words: Shape (m,). The bucket of each word without its accents.
        pairs: Shape (m,). The bucket of the pair that each word makes with the next one.
        opens: Shape (m,). Where a text opens.
    """

    words: NDArray[np.int64]
    pairs: NDArray[np.int64]
    opens: NDArray[np.bool_]


def hear(texts: Sequence[str]) -> Said:
    """The words of texts, as buckets."""
    buckets, opens = [], []
    for at in range(0, len(texts), _CHUNK):
        some = texts[at : at + _CHUNK]
        reading = read_texts(some)
        found = read_buckets(some, reading)
        of_words = np.repeat(np.arange(2 * len(some)) % 2 == 1, np.diff(found.starts))
        buckets.append(found.buckets[of_words].reshape(-1, native.WORD_BUCKETS).astype(np.int64))
        sizes = reading.n_words + 1
        opened = np.zeros(int(sizes.sum()), dtype=np.bool_)
        opened[np.cumsum(sizes) - sizes] = True
        opens.append(opened)
    rows = np.concatenate(buckets)
    return Said(rows[:, BARE_WORD], rows[:, PAIR], np.concatenate(opens))


def learn_vectors(said: Said, *, pairs: bool, size: int, seed: int = 0) -> VectorTable:
    """Vectors of the words, or of the pairs of words, that were said often enough; the commonest if they are too many.

    Args:
        said: From `hear`.
        pairs: Vectors of pairs of words rather than of single words.
        size: Of a vector; a multiple of 16.
        seed: Of everything drawn at random.

    Returns:
        Rare words have longer vectors (inverse document frequency).
    """
    terms = said.pairs if pairs else said.words
    counts = np.bincount(terms[~said.opens] if not pairs else terms, minlength=N_BUCKETS)
    kept = np.flatnonzero(counts >= SEEN_AT_LEAST)
    kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")][:_MOST_ROWS])
    rows = np.zeros((len(kept) + 1, size), dtype=np.int8)
    row_of = np.zeros(N_BUCKETS, dtype=np.int64)
    row_of[kept] = np.arange(1, len(kept) + 1)
    table = partial(VectorTable, row_of.astype(np.uint16), rows, pairs=pairs)
    if len(kept) == 0:
        return table()
    company = _company(said, row_of[terms] if pairs else np.where(said.opens, 0, row_of[terms]), pairs=pairs)
    left, strength, _ = randomized_svd(_information(company[1:]), size, n_iter=3, random_state=seed)
    vectors = left * np.sqrt(strength)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-6
    vectors *= np.log(said.opens.sum() / counts[kept])[:, None].clip(0.1)
    rows[1:, : vectors.shape[1]] = np.round(vectors * (127 / np.abs(vectors).max()))
    return table()


def learn_tables(texts: Sequence[str], *, seed: int = 0) -> tuple[VectorTable, VectorTable]:
    """Vectors of the words and of the pairs of words of some texts, whatever their labels."""
    said = hear(texts)
    return (
        learn_vectors(said, pairs=False, size=WORD_SIZE, seed=seed),
        learn_vectors(said, pairs=True, size=PAIR_SIZE, seed=seed),
    )


def _company(said: Said, term: NDArray[np.int64], *, pairs: bool) -> csr_matrix:
    """Shape (n_terms + 1, N_BUCKETS). How much of each word is found near each term; the first row is of none."""
    text = np.cumsum(said.opens)
    m = len(term)
    rows, columns, values = [], [], []
    for distance in range(1, REACH + 1):
        for step in (-distance, distance + pairs):
            here = np.arange(max(0, -step), min(m, m - step))
            there = here + step
            near = (term[here] > 0) & (text[here] == text[there]) & ~said.opens[there]
            rows.append(term[here[near]])
            columns.append(said.words[there[near]])
            values.append(np.full(int(near.sum()), 1 / distance, dtype=np.float32))
    company = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return csr_matrix(company, shape=(int(term.max()) + 1, N_BUCKETS))


def _information(company: csr_matrix) -> csr_matrix:
    """Positive pointwise mutual information; words are smoothed so that rare company is not taken for a sign."""
    of_term = np.asarray(company.sum(axis=1)).ravel()
    of_word = np.asarray(company.sum(axis=0)).ravel() ** _SMOOTHING
    of_word /= of_word.sum()
    met = company.tocoo()
    told = np.log(met.data / (of_term[met.row] * of_word[met.col]))
    kept = told > 0
    return csr_matrix((told[kept], (met.row[kept], met.col[kept])), shape=company.shape)
