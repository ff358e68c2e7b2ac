"""Tokens are made and revoked by an administrator, on the page and at the shell; what they are is shown once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from inbox.people import Role
from tests.end_to_end.shell import Shell
from tests.web.programs import API, a_row
from tests.web.sites import PASSWORD, Site

SECRET = re.compile(r"vg_[\w-]{43}")


@pytest.fixture(scope="module")
def url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("site") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture(scope="module")
def site(url: str) -> Iterator[Site]:
    site = Site(url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def asked(site: Site, secret: str) -> int:
    """What the API says to whoever has a secret."""
    headers = {"authorization": f"Bearer {secret}"}
    return httpx.get(f"{site.address}{API}/token", headers=headers).status_code


def test_an_administrator_makes_a_token_that_is_shown_once_and_revokes_it(site: Site):
    ines, here = site.visitor("Inès"), "/b/loriot/tokens"

    nameless = ines.post(here, on=here, scope="messages:write")
    toothless = ines.post(here, on=here, name="blog")
    made = ines.post(here, on=here, name="blog", scope=["messages:write", "rules:test"])
    twice = ines.post(here, on=here, name="Blog", scope="messages:write")
    (secret,) = SECRET.findall(made.text)
    works, later = asked(site, secret), ines.get(here).text
    revoked = ines.post(f"{here}/revoke", on=here, name="blog")
    again = ines.post(f"{here}/revoke", on=here, name="blog")
    ended = asked(site, secret)

    assert [one.status_code for one in (nameless, toothless, made, twice, revoked)] == [422, 422, 201, 422, 303]
    assert again.status_code == 404
    assert 'value="blog"' in toothless.text
    assert (works, ended) == (200, 401)
    assert "blog" in later
    assert SECRET.search(later) is None
    with site.desk.store.read() as books:
        lines = [sealed.line for sealed in books.read_audit() if sealed.line.what.startswith("token.")]
    assert [(line.what, line.actor.name) for line in lines] == [
        ("token.made", "Inès"),
        ("token.revoked", "Inès"),
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT, Role.MODERATOR])
def test_nobody_else_sees_or_makes_tokens(site: Site, role: Role):
    site.add(f"Omar-{role}", role)
    omar = site.visitor(f"Omar-{role}")

    front = omar.get("/b/loriot/inbox").text
    seen = omar.get("/b/loriot/tokens")
    made = omar.post("/b/loriot/tokens", on="/b/loriot/inbox", name="x", scope="messages:write")
    elsewhere = omar.get("/b/merle/tokens")

    assert (seen.status_code, made.status_code, elsewhere.status_code) == (403, 403, 404)
    assert 'href="/b/loriot/tokens"' not in front


def test_a_token_that_was_made_at_the_shell_works_at_once_and_is_listed_without_its_secret(
    tmp_path: Path, site: Site, url: str
):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": url, "VIGIE_BRAND__KEY": "loriot"})
    made = shell.vigie("token", "add", "shop", "--scope", "messages:write", "--scope", "outbox:read")
    secret = made.out.strip()
    headers = {"authorization": f"Bearer {secret}"}
    taken = httpx.post(f"{site.address}{API}/channels/blog/messages", json=a_row(), headers=headers)
    listed = shell.vigie("token", "list")
    revoked = shell.vigie("token", "revoke", "shop")

    assert SECRET.fullmatch(secret)
    assert (taken.status_code, asked(site, secret)) == (201, 401)
    assert "messages:write, outbox:read" in listed.out
    assert secret not in listed.out
    assert (revoked.code, revoked.out) == (0, "The token shop works no longer.\n")


def test_in_a_browser_a_token_is_made_and_revoked_in_both_languages_and_on_a_phone(site: Site, browser: Browser):
    for is_dark, locale, width in ((False, "fr", 390), (True, "en", 1280)):
        scheme: Literal["dark", "light"] = "dark" if is_dark else "light"
        context = browser.new_context(
            locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800}, base_url=site.address
        )
        page = context.new_page()
        page.goto("/sign-in?next=/b/loriot/tokens")
        page.fill("input[name=name]", "Inès")
        page.fill("input[name=password]", PASSWORD)
        page.click("form button.main")
        page.fill("input[name=name]", f"blog-{locale}")
        page.check("input[value='messages:write']")
        page.click("form.stack button.main")
        assert SECRET.fullmatch(page.inner_text(".secret"))
        well(page)
        page.goto("/b/loriot/tokens")
        page.click(f".tokens button[value='blog-{locale}']")
        assert page.locator(f".tokens button[value='blog-{locale}']").count() == 0
        well(page)
        page.goto(f"{API}/")
        well(page)


def well(page: Page) -> None:
    """Nothing on the page is hard to use, and nothing sticks out of it."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
