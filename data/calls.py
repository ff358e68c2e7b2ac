"""Requests under an idempotency key: begun once, answered once, kept for a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update

from data.many import insert_many
from data.tables import api_call
from data.transaction import Transaction
from inbox.programs import GIVEN_UP, REMEMBERED, KeptCall


def begin_call(tx: Transaction, token_id: int, key: str, digest: str, *, now: datetime) -> KeptCall | None:
    """Begin a request under a key; None where it is the first one under it, else what became of the first."""
    is_over = api_call.c.begun_at < now - REMEMBERED
    was_given_up = api_call.c.status.is_(None) & (api_call.c.begun_at < now - GIVEN_UP)
    tx.connection.execute(delete(api_call).where(is_over | was_given_up))
    row = {"token_id": token_id, "key": key, "digest": digest, "begun_at": now}
    if insert_many(tx, api_call, [row], skip_conflicts=True, returning=[api_call.c.id]):
        return None
    first = tx.connection.execute(select(api_call).where(_this(token_id, key))).one_or_none()
    # Between the two statements the first may have been refused, and forgotten: it counts as being answered.
    return KeptCall(digest, now) if first is None else KeptCall(first.digest, first.begun_at, first.status, first.body)


def end_call(tx: Transaction, token_id: int, key: str, *, status: int, body: str) -> None:
    """Keep the answer to a request that was begun."""
    tx.connection.execute(update(api_call).where(_this(token_id, key)).values(status=status, body=body))


def drop_call(tx: Transaction, token_id: int, key: str) -> None:
    """Forget a request that was begun and has no answer."""
    tx.connection.execute(delete(api_call).where(_this(token_id, key), api_call.c.status.is_(None)))


def _this(token_id: int, key: str) -> ColumnElement[bool]:
    return (api_call.c.token_id == token_id) & (api_call.c.key == key)
