"""Column types that mean the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator, TypeEngine

Id = BigInteger().with_variant(Integer, "sqlite")
"""A number given by the database; on SQLite it has to be INTEGER to be the row's own number."""

Json = JSON(none_as_null=True)
"""Plain data, kept as the text it was written as: numbers and the order of keys come back unchanged."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. It goes in with any zone and comes out in UTC; one without a zone is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """With a zone where the database knows zones; SQLite keeps text that sorts by time."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC, before it is written."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A moment needs a time zone: {value!r}")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC, as it is read."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _utc(moment: datetime) -> datetime:
    if not isinstance(moment, datetime):
        raise TypeError(f"Not plain data: {moment!r}")
    if moment.tzinfo is None:
        raise ValueError(f"A moment needs a time zone: {moment!r}")
    return moment.astimezone(UTC)


@lru_cache(maxsize=512)
def _iso(moment: datetime) -> str:
    return moment.isoformat()


@lru_cache(maxsize=512)
def _sqlite_text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def _encoder(to_text: Callable[[datetime], str]) -> Callable[[object], str]:
    # What is remembered is in UTC, where no two moments are equal: in autumn a zone has an hour of which two are.
    return json.JSONEncoder(
        ensure_ascii=False,
        separators=(",", ":"),
        check_circular=False,
        allow_nan=False,
        default=lambda moment: to_text(_utc(moment)),
    ).encode


to_json = _encoder(_iso)
"""Plain data as compact text; a moment as ISO 8601 in UTC."""

to_sqlite_json = _encoder(_sqlite_text)
"""The same, with moments as `UtcDateTime` writes them on SQLite."""


def to_storable(text: str) -> str:
    """The text with what no database keeps (NUL, halves of a character) replaced by U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
