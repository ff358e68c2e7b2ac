"""Rules tried on the past, at the shell and in the team's chat: an answer, and not a trace."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.chats import INES, LEA, OMAR
from tests.end_to_end.rooms import LATE, THANKS, Room
from tests.end_to_end.shell import Shell, a_row

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("## Try it on the past")[2].partition("```toml\n")[2].partition("```")[0]
"""The rules that the manual tries."""
NOVEMBER = ("--since", "2026-11-01", "--until", "2026-11-30")


def everything(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        dumped = list(connection.iterdump())
    connection.close()
    return dumped


def test_f52_another_book_is_tried_at_the_shell_and_nothing_is_done(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"})
    rows = [a_row(n, THANKS if n % 4 else LATE, author=f"person-{n}") for n in range(20)]
    shell.write("some.jsonl", rows)
    shell.vigie("import", "some.jsonl", "--channel", "instagram")
    shell.vigie("triage")
    (tmp_path / "new.toml").write_text(EXAMPLE)
    (tmp_path / "rules.toml").write_text(EXAMPLE.replace("live", "shadow"))  # in force since, and not on record
    before = everything(tmp_path / "var" / "vigie.db")

    told = shell.vigie("rules", "backtest", "new.toml", *NOVEMBER)
    (counted,) = shell.vigie("rules", "backtest", "new.toml", *NOVEMBER, "--json").lines()
    (elsewhere,) = shell.vigie("rules", "backtest", *NOVEMBER, "--channel", "mail", "--json").lines()

    assert everything(tmp_path / "var" / "vigie.db") == before
    assert told.code == 0
    assert "20 messages replayed" in told.out
    assert "sent by itself: 15 at the most" in told.out
    assert "Decided otherwise than by the rule book in force: 15" in told.out
    assert THANKS in told.out
    assert told.err.endswith("Nothing was done.\n")
    rule = counted["rules"][-1]
    assert (rule["rule"], rule["matches"], rule["words"]["sent"]) == ("thank by itself", 15, 15)
    assert rule["actions"] == [{"action": "reply", "mode": "live", "times": 15}]
    assert counted["change"]["samples"][0]["after"] == [{"action": "reply", "response": "thanks"}]
    assert (elsewhere["replayed"], elsewhere["change"]) == (0, None)


@pytest.mark.parametrize("words", [("--since", "soon"), ("--until", "2026-13-01")])
def test_a_moment_that_cannot_be_read_is_mistyped(tmp_path: Path, words: tuple[str, str]):
    done = Shell(tmp_path).vigie("rules", "backtest", *words)

    assert done.code == 2
    assert "a length such as 30d" in done.err


async def test_f52_the_team_asks_in_its_chat_what_the_rules_would_have_done(room: Room):
    async with room.listening():
        await room.hear(LATE, THANKS)
        await room.chat.tap(room.card(), "Send draft", LEA)
        await room.deliver()
        before = room.audit("message.triaged")
        week = await room.chat.ask(OMAR, "rules", what="backtest")
        hour = await room.chat.ask(OMAR, "rules", what="backtest", text="1m")
        wrong = await room.chat.ask(INES, "rules", what="backtest", text="of late")
        too_long = await room.chat.ask(INES, "rules", what="backtest", text="52w")

    assert "messages replayed: 2" in week.text
    assert "late parcel" in week.text
    assert "people answered alike: 1 of 1" in week.text
    assert "Nothing was done." in week.text
    assert "messages replayed: 0" in hour.text
    assert "How far back?" in wrong.text
    assert "90 days at most" in too_long.text
    assert room.audit("message.triaged") == before
