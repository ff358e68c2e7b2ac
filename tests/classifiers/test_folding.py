"""Tricks of spelling and how they are undone."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from classifiers.reading import fold
from tests.classifiers.builders import BEYOND_UNICODE


def folded(text: str) -> str:
    return fold(text)[1].strip()


@pytest.mark.parametrize(
    "written",
    [
        "c0nn@rd",
        "CONNARD",
        "c o n n a r d",
        "c.o.n.n.a.r.d",
        "c-o-n-n-a-r-d",
        "c\u200bo\u200bn\u00adn\u200da\ufeffrd",
        "ｃｏｎｎａｒｄ",
        "𝐜𝐨𝐧𝐧𝐚𝐫𝐝",
        "соnnаrd",
        "connnnnard",
        "cônnàrd",
        "ᴄᴏɴɴᴀʀᴅ",
        "ᏟonnᎪrd",
        "cօոnard",
        "ꓚONNARꓓ",
        "СОNNАRD",
        "cΟnnΑrd",
        "ƈɔɳɲɐɾɖ",
        "🅲🅾🅽🅽🅰🆁🅳",
        "c*nnard",
        "c**nard",
        "c*****d",
        "c******",
        "conn*rd",
    ],
)
def test_a_disguised_word_reads_as_the_word_itself(written: str) -> None:
    assert folded(written) == "connard"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("m**de", "merde"),
        ("f***", "fuck"),
        ("s***", "shit"),
        ("m****", "merde"),
        ("f***ing", "fucking"),
        ("sh*t", "shit"),
        ("b*tch", "bitch"),
        ("a**hole", "asshole"),
        ("SAL*PE", "salope"),
        ("fuc*", "fuck"),
        ("enc*lé", "enculé"),
    ],
)
def test_a_word_with_stars_reads_as_the_insult_it_stands_for(written: str, read: str) -> None:
    assert fold(written)[0] == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("*bold*", "bold"),
        ("**bold**", "bold"),
        ("la **mer** est belle", "la mer est belle"),
        ("*con*", "con"),
        ("price*", "price"),
        ("the chin* of it", "the chin of it"),
        ("put* here", "put here"),
        ("2*3*4", "0 0 0"),
        ("a*b", "a b"),
        ("w*n*t*", "w n t"),
        ("****", ""),
        ("x" * 20 + "*y*z", "xx y z"),
    ],
)
def test_stars_that_stand_for_no_insult_part_words(written: str, read: str) -> None:
    assert folded(written) == read


@pytest.mark.parametrize("text", ["Été à Noël, ça coûte très cher", "Ậ Ǻ Ύ й", "Š š ñ ü"])
def test_accents_written_apart_belong_to_their_letters(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    assert len(apart) > len(text)
    assert fold(apart) == fold(text)


@pytest.mark.parametrize("text", ["Привет, как дела", "Ελληνικά", "Հայերեն", "ᏣᎳᎩ", "Ґанок"])
def test_a_word_in_another_script_stays_in_it(text: str) -> None:
    assert not any("a" <= letter <= "z" for letter in folded(text))


@pytest.mark.parametrize("word", ["assistance", "sussex", "conduire", "scunthorpe", "moncon", "passion"])
def test_a_harmless_word_stays_itself(word: str) -> None:
    assert folded(word) == word


def test_a_price_and_a_number_stay_numbers() -> None:
    assert folded("100€ les 4") == "00€ les 0"


def test_mentions_and_addresses_become_one_sign_each() -> None:
    assert folded("@lea regarde https://exemple.fr/x?y=1") == "\ue000 regarde \ue001"


def test_accents_are_kept_beside_their_bare_letters() -> None:
    assert fold("Été") == ("été", "ete")


@pytest.mark.parametrize("text", ["@lea", "https://exemple.fr", "www.exemple.fr"])
def test_what_goes_on_with_a_word_is_neither_a_mention_nor_an_address(text: str) -> None:
    assert "\ue000" not in folded("chez" + text)
    assert "\ue001" not in folded("chez" + text)


@given(BEYOND_UNICODE)
def test_a_folded_text_has_no_capitals_and_no_long_repeats(text: str) -> None:
    exact, bare = fold(text)
    assert len(exact) == len(bare) <= len(text)
    assert not any("A" <= letter <= "Z" for letter in exact)
    assert all(not first == second == third for first, second, third in zip(exact, exact[1:], exact[2:], strict=False))
