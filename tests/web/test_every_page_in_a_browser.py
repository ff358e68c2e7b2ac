"""Every page in a real Chromium, in both languages, light, dark and on a phone: readable by machines, within bounds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Response
from pydantic import SecretStr

from app.page_models import PageModels
from app.settings import ModelsSettings, Settings
from inbox.people import Role
from tests.classifiers.builders import some_corpus_rows
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, RUDE, Site
from web.parts import PARTS

PAGES = [f"/b/loriot/{part.path}" for part in PARTS] + [
    "/b/loriot/inbox/1",
    "/b/loriot/inbox/2",
    "/b/loriot/contacts/1?q=max",
    "/b/loriot/contacts?q=l",
    "/b/loriot/c/1/responses",
    "/b/loriot/me",
    "/b/loriot/keys",
    "/b/loriot/inbox?label=praise",
    "/sign-in",
    "/nothing",
]
HEAVIEST = 150_000
"""Bytes that a page may take to load, with all it loads, nothing kept from before."""

_UNFOLD = "for (const one of document.querySelectorAll('details')) { one.removeAttribute('name'); one.open = true; }"
_SMALL = """[...document.querySelectorAll('main button, main select, main summary, .top button')]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map((one) => one.outerHTML.slice(0, 120))"""
_NAMELESS = """[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
  .filter((one) => !(one.innerText || one.ariaLabel || one.labels?.length || one.title ||
    one.querySelector('img[alt]:not([alt=""])'))?.toString().trim())
  .map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("pages")
    shutil.copyfile(sqlite_template, place / "vigie.db")
    url = f"sqlite:///{place / 'vigie.db'}"
    settings = Settings(database_url=SecretStr(url), models=ModelsSettings(folder=place / "models"))
    site = Site(url, models=PageModels(settings, rows=some_corpus_rows), folder=place)
    with site.served():
        site.add("Inès", Role.ADMIN)
        site.hear(LATE + " " + "x" * 300, name="x" * 200)
        site.hear(RUDE, author="max")
        yield site


@pytest.mark.parametrize(("scheme", "lang"), [("light", "en-GB"), ("dark", "fr-FR")])
def test_f35_axe_finds_nothing_serious_and_every_control_has_a_name(
    site: Site, browser: Browser, scheme: str, lang: str
):
    page = opened(browser, site, color_scheme=scheme, locale=lang)
    found: dict[str, list[object]] = {}
    for path in PAGES:
        page.goto(path)
        page.evaluate(_UNFOLD)
        violations = Axe().run(page).response["violations"]
        grave = [one for one in violations if one["impact"] in {"serious", "critical"}]
        nameless = page.evaluate(_NAMELESS)
        if grave or nameless:
            found[path] = [*((one["id"], [node["html"] for node in one["nodes"]]) for one in grave), *nameless]
    page.goto("/b/loriot/inbox")
    page.wait_for_selector("html.with-script")
    page.keyboard.press("?")
    page.wait_for_selector("#keys-sheet[open]")
    sheet = [one["id"] for one in Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]

    assert found == {}
    assert sheet == []


@pytest.mark.parametrize(("lang", "scheme"), [("fr-FR", "light"), ("en-GB", "dark")])
def test_on_a_phone_nothing_stands_out_and_what_is_pressed_is_large(
    site: Site, browser: Browser, lang: str, scheme: str
):
    page = opened(
        browser,
        site,
        viewport={"width": 390, "height": 800},
        locale=lang,
        color_scheme=scheme,
        reduced_motion="reduce",
        has_touch=True,
    )
    wide, small = [], {}
    for path in PAGES:
        page.goto(path)
        page.evaluate(_UNFOLD)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(path)
        if too_small := page.evaluate(_SMALL):
            small[path] = too_small

    assert wide == []
    assert small == {}


def test_every_page_is_light_and_nothing_is_complained_of(site: Site, browser: Browser):
    page = opened(browser, site)
    weights = {path: weight_of(page, path) for path in PAGES if path != "/nothing"}

    assert {path: weight for path, weight in weights.items() if weight > HEAVIEST} == {}
    assert min(weights.values()) > 10_000
    assert is_well(page)


def weight_of(page: Page, path: str) -> int:
    """Bytes of the bodies that come for a page, with nothing kept from before."""
    came: list[Response] = []

    def keep(response: Response) -> None:
        if response.request.resource_type != "eventsource":  # it has no end
            came.append(response)

    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.on("response", keep)
    page.goto(path)
    if path.startswith("/b/"):
        page.wait_for_selector("html.with-script")
    page.remove_listener("response", keep)
    devtools.detach()
    return sum(len(response.body()) for response in came if response.ok)
