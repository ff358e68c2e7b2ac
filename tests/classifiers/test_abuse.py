"""F44: insults in texts and in names, however they are disguised; and none where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.abuse import Abuse
from classifiers.insults import vile_words

ABUSE = Abuse()

DISGUISED = """
    BandeDeCons_44; 5al0pe; s a l o p e; xXputeXx; ni99er; niquetamere; FilsDePute; C0NNARD; P.U.T.E; Fat Pig;
    Vieille Vache; fuckyou99; @sshole; F u c k Y o u; Fuck_Face_99; Connard-Martin
"""
HARMLESS = """
    Camille Rousseau; Jean Conrad; Marie Lacroix; Scunthorpe United; Hervé Cockburn; Puteaux Sport; Émile Concombre;
    José Conde; Sexton; Le Niger; Jean Bronze; Jean-Pierre Raton; Penistone Fan; Aimée Assad; Constance Lefèvre;
    Contact Presse; dj_shitake; 李雷; Ольга; camille92
"""


@pytest.mark.parametrize("word", ["connard", "c*nnard", "con-nard", "CONNNNARD", "s a l o p e", "n1gger", "enculé"])
def test_an_insult_is_found_where_it_stands(word: str):
    text = f"Espèce de {word}, va"

    ((start, end),) = ABUSE.in_text(text)

    assert text[start:end] == word


def test_words_of_every_day_are_no_insults_in_a_text():
    assert (
        ABUSE.in_text("Le pays, la race, la vieille vache et le gros porc : un rat mort, my fat pig, kill the lights")
        == ()
    )


@pytest.mark.parametrize("word", vile_words()[:80])
def test_a_name_with_an_insult_in_it_offends(word: str):
    assert ABUSE.in_name(f"{word.title()} Martin")
    assert ABUSE.in_name(f"x{word.upper()}x_99")


@pytest.mark.parametrize("name", [name.strip() for name in DISGUISED.split(";")])
def test_a_disguised_name_offends(name: str):
    assert ABUSE.in_name(name)


@pytest.mark.parametrize("name", [name.strip() for name in HARMLESS.split(";")])
def test_a_harmless_name_does_not(name: str):
    assert not ABUSE.in_name(name)


@given(text=st.text())
def test_any_text_and_any_name_can_be_read(text: str):
    places = ABUSE.in_text(text)

    assert all(0 <= start < end <= len(text) for start, end in places)
    assert ABUSE.in_name(text) in {True, False}
