"""Regular expressions in rules: ordinary ones pass, those that a hostile message could hold up do not."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.patterns import LONGEST_TEXT, fault_of


@pytest.mark.parametrize(
    "pattern",
    [
        r"commande\s+n°?\s?\d{4,8}",
        r"\b(?:order|invoice)\s*#?\d+",
        r"[A-Z]{2}-\d{5}",
        r"^allo+\s*$",
        r"(?i)bonjour",
        r"(\d{4})+",
        r"(?:\s+euros)?",
        r"(?P<what>colis|paquet)s?",
        r"(?<!pas )content",
        r"[)+*]{3}",
        r"\(a+\)",
        r"n'?importe quoi",
        r"a{literal}",
    ],
)
def test_an_ordinary_pattern_passes(pattern: str) -> None:
    assert fault_of(pattern) is None


@pytest.mark.parametrize(
    "pattern",
    [
        r"(a+)+$",
        r"(a*)*",
        r"(?:\w+\s?)*x",
        r"(a|a)*b",
        r"(a|ab)+c",
        r"((a+)b)+",
        r"(a?){30}a{30}",
        r"([a-z]+)*",
        r"(a{1,9})+",
        r"(?P<x>a+)*",
        r"(\(a+\))+",
        r"([)]a+)+",
        r"(.*a){12}",
    ],
)
def test_a_repeat_of_what_can_vary_is_refused(pattern: str) -> None:
    assert "repeats something that can itself vary" in str(fault_of(pattern))


@pytest.mark.parametrize(
    "pattern", [r"a*b*c*", r".*a.*b.*c", r"a+a{0,20}a+b", "a?" * 30, "(a|b)" * 20, r"\d{1,50}" * 3]
)
def test_a_pattern_that_can_match_in_too_many_ways_is_refused(pattern: str) -> None:
    assert "too many ways" in str(fault_of(pattern))


@pytest.mark.parametrize("pattern", ["(", "[", "*", "a**", r"\p{L}", "(?P<a", "[[a]", "a{99999999999}", "(" * 299])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    assert str(fault_of(pattern)).startswith("this is not a regular expression")


def test_a_pattern_of_more_than_300_characters_is_refused() -> None:
    assert str(fault_of("a" * 301)) == "this pattern is longer than 300 characters. Make it two rules."


@given(st.text(alphabet="ab()[]{}|*+?.\\^$-,0123:<=!P#xi", max_size=60))
def test_any_text_is_a_pattern_or_a_fault(pattern: str) -> None:
    if fault_of(pattern) is None:
        re.compile(pattern, re.IGNORECASE)


@pytest.mark.parametrize("pattern", [r".*a.*b", r"\w+\s*$", r"(?:a|aa)(?:a|aa)a*a*b", r"a{0,15}a{0,15}a*b"])
def test_the_worst_that_passes_is_done_within_seconds(pattern: str) -> None:
    # Half the longest text takes an eighth of the time, or more.
    assert fault_of(pattern) is None
    before = time.process_time()

    re.search(pattern, "a" * (LONGEST_TEXT // 2), re.IGNORECASE)

    assert time.process_time() - before < 5
