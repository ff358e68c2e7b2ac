"""The manual says what the program does."""

from __future__ import annotations

import pytest

from app import manual, words


@pytest.fixture(autouse=True)
def english():
    words.speak("en")


@pytest.mark.parametrize("page", ["settings.md", "commands.md"])
def test_the_page_in_docs_is_the_one_made_from_the_code(page: str):
    path = manual.DOCS / page

    assert path.read_text(encoding="utf-8") == manual.pages()[path], "run: make docs"
