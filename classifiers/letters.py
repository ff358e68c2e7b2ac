"""What each character counts as: its plain form, its form without accent, and its kind.

The tables cover the first two planes of Unicode and are filled from ranges whose properties have been frozen for many
versions, so that every Python gives the same answer.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TABLE_SIZE = 0x20000
"""Characters from here on (rare Han) all count as one letter."""

BOUNDARY, LETTER, DIGIT, MARK, SIGN, STAR, REMOVED = range(7)
"""Kinds. A mark is a letter of a caseless script; a sign (an emoji, `?`, `!`, `€`) is a word of its own."""

MENTION, ADDRESS = "\ue000", "\ue001"
"""Stand-ins for `@somebody` and for a web address, taken from Unicode's private area."""

SPACE = 0x20

_READ = (
    (0x21, 0x250),  # Latin
    (0x250, 0x2B0),  # phonetic letters
    (0x370, 0x530),  # Greek and Cyrillic
    (0x1D00, 0x1DC0),  # phonetic extensions
    (0x1E00, 0x2000),  # Latin and Greek with several accents
    (0x2000, 0x2190),  # punctuation, superscripts, currency, letter-like
    (0x2460, 0x2500),  # circled
    (0x3001, 0x3020),
    (0xFB00, 0xFB07),  # ligatures
    (0xFF01, 0xFF5F),  # full width
    (0x1D400, 0x1D800),  # mathematical
    (0x1F130, 0x1F18A),  # squared
)
_LETTERS = ((0x590, 0x2000), (0x2C00, 0x2E00), (0x3040, 0xD800), (0xF900, 0xFB00), (0xFB07, 0xFE00), (0xFE70, 0xFF00))
_SIGNS = ((0x2190, 0x2460), (0x2500, 0x2C00), (0x1F000, 0x1FB00), (0xE000, 0xE002))
_REMOVED = (
    (0xAD, 0xAE),  # soft hyphen
    (0x300, 0x370),  # combining accents
    (0x200B, 0x2010),  # zero width
    (0x202A, 0x202F),  # direction
    (0x2060, 0x2070),
    (0xFE00, 0xFE10),  # variation selectors
    (0xFEFF, 0xFF00),
    (0x1F3FB, 0x1F400),  # skin tones
)
_SIGN_CHARACTERS = "?!€$£%+#"
_SAME = {"ø": "o", "œ": "o", "æ": "a", "ß": "s", "đ": "d", "ł": "l", "ı": "i"}
_LOOK_ALIKE = dict(zip("аеорсухікмнтвзбԁɡѕјԛԝαενοτυκιρςη", "aeopcyxikmhtb3bdgsjqwaevotukipcn", strict=True))


class Letters(NamedTuple):
    """Lookup tables, each of shape (TABLE_SIZE,)."""

    plain: NDArray[np.uint32]
    """Compatibility form in lower case."""
    bare: NDArray[np.uint32]
    """From the plain form to the same letter without its accent."""
    kind: NDArray[np.uint8]
    """From the character as written to its kind."""
    latin: NDArray[np.uint32]
    """From the plain form to the Latin letter it can be mistaken for; itself otherwise."""


@cache
def letters() -> Letters:
    """The tables, made once per process in about ten milliseconds."""
    plain = np.arange(TABLE_SIZE, dtype=np.uint32)
    bare = plain.copy()
    latin = plain.copy()
    kind = np.full(TABLE_SIZE, BOUNDARY, dtype=np.uint8)
    for ranges, value in ((_LETTERS, MARK), (_SIGNS, SIGN)):
        for first, end in ranges:
            kind[first:end] = value
    kind[-1] = MARK
    for first, end in _READ:
        for code in range(first, end):
            plain[code], bare_code, kind[code] = _read(chr(code))
            bare[plain[code]] = bare_code
    for first, end in _REMOVED:
        kind[first:end] = REMOVED
    for look, meant in _LOOK_ALIKE.items():
        latin[ord(look)] = ord(meant)
    return Letters(plain, bare, kind, latin)


def _read(character: str) -> tuple[int, int, int]:
    """Plain code, bare code and kind of one character."""
    forms = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold()).strip()
    plain = character if character in "ßŉ" or not forms else forms[0]
    if plain in _SIGN_CHARACTERS:
        return ord(plain), ord(plain), SIGN
    if plain == "*":
        return ord(plain), ord(plain), STAR
    if plain.isdecimal():
        return ord("0"), ord("0"), DIGIT
    if not plain.isalpha():
        return ord(plain), ord(plain), BOUNDARY
    bare = _SAME.get(plain) or unicodedata.normalize("NFKD", plain)[0]
    return ord(plain), ord(bare), LETTER
