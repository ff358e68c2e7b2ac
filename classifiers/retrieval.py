"""Which of many short texts are most like another: hashed words, pairs and pieces of words, and their cosine.

What is rare tells more than what everybody says (inverse document frequency). A feature counts once however often a
text has it: messages are short. Texts may be added at any time, and the oldest give way when there are too many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers.features import N_BUCKETS
from classifiers.reading import read_buckets, read_texts

T = TypeVar("T")

MOST = 100_000
"""How many texts are kept."""

_BLOCK = 16_384
"""So many texts are looked through at once; those added last wait in an open block until it is full."""

_ONE_IN = 4
"""Of the pieces of words one in so many is kept, the same ones of every text: there are five times as many as words."""

_COMMON = 0.02
"""What stands in a larger share of all texts tells nothing, and would cost most of the time."""

_ALWAYS_TELLS = 200
"""What stands in fewer texts than this is never too common."""

_HOPEFUL = 20
"""For each text that is wanted so many of those that share most are weighed: a long one shares much and is not like."""

Features = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Block:
    """Some texts by their features.

    Attributes:
        by_text: Shape (n, N_BUCKETS). Where a text has a feature.
        by_feature: The same, turned round.
    """

    by_text: csr_matrix
    by_feature: csr_matrix

    @classmethod
    def of(cls, by_text: csr_matrix) -> _Block:
        return cls(by_text, by_text.T.tocsr())


class Likeness(Generic[T]):
    """Texts, each with whatever is known by it, to be found again by what is said alike."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._full: list[_Block] = []
        self._open = _Block.of(_rows([]))
        self._known: list[T] = []
        self._seen_in = np.zeros(N_BUCKETS, dtype=np.int64)

    def __len__(self) -> int:
        return len(self._known)

    def add(self, texts: Sequence[str], known: Sequence[T]) -> None:
        """Take in texts, each with what is known by it; the oldest go where there are too many.

        Raises:
            ValueError: There are not as many of the one as of the other.
        """
        if len(texts) != len(known):
            raise ValueError(f"{len(texts)} texts, but {len(known)} things known by them")
        for at in range(0, len(texts), _BLOCK):
            rows = _rows(features_of(texts[at : at + _BLOCK]))
            self._seen_in += np.bincount(rows.indices, minlength=N_BUCKETS)
            self._known += known[at : at + _BLOCK]
            self._keep(rows)
        while len(self._known) > self._most and self._full:
            self._forget_oldest()

    def alike(self, text: str, *, limit: int = 20, at_least: float = 0.0) -> list[tuple[T, float]]:
        """What is known by the texts that are most like this one, with how like, from 0 to 1; the likest first."""
        asked = features_of([text])[0]
        weights = self._weights(asked)
        length = float(np.sqrt((weights**2).sum()))
        if not length:
            return []
        query = np.zeros(N_BUCKETS, dtype=np.float32)
        query[asked] = weights**2
        found: list[NDArray[np.float32]] = []
        for block in (*self._full, self._open):
            shared = np.zeros(block.by_text.shape[0], dtype=np.float32)
            for feature in asked[weights > 0]:
                begin, end = block.by_feature.indptr[feature], block.by_feature.indptr[feature + 1]
                shared[block.by_feature.indices[begin:end]] += query[feature]
            found.append(shared)
        return self._likest(np.concatenate(found), length, limit=limit, at_least=at_least)

    def _likest(
        self, shared: NDArray[np.float32], length: float, *, limit: int, at_least: float
    ) -> list[tuple[T, float]]:
        """Of all texts by the weight they share with a query those that are likest; only the best are weighed whole."""
        hopeful = np.flatnonzero(shared > 0)
        if len(hopeful) > _HOPEFUL * limit:
            best = np.argpartition(-shared[hopeful], _HOPEFUL * limit)[: _HOPEFUL * limit]
            hopeful = hopeful[best]
        likeness = [(float(shared[at]) / (length * self._length(int(at))), int(at)) for at in hopeful]
        ranked = sorted(((score, at) for score, at in likeness if score >= at_least), key=lambda one: (-one[0], one[1]))
        return [(self._known[at], min(score, 1.0)) for score, at in ranked[:limit]]

    def _length(self, at: int) -> float:
        """How long the vector of a text is, never 0."""
        for block in (*self._full, self._open):
            n = block.by_text.shape[0]
            if at < n:
                begin, end = block.by_text.indptr[at], block.by_text.indptr[at + 1]
                weights = self._weights(block.by_text.indices[begin:end])
                return float(np.sqrt((weights**2).sum())) or 1.0
            at -= n
        raise IndexError(at)

    def _weights(self, features: NDArray[np.integer]) -> NDArray[np.float32]:
        """What each feature tells: the rarer the more, and nothing where too many texts have it."""
        n, seen = len(self._known), self._seen_in[features]
        told = np.log((1 + n) / (1 + seen)) + 1
        told[seen > max(_ALWAYS_TELLS, _COMMON * n)] = 0
        return np.asarray(told, dtype=np.float32)

    def _keep(self, rows: csr_matrix) -> None:
        joined = _stacked(self._open.by_text, rows)
        while joined.shape[0] >= _BLOCK:
            self._full.append(_Block.of(joined[:_BLOCK]))
            joined = joined[_BLOCK:]
        self._open = _Block.of(joined)

    def _forget_oldest(self) -> None:
        oldest = self._full.pop(0)
        self._seen_in -= np.bincount(oldest.by_text.indices, minlength=N_BUCKETS)
        del self._known[: oldest.by_text.shape[0]]


def features_of(texts: Sequence[str]) -> list[Features]:
    """Of each text the buckets of its words, their pairs, and some of its pieces, each once, in order."""
    if not texts:
        return []
    found = read_buckets(texts, read_texts(texts))
    buckets = found.buckets.astype(np.int64)
    told: list[Features] = []
    for at in range(len(texts)):
        pieces = buckets[found.starts[2 * at] : found.starts[2 * at + 1]]
        words = buckets[found.starts[2 * at + 1] : found.starts[2 * at + 2]]
        told.append(np.unique(np.concatenate([pieces[pieces % _ONE_IN == 0], words])))
    return told


def _rows(features: Sequence[Features]) -> csr_matrix:
    """Shape (n, N_BUCKETS). Which text has which feature."""
    starts = np.concatenate([[0], np.cumsum([len(one) for one in features], dtype=np.int64)])
    columns = np.concatenate([np.empty(0, dtype=np.int64), *features])
    return csr_matrix((np.ones(len(columns), dtype=np.int8), columns, starts), shape=(len(features), N_BUCKETS))


def _stacked(upper: csr_matrix, lower: csr_matrix) -> csr_matrix:
    starts = np.concatenate([upper.indptr, lower.indptr[1:] + upper.indptr[-1]])
    columns = np.concatenate([upper.indices, lower.indices])
    n = upper.shape[0] + lower.shape[0]
    return csr_matrix((np.ones(len(columns), dtype=np.int8), columns, starts), shape=(n, N_BUCKETS))
