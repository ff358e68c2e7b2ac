"""The versions of the canned responses."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from data.tables import brand, response_book
from data.transaction import Transaction
from inbox.model import Actor
from inbox.response_books import ResponsesVersion


def keep_response_book(tx: Transaction, text: str, *, author: Actor, why: str = "", now: datetime) -> int:
    """The version number of this text, from 1; a new version unless the latest reads the same."""
    if tx.is_shared:
        tx.connection.execute(select(brand.c.id).where(brand.c.id == tx.brand_id).with_for_update(key_share=True))
    latest = tx.connection.execute(
        select(response_book.c.version, response_book.c.text)
        .where(response_book.c.brand_id == tx.brand_id)
        .order_by(response_book.c.version.desc())
        .limit(1)
    ).one_or_none()
    version: int = latest.version if latest else 0
    if latest is not None and latest.text == text:
        return version
    tx.connection.execute(
        insert(response_book).values(
            brand_id=tx.brand_id,
            version=version + 1,
            text=text,
            author_kind=author.kind,
            author_name=author.name,
            why=why,
            written_at=now,
        )
    )
    return version + 1


def response_books(tx: Transaction) -> list[ResponsesVersion]:
    """Every version of the canned responses that was in force, the first one first."""
    wanted = select(response_book).where(response_book.c.brand_id == tx.brand_id).order_by(response_book.c.version)
    return [_to_version(row) for row in tx.connection.execute(wanted)]


def _to_version(row: Any) -> ResponsesVersion:
    return ResponsesVersion(row.version, row.text, Actor(row.author_kind, row.author_name), row.why, row.written_at)
