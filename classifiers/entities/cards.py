"""Payment card numbers, proven by issuer, length and check digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.entities import Entity, EntityKind

_RUN = re.compile(r"(?<![\w.,+#-])[0-9](?:[ \u00a0\u202f-]?[0-9]){12,18}(?![\w]|[.,-][0-9])")
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})"  # Visa
    r"|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|(?:30[0-5]|36\d|38\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14}"  # UnionPay
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{12}"  # Maestro
)
"""The numbers that issuers give out, by first digits and length. Source: the ISO/IEC 7812 ranges that they publish."""


def find_cards(text: str) -> Iterator[Entity]:
    """The card numbers in a text; values without spaces."""
    for found in _RUN.finditer(text):
        value = "".join(sign for sign in found.group() if sign in "0123456789")
        if _ISSUED.fullmatch(value) and passes_luhn(value):
            yield Entity(EntityKind.CARD, found.group(), *found.span(), value)


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others. Source: ISO/IEC 7812-1, annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
