"""Insults in a text or in a name, whatever disguise they wear, and whatever stands around them."""

from __future__ import annotations

import re
from functools import lru_cache

from classifiers.features import LISTS
from classifiers.insults import everyday_words, vile_words
from classifiers.native import LONGEST_INSULT
from classifiers.reading import fold, read_texts, read_words

_INSULT = LISTS.index("insult")
_FEWEST_EVERYDAY = 2
"""So many everyday words that are insults too make a name an offence: one alone may be somebody's."""

_PIECES = re.compile(r"[A-ZÀ-Þ]?[^\WA-ZÀ-Þ\d_]+|[A-ZÀ-Þ]+(?![^\WA-ZÀ-Þ\d_])")
_FIGURES = str.maketrans("01345789@$!|", "oieastbgasil")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_INSIDE = """
    salope connard connasse encule enfoire batard bouffon niquetamere niketamere nikelamere niquelamere filsdepute
    filsdeput grospd sousmerde tapute salepute fuck nigger nigga faggot asshole motherf cocksuck shithead bitch whore
    wanker hitler siegheil heilh
"""
"""What no harmless name has inside it, its letters written together."""


class Abuse:
    """Finds insults by the lists of the classifier, and by its way of reading disguises."""

    def in_text(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where words that insult whatever stands around them stand in a text, in order."""
        places: list[tuple[int, int]] = []
        for (start, end), word in _insults(text):
            if word in _everyday():
                continue
            if places and start - places[-1][1] <= 1 and not text[places[-1][1] : start].isspace():
                places[-1] = (places[-1][0], end)  # one insult with a joiner inside
            else:
                places.append((start, end))
        return tuple(places)

    def in_name(self, name: str) -> bool:
        """Whether a name that somebody goes by offends, or hides something that does."""
        return _offends(name)


@lru_cache(maxsize=4096)
def _offends(name: str) -> bool:
    pieces = " ".join(piece.strip("xX") or piece for piece in _PIECES.findall(name))
    # A line of its own each: what stands on one does not change how the next is read.
    bare = " ".join(word.strip("xX") or word for word in _NO_LETTERS.split(name))
    lines = dict.fromkeys([name.replace("\n", " "), pieces, bare, name.translate(_FIGURES).replace("\n", " ")])
    found = {word for _, word in _insults("\n".join(lines))}
    if len(found) >= _FEWEST_EVERYDAY or any(word not in _everyday() for word in found):
        return True
    together = _NO_LETTERS.sub("", fold(name.translate(_FIGURES))[1])
    return any(word in together for word in _INSIDE.split()) or together in _vile()


def _insults(text: str) -> list[tuple[tuple[int, int], str]]:
    """The words of a text on the list of insults, with their places, as they read without their disguise."""
    if not text:
        return []
    reading = read_texts([text])
    words = read_words([text], reading)
    places = [(int(words.first[at]), int(words.last[at]) + 1) for at in words.listed[:, _INSULT].nonzero()[0]]
    return [((start, end), fold(text[start:end])[1].strip()) for start, end in places]


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(everyday_words())


@lru_cache(maxsize=1)
def _vile() -> frozenset[str]:
    return frozenset(word for word in vile_words() if 4 <= len(word) <= LONGEST_INSULT)
