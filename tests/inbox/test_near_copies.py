"""F75: copies with small differences are found; what people say in words of their own is not."""

from __future__ import annotations

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from inbox.distinct_words import distinct_words, words_of
from inbox.near_copies import near_copies, pieces_of

COPIES = [
    "Rejoignez notre serveur https://discord.gg/abc123 c'est GRATUIT !!!",
    "rejoignez notre serveur https://discord.gg/zzz999 c’est gratuit",
    "@everyone Rejoignez notre serveuuuur https://discord.gg/q7 , c'est gratuit 4",
    "REJOIGNEZ NOTRE SERVEUR https://discord.gg/abc?x=1 c'est gratuit mdr",
]
OTHERS = ["Bonjour, mon colis n'est pas arrivé", "Merci pour la réponse rapide !", "👍", "", "Où est la notice ?"]


def test_copies_are_found_whatever_was_changed_a_little():
    assert near_copies([OTHERS[0], *COPIES, *OTHERS[1:]]) == [1, 2, 3, 4]


def test_what_is_said_in_ones_own_words_is_no_copy():
    assert near_copies(OTHERS) == [0]


def test_nothing_is_a_copy_of_nothing():
    assert near_copies(["", "!!!", "👍👍"]) == []


@given(st.lists(st.text(max_size=60), max_size=30))
def test_each_text_with_letters_is_in_one_group_and_the_places_are_in_order(texts: list[str]):
    found = near_copies(texts)

    assert found == sorted(set(found))
    assert all(pieces_of(texts[place]) for place in found)
    assert bool(found) == any(pieces_of(text) for text in texts)


@given(st.text(alphabet=st.characters(categories=["L"]), min_size=5, max_size=80), st.integers(2, 40))
def test_the_same_text_is_a_copy_of_itself_however_it_is_shouted(text: str, times: int):
    assert len(near_copies([text] * times)) == times
    assert pieces_of(f"{text} !!!") == pieces_of(text)


def test_six_hundred_messages_are_compared_in_a_blink():
    texts = [
        f"{'abcdefghij'[n % 10] * 2} message {n} de quelqu'un qui écrit {n * 7919 % 1000} mots {n}" for n in range(600)
    ]
    before = process_time()
    near_copies(texts)

    assert process_time() - before < 1.0


def test_the_words_that_set_messages_apart_are_told_and_no_names_handles_or_addresses():
    said = [
        (f"a{n}", f"@loriot_fr le chargeur Alto de Camille a pris feu !! https://x.example/feu{n} ma@il.fr {n}")
        for n in range(20)
    ]
    usually = [f"Bonjour, où est mon colis numéro {n} ? Merci pour la livraison" for n in range(200)]

    words = distinct_words(said, usually, names=["Camille Rousseau"])

    assert set(words) == {"chargeur", "alto", "pris", "feu"}


def test_a_word_of_one_person_is_not_the_talk_of_the_day():
    said = [("camille", "incendie incendie"), ("camille", "incendie"), ("leo", "incendie")]

    assert distinct_words(said, ["bonjour"]) == []


def test_a_word_that_is_as_frequent_as_ever_is_not_told():
    said = [(f"a{n}", "mon colis est en retard" if n % 2 else "colis incendie") for n in range(20)]
    usually = ["mon colis est en retard", "colis"] * 100

    assert distinct_words(said, usually)[0] == "incendie"
    assert "colis" not in distinct_words(said, usually)


def test_without_anything_to_compare_with_the_most_frequent_words_are_told():
    said = [(f"a{n}", "la lampe fume" if n % 3 else "la lampe clignote") for n in range(12)]

    assert distinct_words(said, []) == ["lampe", "fume", "clignote"]


def test_words_are_counted_folded_and_once():
    assert words_of("Très TRÈS déçu, l'Écran est cassé (cassé !)") == {"decu", "ecran", "casse"}
