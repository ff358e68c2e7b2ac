"""F53: the mode of one rule is changed in the text of a rule book, and nothing else is."""

from __future__ import annotations

import difflib
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.errors import NotFound, NotPossible
from routing.editing import with_mode
from routing.outlines import outlines_of
from routing.rulebook import STARTER, read_rule_book

BOOK = """\
# Été : the rules of the house.

[[rule]]   # thanks
name = "praise"
when = { label = "praise" }
then = [
  { action = "reply", response = "thanks" },   # two of them
  { action = "tag", tag = "mode = \\"live\\"" },
]
stop = true

# --- Complaints

[[rule]]
name = "late parcel"
when = { label = "complaint" }
then = [{ action = "draft", response = "sorry" }]
mode   =  'shadow'   # until May

# The end.
"""


def changed(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(keepends=True), after.splitlines(keepends=True))
    return [line for line in lines if line[0] in "+-"]


def test_f53_a_mode_is_put_in_before_the_line_that_says_stop():
    assert changed(BOOK, with_mode(BOOK, "praise", "share:10")) == ['+ mode = "share:10"\n']
    assert 'mode = "share:10"\nstop = true\n' in with_mode(BOOK, "praise", "share:10")


def test_f53_a_mode_that_is_there_is_changed_and_its_comment_stays():
    assert changed(BOOK, with_mode(BOOK, "late parcel", "live")) == [
        "- mode   =  'shadow'   # until May\n",
        '+ mode   =  "live"   # until May\n',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('[[rule]]\nname = "a"\nwhen = {}\nthen = []', '\nmode = "live"\n', id="no line end"),
        pytest.param('[[rule]]\r\nname = "a"\r\nwhen = {}\r\nthen = []\r\n', '\r\nmode = "live"\r\n', id="windows"),
        pytest.param(
            '[[rule]]\nname = "a"\nwhen = {}\nthen = []\n\n# next\n', '[]\nmode = "live"\n\n# next\n', id="tail"
        ),
        pytest.param(
            '[[rule]]\nname = "a"\nthen = []\n[rule.when]\nlabel = "praise"\n',
            'then = []\nmode = "live"\n[rule.when]',
            id="a table of its own",
        ),
    ],
)
def test_f53_a_mode_is_put_in_wherever_a_rule_ends(text: str, expected: str):
    edited = with_mode(text, "a", "live")

    assert expected in edited
    assert tomllib.loads(edited)["rule"][0]["mode"] == "live"


def test_f53_what_looks_like_a_mode_or_like_a_rule_inside_words_is_left_alone():
    book = '[[rule]]\nname = "a"\nwhen = { pattern = """\nmode = "shadow"\n[[rule]]\nname = "b"\n""" }\nthen = []\n'
    book += '[[rule]]\nname = "b"\nwhen = {}\nthen = []\n'

    assert changed(book, with_mode(book, "a", "live")) == ['+ mode = "live"\n']
    assert changed(book, with_mode(book, "b", "live")) == ['+ mode = "live"\n']


def test_f53_a_rule_that_is_not_there_and_one_written_on_one_line_are_told():
    with pytest.raises(NotFound, match='There is no rule "nobody"'):
        with_mode(BOOK, "nobody", "live")
    with pytest.raises(NotPossible, match=r'rule 1 "a" has to be written by hand: mode = "live"'):
        with_mode('rule = [{ name = "a", when = {}, then = [] }]\n', "a", "live")


@given(
    rule=st.sampled_from(read_rule_book(STARTER.read_text(encoding="utf-8")).names),
    modes=st.lists(st.sampled_from(["draft", "shadow", "share:25", "live"]), min_size=1, max_size=3),
)
def test_f53_in_the_rules_that_ship_one_line_differs_however_often_a_mode_is_changed(rule: str, modes: list[str]):
    before = after = STARTER.read_text(encoding="utf-8")
    for mode in modes:
        after = with_mode(after, rule, mode)

    assert changed(before, after) == [f'+ mode = "{modes[-1]}"\n']
    told = {name: one.mode for name, one in outlines_of(after).items()}
    assert told == {name: one.mode for name, one in outlines_of(before).items()} | {rule: modes[-1]}


def test_an_outline_changes_with_what_a_rule_asks_does_or_may_and_with_nothing_else():
    (plain,) = outlines_of('[[rule]]\nname = "a"\nwhen = {}\nthen = [{ action = "reply", response = "x" }]\n').values()
    (same,) = outlines_of(
        '# A remark.\n[[rule]]\nname = " a "\nmode = "draft"\nstop = true\n'
        'then = [{ response = "x", action = "reply" }]\nwhen = {}\n'
    ).values()
    others = [
        '[[rule]]\nname = "a"\nwhen = { lang = "fr" }\nthen = [{ action = "reply", response = "x" }]\n',
        '[[rule]]\nname = "a"\nwhen = {}\nthen = [{ action = "reply", response = "y" }]\n',
        '[[rule]]\nname = "a"\nwhen = {}\nthen = [{ action = "reply", response = "x" }]\nmode = "live"\n',
    ]

    assert same.digest == plain.digest
    assert (plain.mode, plain.responses, plain.can_reply) == ("draft", frozenset({"x"}), True)
    assert len({plain.digest, *(one.digest for text in others for one in outlines_of(text).values())}) == 4
    assert [outlines_of(text) for text in ("[[", "rule = 1", "x = 1", '[[rule]]\nmode = "live"\n')] == [{}] * 4
