"""Reading a rule book: what is sound decides; anything else is refused, and only so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import Draft, Escalate, Hide, Mode, Reply, SetPriority, SetQueue, Tag
from inbox.errors import BadRuleBook, NotFound
from inbox.model import Priority, Severity
from inbox.ports import RuleBook
from routing.actions import Known, read_then
from routing.faults import Place
from routing.rulebook import TomlRuleBook, load, read_rule_book
from tests.routing.builders import some_facts_of

THEN = 'then = [{ action = "tag", tag = "t" }]'


def when(conditions: str) -> str:
    return f'[[rule]]\nname = "late parcel"\nwhen = {conditions}\n{THEN}\n'


def then(actions: str) -> str:
    return f'[[rule]]\nname = "late parcel"\nwhen = {{}}\nthen = {actions}\n'


def test_a_rule_book_is_read_in_full() -> None:
    book = read_rule_book(
        """
[[rule]]
name = "late parcel"
when = { label = "complaint", words = ["colis"] }
then = [
  { action = "tag", tag = "late" },
  { action = "priority", level = "high" },
  { action = "queue", queue = "review" },
  { action = "draft", response = "late-parcel" },
  { action = "reply", response = "thanks" },
  { action = "escalate", queue = "cs", severity = "high", first_response = "90m", resolution = "2d" },
  { action = "hide", reason = "rude" },
]
mode = "share:25"
stop = true

[[rule]]
name = "rest"
when = {}
then = [{ action = "escalate", queue = "cs" }]
"""
    )

    first, second = book.rules
    assert first.actions == (
        Tag("late"),
        SetPriority(Priority.HIGH),
        SetQueue("review"),
        Draft("late-parcel"),
        Reply("thanks"),
        Escalate("cs", Severity.HIGH, timedelta(minutes=90), timedelta(days=2)),
        Hide("rude"),
    )
    assert (first.name, first.mode, first.share, first.stop) == ("late parcel", Mode.SHARE, 25, True)
    assert (second.actions, second.mode, second.stop) == ((Escalate("cs"),), Mode.DRAFT, False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("30m", timedelta(minutes=30)),
        ("90m", timedelta(minutes=90)),
        ("4h", timedelta(hours=4)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
    ],
)
def test_a_length_of_time_is_a_number_and_its_unit(written: str, meant: timedelta) -> None:
    raw = [{"action": "escalate", "queue": "q", "resolution": written}]

    assert read_then(raw, Place("rules.toml"), Known()) == (Escalate("q", resolution=meant),)


def test_without_a_list_of_responses_none_is_checked() -> None:
    assert read_rule_book(then('[{ action = "draft", response = "anything" }]')).rules


def test_an_empty_rule_book_decides_nothing() -> None:
    assert read_rule_book("").decide(some_facts_of("hello")).actions == ()


def test_a_rule_book_keeps_its_text_and_is_what_the_heart_asks_for() -> None:
    book: RuleBook = read_rule_book(when("{}"))

    assert book.text == when("{}")
    assert book.decide(some_facts_of()).rule == "late parcel"


def test_a_file_is_read_with_its_name_and_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("\ufeff" + when('{ words = "été" }'), encoding="utf-8")

    assert load(path).name == "mine.toml"


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no rule book at .*mine\.toml\."):
        load(tmp_path / "mine.toml")


def test_a_file_that_is_not_text_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadRuleBook, match=r"mine\.toml: this is not text in UTF-8\. Save it so from your editor\."):
        load(path)
    with pytest.raises(BadRuleBook, match="this cannot be read: "):
        load(tmp_path)


# --- anything at all ---

LINES = st.sampled_from(
    [
        "[[rule]]",
        "[rule]",
        'name = "a"',
        'name = "b',
        "when = {}",
        'when = { label = "complaint", not = { words = "x*" } }',
        "when = { pattern = '(a+' }",
        'when = { signal = { name = "spam", at_least = 1e400 } }',
        'then = [{ action = "draft", response = "a" }]',
        'then = [{ action = "draft" }, "x", 3]',
        'mode = "share:5"',
        "mode = 2026-01-01",
        "stop = true",
        "stop = nan",
        '"" = 1',
        "x = " + "9" * 5_000,
        "# words",
        "=",
    ]
)
VALUES = st.recursive(
    st.one_of(
        st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates(), st.sampled_from(["complaint"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(
                st.text(max_size=5), st.sampled_from(["label", "words", "signal", "name", "any", "not", "action"])
            ),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


def read_anything(text: str) -> TomlRuleBook | BadRuleBook:
    try:
        return read_rule_book(text, responses=["a"])
    except BadRuleBook as error:
        error.told_by(lambda says: says)
        return error


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join)))
def test_any_text_is_a_rule_book_or_a_bad_one(text: str) -> None:
    read_anything(text)


def to_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(f"\\U{ord(letter):08x}" for letter in value)
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(to_text(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{to_text(key)} = {to_text(item)}' for key, item in value.items())} }}"
    return str(value)


@given(name=VALUES, conditions=VALUES, actions=VALUES, mode=VALUES, stop=VALUES)
def test_any_values_make_a_rule_book_or_a_bad_one(
    name: object, conditions: object, actions: object, mode: object, stop: object
) -> None:
    lines = {"name": name, "when": conditions, "then": actions, "mode": mode, "stop": stop}

    read_anything("[[rule]]\n" + "\n".join(f"{key} = {to_text(value)}" for key, value in lines.items()))
