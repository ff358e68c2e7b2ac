"""Finding every kind of entity in one text, and settling which kind a piece of it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from classifiers.entities.cards import find_cards
from classifiers.entities.dates import Dates
from classifiers.entities.emails import find_emails
from classifiers.entities.ibans import find_ibans
from classifiers.entities.orders import Orders
from classifiers.entities.phones import find_phones
from classifiers.entities.places import Places
from classifiers.entities.prices import find_prices
from classifiers.entities.products import products_of
from classifiers.entities.reading import Tongue
from inbox.entities import Entity, EntityKind
from inbox.model import UNDETERMINED

LANGUAGES = ("fr", "en")

_SURE_NUMBER = 3
_RANKS = {
    EntityKind.EMAIL: 0,
    EntityKind.IBAN: 1,
    EntityKind.CARD: 2,
    EntityKind.PHONE: 4,
    EntityKind.DATE: 5,
    EntityKind.PRICE: 6,
    EntityKind.PRODUCT: 7,
    EntityKind.PLACE: 8,
    EntityKind.ORDER_NUMBER: 9,
}
"""Which kind has its way where two claim the same letters: what is proven first, what is only likely last."""


class _Speaker(NamedTuple):
    """What reads one language."""

    tongue: Tongue
    orders: Orders
    dates: Dates
    places: Places


def find_entities(
    text: str, lang: str, *, products: Sequence[str] = (), said_on: date | None = None
) -> tuple[Entity, ...]:
    """What a text names, in order; no two overlap.

    Args:
        text: As written.
        lang: ISO 639-1, or `und`. French and English are read; `und` is read as both. In any other language only what
            needs no words is found: e-mail, IBAN, card, price, and a phone with its country code.
        products: The brand's own names of what it sells.
        said_on: The day the text was written, where its author was. "Tomorrow" and "next Tuesday" have a value only
            where it is given.
    """
    if not text or text.isspace():
        return ()
    langs = LANGUAGES if lang == UNDETERMINED else (lang,) if lang in LANGUAGES else ()
    claims = [(_RANKS[entity.kind], entity) for entity in _plain(text, langs)]
    for one in langs:
        claims += _spoken(text, one, said_on)
    if products:
        reading = _speaker(LANGUAGES[0]).tongue.read(text)
        claims += [(_RANKS[entity.kind], entity) for entity in products_of(tuple(products)).find(reading)]
    return _settled(claims, len(text))


def _plain(text: str, langs: tuple[str, ...]) -> Iterator[Entity]:
    """What is told by its signs."""
    yield from find_emails(text)
    yield from find_ibans(text)
    yield from find_cards(text)
    yield from find_phones(text, langs)
    yield from find_prices(text)


def _spoken(text: str, lang: str, said_on: date | None) -> Iterator[tuple[int, Entity]]:
    """What is told by the words of a language."""
    speaker = _speaker(lang)
    reading = speaker.tongue.read(text)
    for claim in speaker.orders.find(reading):
        yield _SURE_NUMBER if claim.is_sure else _RANKS[EntityKind.ORDER_NUMBER], claim.entity
    for entity in (*speaker.dates.find(reading, said_on), *speaker.places.find(reading)):
        yield _RANKS[entity.kind], entity


@cache
def _speaker(lang: str) -> _Speaker:
    tongue = Tongue()
    return _Speaker(tongue, Orders(tongue), Dates(tongue, lang), Places(tongue, lang))


def _settled(claims: list[tuple[int, Entity]], length: int) -> tuple[Entity, ...]:
    """The claims that stand: by rank, the longer first among equals, and none over another."""
    kept: list[Entity] = []
    taken = bytearray(length)
    for _, entity in sorted(claims, key=lambda claim: (claim[0], claim[1].start - claim[1].end, claim[1].start)):
        if not any(taken[entity.start : entity.end]):
            taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))
