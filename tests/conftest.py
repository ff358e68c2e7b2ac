"""What tests of several packages share: a database of each kind, brought up to date and thrown away after the test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from data.migrate import upgrade
from tests.postgres import Postgres, a_cluster

# The same examples each time, however busy the machine: a red run can be repeated.
settings.register_profile("vigie", deadline=None, derandomize=True)
settings.load_profile("vigie")

KINDS = ("sqlite", "postgresql")
_TEMPLATE = "vigie_template"


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many tests wait for programs that they have started."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL, with a template database that is up to date."""
    with a_cluster() as server:
        upgrade(server.create_database(_TEMPLATE))
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that is up to date."""
    file = tmp_path_factory.mktemp("sqlite") / "vigie.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a SQLite database that is up to date and holds nothing."""
    file = tmp_path / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """The address of a PostgreSQL database that is up to date and holds nothing."""
    url = postgres.create_database(template=_TEMPLATE)
    yield url
    postgres.drop_database(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database that is up to date and holds nothing: once on SQLite, once on PostgreSQL."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table: once on SQLite, where no file is yet, once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'vigie.db'}"
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.create_database()
        yield url
        server.drop_database(url)
