"""What is out of date: a canned response past its last day, an offer or a term that ended before today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date

from inbox.checks.context import Checks, Context
from inbox.checks.finding import at, on_the_whole
from inbox.checks.prose import Phrases, flat
from inbox.entities import Entity, EntityKind
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_ENDS = re.compile(
    r"\b(?:jusqu\w*|valables?|valides?|au plus tard|d'ici|expire\w*|prend fin|se termine|dure|avant"
    r"|until|till?|valid|expires?|ends?|through|no later than|by|before)\b[^.!?…;\d]{0,40}$"
)
_OFFER = Phrases(
    "offre*; promo*; solde*; remise*; reduction*; rabais; bon d'achat; bons d'achat; code*; coupon*; vente*; tarif*;"
    "offer*; sale; sales; discount*; deal; deals; voucher*; price*"
)
_YEAR = re.compile(r"(?<![\w/.,€$£-])(20\d\d)(?![\w/€$£%-])(?![.,:]\d)(?!\s?(?:€|euros?|dollars?))")
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SENTENCE_ENDS = ".!?…\n"
_SAYS = Sentence("“{words}” is over. Take it out, or bring it up to date.")


def check_validity(context: Context, checks: Checks) -> Iterator[Finding]:
    """A finding where the response that a text comes from is out of date."""
    if context.valid_until is not None and context.valid_until < context.today:
        yield on_the_whole(
            CheckKind.EXPIRED,
            checks,
            Sentence(
                "This response was good until {day}. Bring it up to date, or write your own words.",
                day=context.valid_until.isoformat(),
            ),
        )


def check_expired(text: str, today: date, checks: Checks, entities: Sequence[Entity]) -> Iterator[Finding]:
    """A finding for each term of an offer that is over."""
    taken: list[tuple[int, int]] = []
    for entity in entities:
        if entity.kind is not EntityKind.DATE:
            continue
        taken.append((entity.start, entity.end))
        last = _last_day(entity.value) if entity.value else _last_reading(entity.text)
        if last is None or last >= today:
            continue
        start, end = _sentence(text, entity.start)
        if _ENDS.search(flat(text)[start : entity.start]) or _OFFER.stand_in(text[start:end]):
            yield at(CheckKind.EXPIRED, checks, text, (entity.start, entity.end), _SAYS)
    for found in _YEAR.finditer(text):
        if int(found.group(1)) >= today.year or any(a <= found.start() < b for a, b in taken):
            continue
        start, end = _sentence(text, found.start())
        if _OFFER.stand_in(text[start:end]):
            yield at(CheckKind.EXPIRED, checks, text, found.span(1), _SAYS)


def _last_reading(written: str) -> date | None:
    """The later of the two days that figures such as 12/05/2025 can mean; None where they mean none."""
    found = _FIGURES.fullmatch(written)
    if found is None:
        return None
    one, other, year = found.groups()
    return max(filter(None, (_day(year, one, other), _day(year, other, one))), default=None)


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _last_day(value: str) -> date | None:
    """The day, or the last of the month, that a date means; None where it names no year."""
    parts = value.split("-")
    if not all(part.isdigit() for part in parts) or len(parts[0]) != 4 or len(parts) < 2:
        return None
    year, month = int(parts[0]), int(parts[1])
    if not (1 <= year <= date.max.year and 1 <= month <= 12):
        return None
    last = monthrange(year, month)[1]
    return date(year, month, min(int(parts[2]), last) if len(parts) > 2 else last)


def _sentence(text: str, place: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends."""
    start = max(text.rfind(sign, 0, place) for sign in _SENTENCE_ENDS) + 1
    ends = [at for at in (text.find(sign, place) for sign in _SENTENCE_ENDS) if at >= 0]
    return start, min(ends, default=len(text))
