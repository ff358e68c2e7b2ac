"""The phrases that a response looks for in a message: found whatever case and accents, and weighed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from inbox.text import phrase

GAP = "…"
"""Stands in a phrase for up to three words of any kind."""

HEAVIEST = 2.5
"""The most that a phrase weighs."""

_PER_WORD = 0.5
"""What each word more adds to what a phrase weighs: many words tell more than one."""


def to_phrase(written: str) -> str:
    """A phrase as it is looked for: `pas … livr*` is found in “n'est toujours pas encore livré”.

    One with a gap keeps it and its stars; any other is as `inbox.text.phrase` makes it.
    """
    if GAP not in written:
        return phrase(written)
    parts = [phrase(part.strip()) for part in written.split(GAP)]
    return GAP.join(part if part.endswith(" ") else f"{part}*" for part in parts)


def hits(phrases: Sequence[str], said: str) -> dict[str, str]:
    """The words of a message that phrases look for, as they stand there, each with the phrase that found it.

    What lies inside another that was found does not count beside it.

    Args:
        phrases: As `to_phrase` makes them.
        said: The message, folded and `spaced`.
    """
    found: dict[str, str] = {}
    for one in phrases:
        place = _place(one, said)
        if place is not None:
            end = said.find(" ", max(place[1] - 1, place[0] + 1))
            found.setdefault(said[place[0] : end if end > 0 else None].strip(), one)
    if len(found) < 2:
        return found
    return {
        words: one
        for words, one in found.items()
        if not any(other != words and f" {words} " in f" {other} " for other in found)
    }


def weight_of(one: str) -> float:
    """What a phrase weighs that stands in a message, from 1 up to HEAVIEST."""
    return min(1.0 + _PER_WORD * (len(one.replace(GAP, " ").split()) - 1), HEAVIEST)


def _place(one: str, said: str) -> tuple[int, int] | None:
    if GAP in one:
        first = one.partition(GAP)[0].rstrip("* ")
        met = _with_gaps(one).search(said) if first in said else None
        return None if met is None else met.span()
    begin = said.find(one)
    return None if begin < 0 else (begin, begin + len(one))


@lru_cache(maxsize=8_192)
def _with_gaps(one: str) -> re.Pattern[str]:
    parts = [re.escape(part.strip(" *")) + (r"[^ ]*" if part.endswith("*") else "") for part in one.split(GAP)]
    return re.compile(" " + r"(?: [^ ]+){0,3}? ".join(parts) + " ")
