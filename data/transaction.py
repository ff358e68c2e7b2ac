"""An open transaction on behalf of one brand: what every verb of this package works in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, Text, literal_column

from data.engine import is_reading


@dataclass(frozen=True, slots=True)
class Transaction:
    """Whoever opened it commits it; a verb never does."""

    connection: Connection
    brand_id: int

    @property
    def is_postgresql(self) -> bool:
        """Which of the two databases it is."""
        return self.connection.dialect.name == "postgresql"

    @property
    def is_shared(self) -> bool:
        """Whether others write at the same time and rows have to be locked: on SQLite there is one writer."""
        return self.is_postgresql and not is_reading(self.connection)


def word(value: StrEnum) -> ColumnElement[str]:
    """A word of ours written out in the statement, so that a partial index on it is found."""
    return literal_column(f"'{value.value}'", Text())


def words(*values: StrEnum) -> list[ColumnElement[str]]:
    """Several words of ours, for `in_`."""
    return [word(value) for value in values]
