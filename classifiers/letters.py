"""What each character counts as: its plain form, its form without accent, and its kind.

The tables cover the first two planes of Unicode and are filled from ranges whose properties have been frozen for many
versions, so that every Python gives the same answer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

TABLE_SIZE = 0x20000
"""Characters from here on (rare Han) all count as one letter."""

BOUNDARY, LETTER, DIGIT, MARK, SIGN, STAR, REMOVED = range(7)
"""Kinds. A mark is a letter of a caseless script; a sign (an emoji, `?`, `!`, `€`) is a word of its own."""

LEET, JOINER, LOOKALIKE, ACCENT, STARRED = 0x08, 0x10, 0x20, 0x40, 0x80
"""What a character may be besides: a sign for a letter, a joiner, a look-alike of a Latin letter, an accent, a star."""

MENTION, ADDRESS = "\ue000", "\ue001"
"""Stand-ins for `@somebody` and for a web address, taken from Unicode's private area."""

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
_LETTERS = ((0x530, 0x2000), (0x2C00, 0x2E00), (0x3040, 0xD800), (0xF900, 0xFB00), (0xFB07, 0xFE00), (0xFE70, 0xFF00))
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
_ACCENTS = range(0x300, 0x370)
_ACCENTED = ((0xC0, 0x250), (0x370, 0x530), (0x1E00, 0x2000))

_STROKED = {
    "a": "æ",
    "b": "ƀ",
    "c": "ȼ",
    "d": "đ",
    "e": "ɇ",
    "g": "ǥ",
    "h": "ħ",
    "i": "ıɨ",
    "j": "ɉ",
    "k": "ƙ",
    "l": "łƚ",
    "o": "øœ",
    "r": "ɍ",
    "s": "ß",
    "t": "ŧ",
    "u": "ʉ",
    "y": "ɏ",
    "z": "ƶ",
}
"""Letters with a stroke or a tail, or two in one: without accent they are the plain one."""

_SHAPED = {
    "a": "ᴀɑɐ",
    "b": "ʙɓƃ",
    "c": "ᴄƈɕ",
    "d": "ᴅɖɗƌ",
    "e": "ᴇǝəɛɘɜ",
    "f": "ꜰƒ",
    "g": "ɢɠɡ",
    "h": "ʜɦ",
    "i": "ɪɩ",
    "j": "ᴊʝ",
    "k": "ᴋ",
    "l": "ʟɫɬɭ",
    "m": "ᴍɱɯ",
    "n": "ɴŋɲɳƞ",
    "o": "ᴏɵɔ",
    "p": "ᴘƥ",
    "q": "ꞯʠ",
    "r": "ʀɹɼɽɾ",
    "s": "ꜱʂƨ",
    "t": "ᴛƫƭʈ",
    "u": "ᴜʊ",
    "v": "ᴠʋʌ",
    "w": "ᴡ",
    "y": "ʏƴʎ",
    "z": "ᴢʐʑȥ",
}
"""Small capitals, phonetic letters and those of African languages: as plain ones wherever they stand."""

_LOOK_ALIKE = {
    "a": "аАαΑᎪꓮ",
    "b": "вВЬьβΒᏴᏏꓐ",
    "c": "сСϲᏟꓚ",
    "d": "ԁᎠᏧꓓδ",
    "e": "еЕєҽԑзεϵΕᎬꓰ",
    "f": "ғꓝք",
    "g": "ԍԌցᏀꓖ",
    "h": "нНһћђңӊΗհᎻᏂꓧ",
    "i": "іІїιΙᎥꓲ",
    "j": "јЈϳյᎫꓙ",
    "k": "кКқҡҝκΚϰᏦꓗ",
    "l": "ӏլԼᏞꓡ",
    "m": "мМӎΜᎷꓟ",
    "n": "пиИηΝոՈꓠ",
    "o": "оОөοσΟΘθօՕꓳ",
    "p": "рРρϱΡᏢꓑ",
    "q": "ԛզգ",
    "r": "гґяЯᎡᏒꓣ",
    "s": "ѕЅςՏᏕᏚꓢ",
    "t": "тТҭτΤᎢꓔ",
    "u": "υμսՍꓴ",
    "v": "ѵνᏙꓦ",
    "w": "ԝшШщѡωաᎳᏔꓪ",
    "x": "хХҳӽχΧꓫ",
    "y": "уУүҮұγΥᎩᎽꓬ",
    "z": "ΖζᏃꓜ",
}
"""Letters of other scripts that pass for Latin ones beside them, as written: capitals may pass for another letter."""

