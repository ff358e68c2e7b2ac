"""Texts that say the same with small differences, as a raid posts them: found quickly among some hundreds. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    """The places of the largest group of texts that are near-copies of its first one, in their order.

    Source: Jaccard's coefficient over shingles, Broder, "On the resemblance and containment of documents" (1997). Each
    text joins the first group that it fits.
    """
    groups: list[tuple[frozenset[str], list[int]]] = []
    known: dict[frozenset[str], list[int]] = {}
    for place, text in enumerate(texts):
        pieces = pieces_of(text)
        if not pieces:
            continue
        group = known.get(pieces)
        if group is None:
            group = next((members for first, members in groups if _alike(first, pieces)), None)
        if group is None:
            if len(groups) >= _MOST_KINDS:
                continue
            group = []
            groups.append((pieces, group))
        known[pieces] = group
        group.append(place)
    return max((members for _, members in groups), key=len, default=[])


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    fewer, more = sorted((len(one), len(other)))
    if fewer < ALIKE * more:
        return False
    common = len(one & other)
    return common >= ALIKE * (len(one) + len(other) - common)
