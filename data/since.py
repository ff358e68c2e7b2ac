"""Where in a table what was written since a moment begins, without an index on the moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, func, select

from data.transaction import Transaction

_SLACK = timedelta(hours=1)
"""Ids are given out in the order of time, give or take how long a transaction runs and how far clocks are apart."""


def first_since(tx: Transaction, number: Column[int], moment: Column[datetime], since: datetime) -> int:
    """An id before which nothing was written since a moment, found by halving; above all ids where nothing was.

    Args:
        tx: The transaction.
        number: The id column of the table, whose ids grow as rows are written.
        moment: When a row was written.
        since: The moment.
    """
    bounds: Any = select(func.min(number), func.max(number))
    low, high = tx.connection.execute(bounds).one()
    if low is None:
        return 0
    high += 1
    while low < high:
        middle = (low + high) // 2
        at = tx.connection.scalar(select(moment).where(number >= middle).order_by(number).limit(1))
        if at is not None and at < since - _SLACK:
            low = middle + 1
        else:
            high = middle
    return int(low)
