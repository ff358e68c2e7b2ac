"""Tricks of spelling and how they are undone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.folding import PADDING, fold_texts
from tests.classifiers.builders import BEYOND_UNICODE


def folded(text: str) -> str:
    return "".join(map(chr, fold_texts([text]).bare[:-PADDING])).strip()


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
    ],
)
def test_a_disguised_word_reads_as_the_word_itself(written: str) -> None:
    assert folded(written) == "connard"


@pytest.mark.parametrize("word", ["assistance", "sussex", "conduire", "scunthorpe", "moncon", "passion"])
def test_a_harmless_word_stays_itself(word: str) -> None:
    assert folded(word) == word


def test_a_price_and_a_number_stay_numbers() -> None:
    assert folded("100€ les 4") == "00€ les 0"


def test_mentions_and_addresses_become_one_sign_each() -> None:
    assert folded("@lea regarde https://exemple.fr/x?y=1") == "\ue000 regarde \ue001"


def test_accents_are_kept_beside_their_bare_letters() -> None:
    read = fold_texts(["Été"])
    assert "".join(map(chr, read.exact[1:4])) == "été"
    assert "".join(map(chr, read.bare[1:4])) == "ete"


def test_single_letter_texts_are_not_joined_with_each_other() -> None:
    assert len(fold_texts(["a", "b", "c", "d", "e"]).bare) == 11 + PADDING


@given(st.lists(BEYOND_UNICODE, min_size=1, max_size=6))
def test_every_text_keeps_its_place_in_the_buffer(texts: list[str]) -> None:
    read = fold_texts(texts)
    alone = [fold_texts([text]) for text in texts]
    for at, one in enumerate(alone):
        start, end = read.starts[at], read.starts[at + 1]
        assert read.exact[start:end].tolist() == one.exact[: one.starts[1]].tolist()
        assert (read.origin[start:end] - read.raw_starts[at]).tolist() == one.origin[: one.starts[1]].tolist()
