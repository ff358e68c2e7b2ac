"""F73: leads from the shell: list, show, set, export; and doctor asks the CRM."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from pathlib import Path

import pytest

from tests.end_to_end.shell import Shell, a_row
from tests.fakes.crm import FakeCrm

PRICE = "Bonjour ! Vous livrez à Lyon ? C'est combien, le vélo cargo ?"


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "vigie.toml").write_text('[brand]\nproducts = ["vélo cargo"]\n', encoding="utf-8")
    made = Shell(tmp_path)
    rows = [
        a_row(1, PRICE) | {"author_name": "Camille Rousseau"},
        a_row(2, "Quel est le prix du vélo cargo, et vous livrez à Nantes ?") | {"author_name": "=cmd|'/C calc'!A0"},
        a_row(3, "Trois semaines de retard, toujours rien"),
    ]
    made.write("said.jsonl", rows)
    assert made.vigie("import", "said.jsonl", "--channel", "instagram").code == 0
    assert made.vigie("triage").code == 0
    return made


def test_f73_leads_are_listed_shown_set_and_exported(shell: Shell):
    assert shell.vigie("user", "add", "Paul", "--role", "agent").code == 0
    listed, as_json = shell.vigie("leads", "list"), shell.vigie("leads", "list", "--json").lines()
    camille = next(one for one in as_json if one["contact"] == "Camille Rousseau")
    number = str(camille["id"])
    shown = shell.vigie("leads", "show", number)
    changed = shell.vigie("leads", "set", number, "--status", "won", "--owner", "paul")
    back = shell.vigie("leads", "set", number, "--status", "new", "--json")
    exported = shell.vigie("leads", "export", "leads.csv", "--bom")

    assert (camille["place"], camille["products"]) == ("Lyon", ["vélo cargo"])
    assert "Lyon" in listed.out
    assert "names a place 10" in shown.out
    assert "Vous livrez à Lyon ? C'est combien, le vélo cargo ?" in shown.out
    assert f"Lead {number} is: won. Owner: Paul." in changed.out
    assert json.loads(back.out)["status"] == "new"
    assert "Leads written to leads.csv: 2." in exported.out
    raw = (shell.folder / "leads.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,status")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert {row["contact"] for row in rows} == {"Camille Rousseau", "'=cmd|'/C calc'!A0"}
    assert {row["owner"] for row in rows} == {"Paul", ""}


def test_leads_come_out_of_a_pipe_as_csv(shell: Shell):
    listed, exported = shell.vigie("leads", "list", "--csv"), shell.vigie("leads", "export", "-", "--status", "new")

    assert listed.out == exported.out
    assert listed.out.count("\r\n") == 3


def test_what_cannot_be_done_is_said(shell: Shell):
    unknown, same = shell.vigie("leads", "show", "9"), shell.vigie("leads", "set", "1", "--status", "new")
    nothing = shell.vigie("leads", "set", "1")
    nowhere = shell.vigie("leads", "export", "no/such/folder/leads.csv")

    assert (unknown.code, same.code, nothing.code, nowhere.code) == (1, 1, 2, 1)
    assert "There is no lead 9." in unknown.err
    assert "Lead 1 stands so already." in same.err
    assert "cannot be written" in nowhere.err


async def test_doctor_asks_the_crm_whether_it_takes_a_call(tmp_path: Path):
    async with FakeCrm() as crm:
        told = {"VIGIE_LEADS__WEBHOOK_URL": crm.url, "VIGIE_LEADS__SECRET": crm.token}
        well = await asyncio.to_thread(Shell(tmp_path, told).vigie, "doctor", "--json")
        wrong = await asyncio.to_thread(
            Shell(tmp_path, told | {"VIGIE_LEADS__SECRET": "another"}).vigie, "doctor", "--json"
        )

    assert {"about": "crm", "health": "well", "says": "reached, it takes our signature"} in well.lines()
    (said,) = [one for one in wrong.lines() if one["about"] == "crm"]
    assert (said["health"], wrong.code) == ("wrong", 1)
