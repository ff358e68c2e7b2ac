"""Comparing and cutting text the way readers expect: case, accents and apostrophes do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ACCENTS = re.compile("[\u0300-\u034e\u0350-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "œ": "oe", "æ": "ae"})
_BETWEEN_WORDS = str.maketrans({chr(code): " " for code in range(128) if not chr(code).isalnum()})


def fold(text: str) -> str:
    """The text in lower case, without accents, with one kind of apostrophe and of space."""
    if text.isascii():
        return text.lower()
    apart = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    if apart.isascii():  # most of what is written in Latin letters, in half the time
        return apart.lower()
    plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return plain.casefold().translate(_SAME)


def to_words(folded: str) -> list[str]:
    """The words of a text, in order: whatever lies between signs that are neither letters nor digits."""
    if folded.isascii():  # most texts, once they are folded: in half the time
        return folded.translate(_BETWEEN_WORDS).split()
    return _WORD.findall(folded)


@lru_cache(maxsize=8)
def spaced(folded: str) -> str:
    """The words of a folded text with one space before, between and after them, so that a phrase is found whole.

    Many words are looked for in the same text in turn: the last few are kept.
    """
    return f" {' '.join(to_words(folded))} "


def phrase(written: str) -> str:
    """A word or phrase as it is looked for in a `spaced` text; one that ends in `*` is left open at its end."""
    whole = spaced(fold(written.removesuffix("*")))
    return whole.rstrip() if written.endswith("*") else whole


def excerpt(text: str, width: int) -> str:
    """The text on one line, at most `width` characters, cut between words with an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    at = cut.rfind(" ")
    return (cut[:at] if at > width // 2 else cut).rstrip(" ,;:.") + "…"
