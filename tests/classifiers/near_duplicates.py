"""Finding texts that say nearly the same, among tens of thousands, in seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from inbox.text import fold

ALIKE_ABOVE = 0.6
"""Two texts are near-duplicates when more than this share of their pieces is common to both (Jaccard)."""

_PIECE = 4
_SHARED = 5
_AT_ONCE = 1000


def pieces_of(text: str) -> frozenset[str]:
    """The runs of four signs in a text, case, accents and punctuation aside; a shorter text is its only piece."""
    folded = fold(text)
    words = "".join(sign if sign.isalnum() or ord(sign) > 0x2190 else " " for sign in folded).split()
    plain = " ".join(words) or folded
    return frozenset(plain[at : at + _PIECE] for at in range(max(1, len(plain) - _PIECE + 1)))


def are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of pieces overlap so far that their texts are near-duplicates."""
    common = len(one & other)
    return common > ALIKE_ABOVE * (len(one) + len(other) - common)


def near_duplicates(texts: Sequence[str]) -> list[tuple[int, int]]:
    """All pairs of near-duplicates, as places in `texts`, the earlier one first; none is missed.

    Two sets that overlap by more than a share `s` have more than `s` of the larger one's pieces in common. When each
    keeps only its rarest `1 - s` and `k` more, `k` of the common ones are still among them, or all where there are
    fewer. So only pairs that share `k` rare pieces are compared.

    Source of the idea: prefix filtering, "Efficient Similarity Joins for Near Duplicate Detection", Xiao et al. 2008.
    """
    pieces = [pieces_of(text) for text in texts]
    often = Counter(piece for each in pieces for piece in each)
    rank = {piece: at for at, piece in enumerate(sorted(often, key=lambda piece: (often[piece], piece)))}
    rare = [sorted(rank[piece] for piece in each)[: int(len(each) * (1 - ALIKE_ABOVE)) + _SHARED] for each in pieces]
    size = np.array([len(each) for each in pieces])
    ends = np.cumsum([0, *map(len, rare)])
    columns = np.array([column for each in rare for column in each], dtype=np.int32)
    holds = csr_matrix((np.ones(len(columns), dtype=np.int16), columns, ends), shape=(len(texts), len(rank)))
    held_by = holds.T.tocsr()
    found: list[tuple[int, int]] = []
    for start in range(0, len(texts), _AT_ONCE):
        shared = (holds[start : start + _AT_ONCE] @ held_by).tocoo()
        one, other = shared.row + start, shared.col
        small, large = np.minimum(size[one], size[other]), np.maximum(size[one], size[other])
        enough = shared.data >= np.minimum(_SHARED, np.floor(ALIKE_ABOVE * large) + 1)
        likely = (one < other) & (small > ALIKE_ABOVE * large) & enough
        pairs = zip(one[likely].tolist(), other[likely].tolist(), strict=True)
        found += [(first, second) for first, second in pairs if are_alike(pieces[first], pieces[second])]
    return sorted(found)
