"""Take the README's picture of the inbox: `vigie demo` in one terminal, `python docs/images/take.py` in another."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

INBOX = "http://127.0.0.1:8400/b/main/inbox"
SHOWN = "/118?label=complaint"
PICTURE = Path(__file__).parent / "inbox.png"

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
    page = browser.new_page(viewport={"width": 1360, "height": 860}, locale="en-GB", color_scheme="light")
    page.goto(INBOX)
    page.click(".hints button")  # what a newcomer is told to try stands over the list
    page.goto(INBOX + SHOWN)
    page.screenshot(path=PICTURE)
    browser.close()
