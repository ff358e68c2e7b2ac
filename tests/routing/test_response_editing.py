"""One response of a file is written anew, added or left out; all else stays to the letter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import NotPossible
from inbox.prepared import Written
from inbox.responses import Polarity, Variant
from routing.response_editing import to_toml, with_response, written_in
from routing.responses import STARTER, read_responses

STARTER_TEXT = STARTER.read_text(encoding="utf-8")
# What TOML can hold: no lone surrogates.
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
languages = st.sampled_from(["fr", "en", "es"])


@st.composite
def written(draw: st.DrawFn) -> Written:
    return Written(
        code=draw(words),
        polarity=draw(st.sampled_from(list(Polarity))).value,
        variants=tuple(draw(st.lists(st.builds(Variant, languages, words), min_size=1, max_size=4))),
        title=draw(st.dictionaries(languages, words, max_size=2)),
        owner=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=10)),
        words=tuple(draw(st.lists(words, max_size=3))),
        generic=draw(st.booleans()),
        valid_until=draw(st.none() | st.dates(min_value=date(1000, 1, 1))),
    )


@given(one=written())
def test_what_is_written_is_read_back_whatever_it_says(one: Written):
    assert written_in(to_toml(one)) == {one.code: one}


@given(several=st.lists(written(), min_size=1, max_size=4, unique_by=lambda one: one.code), anew=written())
def test_only_the_response_that_is_meant_changes(several: list[Written], anew: Written):
    text = "# Ours.\n\n" + "\n".join(to_toml(one) for one in several)

    edited = with_response(text, anew.code, anew)
    without = with_response(edited, anew.code, None)

    others = {one.code: one for one in several if one.code != anew.code}
    assert written_in(edited) == written_in(text) | {anew.code: anew}
    assert written_in(without) == others
    assert without.startswith("# Ours.\n")


@pytest.mark.parametrize("code", list(written_in(STARTER_TEXT)))
def test_each_response_that_ships_can_be_written_anew_and_its_neighbours_stay(code: str):
    before = written_in(STARTER_TEXT)
    anew = Written(code, "neutral", (Variant("fr", "Autre chose."),), {})

    edited = with_response(STARTER_TEXT, code, anew)

    lines = set(edited.splitlines())
    untouched = [line for line in STARTER_TEXT.splitlines() if line.startswith("#")]
    assert read_responses(edited).keys() == before.keys()
    assert all(line in lines for line in untouched)
    assert list(written_in(edited)) == list(before)


def test_a_file_that_is_written_another_way_is_left_to_its_author():
    inline = 'response = [{ code = "late", polarity = "apology", variant = [{ lang = "fr", text = "Pardon." }] }]\n'
    late = written_in(inline)["late"]

    with pytest.raises(NotPossible, match="has to be changed by hand"):
        with_response(inline, "late", Written("late", late.polarity, (Variant("fr", "Désolés."),), {}))


def test_a_line_within_words_that_looks_like_a_response_misleads_nobody():
    tricky = to_toml(Written("first", "neutral", (Variant("fr", "Un."),), {})).replace(
        '"Un."', "'''\n[[response]]\ncode = \"second\"\n'''"
    )
    text = tricky + "\n" + to_toml(Written("second", "neutral", (Variant("fr", "Deux."),), {}))

    edited = with_response(text, "second", None)

    assert list(written_in(edited)) == ["first"]
    assert edited.startswith(tricky)
