"""The linter: what cannot be meant is told; what may be meant is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given

from inbox.abilities import NOTHING, Abilities
from inbox.decisions import Facts
from inbox.outgoing import OutboxKind
from routing.lint import lint
from routing.rulebook import TomlRuleBook, read_rule_book
from routing.rules import Rule
from tests.routing.builders import WHENS, a_book, rule_books, some_facts

TAG = 'then = [{ action = "tag", tag = "t" }]'
REPLY = 'then = [{ action = "reply", response = "thanks" }]\nmode = "live"'
HIDE = 'then = [{ action = "hide", reason = "rude" }]'
HIDE_FINDING = (
    'it proposes to hide messages that may offend nobody. Add label = "offensive": only what offends is hidden.'
)


def findings_of(*rules: str) -> list[str]:
    return [str(finding) for finding in lint(a_book(*rules))]


def never(conditions: str) -> list[str]:
    return [finding.partition(": ")[2] for finding in findings_of(f"when = {conditions}\n{TAG}")]


def replies_to(label: str) -> str:
    return (
        f'it replies by itself, and nothing keeps it from a message that is "{label}". '
        f'Add not = {{ label = "{label}" }} or lower its mode to draft.'
    )


@pytest.mark.parametrize(
    ("conditions", "finding"),
    [
        (
            '{ label = "praise", not = { label = "praise" } }',
            'it can never hold: not = { label = "praise" } rules out what it asks for.',
        ),
        (
            '{ label = "praise", not = { label = ["praise", "complaint"] } }',
            'it can never hold: not = { label = ["praise", "complaint"] } rules out what it asks for.',
        ),
        (
            '{ severity_at_least = "high", not = { severity_at_least = "low" } }',
            'it can never hold: not = { severity_at_least = "low" } rules out what it asks for.',
        ),
        (
            '{ signal = { name = "spam", at_least = 0.9 }, not = { signal = "spam" } }',
            'it can never hold: not = { signal = "spam" } rules out what it asks for.',
        ),
        (
            '{ words = "colis", not = { words = ["Colis", "lettre"] } }',
            'it can never hold: not = { words = ["Colis", "lettre"] } rules out what it asks for.',
        ),
        (
            '{ kind = "no_text", words = "colis" }',
            'it can never hold: with kind = "no_text" there is no text in which to find words = "colis".',
        ),
        (
            '{ links = true, kind = "no_text" }',
            'it can never hold: with kind = "no_text" there is no text in which to find links = true.',
        ),
        (
            '{ channel = "x", all = [{ channel = ["mail", "discord"] }] }',
            'it can never hold: channel = "x" and channel = ["mail", "discord"] contradict each other.',
        ),
        (
            "{ all = [{ unsure = true }, { unsure = false }] }",
            "it can never hold: unsure = true and unsure = false contradict each other.",
        ),
        (
            '{ all = [{ lang = "fr" }, { kind = "dm" }], not = { lang = ["fr", "en"], kind = "dm" } }',
            'it can never hold: not = { lang = ["fr", "en"], kind = "dm" } rules out what it asks for.',
        ),
    ],
)
def test_a_rule_that_can_never_hold_is_told(conditions: str, finding: str) -> None:
    assert never(conditions) == [finding]


@pytest.mark.parametrize(
    "conditions",
    [
        '{ all = [{ label = "praise" }, { label = "complaint" }] }',
        '{ label = ["praise", "complaint"], not = { label = "praise" } }',
        '{ label = "complaint", not = { label = "complaint", confidence_at_least = 0.9 } }',
        '{ kind = ["no_text", "dm"], words = "colis" }',
        '{ kind = "no_text", links = false }',
        '{ words = "colis", not = { words = "lettre" } }',
        '{ severity_at_least = "low", not = { severity_at_least = "high" } }',
        '{ signal = "spam", not = { signal = { name = "spam", at_least = 0.9 } } }',
        '{ any = [{ lang = "fr" }, { lang = "en" }], channel = "x" }',
        "{ unsure = true }",
    ],
)
def test_a_rule_that_may_hold_is_left_alone(conditions: str) -> None:
    assert never(conditions) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{}", '{ label = "praise" }'),
        ('{ label = "praise" }', '{ label = "praise" }'),
        ('{ label = ["praise", "complaint"] }', '{ label = "praise", lang = "fr" }'),
        ('{ severity_at_least = "low" }', '{ severity_at_least = "high", label = "offensive" }'),
        (
            '{ label = "praise", confidence_at_least = 0.5 }',
            '{ label = "praise", confidence_at_least = 0.9 }',
        ),
        ('{ words = ["a", "b"] }', '{ all = [{ words = "a" }, { lang = "fr" }] }'),
        ('{ any = [{ lang = "fr" }, { lang = "en" }] }', '{ lang = "en", words = "a" }'),
        ('{ not = { label = "praise", lang = "fr" } }', '{ not = { label = "praise" } }'),
        ('{ signal = ["spam", "urgent"] }', '{ signal = { name = "spam", at_least = 0.8 } }'),
    ],
)
def test_a_rule_behind_a_broader_one_that_stops_is_told(first: str, second: str) -> None:
    told = 'rules.toml, rule 2 "two": it is never asked: rule "one" holds whenever it would, and stops.'

    assert findings_of(f"when = {first}\n{TAG}\nstop = true", f"when = {second}\n{TAG}") == [told]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('{ label = "praise", lang = "fr" }', '{ label = "praise" }'),
        ('{ label = "praise" }', '{ label = ["praise", "complaint"] }'),
        ('{ words = "a" }', '{ words = ["a", "b"] }'),
        ('{ not = { label = "praise" } }', '{ not = { label = "praise", lang = "fr" } }'),
        ('{ signal = { name = "spam", at_least = 0.8 } }', '{ signal = "spam" }'),
        ('{ any = [{ lang = "fr" }, { words = "a" }] }', '{ lang = "en" }'),
    ],
)
def test_a_rule_behind_a_narrower_one_is_left_alone(first: str, second: str) -> None:
    assert findings_of(f"when = {first}\n{TAG}\nstop = true", f"when = {second}\n{TAG}") == []


def test_a_rule_that_does_not_stop_or_is_in_shadow_hides_none() -> None:
    assert findings_of(f"when = {{}}\n{TAG}", f"when = {{}}\n{TAG}") == []
    assert findings_of(f'when = {{}}\n{TAG}\nmode = "shadow"\nstop = true', f"when = {{}}\n{TAG}") == [
        'rules.toml, rule 1 "one": it is in shadow, so its stop does nothing.'
    ]


def test_a_rule_that_may_send_to_a_complaint_or_an_offence_is_told() -> None:
    one = 'rules.toml, rule 1 "one": '

    assert findings_of(f'when = {{ label = "complaint" }}\n{REPLY}') == [
        one + replies_to("complaint"),
        one + replies_to("offensive"),
    ]
    assert findings_of(f'when = {{ label = "praise", not = {{ label = "complaint" }} }}\n{REPLY}') == [
        one + replies_to("offensive")
    ]
    assert findings_of(f'when = {{ label = "praise", not = {{ label = ["complaint", "offensive"] }} }}\n{REPLY}') == []


def test_a_reply_is_in_order_where_an_earlier_rule_takes_complaints_and_offences_away() -> None:
    guard = f'when = {{ label = ["complaint", "offensive"] }}\n{TAG}\nstop = true'

    assert findings_of(guard, f'when = {{ label = "praise" }}\n{REPLY}') == []


def test_hiding_what_may_offend_nobody_is_told() -> None:
    assert findings_of(f'when = {{ signal = "spam" }}\n{HIDE}') == [f'rules.toml, rule 1 "one": {HIDE_FINDING}']
    assert findings_of(f'when = {{ label = ["offensive", "complaint"] }}\n{HIDE}') == [
        f'rules.toml, rule 1 "one": {HIDE_FINDING}'
    ]
    assert findings_of(f'when = {{ label = "offensive" }}\n{HIDE}') == []
    assert findings_of(f'when = {{ all = [{{ label = "offensive" }}, {{ lang = "fr" }}] }}\n{HIDE}') == []


def test_what_is_always_withheld_or_without_effect_is_told() -> None:
    draft = 'then = [{ action = "draft", response = "thanks" }]'

    assert findings_of(f"when = {{ unsure = true }}\n{draft}") == [
        'rules.toml, rule 1 "one": it asks for words, an escalation or hiding while unsure, and these are always '
        "withheld then. Use queue, tag or priority."
    ]
    assert findings_of(f"when = {{ unsure = true, confidence_at_least = 0.9 }}\n{TAG}") == [
        'rules.toml, rule 1 "one": it asks for unsure messages and for confidence at once: it holds only where one '
        "label is certain and another in doubt."
    ]
    assert findings_of(f'when = {{}}\n{TAG}\nmode = "live"') == [
        'rules.toml, rule 1 "one": its mode changes nothing: only a reply can be sent by itself, and it has none.'
    ]


def test_a_book_without_rules_is_told() -> None:
    assert [str(finding) for finding in lint(read_rule_book("# nothing yet"))] == [
        "rules.toml: there are no rules. Every message waits for a person."
    ]


@given(rules=rule_books(), facts=some_facts())
def test_a_rule_told_to_be_never_asked_is_never_asked(rules: list[Rule], facts: Facts) -> None:
    book = TomlRuleBook("", "rules.toml", tuple(rules))
    dead = [finding.facts["rule"].facts["rule"] for finding in lint(book) if "never asked" in str(finding)]

    assert not any(trace.held for trace in book.decide(facts).trace if trace.rule in dead)


@pytest.mark.parametrize("conditions", [when for when in WHENS if when != "{}"])
@given(facts=some_facts())
def test_conditions_told_never_to_hold_with_their_opposite_never_do(conditions: str, facts: Facts) -> None:
    rule = a_book(f"when = {{ all = [{conditions}], not = {conditions} }}\n{TAG}").rules[0]

    assert any("can never hold" in finding for finding in never(f"{{ all = [{conditions}], not = {conditions} }}"))
    assert not rule.when(facts)


ACTS = {
    "discord": Abilities(acts=frozenset({OutboxKind.REPLY, OutboxKind.DELETE, OutboxKind.TIMEOUT})),
    "file": NOTHING,
}


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (
            "{ open_hours = true, not = { open_hours = true } }",
            "it can never hold: not = { open_hours = true } rules out what it asks for.",
        ),
        (
            "{ crisis = true, all = [{ crisis = false }] }",
            "it can never hold: crisis = true and crisis = false contradict each other.",
        ),
        (
            '{ sent_between = "22:00-07:00", all = [{ sent_between = "09:00-12:00" }] }',
            'it can never hold: sent_between = "22:00-07:00" and sent_between = "09:00-12:00" contradict each other.',
        ),
        (
            '{ contact = { first_message = true, messages_at_least = 2, within = "7d" } }',
            'it can never hold: in contact = { first_message = true, messages_at_least = 2, within = "7d" }, the first '
            "message would be one of several.",
        ),
        (
            "{ contact = { first_message = true }, all = [{ contact = { first_message = false } }] }",
            "it can never hold: contact = { first_message = true } and contact = { first_message = false } contradict "
            "each other.",
        ),
    ],
)
def test_f56_a_rule_with_contradictory_conditions_is_reported_as_never_true(when: str, why: str) -> None:
    book = a_book(f'when = {when}\nthen = [{{ action = "tag", tag = "t" }}]')

    assert [str(finding) for finding in lint(book)] == [f'rules.toml, rule 1 "one": {why}']


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{ repeated = 2 }", "{ repeated = 5 }"),
        ('{ sent_between = "20:00-08:00" }', '{ sent_between = "22:00-07:00" }'),
        ('{ contact = { tag = ["vip", "press"] } }', '{ contact = { tag = "vip", first_message = true } }'),
        (
            "{ contact = { sanctions_at_least = 1 } }",
            '{ contact = { sanctions_at_least = 2, within = "30d" } }',
        ),
    ],
)
def test_f56_a_rule_below_a_broader_one_that_stops_is_never_asked(first: str, second: str) -> None:
    tag = 'then = [{ action = "tag", tag = "t" }]'

    found = lint(a_book(f"when = {first}\n{tag}\nstop = true", f"when = {second}\n{tag}"))
    assert [str(one) for one in found] == [
        'rules.toml, rule 2 "two": it is never asked: rule "one" holds whenever it would, and stops.'
    ]
    assert lint(a_book(f"when = {second}\n{tag}\nstop = true", f"when = {first}\n{tag}")) == []


@pytest.mark.parametrize(
    ("channel", "action", "doubt"),
    [
        (
            '"file"',
            '{ action = "delete", reason = "r" }',
            "it proposes to delete a message, and nobody can do that on file.",
        ),
        (
            '"file"',
            '{ action = "hide", reason = "r" }',
            "it proposes to hide a message, and nobody can do that on file.",
        ),
        (
            '"file"',
            '{ action = "timeout", lasts = "1h", reason = "r" }',
            "it proposes to silence somebody for a time, and nobody can do that on file.",
        ),
        ('"discord"', '{ action = "hide", reason = "r" }', None),
        ('["discord", "file"]', '{ action = "delete", reason = "r" }', None),
        ('["other", "file"]', '{ action = "delete", reason = "r" }', None),
    ],
)
def test_f56_what_nobody_can_do_on_the_channel_that_a_rule_names_is_told(
    channel: str, action: str, doubt: str | None
) -> None:
    book = a_book(f'when = {{ label = "offensive", channel = {channel} }}\nthen = [{action}]')

    told = [] if doubt is None else [f'rules.toml, rule 1 "one": {doubt}']
    assert [str(finding) for finding in lint(book, abilities=ACTS)] == told


@pytest.mark.parametrize(
    ("when", "more", "doubt"),
    [
        ("{}", ', { action = "queue", queue = "q" }', None),
        (
            "{}",
            ', { action = "draft", response = "d" }',
            "it closes or puts off what it leaves something to be done for, and that is always withheld.",
        ),
        (
            '{ label = "complaint" }',
            "",
            "it closes or puts off a complaint or what offends, and that is always withheld.",
        ),
    ],
)
def test_f56_closing_that_is_always_withheld_is_told(when: str, more: str, doubt: str | None) -> None:
    book = a_book(f'when = {when}\nthen = [{{ action = "resolve" }}{more}]')

    assert [str(one) for one in lint(book)] == ([] if doubt is None else [f'rules.toml, rule 1 "one": {doubt}'])
