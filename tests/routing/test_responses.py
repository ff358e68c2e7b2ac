"""Reading a file of canned responses: what it may hold, and how its faults are told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from inbox.errors import BadResponses
from routing.responses import load_responses, read_responses

WORDING = '[[response.variant]]\nlang = "fr"\ntext = "Bonjour."\n'


def a_file(*lines: str, wording: str = WORDING) -> str:
    return "\n".join(["[[response]]", 'code = "late"', 'polarity = "holding"', *lines, wording])


def test_words_are_read_as_they_are_looked_for_each_once():
    late = read_responses(a_file('words = ["Colis", "livr*", "pas reçu", "COLIS"]', "generic = true"))["late"]

    assert (late.words, late.generic) == ((" colis ", " livr", " pas recu "), True)


def test_a_response_may_have_a_last_day():
    late = read_responses(a_file("valid_until = 2026-12-24"))["late"]

    assert late.valid_until == date(2026, 12, 24)
    assert read_responses(a_file())["late"].valid_until is None


def test_without_words_it_has_none_and_is_not_generic():
    late = read_responses(a_file())["late"]

    assert (late.words, late.generic) == ((), False)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('words = "colis"', r'response 1 "late": "words" must be a list of words, such as \["colis", "parcel\*"\]\.'),
        ("words = [1]", r'"words" must be a list of words'),
        ('words = ["co*lis"]', r'"co\*lis" has a star inside: it may only end a word\.'),
        ('words = ["!?"]', r'"!\?" holds no letter and no digit\.'),
        ('words = ["*"]', r'"\*" holds no letter and no digit\.'),
        ("words = ['']", r'"" holds no letter and no digit\.'),
        ('valid_until = "2026-12-24"', r'"valid_until" must be a day, such as 2026-12-24, without quotes\.'),
        ("valid_until = 2026-12-24T10:00:00Z", r'"valid_until" must be a day'),
        ('generic = "yes"', r'"generic" must be true or false\.'),
        ('word = ["colis"]', r'there is no field "word"\. Did you mean "words"\?'),
        ("genric = true", r'there is no field "genric"\. Did you mean "generic"\?'),
    ],
)
def test_a_faulty_line_is_told_with_its_place(line: str, told: str):
    with pytest.raises(BadResponses, match=told):
        read_responses(a_file(line))


def test_every_fault_is_told_at_once():
    text = a_file(
        'words = ["co*lis", "!"]', "generic = 1", wording='[[response.variant]]\nlang = "fr"\ntext = "{{x}}"\n'
    )

    with pytest.raises(BadResponses) as caught:
        read_responses(text + a_file())

    told = str(caught.value)
    for fault in ("star inside", "no letter", "true or false", "nothing is called x"):
        assert fault in told


def test_two_with_one_code_are_refused():
    with pytest.raises(BadResponses, match="there is another with this code"):
        read_responses(a_file() + a_file())


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(BadResponses, match="cannot be read"):
        load_responses(tmp_path / "none.toml")
