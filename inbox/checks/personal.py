"""Personal data: numbers of cards and accounts, phones, e-mail addresses that are not the brand's own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from inbox.checks.context import Checks, Level
from inbox.checks.finding import at
from inbox.entities import Entity, EntityKind
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_SAYS = {
    EntityKind.CARD: (CheckKind.BANK, Sentence("There is a card number in it. Take it out: it is never sent.")),
    EntityKind.IBAN: (
        CheckKind.BANK,
        Sentence("There is the number of a bank account in it. Take it out: it is never sent."),
    ),
    EntityKind.PHONE: (
        CheckKind.PERSONAL,
        Sentence("There is a phone number in it. Take it out, or list it as the brand's own (brand.checks.contacts)."),
    ),
    EntityKind.EMAIL: (
        CheckKind.PERSONAL,
        Sentence(
            "There is an e-mail address in it. Take it out, or list it as the brand's own (brand.checks.contacts)."
        ),
    ),
}
_NOT_FIGURES = re.compile(r"[^\d]")
_TELLING = 9
"""So many last figures tell two phone numbers apart, however the country is written."""


def check_personal(text: str, checks: Checks, entities: Sequence[Entity]) -> Iterator[Finding]:
    """A finding for each number or address of somebody's among what a text names."""
    for entity in entities:
        said = _SAYS.get(entity.kind)
        if said is None or checks.level(said[0]) is Level.OFF or _is_own(entity, checks):
            continue
        yield at(said[0], checks, text, (entity.start, entity.end), said[1], is_private=True)


def _is_own(entity: Entity, checks: Checks) -> bool:
    match entity.kind:
        case EntityKind.PHONE:
            figures = _figures(entity.value or entity.text)
            return any(_figures(one) == figures for one in checks.contacts if "@" not in one and _figures(one))
        case EntityKind.EMAIL:
            address = entity.text.casefold()
            host = address.rpartition("@")[2]
            return any(address == one.casefold() or one.casefold() == f"@{host}" for one in checks.contacts)
        case _:
            return False


def _figures(written: str) -> str:
    return _NOT_FIGURES.sub("", written)[-_TELLING:]
