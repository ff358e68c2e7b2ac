"""Words of people among ours: no sign in them turns round what stands beside them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from web.contained import contained, set_apart, straight

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OPENERS, ENDERS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068", "\u202c\u2069"
texts = st.text(alphabet=TURNS + "ab\n\u05d0", max_size=30)


def is_balanced(line: str) -> bool:
    """Whether each sign that ends a turn ends one of its own kind, and none is left open."""
    wanted: list[str] = []
    for sign in line:
        if sign in OPENERS:
            wanted.append("\u2069" if sign in "\u2066\u2067\u2068" else "\u202c")
        elif sign in ENDERS and (not wanted or wanted.pop() != sign):
            return False
    return not wanted


@given(text=texts)
def test_every_turn_ends_where_the_words_end_and_no_other_is_ended(text: str):
    assert all(is_balanced(line) for line in contained(text).split("\n"))
    assert is_balanced("".join(sign for sign in set_apart(text.replace("\n", " ")) if sign in TURNS))


@given(text=texts)
def test_nothing_is_lost_but_signs_that_end_what_has_not_begun(text: str):
    def words(of: str) -> str:
        return "".join(sign for sign in of if sign not in TURNS)

    assert words(contained(text)) == words(text)
    assert contained(contained(text)) == contained(text)


def test_plain_words_stay_as_they_are():
    assert contained("Élodie, 12 €") == set_apart("Élodie, 12 €") == "Élodie, 12 €"
    assert set_apart("\u05d0\u05d1") == "\u2068\u05d0\u05d1\u2069"


def test_the_name_of_a_file_ends_with_what_it_is():
    assert straight("photo\u202egnp.exe") == "photognp.exe"
