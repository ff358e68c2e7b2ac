"""Facts, rules and rule books for the tests of routing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from inbox.actions import (
    Action,
    Assign,
    Delete,
    Draft,
    Escalate,
    Hide,
    Lead,
    Mode,
    Notify,
    Reply,
    Resolve,
    SetPriority,
    SetQueue,
    Snooze,
    Tag,
    Timeout,
    Warn,
)
from inbox.background import UNKNOWN, Background
from inbox.decisions import Facts
from inbox.model import Kind, Label, Prediction, Priority, Severity, Signal, Target, Visibility
from inbox.text import fold
from routing.conditions import Condition
from routing.rulebook import TomlRuleBook, read_rule_book
from routing.rules import Rule
from tests.inbox.builders import NOON, OFFICE_HOURS


def some_facts_of(
    text: str = "",
    *,
    labels: Sequence[Label] = (),
    unsure: Sequence[Label] = (),
    scores: Mapping[Label, float] | None = None,
    signals: Mapping[Signal, float] | None = None,
    **rest: Any,
) -> Facts:
    """The facts of a message; what is not said is dull: a public comment in English, by Discord, of no label."""
    prediction = Prediction(
        labels=tuple(labels),
        unsure=tuple(unsure),
        scores=dict.fromkeys(labels, 0.9) | dict(scores or {}),
        signals=signals or {},
        lang=rest.get("lang", "en"),
        lang_known=rest.get("lang_known", True),
        model="test",
        severity=rest.get("severity"),
        target=rest.get("target"),
    )
    return Facts(
        channel=rest.get("channel", "discord"),
        kind=rest.get("kind", Kind.COMMENT),
        visibility=rest.get("visibility", Visibility.PUBLIC),
        text=text,
        folded=fold(text),
        prediction=prediction,
        key=rest.get("key", "1"),
        sent_at=rest.get("sent_at", NOON),
        hours=rest.get("hours", OFFICE_HOURS),
        background=rest.get("background", UNKNOWN),
    )


def a_rule(
    name: str = "a rule",
    *actions: Action,
    when: str = "{}",
    mode: Mode = Mode.DRAFT,
    share: int = 100,
    stop: bool = False,
) -> Rule:
    """A rule; `when` is written as in a rule book."""
    read = read_rule_book(f'[[rule]]\nname = "read"\nwhen = {when}\nthen = [{{ action = "tag", tag = "t" }}]\n')
    return Rule(name, read.rules[0].conditions, actions or (Tag("t"),), mode=mode, share=share, stop=stop)


def conditions_of(when: str) -> tuple[Condition, ...]:
    """The conditions of a `when`, written as in a rule book."""
    return a_rule(when=when).conditions


def a_book(*rules: str) -> TomlRuleBook:
    """A rule book of rules written without their name and brackets: they are called one, two, three and so on."""
    names = ("one", "two", "three", "four", "five")
    return read_rule_book(
        "".join(f'[[rule]]\nname = "{name}"\n{rule}\n' for name, rule in zip(names, rules, strict=False))
    )


WORDS = ("colis", "refund", "bug", "merci", "où est mon colis ?", "l'envoi", "https://example.org")

WHENS = (
    "{}",
    '{ label = "complaint" }',
    '{ label = ["praise", "sales_lead"] }',
    '{ label = "complaint", confidence_at_least = 0.8 }',
    "{ unsure = true }",
    "{ unsure = false }",
    '{ signal = "question" }',
    '{ words = ["colis", "refund*"] }',
    '{ channel = "telegram" }',
    '{ kind = "dm", visibility = "private" }',
    '{ label = "offensive", severity_at_least = "medium" }',
    '{ not = { label = ["offensive", "complaint"] } }',
    '{ any = [{ lang = "fr" }, { links = true }] }',
    "{ crisis = true }",
    "{ repeated = 3 }",
    '{ sent_between = ["08:00-12:00", "13:00-18:00"] }',
    "{ open_hours = false, contact = { first_message = true } }",
    '{ contact = { tag = "vip" } }',
)

actions = st.one_of(
    st.sampled_from(["vip", "late"]).map(Tag),
    st.sampled_from(Priority).map(SetPriority),
    st.sampled_from(["sales", "review"]).map(SetQueue),
    st.sampled_from(["thanks", "refund", "bug", "lead", "question"]).map(Draft),
    st.sampled_from(["thanks", "refund"]).map(Reply),
    st.builds(Escalate, st.sampled_from(["customer-service", "sales"]), st.sampled_from(Severity)),
    st.sampled_from(["rude", "spam"]).map(Hide),
    st.sampled_from(
        [
            Lead(),
            Assign("Ines"),
            Assign("Paul"),
            Notify("Paul"),
            Notify("team:sales", "Look."),
            Snooze(timedelta(days=1)),
            Snooze(timedelta(hours=4)),
            Resolve(),
            Reply("thanks", "closure"),
            Draft("thanks", timedelta(days=7)),
            Delete("rude"),
            Warn("rude"),
            Timeout(timedelta(hours=1), "rude"),
        ]
    ),
)

_READY = {when: conditions_of(when) for when in WHENS}


@st.composite
def rule_books(draw: st.DrawFn) -> list[Rule]:
    """Any sequence of rules that a rule book could hold."""
    return [
        Rule(
            name=f"rule {number}",
            conditions=_READY[draw(st.sampled_from(WHENS))],
            actions=tuple(draw(st.lists(actions, min_size=1, max_size=3))),
            mode=draw(st.sampled_from(Mode)),
            share=draw(st.integers(1, 100)),
            stop=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 6)))
    ]


@st.composite
def some_facts(draw: st.DrawFn) -> Facts:
    """The facts of any message."""
    labels = draw(st.lists(st.sampled_from(Label), unique=True))
    return some_facts_of(
        " ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
        labels=labels,
        unsure=draw(st.lists(st.sampled_from([label for label in Label if label not in labels]), unique=True))
        if len(labels) < len(Label) and draw(st.booleans())
        else (),
        scores=draw(st.dictionaries(st.sampled_from(Label), st.floats(0, 1))),
        signals=draw(st.dictionaries(st.sampled_from(Signal), st.floats(0, 1))),
        lang=draw(st.sampled_from(["fr", "en", "und"])),
        lang_known=draw(st.booleans()),
        severity=draw(st.sampled_from([None, *Severity])),
        target=draw(st.sampled_from([None, *Target])),
        channel=draw(st.sampled_from(["discord", "telegram"])),
        kind=draw(st.sampled_from(Kind)),
        visibility=draw(st.sampled_from(Visibility)),
        key=draw(st.integers(1, 10_000).map(str)),
        sent_at=NOON + timedelta(hours=draw(st.integers(0, 100))),
        background=Background(
            tags=draw(st.sampled_from([frozenset(), frozenset({"vip"})])),
            is_first=draw(st.booleans()),
            repeats=[NOON] * draw(st.integers(0, 4)),
            crisis=draw(st.booleans()),
        ),
    )
