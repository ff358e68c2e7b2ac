"""kill -9 at any moment of import or triage, then start again: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import text

from data.engine import make_engine
from tests.end_to_end.shell import Shell, a_row

MESSAGES = 6_000
KILLS = 8

WORDS = ("Merci, superbe équipe !", "Toujours pas de remboursement, c'est une honte", "C'est combien ?", "ok", "Danke!")
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PROGRESS_S = 0.005


class Database:
    """Looks into a database from outside, while others write to it."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)

    def count(self, query: str) -> Counter[object]:
        with self._engine.connect() as connection:
            return Counter(row[0] for row in connection.execute(text(query)))

    def how_many(self, where: str) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM message WHERE {where}")).scalar_one())

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def shell(tmp_path: Path, database_url: str) -> Shell:
    made = Shell(tmp_path, {"VIGIE_DATABASE_URL": database_url})
    made.write("all.jsonl", [a_row(n, WORDS[n % len(WORDS)]) for n in range(MESSAGES)])
    return made


def kill_until_done(start: Callable[[], subprocess.Popen[bytes]], done: Callable[[], int], *, seed: int) -> int:
    """Start a command again and again, each time killed somewhere further on, then let it end; how many kills hit."""
    draw = random.Random(seed)
    hits = 0
    for mark in sorted(draw.sample(range(MESSAGES - 1_000), KILLS)):
        with start() as process:
            while process.poll() is None and done() <= mark:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(PROGRESS_S)
            with suppress(subprocess.TimeoutExpired):
                process.wait(draw.uniform(0.0, 0.1))
            if process.poll() is None:
                process.kill()
                hits += 1
    with start() as process:
        assert process.wait(timeout=120) == 0
    return hits


@pytest.mark.parametrize("seed", [1, 2])
def test_no_message_is_lost_or_doubled_when_import_is_killed(seed: int, shell: Shell, database: Database):
    hits = kill_until_done(
        lambda: shell.start("import", "all.jsonl", **QUIET), lambda: database.how_many("1 = 1"), seed=seed
    )

    assert hits
    assert database.count("SELECT external_id FROM message") == Counter(f"c-{n}" for n in range(MESSAGES))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_message_is_triaged_twice_or_never_when_triage_is_killed(seed: int, shell: Shell, database: Database):
    assert shell.vigie("import", "all.jsonl").code == 0

    hits = kill_until_done(
        lambda: shell.start("triage", **QUIET), lambda: database.how_many("triaged_at IS NOT NULL"), seed=seed
    )

    assert hits
    everything = database.count("SELECT id FROM message")
    for table in ("prediction", "decision"):
        assert database.count(f"SELECT message_id FROM {table}") == everything
    assert database.count("SELECT subject_id FROM audit WHERE what = 'message.triaged'") == everything
    assert database.how_many("triaged_at IS NULL") == 0
    assert shell.vigie("audit", "verify").code == 0
