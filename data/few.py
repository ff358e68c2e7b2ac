"""Telling a filter that leaves few conversations from one that leaves many: each is quick in another way."""

from __future__ import annotations

from sqlalchemy import Select

from data.transaction import Transaction

FEW = 3_000
"""So many are named and put in order; of more, a page is found sooner by following the order of the queue."""


def few(tx: Transaction, wanted: Select[int]) -> list[int] | None:
    """What a statement finds, where that is little; None where it is much, at the cost of no more than little."""
    found = list(tx.connection.scalars(wanted.limit(FEW + 1)))
    return found if len(found) <= FEW else None
