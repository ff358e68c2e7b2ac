"""A real Chromium for the page: somebody signed in, whose page is heard when it complains."""

from __future__ import annotations

import shutil
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.web.sites import PASSWORD, Site

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def opened(browser: Browser, site: Site, path: str = "/b/loriot/inbox", **how: Any) -> Page:
    """A page for somebody who has signed in; whatever a page complains of fails the test."""
    context: BrowserContext = browser.new_context(base_url=site.address, **({"locale": "en-GB"} | how))
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto("/sign-in")
    page.fill("#name", "Inès")
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.goto(path)
    if how.get("java_script_enabled", True) and path.startswith("/b/"):
        page.wait_for_selector("html.with-script")
    page.complaints = complaints  # type: ignore[attr-defined]  # carried to the end of the test
    return page


def is_well(page: Page) -> bool:
    """Whether nothing was complained of, and nothing stands out at the side."""
    assert page.complaints == []  # type: ignore[attr-defined]  # see above
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
