"""kill -9 while a reply waits in its hold, then start again: it leaves once (row F41)."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from data.engine import make_engine
from tests.end_to_end.leaving import RULES
from tests.end_to_end.shell import Shell, a_row

HOLD_S = 3
PATIENCE_S = 60
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PRAISE = "Merci beaucoup, super équipe, j'adore votre boutique !"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = make_engine(database_url)
    yield opened
    opened.dispose()


def until(happens: Callable[[], bool]) -> None:
    """Look again and again until something has happened in another process."""
    deadline = time.monotonic() + PATIENCE_S
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT state FROM outbox ORDER BY id")))


def said(folder: Path) -> list[str]:
    transcript = folder / "var" / "console.jsonl"
    if not transcript.exists():
        return []
    return [json.loads(line)["text"] for line in transcript.read_text(encoding="utf-8").splitlines()]


def test_f41_a_crash_inside_the_hold_sends_once_and_not_twice(database_url: str, engine: Engine, tmp_path: Path):
    (tmp_path / "rules.toml").write_text(RULES.partition('[[rule]]\nname = "answer')[0], encoding="utf-8")
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": database_url, "VIGIE_HOLD_SECONDS": str(HOLD_S)})
    shell.write("one.jsonl", [a_row(1, PRAISE)])
    assert shell.vigie("import", "one.jsonl", "--channel", "console").code == 0

    for _ in range(2):
        with shell.start("run", **QUIET) as process:
            until(lambda: states(engine) == ["waiting"])
            assert said(tmp_path) == []
            process.kill()
    with shell.start("run", **QUIET) as process:
        until(lambda: states(engine) == ["sent"])
        # What is sent after it shows that it had time enough to be sent again.
        shell.write("two.jsonl", [a_row(2, PRAISE)])
        assert shell.vigie("import", "two.jsonl", "--channel", "console").code == 0
        until(lambda: states(engine) == ["sent", "sent"])
        process.terminate()
        process.wait(PATIENCE_S)

    first, second = said(tmp_path)
    assert first.startswith("Réponse automatique\n")
    assert first != second