_NEGATIVE = ((0x1F150, 0x1F16A), (0x1F170, 0x1F18A))
"""Capitals A to Z in white on black, in circles and in squares."""

_MEANT_BY = dict(zip("013457@$€", "oieastase", strict=True))
"""The letters that digits and signs between letters stand for."""

_JOINERS = " .-_*·•|/,"


_WITHOUT_STROKE = {ord(look): ord(letter) for letter, looks in _STROKED.items() for look in looks}


class Letters(NamedTuple):
    """Lookup tables, each of shape (TABLE_SIZE,)."""

    plain: NDArray[np.uint32]
    """From the character as written to its compatibility form in lower case."""
    bare: NDArray[np.uint32]
    """From the plain form to the same letter without its accent."""
    latin: NDArray[np.uint32]
    """From the character as written to the Latin letter it can be mistaken for; nought for none."""
    meant: NDArray[np.uint32]
    """From a digit or sign as written to the letter it can stand for; nought for none."""
    traits: NDArray[np.uint8]
    """From the character as written to its kind, and to what it may be besides."""


@cache
def letters() -> Letters:
    """The tables, made once per process in about ten milliseconds."""
    plain = np.arange(TABLE_SIZE, dtype=np.uint32)
    bare = plain.copy()
    latin, meant = np.zeros((2, TABLE_SIZE), dtype=np.uint32)
    kind = np.full(TABLE_SIZE, BOUNDARY, dtype=np.uint8)
    for ranges, value in ((_LETTERS, MARK), (_SIGNS, SIGN)):
        for first, end in ranges:
            kind[first:end] = value
    kind[-1] = MARK
    for first, end in _READ:
        for code in range(first, end):
            plain[code], bare_code, kind[code] = _read(chr(code))
            bare[plain[code]] = bare_code
    for look, letter in _each(_SHAPED):
        plain[look], kind[look] = letter, LETTER
    for first, end in _NEGATIVE:
        plain[first:end], kind[first:end] = np.arange(ord("a"), ord("z") + 1), LETTER
    for first, end in _REMOVED:
        kind[first:end] = REMOVED
    for look, letter in _each(_LOOK_ALIKE):
        latin[look] = letter
    for plainer, _, composed in composed_letters():
        latin[composed] = latin[composed] or latin[plainer]
    for sign, stands_for in _MEANT_BY.items():
        meant[ord(sign)] = ord(stands_for)
    traits = kind.copy()
    traits[meant != 0] |= LEET
    traits[latin != 0] |= LOOKALIKE
    traits[kind == STAR] |= STARRED
    traits[[ord(joiner) for joiner in _JOINERS]] |= JOINER
    traits[_ACCENTS.start : _ACCENTS.stop] |= ACCENT
    return Letters(plain, bare, latin, meant, traits)


@cache
def composed_letters() -> list[tuple[int, int, int]]:
    """Letter, accent, and the letter with that accent, for all that Unicode composes; sorted."""
    found: list[tuple[int, int, int]] = []
    for first, end in _ACCENTED:
        for code in range(first, end):
            apart = unicodedata.normalize("NFD", chr(code))
            if len(apart) > 1 and ord(apart[-1]) in _ACCENTS and unicodedata.normalize("NFC", apart) == chr(code):
                found.append((ord(unicodedata.normalize("NFC", apart[:-1])), ord(apart[-1]), code))
    return sorted(found)


def _each(alike: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Pairs of code points from a table of letters and their look-alikes: the look-alike, then the letter."""
    for letter, looks in alike.items():
        for look in looks:
            yield ord(look), ord(letter)


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
    return ord(plain), _WITHOUT_STROKE.get(ord(plain)) or ord(unicodedata.normalize("NFKD", plain)[0]), LETTER
