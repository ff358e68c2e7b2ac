"""Texts counted the channel's own way and split at sentences (row F11)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from inbox.lengths import X_LONGEST, split, too_long, utf16, x_weight

APOLOGY = (
    "Bonjour Camille, nous sommes vraiment désolés de ce retard, qui n’est pas à la hauteur de ce que vous attendez de "
    "nous. Votre colis a quitté l’entrepôt mardi, et le transporteur l’a égaré p. ex. entre Lyon et Dijon\u202f! "
)
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
MEASURES = st.sampled_from([len, utf16, x_weight])
EVERYDAY = st.lists(
    st.sampled_from(
        [
            *("a", "Le ", "mot", " ", "\n", "\n\n", ".", "! ", "\u202f?", "M. ", "…", ", ", "é", "e\u0301", " \u0301"),
            *(
                "😀",
                "👍🏽",
                "🇫🇷",
                FAMILY,
                "\u200d",
                "\u00a0",
                "12 ",
                "« ",
                "e.fr",
                "https://e.org/x ",
                "日本",
                "k" * 40,
            ),
        ]
    ),
    max_size=200,
).map("".join)


def words_of(text: str) -> str:
    return "".join(text.split())


def parts_of(text: str, *, longest: int, measure: Callable[[str], int]) -> tuple[str, ...]:
    try:
        return split(text, longest=longest, measure=measure)
    except ValueError:
        reject()  # Any number of emoji may be joined to one, and of marks piled on a letter.


def test_f11_280_latin_characters_pass_for_x_141_emoji_do_not_and_a_long_address_counts_23():
    assert x_weight("é" * 280) == X_LONGEST
    assert x_weight("😀" * 141) == 282 > X_LONGEST
    assert x_weight("https://example.org/" + "a" * 280) == 23


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("«\u202fOui\u202f»", 9),
        ("日本", 4),
        ("한", 2),
        ("\u1112\u1161\u11ab", 2),
        ("e\u0301", 1),
        ("\U00010000\U0010ffff", 4),
        ("Vraiment…", 10),
    ],
)
def test_x_counts_characters_by_their_weight(text: str, weight: int):
    assert x_weight(text) == weight


@pytest.mark.parametrize(
    "emoji", ["😀", "👍🏽", FAMILY, "🇫🇷", "1\ufe0f\u20e3", "❤\ufe0f", "❤\ufe0f\u200d🔥", "©\ufe0f", SCOTLAND]
)
def test_x_counts_an_emoji_of_any_make_as_2(emoji: str):
    assert x_weight(emoji) == 2
    assert x_weight(emoji * 140) == X_LONGEST


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("Voir exemple.fr/page et merci", 5 + 23 + 9),
        ("Test https://test.com test https://test.com test.com test", 86),
        ("(voir https://e.org/a_(b).)", 6 + 23 + 2),
        ("Sur www.exemple.co.uk, puis", 4 + 23 + 6),
        ("HTTPS://EXEMPLE.PARIS/É?q=1&r=2#s", 23),
        ("https://e.org/日本", 23 + 4),
        ("🇫https://e.org/🇷", 2 + 23 + 2),
        ("e.fr", 23),
        ("e.frites", 8),
        ("Fin.Ensuite", 11),
        ("3.50 à 12.10.2026", 17),
        ("camille@exemple.fr", 18),
        ("jean.name@exemple.fr", 20),
        ("http://localhost", 16),
        ("...", 3),
    ],
)
def test_x_counts_addresses_as_23_and_nothing_that_only_looks_like_one(text: str, weight: int):
    assert x_weight(text) == weight


def test_discord_and_telegram_count_an_emoji_beyond_the_first_plane_twice():
    assert (utf16("é😀"), utf16("👍🏽")) == (3, 4)


def test_half_a_pair_of_surrogates_is_counted_not_refused():
    assert utf16("a\ud83d") == 2


def test_f11_4097_characters_for_telegram_are_two_parts_cut_at_a_sentence():
    text = (APOLOGY * 30)[:4090] + "Merci !"
    assert utf16(text) == 4097

    first, second = split(text, longest=4096)

    assert utf16(first) <= 4096
    assert first.endswith(("nous.", "Dijon\u202f!"))
    assert second.startswith(("Votre colis", "Bonjour Camille"))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Court.", ("Court.",)),
        ("Un paragraphe entier.\n\nLe second. Plus long.", ("Un paragraphe entier.", "Le second. Plus long.")),
        ("Une ligne. Oui.\nDeux lignes. Voilà.", ("Une ligne. Oui.", "Deux lignes. Voilà.")),
        ("Première phrase ici. Mme. Durand attend.", ("Première phrase ici.", "Mme. Durand attend.")),
        ("Un seul morceau, sans point final ici", ("Un seul morceau,", "sans point final ici")),
        ("mot " * 9, ("mot mot mot mot mot mot mot", "mot mot")),
        ("Bien reçu\u202f! Le colis part aujourd’hui.", ("Bien reçu\u202f!", "Le colis part aujourd’hui.")),
        ("Il a dit «\u00a0Oui.\u00a0» Nous partons demain.", ("Il a dit «\u00a0Oui.\u00a0»", "Nous partons demain.")),
        ("Merci encore ! 😊 Votre colis arrive.", ("Merci encore ! 😊", "Votre colis arrive.")),
        ("Sorry (really!) about it. We are on it.", ("Sorry (really!) about it.", "We are on it.")),
        ("Well... it is late. Wait a bit, please.", ("Well... it is late.", "Wait a bit, please.")),
    ],
)
def test_a_text_is_cut_at_the_best_place(text: str, parts: tuple[str, ...]):
    assert split(text, longest=28) == parts


@pytest.mark.parametrize(
    ("text", "no_end"),
    [
        ("C’est parti. Demandez donc à M. Durand, qui saura", "M."),
        ("C’est parti. Par un dépôt, p. ex. Lyon, ou Dijon", "ex."),
        ("C’est parti. Le colis n°. 12 est donc en chemin", "n°."),
        ("C’est parti. Colis, sacs, etc. sont dans le camion", "etc."),
        ("It has left. Some cities, e.g. Leeds, take longer", "e.g."),
        ("It has left. One day more, i.e. Friday, at the door", "i.e."),
        ("It has left. Ask J. Smith, who is in the shop today", "J."),
        ("It has left. On time ... or so the driver told us all", "..."),
    ],
)
def test_a_point_that_ends_no_sentence_is_no_place_to_cut(text: str, no_end: str):
    first, second = split(text, longest=42)

    assert first.endswith(("parti.", "left."))
    assert no_end in second


def test_etc_ends_a_sentence_where_the_next_begins_with_a_capital():
    assert split("Des sacs, des colis, etc. Nous livrons tout.", longest=28)[0] == "Des sacs, des colis, etc."


def test_a_sentence_that_fits_is_kept_whole_rather_than_filling_the_part_before_it():
    assert split("Un mot. Une phrase, avec sa virgule.", longest=28) == ("Un mot.", "Une phrase, avec sa virgule.")


def test_a_better_place_is_not_taken_where_it_would_make_one_part_more():
    assert split("Oui.\n\nUne phrase entière. Et une autre.", longest=26) == (
        "Oui.\n\nUne phrase entière.",
        "Et une autre.",
    )


@pytest.mark.parametrize("whole", ["12 000 €", "Bravo !", "« Oui »", "05 40 30", "abc\u00a0def"])
def test_what_belongs_together_across_a_space_is_not_cut_there(whole: str):
    assert split("mot " * 4 + whole, longest=20) == ("mot mot mot mot", whole)


def test_an_address_is_not_cut_where_it_can_be_left_whole():
    first, second = split("Tout est expliqué ici : https://example.org/a.b?c=d,e et voilà", longest=40)

    assert (first, second) == ("Tout est expliqué ici :", "https://example.org/a.b?c=d,e et voilà")


def test_an_address_inside_a_giant_word_is_left_whole():
    address = "https://example.org/ab"

    assert address in split("日" * 20 + address + "日" * 20, longest=24)


def test_an_address_that_is_too_long_by_itself_is_cut():
    assert split("https://example.org/" + "a" * 20, longest=20) == ("https://example.org/", "a" * 20)


@pytest.mark.parametrize(
    "character", [FAMILY, "🇫🇷", "👍🏽", "e\u0301\u0302", "❤\ufe0f", "1\ufe0f\u20e3", SCOTLAND, "\u1112\u1161\u11ab"]
)
def test_a_character_made_of_several_is_not_torn_apart(character: str):
    room = utf16(character) * 2 + 1

    assert split(character * 4, longest=room) == (character * 2, character * 2)


def test_a_mark_stays_with_the_space_it_sits_on():
    assert split("abcde \u0301fghi", longest=6) == ("abcde", " \u0301fghi")


@pytest.mark.parametrize("text", ["😀😀", FAMILY * 3, "abc 👍🏽"])
def test_a_part_that_holds_not_even_one_character_is_refused(text: str):
    with pytest.raises(ValueError, match="longer than a part"):
        split(text, longest=1)


def test_white_space_that_is_too_long_has_no_parts():
    assert split("\n" * 50, longest=16) == ()


def test_what_is_too_long_is_told_with_both_numbers():
    assert str(too_long(4097, 4096)).startswith("The text has 4097 characters where the channel takes 4096.")


@given(text=st.text(max_size=300) | EVERYDAY, longest=st.integers(16, 120), measure=MEASURES)
def test_nothing_is_lost_and_no_part_is_empty_or_too_long(text: str, longest: int, measure):
    parts = parts_of(text, longest=longest, measure=measure)

    assert words_of("".join(parts)) == words_of(text)
    assert all(measure(part) <= longest for part in parts)
    assert all(part.strip() for part in parts) or parts == (text,)


@given(sizes=st.lists(st.integers(3, 30), min_size=1, max_size=60), longest=st.integers(30, 90))
def test_there_are_as_few_parts_as_filling_each_with_whole_sentences_gives(sizes: list[int], longest: int):
    filled, room = 0, -1
    for size in sizes:
        room -= size + 1
        if room < 0:
            filled, room = filled + 1, longest - size

    parts = split(" ".join("A" * (size - 1) + "." for size in sizes), longest=longest)

    assert len(parts) == filled
    assert all(part.endswith(".") for part in parts)


@given(text=EVERYDAY, longest=st.integers(16, 60))
def test_parts_fit_as_they_are(text: str, longest: int):
    assert all(split(part, longest=longest) == (part,) for part in parts_of(text, longest=longest, measure=utf16))


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "a " * 50_000, "😀" * 50_000, "a.a" * 33_000, APOLOGY * 450, "日本" * 50_000, "« " * 50_000]
)
@pytest.mark.parametrize(("longest", "measure"), [(16, utf16), (X_LONGEST, x_weight), (4096, utf16)])
def test_a_hundred_thousand_characters_are_looked_at_a_few_dozen_times_each(
    text: str, longest: int, measure: Callable[[str], int]
):
    looked_at = 0

    def counted(piece: str) -> int:
        nonlocal looked_at
        looked_at += len(piece)
        return measure(piece)

    parts = split(text, longest=longest, measure=counted)

    assert words_of("".join(parts)) == words_of(text)
    assert looked_at < 64 * len(text)
