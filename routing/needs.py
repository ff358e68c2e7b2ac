"""What of the background of a message the conditions of a rule book need to know."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.background import EVER, NO_NEEDS, Needs
from routing.conditions import Condition, Contact


def needs_of(conditions: Iterable[Condition]) -> Needs:
    """What these conditions need, with those inside an `all`, `any` or `not`."""
    found = NO_NEEDS
    for condition in conditions:
        found |= _of_one(condition)
        for table in condition.parts:
            found |= needs_of(table)
    return found


def _of_one(condition: Condition) -> Needs:
    match condition.kind, condition.value:
        case "repeated", _:
            return Needs(repeated=True)
        case "crisis", _:
            return Needs(crisis=True)
        case "sla" | "sla_of", _:
            return Needs(clocks=True)
        case "contact", Contact() as asked:
            return Needs(
                tags=bool(asked.tags),
                first_message=asked.first_message is not None,
                messages_within=asked.within if asked.messages_at_least else None,
                sanctions_within=(asked.within or EVER) if asked.sanctions_at_least else None,
            )
    return NO_NEEDS
