"""Spelling in French and English: what is wrong is told with the likeliest right word, and what is right is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.spelling import DictionarySpeller

SPELLER = DictionarySpeller()

SLIPS = {
    "fr": """
        beacoup=beaucoup recomande=recommande adress=adresse comande=commande rembourcement=remboursement
        dévelopement=développement probleme=problème desolés=désolés malgrés=malgré parmis=parmi acceuil=accueil
        aparaitre=apparaître dificile=difficile interessant=intéressant connection=connexion cauchemard=cauchemar
        mercie=merci plaisire=plaisir esperons=espérons regretons=regrettons necessaire=nécessaire personel=personnel
        aujourdhui=aujourd'hui l'acceuil=l'accueil language=langage commende=commande
    """,
    "en": """
        recieve=receive definately=definitely seperate=separate occured=occurred untill=until beleive=believe
        goverment=government sory=sorry appologise=apologise tommorow=tomorrow thier=their acommodate=accommodate
        embarass=embarrass publically=publicly wierd=weird teh=the delievery=delivery parcle=parcel recieved=received
        adress=address dont=don't thats=that's cant=can't refound=refund
    """,
}
RIGHT = {
    "fr": """
        équipe c'est qu'il jusqu'au aujourd'hui quelqu'un presqu'île dites-nous envoyez-le-nous peut-être y-a-t-il cœur
        œil réinitialisation désinscription joignable reformulez accepteriez réessayez email SAV Bonjour MERCI événement
        s’occupe l’œil lorsqu’elle rendez-vous
    """,
    "en": """
        apologise apologize colour color programme organisers authorisation judgement travelled centre catalogue e-mail
        sign-in up-to-date we'll don't customer's customers' inbox screenshot Hello THANKS aren’t
    """,
}


@pytest.mark.parametrize(("lang", "pair"), [(lang, pair) for lang, pairs in SLIPS.items() for pair in pairs.split()])
def test_a_slip_is_found_with_the_word_that_was_meant(lang: str, pair: str):
    wrong, _, right = pair.partition("=")

    assert SPELLER.misspelt([wrong], lang) == {wrong: right}


@pytest.mark.parametrize("lang", RIGHT)
def test_right_words_are_right_joined_elided_and_in_capitals(lang: str):
    assert SPELLER.misspelt(RIGHT[lang].split(), lang) == {}


def test_words_that_lack_a_space_between_them_are_taken_apart():
    assert SPELLER.misspelt(["quelquechose"], "fr") == {"quelquechose": "quelque chose"}


def test_a_correction_has_the_capitals_of_the_word():
    assert SPELLER.misspelt(["Acceuil", "BEACOUP"], "fr") == {"Acceuil": "Accueil", "BEACOUP": "BEAUCOUP"}


def test_what_is_like_no_word_has_no_correction():
    assert SPELLER.misspelt(["zxqvwkj"], "fr") == {"zxqvwkj": None}


def test_a_language_that_is_not_known_has_no_misspelt_words():
    assert SPELLER.misspelt(["Nachricht", "beacoup"], "de") == {}


@given(words=st.lists(st.text(max_size=60)), lang=st.sampled_from(["fr", "en", "und"]))
def test_any_words_can_be_asked_about_and_a_correction_is_never_wrong_itself(words: list[str], lang: str):
    wrong = SPELLER.misspelt(words, lang)

    assert set(wrong) <= set(words)
    corrections = [part for one in wrong.values() if one is not None for part in one.split()]
    assert SPELLER.misspelt(corrections, lang) == {}
