"""What a text names, as the command line shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from inbox.entities import Entity, EntityKind
from inbox.sentences import Sentence

KINDS: Mapping[EntityKind, Sentence] = {
    EntityKind.ORDER_NUMBER: Sentence("order number"),
    EntityKind.PRODUCT: Sentence("product"),
    EntityKind.PRICE: Sentence("price"),
    EntityKind.EMAIL: Sentence("e-mail address"),
    EntityKind.PHONE: Sentence("phone number"),
    EntityKind.IBAN: Sentence("IBAN"),
    EntityKind.CARD: Sentence("card number"),
    EntityKind.DATE: Sentence("date"),
    EntityKind.PLACE: Sentence("place"),
}
"""The kinds as people are told them."""


def entities_in(
    text: str, lang: str, *, products: Sequence[str] = (), said_on: date | None = None
) -> tuple[Entity, ...]:
    """What a text names; the first call loads spaCy, which commands without entities never do."""
    from classifiers.entities import find_entities

    return find_entities(text, lang, products=products, said_on=said_on)


def with_entities(
    told: Mapping[str, Any], text: str, *, products: Sequence[str] = (), said_on: date | None = None
) -> dict[str, Any]:
    """A line of `vigie classify`, with the list of what its text names under `entities`."""
    found = entities_in(text, told["lang"], products=products, said_on=said_on)
    return {**told, "entities": [to_object(entity) for entity in found]}


def to_object(entity: Entity) -> dict[str, Any]:
    """An entity as plain data for JSON."""
    return {
        "kind": entity.kind.value,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "value": entity.value,
    }
