"""F71: rules about promises are read with their faults, asked when a clock runs out and of nothing else, and linted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.actions import NOT_BY_THE_CLOCK
from inbox.decisions import Facts
from inbox.errors import BadRuleBook
from inbox.model import SlaState
from inbox.promises import Clock, ClockEvent
from routing.lint import lint
from routing.rulebook import TomlRuleBook, read_rule_book
from tests.routing.builders import a_book, some_facts

TAG = 'then = [{ action = "tag", tag = "t" }]'
ABOUT_CLOCKS = f'when = {{ sla = "breached" }}\n{TAG}'
events = st.builds(ClockEvent, st.sampled_from(Clock), st.sampled_from([SlaState.DUE_SOON, SlaState.BREACHED]))


def fault_of(rule: str) -> str:
    with pytest.raises(BadRuleBook) as caught:
        a_book(rule)
    return str(caught.value).partition(": ")[2]


def findings_of(*rules: str) -> list[str]:
    return [str(finding).partition(": ")[2] for finding in lint(a_book(*rules))]


@given(facts=some_facts(), event=events)
def test_f71_a_rule_about_promises_is_asked_about_them_alone_and_every_other_rule_about_messages_alone(
    facts: Facts, event: ClockEvent
):
    book = a_book(f"when = {{}}\n{TAG}", 'when = { sla = ["due_soon", "breached"] }\n' + TAG, f"when = {{}}\n{TAG}")

    assert book.decide(facts).because == ("one", "three")
    assert book.decide(replace(facts, event=event)).because == ("two",)


@given(facts=some_facts(), event=events)
def test_a_book_that_asks_nothing_of_promises_decides_nothing_when_a_clock_runs_out(facts: Facts, event: ClockEvent):
    assert book_without().decide(replace(facts, event=event)).actions == ()
    assert not book_without().needs.clocks


def book_without() -> TomlRuleBook:
    return read_rule_book(f'[[rule]]\nname = "all"\nwhen = {{}}\n{TAG}\nstop = true\n')


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (
            f'when = {{ sla = "breach" }}\n{TAG}',
            'no promise is ever "breach". Did you mean "breached"? It is: due_soon, breached.',
        ),
        (
            f'when = {{ sla_of = "first" }}\n{TAG}',
            'nothing is promised that is called "first". Promises: first_response, next_response, resolution.',
        ),
        (
            'when = {}\nthen = [{ action = "notify", to = "group:sav" }]',
            'nobody is called by "group:sav". Write the name of one of the team, team:QUEUE, or channel:staff.',
        ),
        (
            'when = {}\nthen = [{ action = "notify", to = "team:" }]',
            'nobody is called by "team:". Write the name of one of the team, team:QUEUE, or channel:staff.',
        ),
        ('when = {}\nthen = [{ action = "notify" }]', 'the action "notify" wants "to", and it is missing.'),
    ],
)
def test_what_is_not_promised_and_whom_nobody_can_call_is_told(rule: str, fault: str):
    assert fault_of(rule) == fault


@pytest.mark.parametrize(
    "then",
    [
        '{ action = "lead" }',
        '{ action = "snooze", lasts = "1d" }',
        '{ action = "resolve" }',
        '{ action = "reply", response = "thanks" }',
        '{ action = "hide", reason = "r" }',
        '{ action = "delete", reason = "r" }',
        '{ action = "warn", reason = "r" }',
        '{ action = "timeout", lasts = "1h", reason = "r" }',
    ],
)
def test_f71_what_cannot_be_done_because_time_has_passed_is_linted(then: str):
    word = then.split('"')[1]

    told = findings_of(f'when = {{ sla = "breached", label = "offensive" }}\nthen = [{then}]')

    assert any(one.startswith(f'"{word}" is not done when a clock runs out.') for one in told)
    assert word in {action.word for action in NOT_BY_THE_CLOCK}


def test_f71_what_can_be_done_is_not_linted():
    can = [
        '{ action = "notify", to = "Paul" }',
        '{ action = "priority", level = "high" }',
        '{ action = "assign", to = "Paul" }',
        '{ action = "queue", queue = "sav" }',
        '{ action = "tag", tag = "t" }',
        '{ action = "escalate", queue = "sav" }',
        '{ action = "draft", response = "thanks" }',
    ]

    assert findings_of(*(f'when = {{ sla = "breached" }}\nthen = [{then}]' for then in can[:5])) == []
    assert findings_of(*(f'when = {{ sla = "due_soon" }}\nthen = [{then}]' for then in can[5:])) == []


def test_a_rule_that_also_means_messages_is_asked_about_none_of_them_and_told_so():
    (told,) = findings_of(f'when = {{ any = [{{ sla = "breached" }}, {{ label = "complaint" }}] }}\n{TAG}')

    assert told.startswith("it is asked only when a promise is due soon or broken")


def test_a_rule_that_stops_for_messages_hides_no_rule_about_promises():
    assert findings_of(f"when = {{}}\n{TAG}\nstop = true", ABOUT_CLOCKS) == []


def test_promises_that_contradict_each_other_can_never_hold():
    (told,) = findings_of(f'when = {{ sla = "breached", all = [{{ sla = "due_soon" }}] }}\n{TAG}')

    assert told.startswith("it can never hold:")


def test_a_call_to_what_is_closed_is_told():
    (told,) = findings_of(
        'when = { label = "praise" }\nthen = [{ action = "notify", to = "Paul" }, { action = "resolve" }]'
    )

    assert told == "it calls somebody to what it closes or puts off, and then nobody is called."
