"""Bringing a database forward, on live data, on both databases."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from data import migrate
from data.engine import make_engine
from data.migrate import VERSION_TABLE, VERSIONS, DatabaseState, state, upgrade
from data.store import SqlStore, open_store
from data.tables import WORD_INDEXES, metadata
from inbox.errors import StoreTrouble
from inbox.views import QueueFilter
from tests.builders import a_message
from tests.data.steps import take_in, the_queue, triage

NEWEST = "9999"


@pytest.fixture
def newer(tmp_path: Path) -> tuple[Path, ...]:
    """The revisions of a program that is one revision ahead of this one."""
    folder = tmp_path / "newer"
    folder.mkdir()
    (folder / f"{NEWEST}_colour.py").write_text(
        dedent(
            f"""
            import sqlalchemy as sa
            from alembic import op

            revision, down_revision = "{NEWEST}", "{newest_revision()}"

            def upgrade():
                op.add_column("brand", sa.Column("colour", sa.Text, nullable=False, server_default="blue"))
            """
        )
    )
    return (VERSIONS, folder)


def newest_revision() -> str:
    return max(file.name for file in VERSIONS.glob("[0-9]*.py")).partition("_")[0]


def is_ours_to_compare(_thing: object, name: str | None, *_more: object) -> bool:
    """Whether it is one of the tables, rather than an index of words that only one of the databases has so."""
    return not (name or "").removeprefix("ix_").startswith(WORD_INDEXES)


def test_the_migrations_make_the_tables_that_the_program_knows(database_url: str):
    engine = make_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"version_table": VERSION_TABLE, "compare_server_default": True, "include_object": is_ours_to_compare},
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_a_database_is_empty_before_and_current_after(empty_url: str):
    assert state(empty_url) is DatabaseState.EMPTY

    report = upgrade(empty_url)

    assert (report.before, report.after, report.backup) == (None, newest_revision(), None)
    assert report.applied[0] == "0001"
    assert state(empty_url) is DatabaseState.CURRENT


def test_looking_at_a_database_that_is_not_there_does_not_make_it(tmp_path: Path):
    state(f"sqlite:///{tmp_path / 'none' / 'vigie.db'}")

    assert list(tmp_path.iterdir()) == []


def test_an_upgrade_of_what_is_current_does_nothing(database_url: str):
    report = upgrade(database_url)

    assert report.before == report.after
    assert (report.applied, report.backup) == ((), None)


def test_live_data_of_the_first_revision_is_kept(empty_url: str):
    upgrade(empty_url, to="0001")
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        for statement in LIVE_AT_0001:
            connection.execute(text(statement))
    engine.dispose()

    upgrade(empty_url)

    with open_store(empty_url, brand="Loriot") as store:
        (item,) = the_queue(store, QueueFilter())
        assert (item.contact, item.text, item.channel) == ("Camille Rousseau", "Bonjour", "telegram")
        assert [message.text for message in triage(store)] == ["Bonjour"]
        assert take_in(store, a_message(external_id="1")) == [None]


LIVE_AT_0001 = (
    "INSERT INTO brand (id, key) VALUES (1, 'Loriot')",
    "INSERT INTO channel_account (id, brand_id, kind, name, settings) VALUES (1, 1, 'telegram', 'telegram', '{}')",
    "INSERT INTO contact (id, brand_id, name, created_at) VALUES (1, 1, 'Camille Rousseau', '2026-06-10 12:00:00')",
    "INSERT INTO contact_identity (id, brand_id, channel_account_id, external_id, contact_id) "
    "VALUES (1, 1, 1, 'camille', 1)",
    "INSERT INTO conversation (id, brand_id, channel_account_id, thread, contact_id, visibility, status, priority, "
    "priority_parts, scores, waiting_since, last_message_at) VALUES (1, 1, 1, 'post-1', 1, 'public', 'open', 0, '{}', "
    "'{}', '2026-06-10 12:00:00', '2026-06-10 12:00:00')",
    "INSERT INTO message (id, brand_id, conversation_id, channel_account_id, external_id, is_ours, kind, visibility, "
    "text, version, sent_at, received_at) VALUES (1, 1, 1, 1, '1', false, 'comment', 'public', 'Bonjour', 1, "
    "'2026-06-10 12:00:00', '2026-06-10 12:00:00')",
)
"""Rows as a program of the first revision wrote them; never changed with the tables."""


def test_an_older_database_is_refused_until_it_is_upgraded(
    store: SqlStore, database_url: str, newer: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
):
    take_in(store, a_message("Bonjour"))
    store.close()
    monkeypatch.setattr("data.store.state_of", partial(migrate.state_of, versions=newer))
    with pytest.raises(StoreTrouble, match=r"older version\. .*vigie db upgrade"):
        open_store(database_url, brand="Loriot", create=True)

    report = upgrade(database_url, versions=newer)

    assert (report.before, report.after, report.applied) == (newest_revision(), NEWEST, (NEWEST,))
    assert [item.text for item in the_queue(store)] == ["Bonjour"]


def test_a_sqlite_file_is_copied_before_it_is_migrated(sqlite_store: SqlStore, newer: tuple[Path, ...]):
    take_in(sqlite_store, a_message("Bonjour"))
    url = str(sqlite_store.engine.url)

    report = upgrade(url, versions=newer)

    assert report.backup is not None
    with open_store(f"sqlite:///{report.backup}", brand="Loriot") as before:
        assert [item.text for item in the_queue(before)] == ["Bonjour"]


def test_a_migration_that_fails_leaves_the_database_as_it_was(sqlite_store: SqlStore, newer: tuple[Path, ...]):
    (newer[1] / f"{NEWEST}_colour.py").write_text(
        (newer[1] / f"{NEWEST}_colour.py").read_text() + "    raise RuntimeError('the power fails')\n"
    )
    url = str(sqlite_store.engine.url)

    with pytest.raises(RuntimeError, match="the power fails"):
        upgrade(url, versions=newer)

    with closing(sqlite3.connect(str(sqlite_store.engine.url.database))) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(brand)")]
    assert "colour" not in columns
    assert state(url) is DatabaseState.CURRENT


def test_a_newer_database_is_left_alone(database_url: str, newer: tuple[Path, ...]):
    upgrade(database_url, versions=newer)

    assert state(database_url) is DatabaseState.AHEAD
    with pytest.raises(StoreTrouble, match="newer version of Vigie"):
        upgrade(database_url)
    with pytest.raises(StoreTrouble, match="newer version of Vigie"):
        open_store(database_url, brand="Loriot", create=True)
