"""F73: leads on the page: a list with filters, a form for each, and a file that is no program."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from shutil import copyfile

import pytest

from inbox.leads import Lead, LeadStatus
from inbox.leadwork import list_leads
from inbox.people import Role
from tests.web.sites import Browsing, Site

ASKS = "Bonjour, vous livrez à Lyon ? C'est combien le vélo cargo ?"


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One page for all of these: each test works with a lead of its own."""
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        for name, role in (("Léa", Role.AGENT), ("Vic", Role.VIEWER)):
            site.add(name, role)
        site.add("Ada", Role.ADMIN, brand="merle")
        yield site


def a_lead(site: Site, author: str) -> Lead:
    site.hear(ASKS, author=author)
    return next(one for one in list_leads(site.desk.store) if one.contact == author)


def lead_of(site: Site, lead: Lead) -> Lead:
    return next(one for one in list_leads(site.desk.store) if one.id == lead.id)


def page_of(who: Browsing, path: str = "") -> str:
    return unescape(who.get(f"/b/loriot/leads{path}").text)


def test_f73_a_lead_is_listed_with_what_was_asked_and_what_its_score_is_made_of(site: Site):
    lead, lea = a_lead(site, "camille"), site.visitor("Léa")

    listed, alone = page_of(lea), page_of(lea, f"/{lead.id}")

    assert f'id="lead-{lead.id}"' in listed
    assert "C'est combien le vélo cargo ?" in listed
    assert f"score {lead.score}" in alone
    assert "asks for the price" in alone


def test_f73_status_and_owner_are_changed_by_a_form_and_set_back_by_the_same(site: Site):
    lead, lea = a_lead(site, "paul"), site.visitor("Léa")
    on = "/b/loriot/leads"

    done = lea.post(f"{on}/{lead.id}", on=on, status="won", owner="Léa", next=f"{on}?status=new")
    changed = lead_of(site, lead)
    lea.post(f"{on}/{lead.id}", on=on, status="new", owner="")

    assert (done.status_code, done.headers["location"]) == (303, f"{on}?status=new")
    assert (changed.status, changed.owner) == (LeadStatus.WON, "Léa")
    assert (lead_of(site, lead).status, lead_of(site, lead).owner) == (LeadStatus.NEW, None)


def test_a_form_that_changes_nothing_is_no_trouble(site: Site):
    lead, lea = a_lead(site, "jeanne"), site.visitor("Léa")

    done = lea.post(f"/b/loriot/leads/{lead.id}", on="/b/loriot/leads", status="new", owner="")

    assert done.status_code == 303
    assert lead_of(site, lead).revision == lead.revision


def test_leads_are_filtered_by_where_they_stand_and_whose_they_are(site: Site):
    mine, other = a_lead(site, "rose"), a_lead(site, "henri")
    lea = site.visitor("Léa")
    lea.post(f"/b/loriot/leads/{mine.id}", on="/b/loriot/leads", status="contacted", owner="Léa")

    found = page_of(lea, "?status=contacted&owner=L%C3%A9a")

    assert f'id="lead-{mine.id}"' in found
    assert f'id="lead-{other.id}"' not in found


def test_f73_the_file_holds_what_is_shown_no_formula_and_is_put_on_record(site: Site):
    lea = site.visitor("Léa")
    wanted = a_lead(site, "=HYPERLINK(0)")

    given = lea.post("/b/loriot/leads/export", on="/b/loriot/leads", status="new")
    excel = lea.post("/b/loriot/leads/export", on="/b/loriot/leads", bom="1")

    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(given.text, newline=""))}
    assert given.headers["content-disposition"].startswith('attachment; filename="leads-')
    assert rows[str(wanted.id)]["contact"] == "'=HYPERLINK(0)"
    assert excel.content.startswith(b"\xef\xbb\xbf")
    with site.desk.store.read() as books:
        told = [line.line.actor.name for line in books.read_audit() if line.line.what == "leads.exported"]
    assert told == ["Léa", "Léa"]


def test_who_may_only_look_changes_nothing_and_takes_nothing_away(site: Site):
    lead, vic = a_lead(site, "yves"), site.visitor("Vic")
    on = "/b/loriot/leads"

    changed = vic.post(f"{on}/{lead.id}", on=on, status="won", owner="")
    taken = vic.post(f"{on}/export", on=on)

    assert "<button>Set</button>" not in page_of(vic)
    assert (changed.status_code, taken.status_code) == (403, 403)
    assert lead_of(site, lead).status is LeadStatus.NEW


def test_f86_a_lead_of_another_brand_does_not_exist(site: Site):
    lead, ada = a_lead(site, "nora"), site.visitor("Ada")

    assert ada.get("/b/loriot/leads").status_code == 404
    assert ada.get(f"/b/merle/leads/{lead.id}").status_code == 404
    assert ada.post(f"/b/merle/leads/{lead.id}", on="/b/merle/leads", status="won").status_code == 404


def test_a_status_that_there_is_not_is_refused(site: Site):
    lead, lea = a_lead(site, "ugo"), site.visitor("Léa")

    assert lea.post(f"/b/loriot/leads/{lead.id}", on="/b/loriot/leads", status="sold").status_code == 422
    assert lea.get("/b/loriot/leads?status=sold&owner=nobody").status_code == 200
