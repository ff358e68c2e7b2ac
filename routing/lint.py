"""What is in order in a rule book but cannot be meant: rules that never hold, are never asked, or go too far.

Only what is certain is told: a finding here is never a matter of taste, and silence proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from inbox.abilities import Abilities
from inbox.actions import (
    NOT_BY_THE_CLOCK,
    Delete,
    Draft,
    Escalate,
    Hide,
    Mode,
    Notify,
    Proposal,
    Reply,
    Resolve,
    Snooze,
    Timeout,
    Warn,
)
from inbox.background import EVER
from inbox.cases import CaseAct, to_do
from inbox.model import Kind, Label
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from routing.conditions import Condition, Contact
from routing.faults import Place
from routing.needs import needs_of
from routing.rulebook import TomlRuleBook
from routing.rules import Rule

_ONE_OF = frozenset({"channel", "lang", "kind", "visibility", "target", "sent_between", "sla", "sla_of"})
"""Conditions on something of which a message has exactly one, or at most one."""

_LISTS = _ONE_OF | {"label", "words", "severity_at_least"}
"""Conditions whose value is a set of which any member will do: the larger the set, the broader the condition."""


_KEPT_OPEN = (Label.COMPLAINT, Label.OFFENSIVE)


def lint(book: TomlRuleBook, *, abilities: Mapping[str, Abilities] | None = None) -> list[Sentence]:
    """Everything that looks like a mistake in a rule book that can be read, in the order of its rules.

    `abilities` says per channel what it can do; of one that is not there, nothing is said.
    """
    if not book.rules:
        return [Sentence("{file}: there are no rules. Every message waits for a person.", file=book.name)]
    about_clocks = [_asks_clocks(rule) for rule in book.rules]
    return [
        Place(book.name, number=number, rule=rule.name).told(finding)
        for number, (rule, about) in enumerate(zip(book.rules, about_clocks, strict=True), start=1)
        # Of a message and of a clock that has run out different rules are asked.
        for earlier in [
            [other for other, its in zip(book.rules[: number - 1], about_clocks, strict=False) if its is about]
        ]
        for finding in _findings(rule, earlier, abilities or {})
    ]


def _findings(rule: Rule, earlier: Sequence[Rule], abilities: Mapping[str, Abilities]) -> Iterator[Sentence]:
    must = _must_hold(rule.conditions)
    if (never := _why_never(must)) is not None:
        yield never
        return
    if (by := _stopped_by(must, earlier)) is not None:
        yield Sentence('it is never asked: rule "{other}" holds whenever it would, and stops.', other=by.name)
        return
    yield from _too_far(rule, must, earlier)
    yield from _without_effect(rule, must)
    yield from _about_clocks(rule, must)
    yield from _not_possible(rule, must, abilities)


def _too_far(rule: Rule, must: Sequence[Condition], earlier: Sequence[Rule]) -> Iterator[Sentence]:
    replies = any(isinstance(action, Reply) for action in rule.actions)
    if replies and rule.mode in {Mode.LIVE, Mode.SHARE}:
        for label in (Label.COMPLAINT, Label.OFFENSIVE):
            with_it = [*must, _asks_label(label)]
            if _why_never(with_it) is None and _stopped_by(with_it, earlier) is None:
                yield Sentence(
                    'it replies by itself, and nothing keeps it from a message that is "{label}". '
                    'Add not = {{ label = "{label}" }} or lower its mode to draft.',
                    label=label.value,
                )
    if any(isinstance(action, Hide) for action in rule.actions) and not any(
        _implies(condition, _asks_label(Label.OFFENSIVE)) for condition in must
    ):
        yield Sentence(
            'it proposes to hide messages that may offend nobody. Add label = "offensive": only what offends is hidden.'
        )


def _without_effect(rule: Rule, must: Sequence[Condition]) -> Iterator[Sentence]:
    kinds = {condition.kind for condition in must}
    if _asks_unsure(must):
        if any(isinstance(action, Draft | Reply | Escalate | Proposal | Snooze | Resolve) for action in rule.actions):
            yield Sentence(
                "it asks for words, an escalation or hiding while unsure, and these are always withheld then. "
                "Use queue, tag or priority."
            )
        if "confidence_at_least" in kinds:
            yield Sentence(
                "it asks for unsure messages and for confidence at once: it holds only where one label is certain and "
                "another in doubt."
            )
    if any(isinstance(action, Resolve | Snooze) for action in rule.actions):
        if any(isinstance(action, Draft | Reply | Escalate | Proposal) for action in rule.actions):
            yield Sentence(
                "it closes or puts off what it leaves something to be done for, and that is always withheld."
            )
        elif any(isinstance(action, Notify) for action in rule.actions):
            yield Sentence("it calls somebody to what it closes or puts off, and then nobody is called.")
        elif any(_implies(condition, _asks_label(label)) for condition in must for label in _KEPT_OPEN):
            yield Sentence("it closes or puts off a complaint or what offends, and that is always withheld.")
    if rule.mode is Mode.SHADOW and rule.stop:
        yield Sentence("it is in shadow, so its stop does nothing.")
    if rule.mode in {Mode.LIVE, Mode.SHARE} and not any(isinstance(action, Reply) for action in rule.actions):
        yield Sentence("its mode changes nothing: only a reply can be sent by itself, and it has none.")


def _about_clocks(rule: Rule, must: Sequence[Condition]) -> Iterator[Sentence]:
    """What comes of asking for a promise: the rule is asked when a clock runs out, and about nothing else."""
    if not _asks_clocks(rule):
        return
    kinds = {condition.kind for condition in must}
    if not kinds & {"sla", "sla_of"}:
        yield Sentence(
            "it is asked only when a promise is due soon or broken, and perhaps it means messages, too. Put sla beside "
            "the other conditions, outside any and not, and make a second rule for messages."
        )
    for action in rule.actions:
        if isinstance(action, NOT_BY_THE_CLOCK):
            yield Sentence(
                '"{action}" is not done when a clock runs out. What is: notify, priority, assign, queue, tag, escalate '
                "and draft.",
                action=action.word,
            )


def _asks_clocks(rule: Rule) -> bool:
    return needs_of(rule.conditions).clocks


def _not_possible(rule: Rule, must: Sequence[Condition], abilities: Mapping[str, Abilities]) -> Iterator[Sentence]:
    """What none of the channels can do that the rule names: elsewhere, a person may find a way."""
    named = [condition.value for condition in must if condition.kind == "channel"]
    for channels in named:
        if not isinstance(channels, frozenset) or not channels <= abilities.keys():
            continue
        for action in rule.actions:
            act = _ACTS.get(type(action))
            if act is not None and not any(_can(abilities[channel], act) for channel in channels):
                yield Sentence(
                    "it proposes to {act}, and nobody can do that on {channels}.",
                    act=to_do(act),
                    channels=", ".join(sorted(channels)),
                )


def _can(abilities: Abilities, act: CaseAct) -> bool:
    if act is CaseAct.HIDE:  # where a message cannot be hidden, it is deleted
        return abilities.removal is not None
    return abilities.can(act.kind or OutboxKind.REPLY)


_ACTS: Mapping[type[object], CaseAct] = {
    Hide: CaseAct.HIDE,
    Delete: CaseAct.DELETE,
    Warn: CaseAct.WARN,
    Timeout: CaseAct.TIMEOUT,
}


def _stopped_by(must: Sequence[Condition], earlier: Sequence[Rule]) -> Rule | None:
    """The first earlier rule that stops wherever these conditions hold, or None."""
    for other in earlier:
        if other.stop and other.mode is not Mode.SHADOW and _all_implied(other.conditions, must):
            return other
    return None


def _why_never(must: Sequence[Condition]) -> Sentence | None:
    """Why conditions can never hold together, or None where they may."""
    for condition in must:
        if condition.kind == "not" and _all_implied(condition.parts[0], must):
            return Sentence("it can never hold: {condition} rules out what it asks for.", condition=condition.says)
        if isinstance(condition.value, Contact) and _not_of_one_contact(condition.value, condition.value):
            return Sentence(
                "it can never hold: in {condition}, the first message would be one of several.",
                condition=condition.says,
            )
    for number, one in enumerate(must):
        for other in must[number + 1 :]:
            if one.kind == other.kind and _exclude_each_other(one, other):
                return Sentence(
                    "it can never hold: {one} and {other} contradict each other.", one=one.says, other=other.says
                )
    kinds = [condition for condition in must if condition.kind == "kind"]
    for condition in must:
        if condition.kind in {"words", "pattern"} or (condition.kind == "links" and condition.value is True):
            for kind in kinds:
                if kind.value == frozenset({Kind.NO_TEXT}):
                    return Sentence(
                        "it can never hold: with {kind} there is no text in which to find {condition}.",
                        kind=kind.says,
                        condition=condition.says,
                    )
    return None


def _exclude_each_other(one: Condition, other: Condition) -> bool:
    if one.kind in {"unsure", "links", "open_hours", "crisis"}:
        return one.value is not other.value
    if isinstance(one.value, Contact) and isinstance(other.value, Contact):
        return _not_of_one_contact(one.value, other.value) or _not_of_one_contact(other.value, one.value)
    if one.kind in _ONE_OF and isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return one.value.isdisjoint(other.value)
    return False


def _not_of_one_contact(one: Contact, other: Contact) -> bool:
    """Whether nobody can be what both ask."""
    if one.first_message is None:
        return False
    if other.first_message is not None and one.first_message is not other.first_message:
        return True
    return one.first_message and (other.messages_at_least or 0) > 1


def _is_narrower_contact(one: Contact, other: Contact) -> bool:
    """Whether whoever is the one is the other, too."""
    mine, whole = one.within or EVER, other.within or EVER
    return (
        (other.first_message is None or one.first_message is other.first_message)
        and (other.tags is None or (one.tags is not None and one.tags <= other.tags))
        and (
            other.messages_at_least is None
            or ((one.messages_at_least or 0) >= other.messages_at_least and mine <= whole)
        )
        and (
            other.sanctions_at_least is None
            or ((one.sanctions_at_least or 0) >= other.sanctions_at_least and mine <= whole)
        )
    )


def _must_hold(conditions: Sequence[Condition]) -> list[Condition]:
    """Every condition that must hold for all of these to hold, with those inside an `all` or a lone `any`."""
    found: list[Condition] = []
    for condition in conditions:
        if condition.kind == "all" or (condition.kind == "any" and len(condition.parts) == 1):
            for table in condition.parts:
                found.extend(_must_hold(table))
        else:
            found.append(condition)
    return found


def _all_implied(wanted: Sequence[Condition], must: Sequence[Condition]) -> bool:
    """Whether all of `wanted` hold wherever all of `must` do; False where that is not certain."""
    return all(any(_implies(condition, want) for condition in must) for want in _must_hold(wanted))


def _implies(one: Condition, other: Condition) -> bool:
    """Whether `other` holds wherever `one` does; False where that is not certain."""
    if one == other:
        return True
    if other.kind == "any":
        return any(_all_implied(table, [one]) for table in other.parts)
    if one.kind == other.kind == "not":
        return _all_implied(one.parts[0], _must_hold(other.parts[0]))
    return one.kind == other.kind and _is_narrower(one, other)


def _is_narrower(one: Condition, other: Condition) -> bool:
    """Whether one condition asks for no more than another of the same kind lets through."""
    match one.value, other.value:
        case frozenset() as ones, frozenset() as others if one.kind == "signal":
            return all(any(name == also and least >= enough for also, enough in others) for name, least in ones)
        case frozenset() as ones, frozenset() as others if one.kind in _LISTS:
            return ones <= others
        case Contact() as mine, Contact() as theirs:
            return _is_narrower_contact(mine, theirs)
        case int() as often, int() as enough if one.kind == "repeated":
            return often >= enough
        case (frozenset() as ones, float() as least), (frozenset() as others, float() as enough):
            return ones <= others and least >= enough
        case _:
            return False


def _asks_unsure(must: Sequence[Condition]) -> bool:
    return any(condition.kind == "unsure" and condition.value is True for condition in must)


def _asks_label(label: Label) -> Condition:
    """The condition that this label holds, for comparing."""
    return Condition("label", frozenset({label}), f'label = "{label}"', lambda facts: label in facts.prediction.labels)
