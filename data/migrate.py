"""Bringing a database to the shape this program works with, forward, on live data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, text

from data.backup import copy_sqlite
from data.engine import make_engine, reading, sqlite_file, to_url
from data.tables import metadata
from data.trouble import shown
from inbox.errors import StoreTrouble
from inbox.sentences import Sentence

VERSION_TABLE = "schema_version"
HEAD = "head"
"""The newest revision there is."""

_MIGRATIONS = Path(__file__).parent / "migrations"
VERSIONS = _MIGRATIONS / "versions"
_ONE_AT_A_TIME = 0x766967  # any number, as long as every process takes the same lock


class DatabaseState(StrEnum):
    """How a database stands to this program: without our tables, fitting, too old, made by a newer program."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class MigrationReport:
    """What an upgrade did: the revisions before and after, those applied in order, the copy made beforehand."""

    before: str | None
    after: str | None
    applied: tuple[str, ...]
    backup: Path | None


def state(url: str) -> DatabaseState:
    """How a database stands; a SQLite file that is not there is not made.

    Raises:
        StoreTrouble: It cannot be opened.
    """
    file = sqlite_file(to_url(url))
    if file is not None and not file.exists():
        return DatabaseState.EMPTY
    engine = make_engine(url)
    try:
        return state_of(engine)
    finally:
        engine.dispose()


def upgrade(url: str, *, to: str = HEAD, versions: Sequence[Path] = (VERSIONS,)) -> MigrationReport:
    """Bring a database forward, all of the way or not at all; a SQLite file with data in it is copied first.

    Args:
        url: The address of the database.
        to: The revision to stop at.
        versions: Folders of revisions.

    Raises:
        StoreTrouble: It cannot be opened or written, or is newer than this program.
    """
    engine = make_engine(url)
    try:
        return upgrade_with(engine, to=to, versions=versions)
    finally:
        engine.dispose()


def state_of(engine: Engine, *, versions: Sequence[Path] = (VERSIONS,)) -> DatabaseState:
    """How the database of an open engine stands."""
    with engine.connect() as connection, reading(connection).begin():
        return _state(_revision(connection), _scripts(versions))


def upgrade_with(engine: Engine, *, to: str = HEAD, versions: Sequence[Path] = (VERSIONS,)) -> MigrationReport:
    """`upgrade`, over an open engine: the only way for a database in memory."""
    config, scripts = _config(versions), _scripts(versions)
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        before = _revision(connection)
        stands = _state(before, scripts)
        if stands is DatabaseState.AHEAD:
            raise too_new(engine.url)
        if stands is DatabaseState.CURRENT:
            return MigrationReport(before=before, after=before, applied=(), backup=None)
        file = sqlite_file(engine.url)
        # The transaction keeps other writers away, so the copy is the database as it will be migrated.
        backup = _copy(file, before) if file is not None and stands is DatabaseState.BEHIND else None
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        after = _revision(connection)
    newest_first = [script.revision for script in scripts.iterate_revisions(after, before)] if after else []
    return MigrationReport(before=before, after=after, applied=tuple(reversed(newest_first)), backup=backup)


def too_new(address: URL) -> StoreTrouble:
    """What to say of a database that a newer program has made."""
    return StoreTrouble(
        Sentence(
            "The database {where} was made by a newer version of Vigie. Install that version, or put back the copy "
            "made before the upgrade.",
            where=shown(address),
        )
    )


@contextmanager
def configured(context: Any) -> Iterator[None]:
    """Alembic's environment, over the connection at hand and in the transaction that is open on it."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table=VERSION_TABLE,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        yield


def _config(versions: Sequence[Path]) -> Config:
    config = Config()
    config.set_main_option("path_separator", "os")
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("version_locations", os.pathsep.join(map(str, versions)).replace("%", "%%"))
    return config


def _scripts(versions: Sequence[Path]) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(versions))


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def _state(revision: str | None, scripts: ScriptDirectory) -> DatabaseState:
    if revision is None:
        return DatabaseState.EMPTY
    if revision == scripts.get_current_head():
        return DatabaseState.CURRENT
    known = {script.revision for script in scripts.walk_revisions()}
    return DatabaseState.BEHIND if revision in known else DatabaseState.AHEAD


def _copy(file: Path, revision: str | None) -> Path:
    made_at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return copy_sqlite(file, file.with_name(f"{file.name}.{revision}-{made_at}.bak"))
