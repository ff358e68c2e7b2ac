"""What the shell says of sending: a channel at rest, what was given up, an answer to one alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store import open_store
from inbox.breaker import resting_switch
from inbox.model import Actor
from tests.end_to_end.shell import Shell, a_row
from tests.inbox.builders import NOON

DRAFTS = """
[[rule]]
name = "answer complaints"
when = { label = "complaint" }
then = [{ action = "draft", response = "late-parcel" }]
"""


@pytest.fixture
def shell(tmp_path: Path, sqlite_url: str) -> Shell:
    (tmp_path / "rules.toml").write_text(DRAFTS, encoding="utf-8")
    made = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url, "VIGIE_BRAND__NAME": "Loriot"})
    made.write("in.jsonl", [a_row(1)])
    return made


def test_doctor_names_a_channel_at_rest_until_it_answers_again(shell: Shell, sqlite_url: str):
    def rest(*, on: bool) -> None:
        with open_store(sqlite_url, brand="main") as store, store.begin() as books:
            books.set_switch(resting_switch("telegram"), on=on, by=Actor.vigie("delivery"), now=NOON)

    rest(on=True)
    resting = shell.vigie("doctor", "--json").lines()
    rest(on=False)
    well = shell.vigie("doctor", "--json").lines()

    said = [found["says"] for found in resting if found["about"] == "telegram" and found["health"] == "wrong"]
    assert len(said) == 1
    assert "it does not answer: what is to be sent rests" in said[0]
    assert not [found for found in well if "rests" in found["says"]]


def test_f46_where_nobody_can_be_written_to_alone_the_shell_says_so_and_keeps_the_draft(shell: Shell):
    shell.vigie("import", "in.jsonl", "--channel", "console")
    shell.vigie("triage")

    alone = shell.vigie("send", "1", "--private")
    in_public = shell.vigie("send", "1", "--text", "Bonjour, nous regardons tout de suite.")

    assert alone.code == 1
    assert "On console nobody can be written to alone." in alone.err
    assert in_public.code == 0
