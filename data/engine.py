"""Opening a database from its address, with the settings that each of the two needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from data.trouble import shown, to_trouble
from data.types import to_json
from inbox.errors import StoreTrouble
from inbox.sentences import Sentence
from inbox.text import fold, spaced

BUSY = timedelta(seconds=30)
"""How long a writer waits for another on SQLite."""

_turns: dict[Path, Lock] = {}
_MEMORY = {None, "", ":memory:"}


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///file`, `sqlite://` (in memory) or `postgresql://…`; nothing is opened yet.

    The folder of a SQLite file is made. What goes wrong later on any of its connections is raised as `StoreTrouble`
    where the reader can do something about it; no error carries what was to be written, which may be people's words.

    Raises:
        StoreTrouble: The address cannot be read, or the driver is not installed.
    """
    address = to_url(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)

    @event.listens_for(engine, "handle_error", retval=True)
    def tell(context: ExceptionContext) -> StoreTrouble | None:
        trouble = to_trouble(context.original_exception, address)
        return trouble or (_broken_off(address) if context.is_disconnect else None)

    return engine


def _broken_off(address: URL) -> StoreTrouble:
    where = shown(address)
    return StoreTrouble(
        Sentence("PostgreSQL at {where} broke off the connection. Try again once it is back.", where=where)
    )


def to_url(url: str) -> URL:
    """Read an address; `postgresql://` means the driver we use.

    Raises:
        StoreTrouble: It is no address, or names a database we do not know.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreTrouble(
            Sentence(
                "The database address cannot be read. Write sqlite:///var/vigie.db or postgresql://user@host/name."
            )
        ) from error
    backend = address.get_backend_name()
    if backend == "postgres":
        backend = "postgresql"
    if backend == "sqlite":
        return address.set(drivername="sqlite")
    if backend == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    raise StoreTrouble(
        Sentence("There is no support for {backend}: the database is SQLite or PostgreSQL.", backend=backend)
    )


def sqlite_file(address: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory, and for PostgreSQL."""
    if address.get_backend_name() != "sqlite" or address.database in _MEMORY:
        return None
    return Path(str(address.database))


def reading(connection: Connection) -> Connection:
    """The connection, made to read one state of the database and to wait for no writer."""
    if connection.dialect.name == "postgresql":
        return connection.execution_options(
            vigie_reads=True, isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return connection.execution_options(vigie_reads=True)


def is_reading(connection: Connection) -> bool:
    """Whether `reading` made it."""
    return bool(connection.get_execution_options().get("vigie_reads", False))


@contextmanager
def turn_to_write(engine: Engine) -> Iterator[None]:
    """Wait until no other thread of this process writes to the same file.

    SQLite has one writer, and whoever finds the place taken looks again after ever longer pauses: a thread that writes
    often would keep it from one that writes seldom, for seconds.
    """
    file = sqlite_file(engine.url) if engine.dialect.name == "sqlite" else None
    if file is None:
        yield
        return
    turn = _turns.setdefault(file.absolute(), Lock())
    # After that long the database itself says that it is busy.
    waited = turn.acquire(timeout=BUSY.total_seconds())
    try:
        yield
    finally:
        if waited:
            turn.release()


def _sqlite(address: URL) -> Engine:
    file = sqlite_file(address)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreTrouble(
                Sentence(
                    "The folder {folder} cannot be made: {reason}.", folder=str(file.parent), reason=error.strerror
                )
            ) from error
    connect_args = {"timeout": BUSY.total_seconds(), "check_same_thread": False}
    if file is None:
        # A database in memory lives as long as its connection: there is one, and threads take turns.
        engine = create_engine(
            address,
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            pool_timeout=BUSY.total_seconds(),
            connect_args=connect_args,
            json_serializer=to_json,
            hide_parameters=True,
        )
    else:
        engine = create_engine(address, connect_args=connect_args, json_serializer=to_json, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to take the writer's place
        connection.create_function("vigie_fold", 1, lambda text: fold(text or ""), deterministic=True)
        connection.create_function("vigie_words", 1, lambda text: spaced(fold(text or "")), deterministic=True)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            # The file keeps its mode, and SQLite waits for nobody here: whoever is first sets it for all.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if is_reading(connection) else "BEGIN IMMEDIATE")

    return engine


def _postgresql(address: URL) -> Engine:
    defaults = {"application_name": "vigie", "connect_timeout": "10"}
    try:
        engine = create_engine(
            address.update_query_dict({**defaults, **address.query}),
            json_serializer=to_json,
            hide_parameters=True,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise StoreTrouble(
            Sentence("PostgreSQL needs its driver. Install it: {command}", command="pip install 'vigie[postgres]'")
        ) from error

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # Not among the address's options: those are the reader's, and a pooler in between may refuse them.
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    _close_what_comes_back_late(engine)
    return engine


def _close_what_comes_back_late(engine: Engine) -> None:
    """Close a connection that a thread still had in hand when the engine was disposed of, once it is given back.

    SQLAlchemy puts it into the pool of before, which nobody closes.
    """
    disposals = 0

    @event.listens_for(engine, "engine_disposed")
    def count(_engine: Engine) -> None:
        nonlocal disposals
        disposals += 1

    @event.listens_for(engine, "connect")
    def note(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["disposals"] = disposals

    @event.listens_for(engine, "checkin")
    def look(connection: Any, record: ConnectionPoolEntry) -> None:
        if connection is not None and record.info["disposals"] != disposals:
            record.invalidate()
