"""What tests of pages share: a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.web.browsers import CHROMIUM


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium; a machine without one leaves out what needs it, but in CI it has to be there."""
    if CHROMIUM is None and not os.environ.get("CI"):
        pytest.skip("There is no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()
