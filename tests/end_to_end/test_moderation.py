"""Moderating at the shell, every command a process of its own: cases, points, appeals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.store import open_store
from inbox.appeals import receive_appeal
from inbox.events import Appealed
from tests.end_to_end.shell import Shell, a_row

INSULT = "ferme ta gueule sale connard, t'es qu'une merde"
LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Two messages on Discord, taken in and triaged; Ines is at the shell."""
    environment = {"VIGIE_DISCORD__TOKEN": "not-a-token", "VIGIE_BRAND__NAME": "Loriot", "LOGNAME": "ines"}
    shell = Shell(tmp_path, environment)
    rows = [a_row(1, INSULT, author="camille"), a_row(2, LATE, author="leo")]
    shell.write("two.jsonl", rows)
    assert shell.vigie("import", "two.jsonl", "--channel", "discord").code == 0
    assert shell.vigie("triage").code == 0
    return shell


def numbers(shell: Shell, text: str) -> tuple[str, str]:
    """The conversation and the message in which something was said."""
    (item,) = [one for one in shell.vigie("inbox", "--json").lines() if one["text"] == text]
    (shown,) = shell.vigie("show", str(item["id"]), "--json").lines()
    return str(item["id"]), str(shown["messages"][0]["id"])


def test_f61_a_case_is_opened_shown_given_another_reason_and_undone(shell: Shell):
    conversation, message = numbers(shell, INSULT)

    opened = shell.vigie("moderate", "warn", message, "--reason", "Insults", "--rule", "Be kind", "--points", "2")
    shown = shell.vigie("cases", "show", "1").out
    revealed = shell.vigie("cases", "show", "1", "--reveal").out
    points = shell.vigie("cases", "warnings", conversation)
    changed = shell.vigie("cases", "reason", "1", "Insults, again")
    (listed,) = shell.vigie("cases", "list", "--contact", conversation, "--json").lines()
    undone = shell.vigie("cases", "undo", "1", "--reason", "A joke")

    assert f"message {message}" in shell.vigie("show", conversation).out
    assert opened.out.splitlines()[0] == "Case 1: warning, camille."
    assert "To undo it: vigie cases undo 1" in opened.out
    assert "connard" not in shown
    assert INSULT in revealed
    assert "house rule: Be kind" in revealed
    assert points.out.splitlines()[0] == "Points now: 2"
    assert changed.code == 0
    assert (listed["number"], listed["reason"], listed["by"]) == (1, "Insults, again", "person:shell/ines")
    assert listed["notice"]["state"] == "waiting"
    assert listed["evidence"]["text"] == INSULT
    assert undone.out == "Case 1 is undone.\n"
    (after,) = shell.vigie("cases", "show", "1", "--json").lines()
    assert (after["undone"]["why"], after["notice"]["state"]) == ("A joke", "cancelled")
    assert shell.vigie("cases", "warnings", conversation, "--json").lines() == [{"points": 0, "warnings": []}]


def test_f60_what_cannot_be_undone_is_said_before_and_what_cannot_be_done_is_refused(shell: Shell):
    _, insult = numbers(shell, INSULT)
    _, late = numbers(shell, LATE)

    hidden = shell.vigie("moderate", "hide", insult, "--reason", "Insults")
    complaint = shell.vigie("moderate", "delete", late, "--reason", "No", "--yes")
    nowhere = shell.vigie("moderate", "timeout", insult, "--reason", "Insults", "--for", "2h")
    unread = shell.vigie("moderate", "timeout", insult, "--reason", "Insults", "--for", "soon")
    deleted = shell.vigie("moderate", "delete", insult, "--reason", "Insults")
    unasked = shell.vigie("moderate", "warn", insult)

    assert (hidden.code, complaint.code, nowhere.code, deleted.code) == (1, 1, 1, 0)
    assert "You can delete a message there" in hidden.err
    assert "A complaint is answered, never hidden" in complaint.err
    assert "not written in a server or group" in nowhere.err
    assert (unread.code, unasked.code) == (2, 2)
    assert "A message that was deleted cannot be brought back on discord." in deleted.err
    assert deleted.out.splitlines()[:2] == [
        "Case 1: message deleted, camille.",
        "It is done in 20 s, while vigie run is running.",
    ]
    assert len(shell.vigie("cases", "list", "--json").lines()) == 1


def test_f64_an_appeal_is_judged_by_somebody_else_than_whoever_decided(shell: Shell):
    _, message = numbers(shell, INSULT)
    assert shell.vigie("moderate", "delete", message, "--reason", "Insults", "--yes").code == 0
    at = datetime.now(UTC)
    with open_store(f"sqlite:///{shell.folder / 'var' / 'vigie.db'}", brand="main") as store:
        receive_appeal(store, Appealed("discord", "camille", "C'était une citation", at), clock=lambda: at)
    tom = replace(shell, environment={**shell.environment, "LOGNAME": "tom"})

    listed = shell.vigie("appeals", "list").out
    by_ines = shell.vigie("appeals", "overturn", "1", "--why", "Hm")
    by_tom = tom.vigie("appeals", "overturn", "1", "--why", "He quotes somebody")

    assert "C'était une citation" in listed
    assert by_ines.code == 1
    assert "somebody else has to judge the appeal" in by_ines.err
    assert by_tom.out == "Case 1 is overturned.\n"
    assert shell.vigie("appeals", "list").out == "No appeal waits to be judged.\n"
    (case,) = shell.vigie("cases", "show", "1", "--json").lines()
    assert (case["appeal"]["verdict"], case["appeal"]["judged_by"]) == ("overturned", "shell/tom")
    assert case["undone"]["why"] == "He quotes somebody"
