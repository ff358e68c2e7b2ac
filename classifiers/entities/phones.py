"""Phone numbers: a shape that a country writes, then the library's word that the number can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import phonenumbers

from classifiers.entities.reading import has_figures
from inbox.entities import Entity, EntityKind

_BEFORE = r"(?<![\w+#€£$])(?<![\w][/-])(?<![0-9)][.,:])(?<![0-9] )"
_AFTER = r"(?![\w€£$%])(?![.,/:-][0-9])(?! [0-9])(?!\s?(?:€|euros?\b))"
_GAP = r"[ \u00a0\u202f.\-/]?"

_ABROAD = re.compile(rf"(?<![\w+#])(?:\+|00(?=[1-9]))(?:{_GAP}(?:\(0\)|\([0-9]{{1,4}}\)|[0-9])){{8,15}}{_AFTER}")


def _shape(shape: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + shape.replace("_", _GAP) + _AFTER)


_NORTH_AMERICA = r"(?:1[ .-])?(?:\([2-9][0-9][0-9]\) ?|[2-9][0-9][0-9][ .-])[2-9][0-9][0-9][ .-][0-9]{4}"
_SHAPES = {
    "fr": (
        (_shape(r"04[0-9][0-9][ /.][0-9][0-9][ .][0-9][0-9][ .][0-9][0-9]"), "BE"),
        (_shape(r"0[1-9][0-9]? ?/ ?[0-9]{2,3}[ .][0-9][0-9][ .][0-9][0-9]"), "BE"),
        (_shape(r"0[2-9][0-9] [0-9]{3} [0-9][0-9] [0-9][0-9]"), "CH"),
        (_shape(r"0 ?[1-9](?:_[0-9]){8}"), "FR"),
        (_shape(_NORTH_AMERICA), "CA"),
    ),
    "en": (
        (_shape(r"\(?0[12378][0-9]{1,4}\)?(?:_[0-9]){5,8}"), "GB"),
        (_shape(_NORTH_AMERICA), "US"),
    ),
}
"""How numbers without a country code are written where a language is spoken, the most telling shape first."""


def find_phones(text: str, langs: tuple[str, ...]) -> Iterator[Entity]:
    """The phone numbers in a text; values in E.164.

    Args:
        text: As written.
        langs: The languages whose countries a number without a country code may be from, likeliest first.
    """
    if not has_figures(text):
        return
    shapes = chain([(_ABROAD, None)], *(_SHAPES[lang] for lang in langs))
    taken: list[tuple[int, int]] = []
    for shape, region in shapes:
        for found in shape.finditer(text):
            value = _value(found.group(), region)
            if value and not any(found.start() < end and start < found.end() for start, end in taken):
                taken.append(found.span())
                yield Entity(EntityKind.PHONE, found.group(), *found.span(), value)


def _value(written: str, region: str | None) -> str | None:
    said = "+" + written[2:] if region is None and written.startswith("00") else written
    try:
        number = phonenumbers.parse(said.replace("(0)", ""), region)
    except phonenumbers.NumberParseException:
        return None
    # Possible rather than valid: plans change faster than the tables, and numbers kept for fiction are invalid.
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
