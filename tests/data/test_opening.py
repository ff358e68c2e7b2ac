"""Opening a database, and being told in one's own words why it does not open."""

from __future__ import annotations

import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from data.engine import make_engine
from data.store import SqlStore, open_store
from inbox.errors import StoreTrouble
from inbox.model import Status
from inbox.sentences import Sentence
from inbox.views import QueueFilter
from tests.builders import a_message
from tests.data.steps import take_in, the_queue, triage
from tests.postgres import GUARDED_ROLE, Postgres


def trouble(url: str) -> str:
    with pytest.raises(StoreTrouble) as caught:
        open_store(url, brand="Loriot", create=True).close()
    return str(caught.value)


def test_a_sqlite_file_and_its_folder_are_made_when_asked_for(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'var' / 'vigie.db'}"

    with open_store(url, brand="Loriot", create=True) as store:
        assert take_in(store, a_message()) == [1]
    with open_store(url, brand="Loriot") as store:
        assert len(the_queue(store)) == 1


def test_a_database_that_is_not_there_says_how_to_make_it(empty_url: str):
    with pytest.raises(StoreTrouble, match=r"no database at .* yet\. Make one: vigie db upgrade"):
        open_store(empty_url, brand="Loriot")


def test_a_database_in_memory_lives_as_long_as_its_store():
    with open_store("sqlite://", brand="Loriot", create=True) as store:
        take_in(store, a_message("Bonjour"))
        assert [message.text for message in triage(store)] == ["Bonjour"]
        assert the_queue(store, QueueFilter(status=Status.OPEN))[0].text == "Bonjour"


def test_a_brand_is_found_again_by_its_name(database_url: str):
    ids = []
    for name in ("Loriot", "Pinson", "Loriot"):
        with open_store(database_url, brand=name) as store:
            ids.append(store.brand_id)

    assert ids == [1, 2, 1]


def test_a_sqlite_database_is_set_up_to_be_read_while_it_is_written(sqlite_store: SqlStore):
    with sqlite_store.read() as books:
        found = [
            books.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]

    assert found == ["wal", 1, 1, 30_000]


def test_reading_writes_nothing(store: SqlStore):
    with store.read() as books:
        books.connection.exec_driver_sql("SELECT 1")
        assert books.queue(QueueFilter()) == []


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "The database address cannot be read. Write sqlite:///var/vigie.db or"),
        ("mysql://root@db/vigie", "There is no support for mysql: the database is SQLite or PostgreSQL."),
        ("postgresql://nobody@/vigie?host=/nowhere", "No PostgreSQL answers at postgresql://nobody@/vigie."),
        ("postgresql://u:hush@127.0.0.1:1/vigie", "No PostgreSQL answers at postgresql://u:***@127.0.0.1:1/vigie."),
    ],
)
def test_an_address_that_leads_nowhere_is_told_in_plain_words(url: str, says: str):
    assert trouble(url).startswith(says)


def test_a_file_that_is_no_database_is_said_to_be_none(tmp_path: Path):
    file = tmp_path / "notes.db"
    file.write_text("These are my notes. " * 100)

    assert trouble(f"sqlite:///{file}").startswith(f"{file} is not a SQLite database.")


def test_a_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path):
    assert "cannot be opened" in trouble(f"sqlite:///{tmp_path}")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    (tmp_path / "file").touch()

    assert f"The folder {tmp_path / 'file' / 'var'} cannot be made" in trouble(
        f"sqlite:///{tmp_path}/file/var/vigie.db"
    )


def test_a_damaged_database_asks_for_the_backup(sqlite_url: str):
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    assert trouble(sqlite_url) == f"The database {file} is damaged. Put the latest backup in its place."


def test_a_database_that_another_program_keeps_busy_is_said_to_be_busy(sqlite_store: SqlStore):
    file = Path(str(sqlite_store.engine.url.database))
    with sqlite_store.read() as books:
        books.connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreTrouble, match=f"The database {file} is busy"):
            take_in(sqlite_store, a_message())


def test_a_wrong_password_is_told_without_the_password(postgres: Postgres):
    address = postgres.url("postgres", role=GUARDED_ROLE, password="hush-hush")

    said = trouble(address)

    assert said == f"PostgreSQL refuses the password of {GUARDED_ROLE} for postgresql://{GUARDED_ROLE}:***@/postgres."
    assert "hush" not in said


def test_a_role_or_database_that_is_missing_says_how_to_make_it(postgres: Postgres):
    assert trouble(postgres.url("nowhere")) == (
        'PostgreSQL has no database nowhere. Make one: CREATE DATABASE "nowhere";'
    )
    assert trouble(postgres.url("postgres", role="stranger")) == (
        'PostgreSQL knows no user stranger. Make one: CREATE ROLE "stranger" LOGIN;'
    )


def test_a_connection_in_hand_while_the_store_is_closed_is_closed_when_it_is_given_back(store: SqlStore):
    with store.read() as books:
        driver: Any = books.connection.connection.dbapi_connection
        store.close()
        assert books.queue(QueueFilter()) == []

    if store.engine.dialect.name == "postgresql":
        assert driver.closed
    assert the_queue(store) == []


def test_tables_of_another_program_are_left_alone(empty_url: str):
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE message (id INTEGER)")
    engine.dispose()

    assert "holds tables of another program" in trouble(empty_url)


def test_without_the_driver_of_postgresql_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)

    assert trouble("postgresql://u@/vigie") == (
        "PostgreSQL needs its driver. Install it: pip install 'vigie[postgres]'"
    )


def test_trouble_is_a_sentence_that_can_be_translated(tmp_path: Path):
    with pytest.raises(StoreTrouble) as caught:
        open_store(f"sqlite:///{tmp_path / 'none.db'}", brand="Loriot")

    assert isinstance(caught.value.sentence, Sentence)
    assert caught.value.sentence.facts == {"where": str(tmp_path / "none.db")}


def test_a_fault_of_ours_is_not_dressed_up_as_trouble(store: SqlStore):
    with pytest.raises(Exception, match="no_such_table") as caught, store.read() as books:
        books.connection.exec_driver_sql("SELECT * FROM no_such_table")

    assert not isinstance(caught.value, StoreTrouble)
