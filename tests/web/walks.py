"""Walks over every page of the application in a real Chromium: those that are there now, and those of tomorrow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

from tests.web.addresses import addresses, looked_up
from tests.web.crowd import Crowd
from web.app import create_app
from web.visitor import COOKIE, csrf_of

UNFOLD = "document.querySelectorAll('details').forEach((one) => { one.removeAttribute('name'); one.open = true })"
SUBMIT = """([address, filled]) => {
  const form = Object.assign(document.createElement('form'), { method: 'post', action: address });
  for (const [name, value] of filled)
    form.append(Object.assign(document.createElement('textarea'), { name, value }));
  document.body.append(form);
  form.submit();
}"""

ASKED: Mapping[str, Sequence[Mapping[str, str]]] = {
    "GET /b/{brand}/inbox": (
        {"status": "any", "q": "{words}"},
        {"done": "resolved", "of": "1"},
        {"label": "offensive"},
    ),
    "GET /b/{brand}/inbox/{conversation}": ({"take": "{code}"}, {"status": "any", "q": "{words}"}),
    "GET /b/{brand}/contacts": ({"q": "e"}, {"q": "{words}"}),
    "GET /b/{brand}/contacts/{contact}": ({"q": "{account}"},),
    "GET /b/{brand}/c/{conversation}/responses": ({"q": "{words}"},),
}
"""What is asked behind some addresses, so that a page shows what else it can; `{words}` is what is said."""


PASSING = ("/audit/verifying/{number}", "/rules/backtests/{number}", "/rows", "/talk/{conversation}")
"""Pages about what runs beside the page, gone a while after they were left; and parts of pages."""


@dataclass
class Walk:
    """Somebody who goes from page to page; whatever a page complains of is kept with where it was."""

    crowd: Crowd
    page: Page
    token: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """Load a page, and unfold all that is on it."""
        loaded = self.page.goto(path, wait_until="load")
        assert loaded is not None
        assert loaded.status == 200, f"{path} was answered with {loaded.status}"
        self.page.evaluate(UNFOLD)

    def send(self, path: str, **filled: Any) -> None:
        """Send a form of ours, and unfold the page that answers."""
        mark = csrf_of(self.crowd.house, self.token)
        pairs = [(name, str(value)) for name, value in {"csrf": mark, **filled}.items()]
        with self.page.expect_navigation():
            self.page.evaluate(SUBMIT, [path, pairs])
        self.page.evaluate(UNFOLD)


@contextmanager
def walking(browser: Browser, crowd: Crowd, name: str = "Inès", **how: Any) -> Iterator[Walk]:
    """Somebody who is signed in, with a browser of his own."""
    token = crowd.session(name)
    context = browser.new_context(base_url=crowd.address, **({"locale": "en-GB"} | how))
    context.add_cookies([{"name": COOKIE, "value": token, "url": crowd.address}])
    page = context.new_page()
    walk = Walk(crowd, page, token)

    def complain(what: str) -> None:
        walk.complaints.append(f"{page.url}: {what}")

    def hear(said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            complain(said.text)

    def dismiss(dialog: Dialog) -> None:
        complain(f"dialog {dialog.message}")
        dialog.dismiss()

    def look_at(asked: Request) -> None:
        if not asked.url.startswith((f"{crowd.address}/", "data:")):
            complain(f"asks elsewhere: {asked.url}")

    page.on("console", hear)
    page.on("pageerror", lambda error: complain(str(error)))
    page.on("dialog", dismiss)
    page.on("request", look_at)
    try:
        yield walk
    finally:
        context.close()


def paths(crowd: Crowd) -> list[str]:
    """Every page that can be looked at: for each of the words, what came of them, each page once.

    Left out is what is no page but a file or a stream, and what is not there under a number that nobody here knows.
    """
    app = create_app(crowd.house)
    found: dict[str, None] = {}
    visitor = crowd.signed_in("Inès")
    for place, words in enumerate(crowd.words):
        ids = crowd.ids(place=place)
        told = {"{words}": words.text[:40], "{code}": str(ids["code"]), "{account}": words.account}
        for address in addresses(app):
            if address.method != "GET" or address.is_api or address.pattern in {"/", "/start"}:
                continue
            if address.pattern.endswith(PASSING):
                continue
            path = address.filled(ids)
            status, kind, _ = looked_up(visitor.client, path)
            if kind != "text/html" or (status != 200 and not address.pattern.startswith("/b/{brand}/inbox")):
                continue
            found[path] = None
            for asked in ASKED.get(address.name, ()):
                filled = {name: told.get(value, value) for name, value in asked.items()}
                found[f"{path}?{urlencode(filled, quote_via=quote, errors='replace')}"] = None
    return list(found)
