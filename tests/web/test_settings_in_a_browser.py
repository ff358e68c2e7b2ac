"""Settings, people and prepared answers in a real Chromium: without script, on a phone, light and dark, axe.

A machine without Chromium leaves these out; in CI they have to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from app.settings_told import to_told
from inbox.people import Role
from tests.web.browsers import is_well, opened
from tests.web.sites import PASSWORD
from tests.web.test_prepared_page import HERE, WrittenSite, filled, saved
from tests.web.test_settings_page import some_settings
from web.house import House, Served

PAGES = [
    "settings",
    "people",
    "me",
    "responses",
    "responses/new",
    "responses/one?code=late",
    "responses/versions",
    "responses/versions/2",
]
UNFOLD = "for (const one of document.querySelectorAll('details')) one.open = true"


class WholeSite(WrittenSite):
    """A page with files of its own that is told of settings, too."""

    def _house(self, served: Served) -> House:
        return replace(super()._house(served), settings={"loriot": to_told(some_settings(), today=date(2026, 6, 10))})


@pytest.fixture
def site(sqlite_url: str, tmp_path: Path) -> Iterator[WholeSite]:
    site = WholeSite(sqlite_url, tmp_path)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def test_without_script_somebody_is_added_joins_and_changes_a_response(site: WholeSite, browser: Browser):
    page = opened(browser, site, "/b/loriot/people", java_script_enabled=False)
    page.fill("main form[action$=add] input[name=name]", "Zoé")
    page.select_option("main form[action$=add] select", "admin")
    page.click("main form[action$=add] button")
    way = page.input_value("#link")

    page.context.clear_cookies()
    page.goto(way)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("button.main")
    page.goto(f"{HERE}/one?code=late")
    page.fill("textarea[name=text-fr] >> nth=0", "Nous vous rembourserons, {{contact.first_name}}.")
    page.click("form button.main")
    stopped = page.locator("main").inner_text()
    page.fill("textarea[name=text-fr] >> nth=0", "Nous cherchons votre colis, {{contact.first_name}}.")
    page.fill("input[name=why] >> nth=0", "Ne rien promettre")
    page.click("form button.main")

    assert "The checks would stop these words." in stopped
    assert "Nous vous rembourserons, Camille." in stopped
    assert page.url.endswith(HERE)
    assert "Nous cherchons votre colis" in site.file.read_text(encoding="utf-8")
    with site.desk.store.read() as books:
        latest = books.response_books()[-1]
    assert (latest.author.name, latest.why) == ("Zoé", "Ne rien promettre")


@pytest.mark.parametrize(("scheme", "lang"), [("light", "fr-FR"), ("dark", "en-GB")])
def test_every_page_is_readable_on_a_phone_and_by_machines(site: WholeSite, browser: Browser, scheme: str, lang: str):
    site.add("Omar " + "x" * 60, Role.AGENT)
    saved(site.visitor("Inès"), filled(text_fr=["Plus court. " + "x" * 200], owner="y" * 70, why="z" * 200))
    phone = {"width": 390, "height": 800}
    page = opened(browser, site, viewport=phone, locale=lang, color_scheme=scheme)

    grave: list[tuple[str, str, list[str]]] = []
    for path in PAGES:
        page.goto(f"/b/loriot/{path}")
        page.evaluate(UNFOLD)
        if not is_well(page):
            grave.append((path, "stands out at the side", []))
        found = Axe().run(page).response["violations"]
        grave += [
            (path, one["id"], [node["html"] for node in one["nodes"]])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]

    assert grave == []
