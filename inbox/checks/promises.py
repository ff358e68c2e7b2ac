"""Promises that nobody may make for the brand: of money, of a date, of a success; and those that the brand forbids."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.checks.prose import Phrases
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_PROMISE = """
    nous vous promettons; nous le promettons; je vous promets; je vous le promets; promis jure; c'est promis; nous
    vous garantissons; je vous garantis; resultat garanti; remboursement garanti; livraison garantie; satisfait ou
    rembourse; nous vous rembourserons; nous vous remboursons; nous allons vous rembourser; je vais vous rembourser;
    je vous rembourse; vous serez rembourse*; vous serez integralement rembourse*; sera rembourse*; seront
    rembourse*; integralement rembourse*; remboursement integral; remboursement immediat; vous serez indemnise*;
    nous vous indemniserons; vous recevrez un bon d'achat; nous vous offrirons; vous serez livre* demain; sera
    livre* demain; vous recevrez votre colis demain; arrivera demain; sous vingt-quatre heures; sous quarante-huit
    heures; dans l'heure; cela n'arrivera plus jamais; cela ne se reproduira plus; cela ne se reproduira pas; ne se
    reproduira plus jamais; we promise; i promise; we guarantee; i guarantee; guaranteed refund; guaranteed
    delivery; full refund; we will refund; we'll refund; i will refund; i'll refund; you will be
    refunded; you'll be refunded; will be refunded; we will compensate; we'll compensate; you will be compensated;
    you'll get your money back; will arrive tomorrow; will be delivered tomorrow; you will receive it tomorrow;
    you'll receive it tomorrow; you will have it tomorrow; you'll have it tomorrow; within the hour; within
    twenty-four hours; it will never happen again; this will never happen again; won't happen again; will not happen
    again
"""


def check_promises(text: str, checks: Checks) -> Iterator[Finding]:
    """A finding for each promise that may not be made."""
    for place in _phrases(checks.promises).places(text):
        yield at(
            CheckKind.PROMISE,
            checks,
            text,
            place,
            Sentence("“{words}” promises what may not be promised. Say what is being done."),
        )


@lru_cache(maxsize=64)
def _phrases(own: tuple[str, ...]) -> Phrases:
    return Phrases([*_PROMISE.split(";"), *own])
