"""One contract, both databases: every test that takes `store` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.store import SqlStore, open_store


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    with open_store(database_url, brand="Loriot") as store:
        yield store


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[SqlStore]:
    with open_store(sqlite_url, brand="Loriot") as store:
        yield store
