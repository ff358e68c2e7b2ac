"""Bank account numbers, proven by their check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.entities import Entity, EntityKind

_COUNTRIES = {
    15: "NO",
    16: "BE",
    18: "DK FI FO GL NL",
    19: "MK SI",
    20: "AT BA EE KZ LT LU XK",
    21: "CH HR LI LV",
    22: "BG BH CR DE GB GE IE ME RS VA",
    23: "AE GI IL IQ",
    24: "AD CZ ES MD PK RO SA SE SK TN VG",
    25: "LY PT ST",
    26: "IS TR",
    27: "FR GR IT MC MR SM",
    28: "AL AZ BY CY DO GT HU LB PL SV",
    29: "BR EG PS QA UA",
    30: "JO KW MU",
    31: "MT SC",
    32: "LC",
}
"""Countries by the length of their account numbers. Source: the IBAN registry of SWIFT, ISO 13616."""

_LENGTHS = {country: length for length, countries in _COUNTRIES.items() for country in countries.split()}

_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?=[ \u00a0\u202f-]?[A-Za-z0-9])")
_BLANKS = " \u00a0\u202f-"


def find_ibans(text: str) -> Iterator[Entity]:
    """The account numbers in a text whose country, length and check digits are right; values without spaces."""
    for found in _START.finditer(text):
        length = _LENGTHS.get(found.group()[:2].upper())
        end = _end(text, found.start(), length) if length else None
        if end is None:
            continue
        written = text[found.start() : end]
        value = "".join(letter for letter in written if letter not in _BLANKS).upper()
        if is_iban(value):
            yield Entity(EntityKind.IBAN, written, found.start(), end, value)


def is_iban(value: str) -> bool:
    """Whether an account number without spaces passes mod 97. Source: ISO 7064."""
    moved = value[4:] + value[:4]
    return moved.isascii() and moved.isalnum() and int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _end(text: str, start: int, length: int) -> int | None:
    """Where so many letters and digits end, with at most one blank between two of them; None where they do not."""
    left, at = length, start
    while left and at < len(text):
        if text[at].isascii() and text[at].isalnum():
            left -= 1
        elif text[at] not in _BLANKS or text[at - 1] in _BLANKS:
            return None
        at += 1
    whole = not left and not text[at : at + 1].isalnum()
    return at if whole else None
