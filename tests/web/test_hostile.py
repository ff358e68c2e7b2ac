"""Hostile words on every page: whatever people write, are called, or attach stays words (also row F88 for the page).

What is on the page now and what comes later is walked over in a real Chromium: nothing runs, nothing is loaded from
elsewhere, nothing stands out at the side, and no sign turns round the words beside it.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.web.addresses import addresses, looked_up
from tests.web.crowd import Crowd, Words
from tests.web.walks import Walk, paths, walking
from web.app import create_app

MARKUP = (
    "<script>alert(1)</script></script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)><b>gras</b>"
    "</textarea></title><!-- --><iframe src=//evil.example></iframe> javascript:alert(4)"
    " {{7*191}} ${7*191} #{7*191} <%= 7*191 %> {% raw %} {name} {0.__class__} %s %(text)s"
)
FORMULA = "=cmd|' /C calc'!A0"
BIDI = "\u2069\u2069\u202c\u061cEVIL\u2067\u202bTXT\u05d0\u0627\u202eZ"
FLOOD = "😀" * 300 + "Z" + "\u0335\u0316\u033b" * 200 + "e" * 400
CONTROLS = "\x00\x01\x07\x08\x1b[31m\x7f\x85\u2028\u2029\ufeff\ufffe\ufff9\U000e0041\u200d\u00ad\ud800fin"


def said_everywhere(attack: str, number: int, *, text: str | None = None, link: str = "javascript:alert(5)") -> Words:
    """The same attack in every place where somebody can write or be called something."""
    # Neither a form nor a file that rules are read from can hold half a sign, or a NUL.
    kept = attack.replace("\ud800", "").replace("\x00", "")
    return Words(
        text=text or attack,
        name=attack,
        account=f"{attack[:60]}{number}",
        file=f"{attack}.png",
        note=kept,
        reason=kept,
        tag=kept,
        rule=f"{kept[:300]}{number}",
        title=kept,
        response=kept,
        link=link,
    )


SAID = [
    said_everywhere(MARKUP, 1),
    said_everywhere(BIDI, 2),
    said_everywhere(FLOOD, 3, text=FLOOD * 4 + "mot " * 10_000 + "w" * 50_000),
    said_everywhere(CONTROLS, 4, link="data:text/html,<script>alert(6)</script>"),
    said_everywhere(FORMULA, 5, link="//evil.example"),
]

TURNED = """() => {
  const turned = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const place = (node, at) => {
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getBoundingClientRect();
  };
  while (texts.nextNode()) {
    const node = texts.currentNode;
    for (const { index } of [...node.data.matchAll(/[a-z][a-z]/g)].slice(-20)) {
      const [one, next] = [place(node, index), place(node, index + 1)];
      if (one.width && next.width && Math.abs(one.top - next.top) < 1 && next.left < one.left)
        { turned.push(node.data.slice(Math.max(0, index - 20), index + 20)); break; }
    }
  }
  return turned;
}"""
"""Words in small letters that a browser shows from right to left: none of ours is, and no hostile text has any."""

MADE = """() => [
  ...document.querySelectorAll('main script, iframe, object, embed, base, main svg[onload], main b:has(> b)'),
  ...[...document.querySelectorAll('*')].filter((one) =>
    one.getAttributeNames().some((name) => name.startsWith('on') || name === 'style')),
  ...[...document.querySelectorAll('a[href], form[action], [formaction]')].filter((one) =>
    [one.href, one.action, one.formAction].some((to) => typeof to === 'string' && to && !/^https?:/.test(to))),
  ...[...document.querySelectorAll('a[href]')].filter((one) => new URL(one.href).hostname.includes('evil')),
  ...[...document.images].filter((one) => !one.getAttribute('src').match(/^[/](?![/])/)),
].map((one) => one.outerHTML.slice(0, 200))"""
"""What only hostile markup could have made."""

WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1)
    .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def crowd(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    file = tmp_path_factory.mktemp("hostile") / "vigie.db"
    shutil.copyfile(sqlite_template, file)
    crowd = Crowd(f"sqlite:///{file}", SAID)
    with crowd.served():
        crowd.gather(brands=["loriot"])
        yield crowd


def troubles(walk: Walk) -> list[str]:
    """What is wrong with the page that is open, wide and as on a phone."""
    page, found = walk.page, []
    page.set_viewport_size({"width": 1360, "height": 900})
    found += [f"wide: {one}" for one in page.evaluate(WIDE)]
    found += [f"turned: {one}" for one in page.evaluate(TURNED)]
    found += [f"made: {one}" for one in page.evaluate(MADE)]
    found += ["worked out: 1337"] if "1337" in page.locator("body").inner_text() else []
    page.set_viewport_size({"width": 390, "height": 800})
    found += [f"wide on a phone: {one}" for one in page.evaluate(WIDE)]
    return [f"{page.url}: {one}" for one in found]


def test_hostile_words_stay_words_on_every_page(crowd: Crowd, browser: Browser):
    found: list[str] = []
    with walking(browser, crowd) as walk:
        for path in paths(crowd):
            walk.go(path)
            found += troubles(walk)

        assert not found, "\n".join(found)
        assert walk.complaints == []


def test_hostile_words_stay_words_on_the_pages_that_answer_a_form(crowd: Crowd, browser: Browser):
    found: list[str] = []
    with walking(browser, crowd) as walk:
        walk.go("/b/loriot/inbox")
        for place, words in enumerate(SAID[:2]):
            ids = crowd.ids(place=place)
            talk = f"/b/loriot/c/{ids['conversation']}"
            filled = {"text": words.note, "message": ids["message"], "reason": words.reason, "for": words.reason[:50]}
            for path, more in (
                (f"{talk}/check", {}),
                (f"{talk}/reply", {"response": words.note[:50]}),
                (f"{talk}/moderate", {"act": "warn", "preview": "1", "for": ""}),
                (f"{talk}/moderate", {"act": "timeout"}),
                (f"{talk}/snooze", {}),
                (f"{talk}/assign", {"to": words.name}),
                ("/b/loriot/sending/crisis", {"why": words.reason}),
            ):
                walk.send(path, **filled | more)
                found += troubles(walk)

    assert not found, "\n".join(found)
    # A browser says of itself that an answer was a refusal; that is all it says.
    assert [one for one in walk.complaints if "Failed to load resource" not in one] == []


def test_no_cell_of_a_file_that_is_given_out_is_a_formula(crowd: Crowd):
    visitor, cells = crowd.signed_in("Inès"), []
    for place in range(len(SAID)):
        ids = crowd.ids(place=place)
        for address in addresses(create_app(crowd.house)):
            if address.method == "GET" and not address.is_api:
                _, kind, said = looked_up(visitor.client, address.filled(ids))
                if kind == "text/csv":
                    cells += [cell for row in csv.reader(io.StringIO(said)) for cell in row]

    assert [cell for cell in cells if re.match(r"[=+\-@\t\r]", cell) and not re.fullmatch(r"[-+]?[\d.,]+", cell)] == []
