"""Hints: a rule is passed over only where it cannot hold."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inbox.text import fold, phrase, spaced, to_words
from routing.conditions import Condition
from routing.hints import Hints, hint_of
from routing.literals import A_DIGIT, A_NUMBER, PieceIndex, pieces_of
from routing.patterns import fault_of
from routing.word_index import WordIndex
from tests.routing.builders import conditions_of, some_facts_of

LETTERS = st.text(alphabet="aeéisßœ1٣ '-_*.ı", max_size=14)


@pytest.mark.parametrize(
    ("pattern", "pieces"),
    [
        (r"commande\s+n°?\s?\d{4,8}", {"commande"}),
        (r"\b(?:order|invoice)\s*#?\d+", {"order", "invoice"}),
        (r"(?:order|\d)x?", {"order", A_DIGIT}),
        (r"[A-Z]{2}-\d{5}", {A_NUMBER}),
        (r"\d\d[0-9]{2}", {A_NUMBER}),
        (r"\d\d[ -]?\d\d", {A_DIGIT}),
        (r"\d{3}", {A_DIGIT}),
        (r"[0-9]{1,2} ?€", {"€"}),
        (r"^allo+\s*$", {"allo"}),
        (r"(?:colis)?abc", {"abc"}),
        (r"(?:colis){0,3}abc", {"abc"}),
        (r"(?:colis)+", {"colis"}),
        (r"abcd?e", {"abc"}),
        (r"abc{,2}de", {"ab"}),
        (r"(?<!pas )content", {"content"}),
        (r"content(?= de vous)", {"content"}),
        (r"n'?importe quoi", {"importe quoi"}),
        (r"a\.b\\d", {r"a.b\d"}),
        (r"\x41bc", {"bc"}),
        (r"(?P<a>livre).(?P=a)", {"livre"}),
        (r"rembours(?#not é)é", {"rembours"}),
    ],
)
def test_a_text_must_hold_one_of_the_pieces_of_a_pattern(pattern: str, pieces: set[str]) -> None:
    assert pieces_of(pattern) == pieces


@pytest.mark.parametrize("pattern", ["a|b", "abc|d?", "é+", r"[ab]{3}", r"(?x) a b c", r"(?:\s+euros)?", "a|bc|.", ""])
def test_a_pattern_that_needs_nothing_certain_has_no_piece(pattern: str) -> None:
    assert pieces_of(pattern) == frozenset()


@given(
    pattern=st.text(alphabet=r"abiAB12 .-()[]|*+?{},\ds°€", min_size=1, max_size=14).filter(
        lambda one: fault_of(one) is None
    ),
    data=st.data(),
)
def test_where_a_pattern_is_found_so_is_one_of_its_pieces(pattern: str, data: st.DataObject) -> None:
    pieces = pieces_of(pattern)
    assume(pieces)
    text = data.draw(st.text(max_size=2)) + data.draw(st.from_regex(re.compile(pattern, re.IGNORECASE)))
    assume("ı" not in text)

    assert PieceIndex(dict.fromkeys(pieces, 1)).found_in(fold(text)) == 1


def test_only_the_dotless_i_is_another_letter_to_a_pattern_than_once_it_is_folded() -> None:
    every_sign = "".join(map(chr, range(sys.maxunicode + 1)))
    others = {
        sign
        for letter in map(chr, range(33, 127))
        for sign in re.findall(re.escape(letter), every_sign, re.IGNORECASE)
        if letter.lower() != fold(sign)
    }

    assert others == {"ı"}


def test_every_digit_is_one_digit_once_it_is_folded() -> None:
    digits = [sign for sign in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(sign) == "Nd"]

    assert all(re.fullmatch(r"\d", fold(digit)) for digit in digits)


@given(st.text())
def test_the_words_of_a_text_are_read_alike_in_both_ways(text: str) -> None:
    assert to_words(text) == re.findall(r"[^\W_]+", text)


@given(
    lists=st.lists(st.lists(LETTERS.filter(lambda one: phrase(one).strip() != ""), min_size=1, max_size=3), max_size=4),
    text=st.one_of(LETTERS, st.text(max_size=20)),
)
def test_the_lists_of_words_found_are_those_that_have_one_in_the_text(lists: list[list[str]], text: str) -> None:
    wanted = [[phrase(word) for word in words] for words in lists]
    index = WordIndex((words, 1 << number) for number, words in enumerate(wanted))

    found = index.found_in(fold(text))

    there = [any(word in spaced(fold(text)) for word in words) for words in wanted]
    assert [bool(found >> number & 1) for number in range(len(wanted))] == there


@pytest.mark.parametrize(
    ("when", "waits_for"),
    [
        ('{ label = "praise" }', []),
        ('{ label = "praise", words = "colis" }', ["words"]),
        ('{ words = "colis", signal = "spam", links = true }', ["words"]),
        ('{ signal = "spam", pattern = "abc" }', ["pattern"]),
        ("{ pattern = '[ab]' }", []),
        ("{ links = false }", []),
        ('{ contact = { tag = "vip" } }', []),
        ("{ contact = { sanctions_at_least = 1 }, links = true }", ["contact"]),
        ('{ not = { words = "colis" } }', []),
        ('{ all = [{ label = "praise" }, { links = true }] }', ["links"]),
        ('{ any = [{ words = "a" }, { pattern = "bcd", label = "praise" }] }', ["words", "pattern"]),
        ('{ any = [{ words = "a" }, { label = "praise" }] }', []),
    ],
)
def test_a_rule_waits_for_the_rarest_of_its_hints(when: str, waits_for: list[str]) -> None:
    assert [leaf.kind for leaf in hint_of(conditions_of(when))] == waits_for


def test_a_dotless_i_is_an_i_to_a_pattern() -> None:
    (condition,) = conditions_of('{ pattern = "livre" }')

    assert condition.holds(some_facts_of("lıvre"))
    assert found(condition, "lıvre")
    assert found(condition, "LIVRE")
    assert not found(condition, "lvre")


def found(condition: Condition, text: str) -> bool:
    return Hints({condition: 1}).found_in(some_facts_of(text)) == 1
