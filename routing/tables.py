"""The tables of one name that a TOML file is made of."""

from __future__ import annotations

import tomllib
from typing import Any

from inbox.errors import BadResponses
from inbox.sentences import Sentence


def read_tables(text: str, *, file: str, table: str) -> list[dict[str, Any]]:
    """Its tables in their order, before anything is read into them.

    Raises:
        BadResponses: It is not TOML, or holds something else.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadResponses([Sentence("{file} is not TOML: {why}.", file=file, why=str(error))]) from error
    rows = told.get(table)
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows) or told.keys() != {table}:
        raise BadResponses([Sentence("{file} may hold only {tables} tables.", file=file, tables=f"[[{table}]]")])
    return rows
