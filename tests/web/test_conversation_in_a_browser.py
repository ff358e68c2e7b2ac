"""The open conversation and the card of a contact in a real Chromium: the list at the caret, keys.

A machine without Chromium leaves these out; in CI they have to run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from inbox.model import Status
from inbox.people import Role
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, RUDE, Site


@pytest.fixture
def site(sqlite_url: str) -> Iterator[Site]:
    site = Site(sqlite_url)
    with site.served():
        site.add("Inès", Role.ADMIN)
        site.add("Omar", Role.MODERATOR)
        yield site


def test_f38_a_slash_offers_prepared_answers_and_the_keys_choose_one(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")
    page.fill("#text", "")

    page.focus("#text")
    page.keyboard.type("/retard")
    page.wait_for_selector(".caret-list [role=option]")
    page.keyboard.press("Enter")

    assert "colis" in page.input_value("#text")
    assert "/retard" not in page.input_value("#text")
    assert page.locator(".caret-list [role=option]").count() == 0
    assert page.locator("input[name=response]").first.input_value() in site.desk.responses
    assert is_well(page)


def test_f38_a_slash_within_words_offers_nothing_and_escape_closes_the_list(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")
    page.fill("#text", "")
    page.focus("#text")

    page.keyboard.type("/retard")
    page.wait_for_selector(".caret-list [role=option]")
    page.keyboard.press("Escape")
    closed = page.locator(".caret-list [role=option]").count()
    page.fill("#text", "")
    page.keyboard.type("24/48 h")

    assert closed == 0
    assert page.locator(".caret-list [role=option]").count() == 0
    assert page.input_value("#text") == "24/48 h"


def test_f31_an_at_sign_in_a_note_offers_the_team(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")

    page.keyboard.press("n")
    page.keyboard.type("@om")
    page.wait_for_selector(".caret-list [role=option]")
    page.keyboard.press("Tab")
    page.keyboard.type("tu peux ?")
    page.click("form[data-act=note] button")
    page.wait_for_selector(".message.note")

    assert [(note.text, note.mentions) for note in site.seen(late).notes] == [("@Omar tu peux ?", ("Omar",))]
    assert is_well(page)


def test_f29_resolved_by_a_key_and_taken_back_by_another(site: Site, browser: Browser):
    late = site.hear(LATE)
    page = opened(browser, site, f"/b/loriot/inbox/{late}")

    page.keyboard.press("e")
    page.wait_for_selector(".bar.done")
    resolved = site.seen(late).status
    page.keyboard.press("z")
    page.wait_for_selector(".bar.done", state="detached")

    assert (resolved, site.seen(late).status) == (Status.RESOLVED, Status.OPEN)
    assert page.url.endswith(f"/b/loriot/inbox/{late}")


def test_f60_without_script_a_message_is_deleted_after_what_it_takes_was_read(site: Site, browser: Browser):
    rude = site.hear(RUDE, author="max")
    page = opened(browser, site, f"/b/loriot/inbox/{rude}", java_script_enabled=False)

    page.click("details.moderation > summary")
    page.click("details.choice:has(input[value=delete]) > summary")
    page.fill("details.choice:has(input[value=delete]) input[name=reason]", "Insulte")
    page.click("details.choice:has(input[value=delete]) button.grave")
    warned = page.locator("main").inner_text()
    page.click("button.grave")

    assert "It cannot be taken back." in warned
    assert site.seen(rude).cases == 1
    assert page.url.endswith(f"/b/loriot/inbox/{rude}")
