"""Tickets from the shell: doctor, run, the list of what was given up, replay."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from data.engine import make_engine
from tests.end_to_end.helpdesks import OnMail, OnZammad
from tests.end_to_end.shell import Done, Shell, a_row
from tests.fakes.desks import LEILA


class Desk:
    """A shell beside a help desk; commands run while the help desk answers."""

    def __init__(self, shell: Shell, zammad: OnZammad) -> None:
        self.shell = shell
        self.zammad = zammad

    async def vigie(self, *words: str) -> Done:
        return await asyncio.to_thread(self.shell.vigie, *words)

    def make_time_pass(self) -> None:
        """Have the help desk asked at the next occasion."""
        engine = make_engine(f"sqlite:///{self.shell.folder / 'var' / 'vigie.db'}")
        with engine.begin() as connection:
            connection.execute(text("UPDATE ticket SET look_at = opened_at"))
        engine.dispose()

    async def take_in(self) -> None:
        rows = self.shell.write("said.jsonl", [a_row(1) | {"author_name": "Camille Rousseau"}])
        assert (await self.vigie("import", str(rows), "--channel", "instagram")).code == 0


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with OnZammad() as zammad:
        (tmp_path / "vigie.toml").write_text(
            f'hold_seconds = 0\n[desks.support]\nkind = "zammad"\nurl = "{zammad.url}"\n'
            f'group = "{zammad.group}"\nqueues = ["customer-service"]\n',
            encoding="utf-8",
        )
        shell = Shell(tmp_path, {"VIGIE_DESKS__SUPPORT__TOKEN": zammad.token})
        yield Desk(shell, zammad)


async def test_f68_a_complaint_becomes_a_ticket_and_what_was_refused_is_listed_and_replayed(desk: Desk):
    await desk.take_in()
    desk.zammad.fail_next("POST", "/tickets", status=422, says={"error": "No such group"})

    await desk.vigie("run", "--until-done")
    told, listed = await desk.vigie("outbox", "list"), await desk.vigie("outbox", "list", "--json")
    replayed = await desk.vigie("outbox", "replay", "--all")
    await desk.vigie("run", "--until-done")
    empty, shown = await desk.vigie("outbox", "list"), await desk.vigie("show", "1")
    as_json = json.loads((await desk.vigie("show", "1", "--json")).out)

    assert "support refuses this: 422: No such group" in told.out
    (one,) = listed.lines()
    assert (one["kind"], one["where"], one["conversation"]) == ("ticket", "support", 1)
    assert "To be tried again: 1." in replayed.out
    assert "Nothing was given up." in empty.out
    (number,) = desk.zammad.tickets
    assert f"Ticket {number} in support" in shown.out
    assert as_json["escalations"][0]["ticket"]["url"] == f"{desk.zammad.url}/#ticket/zoom/{number}"


async def test_f69_show_says_who_has_the_ticket_and_its_answer_waits_as_a_draft(desk: Desk):
    await desk.take_in()
    await desk.vigie("run", "--until-done")
    (number,) = desk.zammad.tickets
    desk.zammad.says(number, "Votre colis repart demain.")
    desk.zammad.stands(number, "pending", by=LEILA)
    desk.make_time_pass()

    await desk.vigie("run", "--until-done")
    shown, as_json = await desk.vigie("show", "1"), await desk.vigie("show", "1", "--json")

    assert f"Ticket {number} in support, {LEILA}, pending since " in shown.out
    assert "Votre colis repart demain." in shown.out
    assert "has written this in support." in shown.out
    ticket = json.loads(as_json.out)["escalations"][0]["ticket"]
    assert (ticket["assignee"], ticket["status"], ticket["trouble"]) == (LEILA, "pending", None)


async def test_one_of_several_is_replayed_by_its_number_and_a_number_has_to_be_named(desk: Desk):
    neither = await desk.vigie("outbox", "replay")
    unknown, left = await desk.vigie("outbox", "replay", "7"), await desk.vigie("outbox", "leave", "7")

    assert (neither.code, unknown.code, left.code) == (2, 1, 1)
    for one in (unknown, left):
        assert "There is nothing with the number 7 in the outbox." in one.err


async def test_doctor_asks_the_help_desk_whether_it_answers(desk: Desk):
    well = await desk.vigie("doctor", "--json")
    desk.zammad.fail_next("GET", "/users/me", status=401, says={"error": "Invalid token"})
    wrong = await desk.vigie("doctor", "--json")

    assert {"about": "support", "health": "well", "says": "reached, as vigie@example.org"} in well.lines()
    (said,) = [one for one in wrong.lines() if one["about"] == "support"]
    assert (said["health"], wrong.code) == ("wrong", 1)
    assert "support refuses our token" in said["says"]


async def test_every_kind_of_help_desk_can_be_set(tmp_path: Path):
    async with OnMail() as mailbox:
        (tmp_path / "vigie.toml").write_text(
            f"""
[desks.a]
kind = "chatwoot"
url = "http://127.0.0.1:9"
token = "t"
account = 1
inbox = 2
[desks.b]
kind = "zendesk"
url = "http://127.0.0.1:9"
token = "t"
email = "a@b.example"
[desks.c]
kind = "freshdesk"
url = "http://127.0.0.1:9"
token = "t"
[desks.d]
kind = "webhook"
url = "http://127.0.0.1:9"
token = "t"
[desks.e]
kind = "email"
url = "{mailbox.url}"
sender = "a@b.example"
to = "c@d.example"
queues = ["sales"]
"""
        )
        doctor = await asyncio.to_thread(Shell(tmp_path).vigie, "doctor", "--json")

    told = {(one["about"], one["health"]): one["says"] for one in doctor.lines()}
    assert all("is out of reach" in told[name, "wrong"] for name in "abcd")
    assert {"about": "e", "health": "well", "says": "reached, mail goes to c@d.example"} in doctor.lines()
    assert told["e", "well"] == "by e-mail nothing comes back: neither how a ticket stands nor an answer"
    assert told["a", "note"] == "no queue becomes tickets here: set desks.a.queues"
