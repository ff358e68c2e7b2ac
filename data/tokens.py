"""Tokens of programs: kept under the mark of their secret, found by it, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from data.many import insert_many
from data.tables import api_token, brand
from data.transaction import Transaction
from inbox.model import Actor
from inbox.programs import Scope, Token


def add_token(
    tx: Transaction, name: str, mark: str, *, scopes: Sequence[Scope], by: Actor, now: datetime
) -> Token | None:
    """Keep a token under the mark of its secret; None where one that works has the name, whatever its case."""
    row = {
        "brand_id": tx.brand_id,
        "name": name,
        "folded": name.casefold(),
        "mark": mark,
        "scopes": [one.value for one in scopes],
        "made_by": by.name,
        "made_at": now,
    }
    if not insert_many(tx, api_token, [row], skip_conflicts=True, returning=[api_token.c.id]):
        return None
    return token_marked(tx, mark)


def token_marked(tx: Transaction, mark: str) -> Token | None:
    """The token of any brand with this mark."""
    row = tx.connection.execute(_tokens().where(api_token.c.mark == mark)).one_or_none()
    return None if row is None else _to_token(row)


def list_tokens(tx: Transaction) -> list[Token]:
    """Every token of the brand, the latest first."""
    wanted = _tokens().where(api_token.c.brand_id == tx.brand_id).order_by(api_token.c.id.desc())
    return [_to_token(row) for row in tx.connection.execute(wanted)]


def see_token(tx: Transaction, token_id: int, *, now: datetime) -> None:
    """Note that a token was used."""
    tx.connection.execute(update(api_token).where(api_token.c.id == token_id).values(used_at=now))


def revoke_token(tx: Transaction, name: str, *, now: datetime) -> Token | None:
    """Have the token of a name work no longer; None where none does."""
    mine = (api_token.c.brand_id == tx.brand_id) & (api_token.c.folded == name.casefold())
    works = api_token.c.revoked_at.is_(None)
    ended = update(api_token).where(mine, works).values(revoked_at=now).returning(api_token.c.mark)
    mark = tx.connection.scalar(ended)
    return None if mark is None else token_marked(tx, mark)


def _tokens() -> Select[Any]:
    return select(api_token, brand.c.key.label("brand_key")).join(brand, brand.c.id == api_token.c.brand_id)


def _to_token(row: Any) -> Token:
    return Token(
        row.id,
        row.brand_key,
        row.name,
        # A scope that a later version knew is none here.
        frozenset(Scope(one) for one in row.scopes if one in set(Scope)),
        row.made_by,
        row.made_at,
        row.used_at,
        row.revoked_at,
    )
