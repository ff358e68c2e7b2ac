"""The page on rules: its examples are read, and nothing that a rule may hold is missing from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from inbox.actions import ACTIONS, Action, Mode
from inbox.errors import BadRuleBook
from inbox.model import Kind, Label, Priority, Severity, Signal, Target, Visibility
from routing.conditions import COMBINATIONS, CONDITIONS
from routing.lint import lint
from routing.responses import load_responses
from routing.rulebook import read_rule_book
from tests.routing.builders import conditions_of

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
EXAMPLES = [text for text in re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL) if "[[rule]]" in text]
ROWS = dict(re.findall(r"^\| `(\w+)` \| .+? \| `(.+)` \|$", PAGE, re.MULTILINE))
"""The example in the row of each condition and each action."""


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_rule_book_in_which_nothing_looks_like_a_mistake(example: str) -> None:
    book = read_rule_book(example, responses=load_responses())

    assert book.rules
    assert lint(book) == []


@pytest.mark.parametrize("key", [*CONDITIONS, *COMBINATIONS])
def test_every_condition_has_its_entry_and_its_example(key: str) -> None:
    assert re.search(rf"^### .*\b{key}\b", PAGE, re.MULTILINE)
    assert any(f"{key} = " in example for example in EXAMPLES)


@pytest.mark.parametrize("word", [action.word for action in ACTIONS])
def test_every_action_has_its_entry_and_its_example(word: str) -> None:
    assert f"\n### {word}\n" in PAGE
    assert any(f'action = "{word}"' in example for example in EXAMPLES)


@pytest.mark.parametrize("key", [*CONDITIONS, *COMBINATIONS])
def test_every_condition_has_a_row_whose_example_is_one(key: str) -> None:
    assert ROWS[key].startswith(f"{key} = ")
    (condition,) = conditions_of(f"{{ {ROWS[key]} }}")
    assert condition.kind == key


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_a_row_whose_example_is_one(action: type[Action]) -> None:
    book = read_rule_book(
        f'[[rule]]\nname = "r"\nwhen = {{}}\nthen = [{ROWS[action.word]}]\n', responses=load_responses()
    )
    assert [type(read) for read in book.rules[0].actions] == [action]


@pytest.mark.parametrize("words", [Label, Signal, Severity, Target, Kind, Visibility, Priority])
def test_every_word_that_a_condition_or_an_action_knows_is_named(words: type[Label]) -> None:
    assert all(f"`{word}`" in PAGE for word in words)


@pytest.mark.parametrize("mode", Mode)
def test_every_mode_is_named(mode: Mode) -> None:
    assert re.search(rf'^\| `"{mode}(:10)?"`', PAGE, re.MULTILINE)


def test_the_mistake_shown_is_told_in_these_words() -> None:
    rule = '[[rule]]\nname = "{}"\nwhen = {{}}\nthen = [{{ action = "tag", tag = "t" }}]\n'
    text = rule.format("a") + rule.format("b") + rule.format("late parcel").replace("{}", '{ label = "complain" }')

    with pytest.raises(BadRuleBook) as caught:
        read_rule_book(text)

    assert str(caught.value) in PAGE
