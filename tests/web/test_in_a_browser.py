"""The page in a real Chromium: by keys, without script, with hostile text in it.

A machine without Chromium leaves these out; in CI they have to run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from inbox.model import Status
from inbox.people import Role
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, THANKS, Site


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        yield site


def test_f35_ten_conversations_are_dealt_with_by_keys_alone(site: Site, browser: Browser):
    conversations = [site.hear(THANKS if number % 2 else LATE, author=f"contact-{number}") for number in range(10)]
    page = opened(browser, site)

    for _ in conversations:
        page.goto("/b/loriot/inbox")
        page.wait_for_selector("html.with-script")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector("html.with-script #talk-title")
        page.keyboard.press("e")
        page.wait_for_selector(".bar.done")

    assert {site.seen(one).status for one in conversations} == {Status.RESOLVED}
    assert is_well(page)


def test_an_answer_is_written_and_sent_by_keys_and_taken_back(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")

    page.keyboard.press("r")
    page.keyboard.press("Control+A")
    page.keyboard.type("Nous cherchons votre colis.")
    page.keyboard.press("Control+Enter")
    leaving = page.locator(".leaving .text").inner_text()
    page.keyboard.press("z")
    page.wait_for_selector(".leaving", state="detached")

    assert leaving == "Nous cherchons votre colis."
    assert page.locator(".leaving").count() == 0
    assert is_well(page)


def test_keys_that_are_typed_are_words(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")

    page.keyboard.press("n")
    page.keyboard.type("je sais")

    assert page.input_value("#note") == "je sais"
    assert site.seen(late).status is Status.OPEN


def test_without_script_the_same_forms_do_the_same(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, java_script_enabled=False)

    page.click("#rows a")
    page.fill("#text", "Nous cherchons votre colis.")
    page.click("form.compose button.main")
    sent = page.locator(".leaving .text").inner_text()
    page.click("form[data-act=resolve] button")

    assert sent == "Nous cherchons votre colis."
    assert site.seen(late).status is Status.RESOLVED


def test_a_hostile_message_does_nothing_in_a_browser(site: Site, browser: Browser):
    site.hear("<script>alert(1)</script><img src=x onerror=alert(2)>" + "w" * 5_000, name="<svg onload=alert(3)>")

    page = opened(browser, site, "/b/loriot/inbox/1")

    assert is_well(page)
    assert page.locator(".message img, .message svg, .message script").count() == 0
