"""Texts that say the same with small differences, as a raid posts them: found quickly among some hundreds. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain

from inbox.text import fold

ALIKE = 0.6
"""From which share of common pieces on two texts are near-copies, from 0 to 1."""

_PIECE = 4
_LONGEST = 400
_MOST_KINDS = 200
"""So many different texts are compared at the most: where all say something else, nobody copies."""

_LINK = re.compile(r"(?:https?://|www\.)(?P<host>[^\s/?#]+)\S*")
_NAMED = re.compile(r"<?@[!&]?\w+>?|<?#\w+>?")
_DIGITS = re.compile(r"\d+")
_AGAIN = re.compile(r"(.)\1{2,}")
_WORD = re.compile(r"[^\W_]+")


def pieces_of(text: str) -> frozenset[str]:
    """The runs of four letters of a text, without what copies are told apart by.

    Case, accents, punctuation, the numbers in it, whom it names, where on a site a link leads, and how often a letter
    is repeated do not count. Empty where nothing else is left.
    """
    plain = _NAMED.sub(" ", _LINK.sub(r" \g<host> ", fold(text[:_LONGEST])))
    plain = " ".join(_WORD.findall(_AGAIN.sub(r"\1", _DIGITS.sub("0", plain))))
    if len(plain) <= _PIECE:
        return frozenset({plain} if plain else ())
    return frozenset(plain[start : start + _PIECE] for start in range(len(plain) - _PIECE + 1))


def near_copies(texts: Sequence[str]) -> list[int]:
    """The places of the largest group of texts that are near-copies of its first one, in their order."""
    return max(groups_of(texts, most_kinds=_MOST_KINDS), key=len, default=[])


def groups_of(texts: Sequence[str], *, most_kinds: int | None = None) -> list[list[int]]:
    """The places of the texts in groups of near-copies, in the order of their first ones; single ones as well.

    Each text joins the first group whose first text it is like. Texts of which nothing is left are in no group, nor is
    what says something new after `most_kinds` groups.

    Source: Jaccard's coefficient over shingles, Broder, "On the resemblance and containment of documents" (1997).
    """
    groups: list[list[int]] = []
    sizes: list[int] = []
    holders: defaultdict[str, list[int]] = defaultdict(list)
    known: dict[frozenset[str], int] = {}
    for place, text in enumerate(texts):
        pieces = pieces_of(text)
        if not pieces:
            continue
        group = known.get(pieces)
        if group is None:
            common = Counter(chain.from_iterable(holders.get(piece, ()) for piece in pieces))
            group = min(
                (one for one, shared in common.items() if _alike(shared, sizes[one], len(pieces))), default=None
            )
        if group is None:
            if len(groups) == most_kinds:
                continue
            group = len(groups)
            groups.append([])
            sizes.append(len(pieces))
            for piece in pieces:
                holders[piece].append(group)
        known[pieces] = group
        groups[group].append(place)
    return groups


def _alike(shared: int, one: int, other: int) -> bool:
    return shared >= ALIKE * (one + other - shared)
