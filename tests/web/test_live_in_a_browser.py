"""Two people in the inbox at once, in a real Chromium: what the other does is seen, and nothing moves or is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from inbox import work
from inbox.model import Actor, Status
from inbox.people import Role
from tests.web.browsers import is_well, opened
from tests.web.sites import LATE, THANKS, Site

OMAR = Actor.person("Omar")


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    file = tmp_path_factory.mktemp("live") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    site = Site(f"sqlite:///{file}")
    with site.served():
        site.add("Inès", Role.ADMIN)
        site.add("Omar", Role.MODERATOR)
        yield site


@pytest.fixture
def page(site: Site, browser: Browser) -> Iterator[Page]:
    """The inbox of Inès."""
    page = opened(browser, site)
    yield page
    page.context.close()


def top_of(page: Page, element: str) -> float:
    box = page.locator(element).bounding_box()
    assert box is not None
    return box["y"]


def test_f35_what_comes_in_is_announced_and_moves_nothing_under_the_cursor(site: Site, page: Page):
    thanks = site.hear(THANKS, author="tom")
    page.reload()
    page.locator(f"#row-{thanks} > a").focus()
    before = top_of(page, f"#row-{thanks}")

    late = site.hear(LATE, author="zoe")
    page.wait_for_selector(".list > .news")
    during = top_of(page, f"#row-{thanks}")
    focused = page.evaluate("document.activeElement.closest('li').id")
    title = page.title()
    page.keyboard.press(".")
    page.wait_for_selector(f"#row-{late}")

    assert during == before
    assert focused == f"row-{thanks}"
    assert title.startswith("(1) ")
    expect(page.locator(".list > .news")).to_have_count(0)
    expect(page.locator("#live-region")).to_have_text("1 new · show")
    assert page.evaluate("document.activeElement.closest('li').id") == f"row-{thanks}"
    assert is_well(page)


def test_what_a_colleague_does_is_seen_in_the_list_where_the_row_stays(site: Site, page: Page):
    one, other = site.hear(LATE, author="one"), site.hear(LATE, author="other")
    page.reload()
    place = top_of(page, f"#row-{other}")

    work.claim(site.desk, one, by=OMAR)
    expect(page.locator(f"#row-{one} .held")).to_have_text("in the hands of Omar")
    work.resolve(site.desk, one, by=OMAR)
    expect(page.locator(f"#row-{one}.left .status")).to_have_text("resolved")

    assert top_of(page, f"#row-{other}") == pytest.approx(place, abs=1)
    assert is_well(page)


def test_a_colleague_works_on_the_open_conversation_and_what_is_typed_stays(site: Site, page: Page):
    late = site.hear(LATE, author="lou", thread="lou")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")
    page.fill("#text", "Je tape encore")
    place = top_of(page, "#text")

    work.claim(site.desk, late, by=OMAR)
    expect(page.locator(".talk > header .held")).to_contain_text("In the hands of Omar")
    work.add_note(site.desk, late, text="Je rappelle", by=OMAR)
    expect(page.locator(".talk > .news")).to_have_text("New note · show")
    still = top_of(page, "#text")
    site.hear("Toujours rien ?", author="lou", thread="lou")
    expect(page.locator(".talk > .news")).to_have_text("New message · show")
    page.click(".talk > .news")

    assert still == pytest.approx(place, abs=1)
    expect(page.locator(".message.note .text")).to_have_text("Je rappelle")
    expect(page.locator(".messages")).to_contain_text("Toujours rien ?")
    assert page.input_value("#text") == "Je tape encore"
    assert is_well(page)


def test_f32_the_second_of_two_is_told_in_place_what_the_first_has_said(site: Site, page: Page):
    late = site.hear(LATE, author="nina")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")
    page.fill("#text", "Nous cherchons votre colis.")
    first = site.visitor("Omar").post(
        f"/b/loriot/c/{late}/reply", on=f"/b/loriot/inbox/{late}", text="Il arrive demain, pardon."
    )

    page.keyboard.press("Control+Enter")
    page.wait_for_selector("form.compose .wrong")

    assert first.status_code == 303
    expect(page.locator("form.compose .wrong blockquote")).to_have_text("Il arrive demain, pardon.")
    assert page.input_value("#text") == "Nous cherchons votre colis."
    assert "Il arrive demain" in page.locator("#live-region").inner_text()


def test_words_are_kept_in_the_tab_until_they_are_sent(site: Site, page: Page):
    late = site.hear(LATE, author="max")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")

    page.fill("#text", "À moitié écrit")
    page.goto("/b/loriot/inbox")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")
    kept = page.input_value("#text")
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".leaving")
    page.reload()
    page.wait_for_selector("html.with-script")

    assert kept == "À moitié écrit"
    assert page.input_value("#text") != "À moitié écrit"


def test_f35_the_sheet_lists_the_keys_and_they_can_be_switched_off(site: Site, page: Page):
    late = site.hear(LATE, author="ada")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")

    page.keyboard.press("?")
    page.wait_for_selector("#keys-sheet[open]")
    page.keyboard.press("e")  # nothing happens behind it
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+p")
    note = page.evaluate("document.activeElement.id")
    page.keyboard.press("Escape")
    page.goto("/b/loriot/keys")
    page.click("main button")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")
    page.keyboard.press("e")
    page.keyboard.press("n")

    assert note == "note"
    assert page.evaluate("document.activeElement.id") != "note"
    assert site.seen(late).status is Status.OPEN
    assert is_well(page)


LAYOUTS: list[tuple[dict[str, object], str | None]] = [
    ({"key": "e", "code": "KeyE"}, "e"),
    ({"key": "E", "code": "KeyE"}, "e"),  # with the capitals locked
    ({"key": "E", "code": "KeyE", "shiftKey": True}, None),
    ({"key": "a", "code": "KeyQ", "altKey": True}, "Alt+a"),  # AZERTY: what is printed on the key counts
    ({"key": "€", "code": "KeyE", "ctrlKey": True, "altKey": True, "modifierAltGraph": True}, None),
    ({"key": "?", "code": "KeyM", "shiftKey": True}, "?"),
    ({"key": "/", "code": "Period", "shiftKey": True}, "/"),
    ({"key": "∆", "code": "KeyJ", "altKey": True}, "Alt+j"),  # a Mac
]


def test_keys_are_what_is_printed_on_them_whatever_the_layout(page: Page):
    named = page.evaluate(
        """async (all) => {
          const { nameOf } = await import('/static/keys.js');
          return all.map((said) => nameOf(new KeyboardEvent('keydown', said)));
        }""",
        [said for said, _ in LAYOUTS],
    )

    assert named == [name for _, name in LAYOUTS]


def test_a_connection_that_is_gone_leaves_the_words_to_the_browser(site: Site, page: Page):
    late = site.hear(LATE, author="eva")
    page.goto(f"/b/loriot/inbox/{late}")
    page.wait_for_selector("html.with-script")
    page.route(
        "**/c/*/note", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )

    page.keyboard.press("n")
    page.keyboard.type("Vu au téléphone")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".message.note")

    assert [note.text for note in site.seen(late).notes] == ["Vu au téléphone"]
