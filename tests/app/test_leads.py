"""F73: leads as CSV, which no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.leads import lead_to_json
from inbox.cells import BOM, harmless
from inbox.leadfile import COLUMNS, write_csv
from inbox.leads import Lead, LeadSource, LeadStatus
from tests.inbox.builders import NOON

LEAD = Lead(
    id=7,
    key="vigie-lead-7",
    contact_id=3,
    contact="Camille Rousseau",
    contact_external_id="camille",
    channel="discord",
    conversation_id=40,
    status=LeadStatus.NEW,
    owner="Paul",
    revision=1,
    created_at=NOON,
    updated_at=NOON,
    sources=(
        LeadSource(1, 1, NOON, "Vous livrez à Lyon ?", products=("Vélo, cargo",), places=("Lyon",)),
        LeadSource(2, 1, NOON, 'C\'est "combien" ?', phone="+33612345678"),
    ),
)


def written(*leads: Lead, bom: bool = False) -> str:
    out = io.StringIO(newline="")
    write_csv(leads, out, bom=bom)
    return out.getvalue()


def test_f73_leads_are_written_as_rfc_4180_has_it():
    text = written(LEAD)

    assert text.split("\r\n")[0] == ",".join(COLUMNS)
    assert text.endswith("\r\n")
    assert '"Vélo, cargo"' in text
    assert '"Vous livrez à Lyon ?\nC\'est ""combien"" ?"' in text
    (row,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (row["id"], row["status"], row["owner"], row["place"]) == ("7", "new", "Paul", "Lyon")
    assert row["need"] == 'Vous livrez à Lyon ?\nC\'est "combien" ?'
    assert row["phone"] == "'+33612345678"


def test_excel_is_told_that_it_is_utf_8():
    assert written(LEAD, bom=True) == BOM + written(LEAD)


def test_without_leads_there_are_the_names_of_the_columns():
    assert written() == ",".join(COLUMNS) + "\r\n"


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|' /C calc'!A0", "\n=1"])
def test_a_cell_that_would_be_a_formula_gets_an_apostrophe(cell: str):
    assert harmless(cell) == f"'{cell}"


@given(contact=some.text(max_size=30), need=some.text(min_size=1, max_size=30))
def test_whatever_a_contact_writes_no_cell_is_a_formula_and_the_words_are_all_there(contact: str, need: str):
    lead = replace(LEAD, contact=contact, sources=(LeadSource(1, 1, NOON, need),))

    (row,) = csv.DictReader(io.StringIO(written(lead), newline=""))

    for name, said in (("contact", contact), ("need", need)):
        assert row[name].removeprefix("'") == said.removeprefix("'")
        assert not row[name].startswith(("=", "+", "-", "@"))


def test_for_machines_a_lead_has_everything():
    told = lead_to_json(LEAD)

    assert (told["id"], told["products"], told["messages"]) == (7, ["Vélo, cargo"], [1, 2])
    assert told["score"] == sum(told["score_parts"].values())
    assert set(COLUMNS) - {"need"} <= set(told)
