"""Text is compared and cut the way readers expect."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.text import excerpt, fold, phrase, spaced


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("COLIS", "colis"),
        ("Réclamation", "reclamation"),
        ("Ça n’a pas marché", "ca n'a pas marche"),
        ("l‘ŒUVRE", "l'oeuvre"),
        ("Straße", "strasse"),
        ("déçu\u00a0! déçue\u202f?", "decu ! decue ?"),
        ("ﬁn 𝐀𝐑𝐍𝐀𝐐𝐔𝐄 ＮＵＬ", "fin arnaque nul"),
        ("", ""),
    ],
)
def test_case_accents_and_typography_make_no_difference(written: str, folded: str):
    assert fold(written) == folded


@given(text=st.text())
def test_folding_again_changes_nothing(text: str):
    assert fold(fold(text)) == fold(text)


@given(text=st.text())
def test_composed_and_decomposed_accents_fold_alike(text: str):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(text=st.text(st.characters(max_codepoint=0xFF) | st.sampled_from("œŒŸ’")))
def test_french_text_folds_alike_in_any_case(text: str):
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("Merci !", 20) == "Merci !"


def test_an_excerpt_is_on_one_line():
    assert excerpt("Trois semaines\n\n  et toujours\trien", 60) == "Trois semaines et toujours rien"


def test_an_excerpt_is_cut_between_words_and_leaves_no_comma_before_the_ellipsis():
    assert excerpt("Trois semaines, et toujours rien", 18) == "Trois semaines…"


def test_a_word_without_end_is_cut_inside():
    assert excerpt("a" * 50, 10) == "aaaaaaaaa…"


@given(text=st.text(), width=st.integers(1, 60))
def test_an_excerpt_is_never_wider_than_asked_and_begins_like_the_text(text: str, width: int):
    cut = excerpt(text, width)

    assert len(cut) <= width
    assert " ".join(text.split()).startswith(cut.removesuffix("…"))


@pytest.mark.parametrize(
    ("written", "text", "stands"),
    [
        ("Colis", "Où est mon COLIS ?", True),
        ("colis", "un colistier", False),
        ("livr*", "Pas livrée !", True),
        ("livr*", "délivré", False),
        ("pas reçu", "Toujours pas, recu…", True),
        ("pas reçu*", "pas encore reçu", False),
    ],
)
def test_a_phrase_is_found_whole_and_open_at_its_end_where_a_star_says_so(written: str, text: str, stands: bool):
    assert (phrase(written) in spaced(fold(text))) is stands
