"""A book made ready for many messages decides as its rules do one by one, whatever came before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import Hide, Mode, Tag
from inbox.background import Background
from inbox.decisions import Facts
from inbox.model import Prediction, Standing
from inbox.text import fold
from routing import aspects, compiled
from routing.compiled import CompiledRules
from routing.deciding import decide
from routing.rules import Rule
from tests.inbox.builders import NOON
from tests.routing.builders import WHENS, a_rule, actions, conditions_of, some_facts, some_facts_of

MORE_WHENS = (
    """{ words = ["colis", "l'envoi", "où est mon*", "est"] }""",
    '{ words = "mon colis" }',
    '{ words = ["bug", "bugs*"], not = { words = "refund" } }',
    "{ pattern = 'refund|colis' }",
    "{ pattern = '\\d{4}' }",
    "{ pattern = 'n°?\\s?\\d' }",
    "{ pattern = 'livraison' }",
    "{ pattern = '[a-z]+!' }",
    '{ signal = ["spam", { name = "urgent", at_least = 0.9 }] }',
    '{ signal = { name = "question", at_least = 0 } }',
    "{ links = false }",
    '{ contact = { messages_at_least = 2, within = "1d" } }',
    '{ contact = { messages_at_least = 1, within = "1d" } }',
    "{ contact = { sanctions_at_least = 1 } }",
    "{ repeated = 2 }",
    '{ all = [{ words = "bug" }, { label = "complaint" }] }',
    '{ any = [{ words = "bug" }, { pattern = "merci" }] }',
    '{ any = [{ words = "bug" }, { label = "complaint", kind = "dm" }] }',
    '{ not = { any = [{ words = ["bug", "colis"] }, { links = true }] } }',
    '{ any = [{ not = { signal = "spam" } }, { all = [{ crisis = true }, { repeated = 2 }] }] }',
    '{ channel = "telegram", words = "colis", label = "complaint" }',
    '{ lang = "fr", pattern = "colis", signal = "question", links = false }',
)
SAID = (
    "colis",
    "bug",
    "bugs",
    "refund",
    "n° 12345",
    "Où est mon colis",
    "LIVRAISON",
    "lıvraıson",
    "v 1.5",
    "a!",
    "a.fr/b",
    "\ud800",
    "l’envoi",
)
READY = {when: conditions_of(when) for when in (*WHENS, *MORE_WHENS)}
EVERY_KIND = [
    Rule(f"rule {number}", conditions, (Tag(str(number)), Hide("rude")))
    for number, conditions in enumerate(READY.values())
]
EVERY_KIND_READY = CompiledRules(EVERY_KIND)


@st.composite
def books(draw: st.DrawFn) -> list[Rule]:
    return [
        Rule(
            f"rule {number}",
            READY[when],
            tuple(draw(st.lists(actions, min_size=1, max_size=2))),
            draw(st.sampled_from(Mode)),
            draw(st.sampled_from([1, 50, 99])),
            draw(st.sampled_from([False, False, True])),
        )
        for number, when in enumerate(draw(st.lists(st.sampled_from([*READY]), max_size=12)))
    ]


@st.composite
def messages(draw: st.DrawFn) -> list[Facts]:
    """Several messages, some of them judged alike."""
    judgements = draw(st.lists(some_facts().map(lambda facts: facts.prediction), min_size=1, max_size=2))
    return [draw(one_message(st.sampled_from(judgements))) for _ in range(draw(st.integers(1, 5)))]


@st.composite
def one_message(draw: st.DrawFn, predictions: st.SearchStrategy[Prediction]) -> Facts:
    text = draw(st.text(max_size=3)).join(draw(st.lists(st.sampled_from(SAID), max_size=4)))
    moments = st.lists(st.integers(-2, 40).map(lambda hours: NOON - timedelta(hours=hours)), max_size=3).map(sorted)
    facts = draw(some_facts())
    return replace(
        facts,
        text=text,
        folded=fold(text),
        prediction=draw(predictions),
        background=replace(facts.background, messages=draw(moments), sanctions=draw(moments), repeats=draw(moments)),
        standing=draw(st.sampled_from(Standing)),
    )


@given(rules=books(), several=messages())
def test_a_whole_book_decides_as_its_rules_do_one_by_one(rules: list[Rule], several: list[Facts]) -> None:
    ready = CompiledRules(rules)

    for facts in several:
        assert ready.decide(facts) == decide(rules, facts)
        assert ready.decide(facts, traced=False) == decide(rules, facts, traced=False)


@given(several=messages())
def test_every_kind_of_rule_together_decides_as_one_by_one(several: list[Facts]) -> None:
    for facts in several:
        assert EVERY_KIND_READY.decide(facts) == decide(EVERY_KIND, facts)
        assert EVERY_KIND_READY.decide(facts, traced=False) == decide(EVERY_KIND, facts, traced=False)


@given(several=messages())
def test_what_was_forgotten_is_worked_out_anew(several: list[Facts]) -> None:
    ready = CompiledRules(EVERY_KIND)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "_MOST_DECISIONS", 1)
        patch.setattr(compiled, "_MOST_JUDGEMENTS", 2)
        patch.setattr(aspects, "_MOST_VALUES", 1)
        for facts in [*several, *several]:
            assert ready.decide(facts) == decide(EVERY_KIND, facts)


def test_a_book_without_rules_decides_nothing() -> None:
    assert CompiledRules([]).decide(some_facts_of("hello")) == decide([], some_facts_of("hello"))


def test_a_condition_of_a_kind_that_is_not_prepared_for_is_asked_of_every_message() -> None:
    (condition,) = conditions_of("{ crisis = true }")
    rule = replace(a_rule(stop=True), conditions=(replace(condition, kind="something new"),))
    ready = CompiledRules([rule])

    held = [
        ready.decide(some_facts_of(background=Background(crisis=crisis)), traced=traced).rule
        for traced in (True, False)
        for crisis in (True, False)
    ]

    assert held == ["a rule", None, "a rule", None]


def test_each_message_is_drawn_for_its_share_though_all_else_is_alike() -> None:
    rules = [a_rule(when="{}", mode=Mode.SHARE, share=10)]
    ready = CompiledRules(rules)
    keys = [some_facts_of(key=str(number)) for number in range(300)]

    assert [ready.decide(facts) for facts in keys] == [decide(rules, facts) for facts in keys]
