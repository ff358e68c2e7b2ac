"""Reports on the page: what its tables, pictures and files say, to whom, and in a real browser."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from inbox.people import Role
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, RUDE, THANKS, Browsing, Site

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Ten days of a brand, which nobody changes: two messages a day, and a reply of a person to each third."""
    file = tmp_path_factory.mktemp("reports") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        site.add("Inès", Role.VIEWER)
        site.add("Noé", Role.ADMIN, brand="merle")
        for day in range(10):
            site.hear(LATE, author=f"late-{day}")
            site.hear(THANKS if day % 2 else RUDE, author=f"other-{day}")
            site.clock.advance(DAY)
        yield site


@pytest.fixture(scope="module")
def ines(site: Site) -> Browsing:
    """Somebody who may look."""
    return site.visitor("Inès")


def cell(page: str, row: str, place: int) -> str:
    """A cell of the table of figures: 0 for this period, 1 for the one before, 2 for the difference."""
    found = re.search(rf'<tr id="figures-{row}">(.*?)</tr>', page)
    assert found is not None
    cells: list[str] = re.findall(r"<td[^>]*>(.*?)</td>", found.group(1))
    return cells[place]


def test_a_report_counts_the_period_and_the_one_before(ines: Browsing):
    page = ines.get("/b/loriot/reports?days=5")

    assert page.status_code == 200
    # Today nobody has written yet; of the five days before these, all have ten.
    assert [cell(page.text, "messages", place) for place in range(3)] == ["8", "10", "−20%"]


def test_pictures_come_with_their_own_rules_light_and_dark_and_in_two_languages(ines: Browsing):
    pictures = {}
    for name in ("volume", "times", "hours"):
        for dark in ("", "&dark=1"):
            answer = ines.get(f"/b/loriot/reports/{name}.svg?days=7{dark}")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
            assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
            assert ElementTree.fromstring(answer.text).tag.endswith("svg")
            assert "http" not in answer.text.replace("http://www.w3.org/", "")
            pictures[name, dark] = answer.text
    assert len(set(pictures.values())) == 6
    assert "Messages a day, by label" in pictures["volume", ""]
    in_french = ines.client.get("/b/loriot/reports/volume.svg?days=7", headers={"accept-language": "fr"})
    assert "Messages par jour, par étiquette" in in_french.text


def test_files_say_what_the_page_says(ines: Browsing):
    page = ines.get("/b/loriot/reports?days=7").text
    answers = {form: ines.get(f"/b/loriot/reports/report.{form}?days=7") for form in ("csv", "md", "html")}

    for form, answer in answers.items():
        assert answer.headers["content-disposition"].endswith(f'.{form}"')
    rows = {tuple(row[:3]): row[3] for row in csv.reader(StringIO(answers["csv"].text))}
    assert rows["figures", "messages", "now"] == cell(page, "messages", 0) == "12"
    assert "| Messages | 12 |" in answers["md"].text
    assert "<script" not in answers["html"].text


@pytest.mark.parametrize("query", ["from=2026-13-01", "from=x&to=y", "from=2026-06-10&to=2026-06-09", "days=999"])
def test_what_is_no_period_is_told_in_words(ines: Browsing, query: str):
    answer = ines.get(f"/b/loriot/reports?{query}")

    assert 400 <= answer.status_code < 500
    assert "<main" in answer.text


def test_days_that_are_no_number_are_a_week(ines: Browsing):
    assert ines.get("/b/loriot/reports?days=many").text.count('<tr id="days-') == 7


def test_reports_of_another_brand_are_not_told_of(site: Site, ines: Browsing):
    paths = ("reports", "reports/volume.svg", "reports/report.csv", "reports/nothing.svg", "reports/report.pdf")

    assert {ines.get(f"/b/merle/{path}").status_code for path in paths} == {404}
    assert ines.get("/b/loriot/reports/nothing.svg").status_code == 404
    assert site.visitor().get("/b/loriot/reports/report.csv").status_code == 303


def test_nobody_who_has_not_signed_in_gets_a_report(site: Site):
    assert site.visitor().get("/b/loriot/reports").status_code == 303


def test_a_page_of_reports_is_light(ines: Browsing):
    page = len(ines.get("/b/loriot/reports?days=28").content)
    drawn = sum(len(ines.get(f"/b/loriot/reports/{name}.svg?days=28").content) for name in ("volume", "times", "hours"))

    assert page + drawn < 110_000


@pytest.mark.parametrize(
    "how",
    [
        {"color_scheme": "light", "locale": "fr-FR"},
        {"color_scheme": "dark", "viewport": {"width": 390, "height": 800}},
    ],
    ids=["light", "dark-phone"],
)
def test_f79_reports_in_a_browser(site: Site, browser: Browser, how: dict[str, Any]):
    page = opened(browser, site, "/b/loriot/reports", **how)

    drawn = page.evaluate(
        "[...document.querySelectorAll('.chart img')].map(one => one.complete && one.naturalWidth > 0)"
    )
    sources = page.evaluate("[...document.querySelectorAll('.chart img')].map(one => one.currentSrc)")
    assert drawn == [True, True, True]
    assert all(("dark=1" in one) == (how["color_scheme"] == "dark") for one in sources)
    for summary in page.locator(".chart summary").all():
        summary.click()
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in {"serious", "critical"}]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in grave] == []
    assert is_well(page)

    page.fill("input[name=from]", "2026-06-11")
    page.fill("input[name=to]", "2026-06-12")
    page.click("form.range button")
    assert page.locator("#figures-messages td").first.inner_text() == "4"
    assert is_well(page)
