"""Prices: an amount beside a currency."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from classifiers.entities.reading import has_figures
from inbox.entities import Entity, EntityKind

_BLANK = "[ \u00a0\u202f]"
_GROUPED = rf"[0-9]{{1,3}}(?:{_BLANK}[0-9]{{3}}|['’.,][0-9]{{3}})+(?:[.,][0-9]{{1,2}})?"
_AMOUNT = rf"(?:{_GROUPED}|[0-9]{{1,7}}(?:[.,][0-9]{{1,2}})?)"
_BEFORE = r"(?<![\w#])(?<![\w][.,:])(?<![0-9]/)"

_CURRENCIES = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "balles": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "quid": "GBP",
    "livres sterling": "GBP",
    "pounds": "GBP",
    "pounds sterling": "GBP",
    "$": "USD",
    "us$": "USD",
    "$us": "USD",
    "usd": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "bucks": "USD",
    "ca$": "CAD",
    "c$": "CAD",
    "$ca": "CAD",
    "$ ca": "CAD",
    "cad": "CAD",
    "chf": "CHF",
    "francs suisses": "CHF",
    "swiss francs": "CHF",
    "fr.": "CHF",
}

_AFTER_AMOUNT = re.compile(
    rf"{_BEFORE}(?P<amount>{_AMOUNT})(?:\.[-–])?{_BLANK}?"
    r"(?P<unit>(?:\$ ?CA|\$US|[€£$])(?![$€£0-9])"
    r"|(?:euros?|eur|balles(?!\s(?:de|d['’]|en)\b)|gbp|quid|livres sterling|pounds(?: sterling)?|usd|dollars?|bucks"
    r"|cad|chf|francs suisses|swiss francs|centimes)\b(?![-–]))",
    re.IGNORECASE,
)
_BEFORE_AMOUNT = re.compile(
    rf"(?<![\w$€£])(?P<unit>US\$|CA\$|C\$|[€£$]|\b(?:EUR|GBP|USD|CAD|CHF)\b|\bFr\.){_BLANK}?"
    rf"(?P<amount>{_AMOUNT})(?:\.[-–])?(?![\w%]|[.,][0-9]|{_BLANK}?[€£$]|\s(?:million|milliard|billion|bn\b))"
)
_AMID = re.compile(
    rf"{_BEFORE}(?P<whole>[0-9]{{1,5}}){_BLANK}?(?P<unit>[€£$]){_BLANK}?(?P<parts>[0-9][0-9])(?![\w]|[.,][0-9])"
)
_SPENT = re.compile(
    r"\b(?:for|cost|costs|paid|pay|refund|refunded|charged?|worth|price|spent|owe|fee|about|only|than|of)\b",
    re.IGNORECASE,
)
_WEIGHED = re.compile(r"\s(?:of|heavier|lighter|overweight|in weight)\b", re.IGNORECASE)


def find_prices(text: str) -> Iterator[Entity]:
    """The prices in a text; values as amount with two decimals and ISO 4217 code, such as `12.50 EUR`."""
    if not has_figures(text):
        return
    amid = []
    for found in _AMID.finditer(text):
        amid.append(found.span())
        amount = Decimal(f"{found['whole']}.{found['parts']}")
        yield _price(found, amount)
    for pattern in (_AFTER_AMOUNT, _BEFORE_AMOUNT):
        for found in pattern.finditer(text):
            if any(found.start() < end and start < found.end() for start, end in amid) or not _is_money(found):
                continue
            yield _price(found, _amount(found["amount"]))


def _is_money(found: re.Match[str]) -> bool:
    """Whether pounds are money rather than weight: only where the words around speak of money."""
    if found["unit"].lower() != "pounds":
        return True
    near = found.string[max(0, found.start() - 40) : found.start()]
    return bool(_SPENT.search(near)) and not _WEIGHED.match(found.string, found.end())


def _price(found: re.Match[str], amount: Decimal) -> Entity:
    unit = found["unit"].lower()
    if unit == "centimes":
        amount, unit = amount / 100, "€"
    return Entity(EntityKind.PRICE, found.group(), *found.span(), f"{amount:.2f} {_CURRENCIES[unit]}")


def _amount(written: str) -> Decimal:
    """An amount as written: a sign before exactly three digits groups thousands, any other is the decimal one."""
    whole, decimals = written, "0"
    if tail := re.search(r"[.,]([0-9]{1,2})$", written):
        whole, decimals = written[: tail.start()], tail[1]
    return Decimal("".join(sign for sign in whole if sign in "0123456789") + "." + decimals)
