"""Many rows in one statement: handed over as one JSON document, which the database reads as a table.

Measured against row by row, multi-row VALUES and arrays (docs/decisions/0002-storage.md): as fast as the bare driver on
both databases, and one statement whatever the number of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Row,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from data.transaction import Transaction
from data.types import Json, to_json, to_sqlite_json


def insert_many(
    tx: Transaction,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    skip_conflicts: bool = False,
    returning: Sequence[Column[Any]] = (),
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Insert rows that all name the same columns; what `returning` asks of each row put in, in no given order.

    With `skip_conflicts`, a row whose unique key is there already is left out, whoever put it there and when.
    """
    if not rows:
        return []
    columns = [table.c[name] for name in rows[0]]
    given = _given(tx, columns, [[row[one.name] for one in columns] for row in rows])
    # SQLite takes an ON CONFLICT right after a FROM for a join, hence the WHERE.
    values = select(*given.c).where(true())
    into = (postgresql.insert if tx.is_postgresql else sqlite.insert)(table).from_select([*rows[0]], values)
    statement = into.on_conflict_do_nothing() if skip_conflicts else into
    if not returning:
        tx.connection.execute(statement)
        return []
    return tx.connection.execute(statement.returning(*returning)).all()


def update_many(tx: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give each row of `table` with one of the ids its new values; all rows name the same columns, and `id`.

    The caller has locked them: on PostgreSQL the order of the updates is not given.
    """
    if not rows:
        return
    columns = [table.c[name] for name in rows[0]]
    given = _given(tx, columns, [[row[one.name] for one in columns] for row in rows])
    values = {one.name: given.c[one.name] for one in columns if one.name != "id"}
    tx.connection.execute(update(table).values(values).where(table.c.id == given.c.id))


def keys(
    tx: Transaction, columns: Sequence[Column[Any]], values: Sequence[Sequence[int | str | datetime]]
) -> FromClause:
    """Keys as a table to join, with the names and types of the columns they are keys of."""
    return _given(tx, columns, values)


def is_among(tx: Transaction, wanted: Column[Any], values: Collection[int | str]) -> ColumnElement[bool]:
    """Whether a column holds one of any number of values."""
    given = _given(tx, [wanted], [[value] for value in values])
    return wanted.in_(select(given.c[wanted.name]))


def _given(tx: Transaction, columns: Sequence[Column[Any]], rows: Sequence[Sequence[Any]]) -> FromClause:
    if tx.is_postgresql:
        names = [one.name for one in columns]
        document = bindparam(None, to_json([dict(zip(names, row, strict=True)) for row in rows]), Text)
        typed = [column(one.name, one.type) for one in columns]
        read = func.json_to_recordset(cast(document, Json)).table_valued(*typed, name="given")
        return read.render_derived(with_types=True)
    each = func.json_each(bindparam(None, to_sqlite_json(rows), Text)).table_valued("value", name="each_row")
    cells = [
        func.json_extract(each.c.value, f"$[{place}]", type_=one.type).label(one.name)
        for place, one in enumerate(columns)
    ]
    return select(*cells).subquery("given")
