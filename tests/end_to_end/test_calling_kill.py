"""F72: kill -9 at each step of the chain: no step is lost, and nobody is called twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from data.store import open_store
from inbox.audit import AuditLine
from inbox.model import Label
from tests.builders import a_message, an_escalation, an_outcome
from tests.data.steps import take_in, triage
from tests.end_to_end.climbing import MINUTES, NAMES
from tests.inbox.builders import a_prediction

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60


@pytest.fixture
def url(database_url: str) -> str:
    """A database with one complaint that is escalated at noon, and that nobody acknowledges."""
    with open_store(database_url, brand="Loriot") as store:
        take_in(store, a_message())
        triage(store, lambda message: an_outcome(message, a_prediction(Label.COMPLAINT), escalation=an_escalation()))
    return database_url


def climb(url: str, folder: Path, kind: str, *, until: int | None = None, after_s: float = 0.0) -> bool:
    """Let the process run until it has come to a minute and a little further, or to its end; whether it was killed."""
    command = [sys.executable, "-m", "tests.end_to_end.climbing", url, str(folder), kind]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for said in process.stdout:
            minute = said.strip()  # among them is what the process logs
            if until is not None and minute.isdigit() and int(minute) >= until:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(after_s)
                process.kill()
                return True
        assert process.wait(timeout=PATIENCE_S) == 0
    return False


def lines_of(url: str, what: str) -> list[AuditLine]:
    with open_store(url, brand="Loriot") as store, store.read() as books:
        view = books.conversation(1)
    assert view is not None
    return [line for line in view.audit if line.what == what]


@pytest.mark.parametrize("kind", ["remembers", "forgets"])
def test_f72_no_step_is_lost_and_nobody_is_called_twice_when_the_process_is_killed_at_each(
    url: str, tmp_path: Path, kind: str
):
    draw = random.Random(72)
    kills = sum(
        climb(url, tmp_path, kind, until=minute, after_s=draw.uniform(0.0, 0.06)) for minute in range(1, len(NAMES) + 1)
    )
    climb(url, tmp_path, kind)

    assert kills == len(NAMES)
    assert int((tmp_path / "minute").read_text()) == MINUTES
    steps = [line.facts for line in lines_of(url, "escalation.called")]
    assert [name for step in steps for name in step["people"]] == list(NAMES)
    there = Counter(json.loads(one)["key"] for one in (tmp_path / "room.jsonl").read_text().splitlines())
    assert set(there.values()) == {1}
    in_doubt = {line.facts["ping"] for line in lines_of(url, "call.in_doubt")}
    if kind == "remembers":
        assert not in_doubt
        assert len(there) == len(steps)
    else:
        # Where the chat cannot tell, a call may stand there unheard of, or be missing: the audit log says which.
        assert len(there) >= len(steps) - len(in_doubt)
