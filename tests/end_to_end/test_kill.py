"""kill -9 at any moment of import or triage, then start again: nothing lost, nothing doubled."""

from __future__ import annotations

import random
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import text

from data.engine import make_engine
from tests.end_to_end.shell import Shell, a_row

MESSAGES = 4_000
KILLS = 8

WORDS = ("Merci, superbe équipe !", "Toujours pas de remboursement, c'est une honte", "C'est combien ?", "ok", "Danke!")


def kill_until_done(start: Callable[[], subprocess.Popen[bytes]], *, seed: int) -> int:
    """Start a command again and again, each time killed at a random moment, then let it end; how many kills hit."""
    draw = random.Random(seed)
    began = perf_counter()
    with start() as whole:
        try:
            whole.wait(timeout=1.2)
        except subprocess.TimeoutExpired:
            whole.kill()
    longest = perf_counter() - began
    hits = 1 if whole.returncode else 0
    for _ in range(KILLS):
        with start() as process:
            try:
                process.wait(timeout=draw.uniform(0.4, 1.0) * 1.5 * longest)
            except subprocess.TimeoutExpired:
                process.kill()
                hits += 1
    with start() as process:
        assert process.wait(timeout=120) == 0
    return hits


def counts(url: str, query: str) -> Counter[object]:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return Counter(row[0] for row in connection.execute(text(query)))
    finally:
        engine.dispose()


@pytest.mark.parametrize("seed", [1, 2])
def test_no_message_is_lost_or_doubled_when_import_is_killed(seed: int, tmp_path: Path, database_url: str):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": database_url})
    shell.write("all.jsonl", [a_row(n, WORDS[n % len(WORDS)]) for n in range(MESSAGES)])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    hits = kill_until_done(lambda: shell.start("import", "all.jsonl", **quiet), seed=seed)

    assert hits
    assert counts(database_url, "SELECT external_id FROM message") == Counter(f"c-{n}" for n in range(MESSAGES))


@pytest.mark.parametrize("seed", [1, 2])
def test_no_message_is_triaged_twice_or_never_when_triage_is_killed(seed: int, tmp_path: Path, database_url: str):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": database_url})
    shell.write("all.jsonl", [a_row(n, WORDS[n % len(WORDS)]) for n in range(MESSAGES)])
    assert shell.vigie("import", "all.jsonl").code == 0
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    hits = kill_until_done(lambda: shell.start("triage", **quiet), seed=seed)

    assert hits
    everything = counts(database_url, "SELECT id FROM message")
    for table in ("prediction", "decision"):
        assert counts(database_url, f"SELECT message_id FROM {table}") == everything
    triaged = "SELECT subject_id FROM audit WHERE what = 'message.triaged'"
    assert counts(database_url, triaged) == everything
    assert not counts(database_url, "SELECT id FROM message WHERE triaged_at IS NULL")
    assert shell.vigie("audit", "verify").code == 0
