"""The page about a model stands by itself, speaks the reader's language and can be read without its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from app import words
from app.measuring import Measured, measure
from app.model_page import model_page
from app.model_page.plots import set_name
from classifiers.model import StarterModel, load_model
from inbox.model import Label
from tests.classifiers.builders import some_corpus_rows

AT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(scope="module")
def model() -> StarterModel:
    return load_model()


@pytest.fixture(scope="module")
def measured(model: StarterModel) -> Measured:
    rows = some_corpus_rows(0.6)
    whole = measure(model, rows)
    # Two pictures' worth, so that the test stays quick.
    return replace(whole, curves=[one for one in whole.curves if one.label is Label.PRAISE and one.lang == "fr"])


@pytest.fixture(scope="module")
def page(model: StarterModel, measured: Measured) -> str:
    words.speak("en")
    return model_page(model, measured, made_at=AT)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    words.speak("en")
    yield
    words.speak("en")


class Reader(HTMLParser):
    """Notes elements, and whatever could load or run something."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.reaching_out: list[str] = []
        self.without_words = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        names = dict(attrs)
        if tag in {"script", "link", "iframe", "img", "object"} or any(name.startswith("on") for name in names):
            self.reaching_out.append(tag)
        self.reaching_out += [tag for name in ("src", "href", "xlink:href") if names.get(name)]
        self.without_words += tag == "figure" and not names.get("aria-label")


def test_nothing_is_loaded_and_nothing_runs(page: str):
    reader = Reader()
    reader.feed(page)

    assert reader.reaching_out == []
    assert "@import" not in page
    assert "url(" not in page.replace("url(#", "")


def test_every_picture_is_also_told_in_words(page: str):
    reader = Reader()
    reader.feed(page)

    assert reader.without_words == 0
    assert reader.elements.count("svg") == reader.elements.count("figure") == 3 + len(Label)


def test_both_schemes_give_every_colour_that_the_pictures_use(page: str):
    drawn = set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', page.partition("</style>")[2]))

    assert drawn
    assert all(f'="{colour}"]' in page for colour in drawn)
    assert "prefers-color-scheme: dark" in page


def test_it_speaks_french_where_the_reader_does(model: StarterModel, measured: Measured):
    words.speak("fr")

    page = model_page(model, replace(measured, curves=[]), made_at=AT)

    assert '<html lang="fr">' in page
    assert "Dans une boîte de tous les jours" in page
    assert f"{measured.macro_f1:.3f}".replace(".", ",") in page


def test_a_name_of_a_set_cannot_bring_markup_in(model: StarterModel, measured: Measured):
    bad = '<script>alert("x")</script>'
    scores = [replace(one, source=bad) for one in measured.held_out[:1]]

    page = model_page(model, replace(measured, curves=[], held_out=scores), made_at=AT)

    assert "<script" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("source", "lang", "shown"),
    [
        ("umsab_fr_en", "fr", "umsab (fr)"),
        ("nlupp_en", "en", "nlupp (en)"),
        ("vigie/fr-brands", "fr", "vigie/fr-brands"),
        ("own/march", "fr", "own/march (fr)"),
    ],
)
def test_a_set_is_named_with_its_language_once(source: str, lang: str, shown: str):
    assert set_name(source, lang) == shown
