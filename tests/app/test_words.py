"""What people see exists in French and English."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from app import words
from app.words import refresh
from inbox.errors import BadSettings

_PLACE = re.compile(r"\{[^{}]*\}")
_SQL = re.compile(r"CREATE [A-Z]+ .*;$")
_SENTENCES = {str(message.id): str(message.string) for message in refresh.french() if message.id}
"""English and French."""


def test_everything_that_is_said_has_its_french():
    assert refresh.untranslated(refresh.renewed(refresh.french())) == []


def test_the_compiled_catalogue_is_that_of_the_source():
    compiled = refresh.compiled(refresh.renewed(refresh.french()))

    assert refresh.FRENCH.with_suffix(".mo").read_bytes() == compiled, "run: make words"


def blanks(text: str) -> list[str]:
    return sorted(_PLACE.findall(text))


def test_a_translation_has_the_same_blanks_as_its_original():
    assert [english for english, french in _SENTENCES.items() if blanks(english) != blanks(french)] == []


def test_french_sentences_are_set_as_french_is():
    """A narrow no-break space before high punctuation and inside guillemets, curly apostrophes are not asked for."""
    wrong = re.compile(r"(?<=\w)[;!?](?=\s|$)|(?<=\w) [;:!?](?=\s|$)|«[^\u202f]|[^\u202f]»")
    words = [_SQL.sub("", _PLACE.sub("x", french)) for french in _SENTENCES.values()]

    assert [text for text in words if wrong.search(text)] == []


def computed_sentences(path: Path) -> list[str]:
    return [
        f"{path.relative_to(refresh.ROOT)}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Sentence"
        and not isinstance(node.args[0], ast.Constant)
    ]


def test_every_sentence_is_a_literal_that_the_catalogue_can_find():
    paths = [path for folder in refresh.SOURCES for path in (refresh.ROOT / folder).rglob("*.py")]

    assert [place for path in paths for place in computed_sentences(path)] == []


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "fr_CA", "LANG": "en_US"}, "fr"),
        ({"VIGIE_LANG": "en", "LANG": "fr_FR"}, "en"),
        ({"VIGIE_LANG": "fr-BE", "LANG": "C"}, "fr"),
    ],
)
def test_the_language_asked_for_wins_over_that_of_the_machine(environment: dict[str, str], lang: str):
    assert words.choose(environment) == lang


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(BadSettings, match=r'there is no language "de"\. Languages: en, fr'):
        words.choose({"VIGIE_LANG": "de"})


def test_the_catalogue_stands_where_the_program_looks():
    assert Path(words.LOCALE, "fr", "LC_MESSAGES", "vigie.mo").is_file()
