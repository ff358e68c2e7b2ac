"""Rules and the audit log in a real Chromium: a rule's whole life, without script, on a phone, and by axe.

A machine without Chromium leaves these out; in CI they have to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from inbox.people import Role
from tests.web.browsers import is_well
from tests.web.signed_in import SignedIn, sign_in
from tests.web.sites import LATE, RUDE, THANKS, Site
from tests.web.test_rules_page import RULES
from web.visitor import COOKIE

PAGES = [
    "rules",
    "rules/rule?name=praise",
    "rules/edit",
    "rules/try",
    "rules/versions",
    "rules/versions/2",
    "audit",
]


@pytest.fixture(scope="module")
def team(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SignedIn:
    return sign_in(sqlite_template, tmp_path_factory.mktemp("team"), {"Inès": Role.ADMIN})


@pytest.fixture
def site(team: SignedIn, tmp_path: Path) -> Iterator[Site]:
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8", newline="")
    site = Site(team.copied(tmp_path / "vigie.db"), folder=tmp_path)
    with site.served():
        for text in (LATE, THANKS, RUDE):
            site.hear(text, author=text[:5])
        site.clock.advance(timedelta(minutes=1))
        yield site


def opened(browser: Browser, site: Site, team: SignedIn, path: str, **how: Any) -> Page:
    """A page for Inès; whatever a page complains of fails the test."""
    context = browser.new_context(base_url=site.address, **({"locale": "en-GB"} | how))
    context.add_cookies([{"name": COOKIE, "value": team.tokens["Inès"], "url": site.address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"/b/loriot/{path}")
    page.complaints = complaints  # type: ignore[attr-defined]  # carried to the end of the test
    return page


def lives_a_life(page: Page) -> None:
    """A rule is changed with a mistake in it, put right, tried, replayed, saved, given another mode, brought back."""
    page.goto("/b/loriot/rules/edit")
    page.fill(
        "#book", RULES.replace('"colis", "parcel*"', '"parcel*"').replace('"complaint", words', '"complain", words')
    )
    page.click("button[formaction$=check]")
    assert "line 10" in page.locator(".remarks .fault").inner_text()
    assert page.locator(".lines .fault").inner_text() == "10"

    page.fill("#book", page.input_value("#book").replace('"complain"', '"complaint"'))
    page.fill("textarea[name=sample]", LATE)
    page.click("button[formaction$=try]")
    assert "3 rules do not hold." in page.inner_text(".tried")

    page.click("button[formaction$=backtest]")
    page.wait_for_selector("table.record")
    assert "Decided otherwise than by the rules in force: 1" in page.inner_text("main")

    page.goto("/b/loriot/rules/edit")
    page.fill("#book", RULES.replace('"colis", "parcel*"', '"parcel*"'))
    page.fill("input[name=why]", "Only in English.")
    page.click("button.main")
    assert "Version 2 is in force." in page.inner_text(".good")

    page.click("text=praise")
    page.check("input[value='share:10']")
    page.check("input[name=in_spite]")
    page.fill("input[name=why]", "All read.")
    page.click("button.main")
    assert page.locator("h2 + p .mode").first.inner_text() == "share:10"

    page.goto("/b/loriot/rules/versions/1?to=3")
    assert page.locator("tr.changed del").all_inner_texts() != []
    page.goto("/b/loriot/rules/versions/1")
    page.click("button.main")
    assert "Version 4 is in force." in page.inner_text(".good")


def test_a_rule_is_edited_tried_replayed_promoted_and_brought_back(site: Site, browser: Browser, team: SignedIn):
    page = opened(browser, site, team, "rules")

    lives_a_life(page)
    page.goto("/b/loriot/audit?what=rules")

    assert site.rules.read_text(encoding="utf-8") == RULES
    assert page.locator(".log .reason").all_inner_texts()[:3] == [
        "Inès has brought back version 1 of the rule book.",
        'Inès has put rule "praise" from draft to share:10: All read.',
        "Inès has edited the rules: Only in English.",
    ]
    assert is_well(page)


def test_without_script_a_rule_lives_the_same_life(site: Site, browser: Browser, team: SignedIn):
    page = opened(browser, site, team, "rules", java_script_enabled=False)

    lives_a_life(page)

    assert site.rules.read_text(encoding="utf-8") == RULES


def test_a_finding_leads_to_its_line_in_the_box_and_numbers_follow_what_is_typed(
    site: Site, browser: Browser, team: SignedIn
):
    page = opened(browser, site, team, "rules/edit")
    page.fill("#book", RULES.replace('"complaint", words', '"complain", words') + "\n\n\n")
    numbers = page.inner_text(".lines").split()

    page.click("button[formaction$=check]")
    page.click("a[data-line='10']")
    chosen = page.evaluate("(b => b.value.slice(b.selectionStart, b.selectionEnd))(document.getElementById('book'))")

    assert numbers == [str(number) for number in range(1, RULES.count("\n") + 5)]
    assert chosen == 'when = { label = "complain", words = ["colis", "parcel*"] }'
    assert is_well(page)


def test_axe_finds_nothing_serious_and_a_phone_shows_all_of_it(site: Site, browser: Browser, team: SignedIn):
    site.rules.write_text(RULES.replace('"late"', '"very late"').replace('"draft"\n', '"live"\n'), encoding="utf-8")
    for scheme in ("light", "dark"):
        page = opened(browser, site, team, "rules", color_scheme=scheme)
        for path in PAGES:
            page.goto(f"/b/loriot/{path}")
            page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
            page.set_viewport_size({"width": 1280, "height": 800})
            found = Axe().run(page).response["violations"]
            grave = [one for one in found if one["impact"] in {"serious", "critical"}]
            assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in grave] == []
            page.set_viewport_size({"width": 390, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        page.context.close()
