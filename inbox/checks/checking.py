"""Every check, one after the other, over one text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from inbox.checks.advert import check_advert
from inbox.checks.aggressive import check_aggressive
from inbox.checks.context import NO_CHECKS, Checks, Context, Level
from inbox.checks.echo import check_echo
from inbox.checks.expired import check_expired, check_validity
from inbox.checks.links import check_links
from inbox.checks.personal import check_personal
from inbox.checks.polarity import check_polarity
from inbox.checks.promises import check_promises
from inbox.checks.shouting import check_shouting
from inbox.checks.spelling import check_spelling, without_words_of
from inbox.checks.typography import check_typography
from inbox.entities import Entity
from inbox.findings import CheckKind, Finding
from inbox.responses import check_blanks

_TELLING = re.compile(r"[\d@]")
_KEPT = 1024
"""So many texts are not read again that were read before: canned responses are sent many times."""

Place = tuple[int, int]


def check_words(text: str, context: Context, checks: Checks = NO_CHECKS) -> tuple[Finding, ...]:
    """What the checks of a brand find in words that are to be sent: what blocks them first, then in order of place.

    Args:
        text: As it is to be sent, whole: a part of a long reply may begin inside a sentence.
        context: What it is to answer.
        checks: What the brand has settled: `Brand.checks`.
    """
    found = [one for one in _all(text, context, checks) if one.kind is None or checks.level(one.kind) is not Level.OFF]
    return tuple(sorted(found, key=lambda one: (not one.blocking, -1 if one.start is None else one.start)))


def _all(text: str, context: Context, checks: Checks) -> Iterator[Finding]:
    """What the text is in itself, then what it is to whom it answers."""
    in_itself, insults = _in_itself(text, context.lang, context.today, checks)
    yield from without_words_of(context, in_itself)
    yield from check_validity(context, checks)
    yield from check_polarity(text, context, checks)
    echoed = [] if checks.level(CheckKind.ECHO) is Level.OFF else list(check_echo(text, context, checks, insults))
    yield from echoed
    given_back = [(one.start, one.end) for one in echoed if one.start is not None and one.end is not None]
    of_our_own = [place for place in insults if not any(a <= place[0] and place[1] <= b for a, b in given_back)]
    yield from check_aggressive(text, checks, of_our_own)


@lru_cache(maxsize=_KEPT)
def _in_itself(text: str, lang: str, today: date, checks: Checks) -> tuple[tuple[Finding, ...], tuple[Place, ...]]:
    """What is found in a text whatever it answers; and where insults stand in it."""
    entities = _entities(text, lang, checks)
    insults = () if checks.abuse is None else tuple(checks.abuse.in_text(text))
    found = (
        *check_blanks(text),
        *check_personal(text, checks, entities),
        *check_links(text, checks),
        *check_expired(text, today, checks, entities),
        *check_promises(text, checks),
        *check_advert(text, checks),
        *check_shouting(text, checks),
        *check_typography(text, lang, checks),
        *check_spelling(text, lang, checks, besides=insults),
    )
    return found, insults


def _entities(text: str, lang: str, checks: Checks) -> Sequence[Entity]:
    """What a text names of all that has a figure or an @ in it; without either it names nothing of the kind."""
    if checks.entities is None or _TELLING.search(text) is None:
        return ()
    return checks.entities(text, lang)
