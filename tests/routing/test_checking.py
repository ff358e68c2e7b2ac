"""A text checked for whoever writes it: rules in words, faults and doubts at their lines."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import to_words
from inbox.actions_told import action_told
from inbox.rulesheets import Remark, mode_told
from routing.checking import checked
from routing.conditions import COMBINATIONS, CONDITIONS
from routing.rulebook import STARTER
from routing.rules import Rule
from routing.telling import condition_told
from routing.whereabouts import stretches
from tests.routing.builders import rule_books

BOOK = """\
# Ours.
[[rule]]
name = "late"
when = { label = "complaint", words = ["colis"] }
then = [
  { action = "tag", tag = "late" },
  { action = "escalate", queue = "customer-service", severity = "high" },
]

# Who thanks us.
[[rule]]
name = "thanks"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "share:10"
stop = true
# The end.
"""


def found(text: str) -> list[tuple[int | None, str | None]]:
    """The lines and rules that faults are told at."""
    return [(one.line, one.rule) for one in checked(text, responses=["thanks"]).faults]


def test_each_rule_is_told_with_its_line_and_its_own_text():
    late, thanks = checked(BOOK).rules

    assert (late.number, late.name, late.line, late.mode, late.stop) == (1, "late", 2, "draft", False)
    assert (thanks.line, thanks.mode, thanks.stop) == (11, "share:10", True)
    assert late.text.splitlines()[-1] == "]"
    assert thanks.text.splitlines()[-1] == "stop = true"
    assert [str(one) for one in late.when] == ["it is labelled complaint", "it says “colis”"]
    assert str(action_told(to_words(late.actions[1]))) == "escalate to customer-service, severity high"
    assert str(mode_told(thanks.mode)) == "sends 10 % by itself, and prepares the rest"


@pytest.mark.parametrize(
    ("change", "line", "rule"),
    [
        (('"complaint", words', '"complain", words'), 4, "late"),
        (('severity = "high"', 'severity = "hgh"'), 7, "late"),
        (('queue = "customer-service", ', ""), 7, "late"),
        ((', tag = "late"', ""), 6, "late"),
        (('response = "thanks"', 'response = "thnaks"'), 14, "thanks"),
        (('mode = "share:10"', 'mode = "lvie"'), 15, "thanks"),
        (("stop = true", "stop = 1"), 16, "thanks"),
        (('name = "thanks"', 'name = "late"'), 12, "late"),
        (("# Who thanks us.", "extra = 1"), 2, "late"),
    ],
)
def test_a_fault_is_told_at_its_line(change: tuple[str, str], line: int, rule: str):
    assert found(BOOK.replace(*change)) == [(line, rule)]


def test_what_is_not_toml_is_told_at_its_line_and_no_rule():
    assert found(BOOK.replace('name = "thanks"', 'name = "thanks')) == [(12, None)]


def test_where_rules_cannot_be_told_apart_no_line_is_told_rather_than_a_wrong_one():
    hidden = BOOK.replace("# Ours.", '[[rule]]\nname = "x"\nwhen = { words = """\n[[rule]]\n""" }\nthen = [{}]')

    assert {line for line, _ in found(hidden)} == {None}


def test_a_doubt_has_its_rule_and_its_line():
    (doubt,) = checked(BOOK.replace("share:10", "live").replace('label = "praise"', 'visibility = "public"')).doubts[:1]

    assert (doubt.rule, doubt.line) == ("thanks", 11)
    assert isinstance(doubt, Remark)


def test_the_rules_that_ship_are_told_whole():
    read = checked(STARTER.read_text(encoding="utf-8"))

    assert read.faults == read.doubts == ()
    assert len(read.rules) == 21
    assert all(rule.when and rule.actions and rule.text.startswith("[[rule]]") for rule in read.rules)


@given(rules=rule_books())
def test_every_rule_there_can_be_has_words(rules: list[Rule]):
    for rule in rules:
        assert all(str(condition_told(one)) for one in rule.conditions)
        assert all(str(action_told(to_words(action))) for action in rule.actions)


EVERY = """\
[[rule]]
name = "every kind"
when = { any = [
  { label = ["praise", "complaint"], confidence_at_least = 0.8 }, { unsure = false },
  { signal = ["spam", { name = "urgent", at_least = 0.9 }] }, { severity_at_least = "high", target = "person" },
  { lang = ["fr", "und"], channel = "telegram", kind = "dm", visibility = "private" },
  { words = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"] }, { pattern = "x+" },
  { links = true, repeated = 3, sent_between = "22:00-07:00" }, { open_hours = false, crisis = true },
  { contact = { tag = "vip", first_message = false, messages_at_least = 2, sanctions_at_least = 1, within = "7d" } },
  { all = [{ label = "praise" }, { not = { label = "offensive" } }] }, { contact = { sanctions_at_least = 1 } },
] }
then = [{ action = "tag", tag = "x" }]
[[rule]]
name = "clocks"
when = { sla = ["due_soon", "breached"], sla_of = "first_response" }
then = [{ action = "tag", tag = "x" }]
"""


def test_every_kind_of_condition_has_words():
    asked = {key for key in (*CONDITIONS, *COMBINATIONS) if f"{key} = " in EVERY}
    every, clocks = checked(EVERY).rules

    assert asked == {*CONDITIONS, *COMBINATIONS}
    told = " | ".join(str(one) for one in (*every.when, *clocks.when))
    for words in (
        "it is labelled praise or complaint and it is sure of that by 80% or more",
        "no label is in doubt",
        "it reads as spam or urgent (90% or more)",
        "the offence is of severity high or worse and the offence is aimed at a person",
        "its language is French or too short to tell and it came by Telegram and it came as private message",
        "“l” and 2 other words",
        "the pattern x+ is found in it",
        "there is a link in it and the same was sent 3 times or more within an hour",
        "it was sent between these times: 22:00-07:00",
        "it came while you were closed and a crisis runs",
        "its contact has written before and its contact has one of the tags #vip",
        "its contact has had 1 sanctions or more within 7 days",
        "it is labelled praise and not this: it is labelled offensive",
        "a promise is due soon or breached | it was promised for the first answer",
    ):
        assert words in told


@given(lines=st.lists(st.sampled_from(["[[rule]]", "# [[rule]]", "x = 1", "", " [[ rule ]]"]), max_size=12))
def test_rules_are_one_after_the_other_from_their_first_line_on(lines: list[str]):
    number = sum(line.strip().startswith("[[") for line in lines)
    found = stretches("\n".join(lines), rules=number)

    assert len(found) == number
    assert all(first < last for first, last in found)
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert stretches("\n".join(lines), rules=number + 1) == ()
