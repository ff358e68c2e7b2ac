"""The audit log on the page: lines in words, filters, pages, the chain, and what leaves as a file (row F85)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from time import monotonic

import pytest

from data.store import SqlStore
from inbox import switches
from inbox.audit import AuditLine
from inbox.model import Actor
from inbox.people import Role
from inbox.sentences import Sentence
from tests.web.signed_in import SignedIn, sign_in
from tests.web.sites import LATE, Browsing, Site
from web.pages.audit import PAGE

PAGES = "/b/loriot/audit"
INES = Actor.person("Inès")


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SignedIn:
    return sign_in(sqlite_template, tmp_path_factory.mktemp("team"), {"Inès": Role.ADMIN, "Vic": Role.VIEWER})


@pytest.fixture
def site(team: SignedIn, tmp_path: Path) -> Iterator[Site]:
    site = Site(team.copied(tmp_path / "vigie.db"))
    with site.served():
        yield site


def page(visitor: Browsing, query: str = "") -> str:
    return unescape(visitor.get(f"{PAGES}{query}").text)


def lines(shown: str) -> list[str]:
    """The reasons that a page shows, in their order."""
    return re.findall(r'<p class="reason" dir="auto">(.*?)</p>', shown)


def acts(site: Site, count: int, *, by: Actor = INES, what: str = "rules.edited", text: str = "act") -> None:
    """Some lines about the rules, a minute apart, the last one a minute ago."""
    with site.desk.store.begin() as books:
        for number in range(count):
            site.clock.advance(timedelta(minutes=1))
            why = Sentence("{person} has edited the rules: {why}", person=by.name, why=f"{text} {number}")
            books.write_audit([AuditLine(site.clock(), by, what, "rule_book", 1, why, {"n": number})])
        books.seal_audit()


def verified(visitor: Browsing) -> str:
    begun = visitor.post(f"{PAGES}/verify", on=PAGES)
    assert begun.status_code == 303
    until = monotonic() + 30
    while monotonic() < until:
        shown = unescape(visitor.get(begun.headers["location"]).text)
        if 'http-equiv="refresh"' not in shown:
            return shown
    raise AssertionError("It is never done.")


def test_f85_every_line_is_told_in_the_language_of_the_reader_with_a_link_to_what_it_is_about(
    site: Site, team: SignedIn
):
    late = site.hear(LATE)
    switches.pause(site.desk.store, by=INES, clock=site.clock)

    english = page(team.visitor(site, "Vic"))
    french = page(team.visitor(site, "Vic", **{"accept-language": "fr"}))

    assert f'<a href="/b/loriot/inbox/{late}" translate="no">message 1</a>' in english
    assert any("Inès" in line for line in lines(english))
    assert lines(english) != lines(french)
    assert 'href="/b/loriot/sending"' in english


def test_lines_are_found_by_who_what_subject_day_and_words(site: Site, team: SignedIn):
    site.hear(LATE)
    acts(site, 2)
    acts(site, 1, by=Actor.person("Omar"), text="Élan")
    vic = team.visitor(site, "Vic")
    today = f"{site.clock():%Y-%m-%d}"

    assert len(lines(page(vic, "?actor=Omar"))) == 1
    assert len(lines(page(vic, "?what=rules"))) == 3
    assert len(lines(page(vic, "?what=rules.edited&actor=In%C3%A8s"))) == 2
    assert len(lines(page(vic, "?what=rules.edit"))) == 0
    assert len(lines(page(vic, "?subject=rule_book&id=1"))) == 3
    assert len(lines(page(vic, "?q=elan+0"))) == 1
    assert len(lines(page(vic, f"?what=rules&since={today}&until={today}"))) == 3
    assert len(lines(page(vic, f"?until={site.clock() - timedelta(days=1):%Y-%m-%d}"))) == 0
    assert "No line is about this." in page(vic, "?q=nothing+of+the+kind")
    assert vic.get(f"{PAGES}?since=soon&id=x&before=y&what=%25").status_code == 200


def test_days_that_no_clock_reaches_ask_for_nothing(site: Site, team: SignedIn):
    visitor = team.visitor(site, "Vic")

    assert visitor.get(f"{PAGES}?since=0001-01-01&until=9999-12-31").status_code == 200
    assert visitor.get("/b/loriot/reports?from=9999-12-31&to=9999-12-31").status_code == 409


def test_pages_follow_each_other_without_a_gap_whatever_comes_meanwhile(site: Site, team: SignedIn):
    acts(site, 2 * PAGE + 5)
    vic, query, seen = team.visitor(site, "Vic"), "?what=rules", []

    while query:
        shown = page(vic, query)
        seen += lines(shown)
        acts(site, 1, text="later")
        further = re.search(rf'<a href="{PAGES}(\?[^"]*)" rel="next"', shown)
        query = further[1] if further else ""

    assert [line.rpartition(" ")[2] for line in seen] == [str(n) for n in reversed(range(2 * PAGE + 5))]


def test_f85_verifying_says_how_far_the_chain_holds_and_a_changed_row_is_named(site: Site, team: SignedIn):
    acts(site, 3)
    ines = team.visitor(site, "Inès")

    before, holds = page(ines), verified(ines)
    after = page(ines)
    store = site.desk.store
    assert isinstance(store, SqlStore)
    with store.begin() as books:
        triggers = books.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
        for (name,) in triggers:
            books.connection.exec_driver_sql(f"DROP TRIGGER {name}")
        books.connection.exec_driver_sql("UPDATE audit SET actor_name = 'nobody' WHERE seq = 3")
    broken = verified(ines)

    head = re.search(r"The audit log holds: \d+ lines. Its head: ([0-9a-f]{64})", holds)
    assert "Nobody has verified the chain here yet." in before
    assert head is not None
    assert "Inès has verified the audit log" in after
    assert head[1] in after
    assert "The audit log was tampered with. Row" in broken
    assert "The 2 lines before it hold." in broken
    assert "Inès has found the audit log tampered with." in page(ines)
    assert team.visitor(site, "Vic").post(f"{PAGES}/verify", on=PAGES).status_code == 403


def test_the_log_leaves_as_a_file_in_which_nothing_is_a_formula_and_that_is_on_record(site: Site, team: SignedIn):
    acts(site, 1, by=Actor.person("=1+1"), text="@SUM(A1)")
    acts(site, 1, by=Actor.person("Omar"))
    ines = team.visitor(site, "Inès")

    left = ines.post(f"{PAGES}/export", on=PAGES, what="rules")
    rows = list(csv.DictReader(io.StringIO(left.text.removeprefix("\ufeff"))))

    assert left.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in left.headers["content-disposition"]
    assert [row["who"] for row in rows] == ["'=1+1", "Omar"]
    assert rows[0]["why"] == "'=1+1 has edited the rules: @SUM(A1) 0"
    assert all(len(row["hash"]) == 64 for row in rows)
    assert "Inès has taken lines of the audit log out as a file." in page(ines)
    assert team.visitor(site, "Vic").post(f"{PAGES}/export", on=PAGES).status_code == 403


def test_what_people_wrote_does_nothing_on_the_page(site: Site, team: SignedIn):
    acts(site, 1, text="<script>alert(1)</script>")

    assert "<script>alert" not in team.visitor(site, "Vic").get(PAGES).text


def test_the_log_of_another_brand_is_not_shown(site: Site, team: SignedIn):
    assert team.visitor(site, "Inès").get("/b/merle/audit").status_code == 404


def test_on_postgresql_lines_are_found_verified_and_taken_out(postgres_url: str):
    site = Site(postgres_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        late = site.hear(LATE)
        acts(site, 2, text="Élan")
        ines = site.visitor("Inès")

        found, about = page(ines, "?what=rules&q=elan"), page(ines, "?subject=message")
        holds = verified(ines)
        left = ines.post(f"{PAGES}/export", on=PAGES, actor="Inès", what="rules")

        assert len(lines(found)) == 2
        assert f'href="/b/loriot/inbox/{late}"' in about
        assert "The audit log holds:" in holds
        assert left.text.count("\r\n") == 3
