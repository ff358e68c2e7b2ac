"""Deciding about one message: ask the rules from top to bottom, gather what they want, settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from inbox.actions import Mode, Planned
from inbox.decisions import Decision, Facts, RuleTrace
from inbox.sentences import Sentence
from routing.rules import Rule
from routing.settling import named, settle


def decide(rules: Sequence[Rule], facts: Facts, *, traced: bool = True) -> Decision:
    """Gather the actions of the rules that hold, down to the first that says stop, and settle them.

    A rule in shadow leaves a note of what it would have asked for, and nothing else: it neither acts nor stops. Unless
    `traced`, the trace names the rules that held and nothing else: twice as fast, for whoever decides on many messages.

    This is what deciding means, rule by rule. `routing.compiled` does the same for a whole book in a part of the time.
    """
    trace: list[RuleTrace] = []
    held: list[Rule] = []
    for rule in rules:
        if traced:
            asked = rule.ask(facts)
            trace.append(asked)
            if not asked.held:
                continue
        elif not rule.when(facts):
            continue
        held.append(rule)
        if rule.stop and rule.mode is not Mode.SHADOW:
            break
    concluded = conclude(held, facts)
    return replace(concluded, trace=tuple(trace)) if traced else concluded


def conclude(held: Sequence[Rule], facts: Facts) -> Decision:
    """What comes of the rules that hold, in their order. The trace names them, and nothing else."""
    wanted: list[Planned] = []
    notes: list[Sentence] = []
    for rule in held:
        if rule.mode is Mode.SHADOW:
            notes.extend(_would_have(rule))
        else:
            wanted.extend(rule.plan(facts))
    settled = settle(wanted, facts.prediction, facts.standing)
    return Decision(
        actions=settled.actions,
        because=tuple([rule.name for rule in held if rule.mode is not Mode.SHADOW]),
        notes=(*notes, *settled.notes),
        trace=tuple([_held(rule.name) for rule in held]),
    )


@lru_cache(maxsize=4_096)
def _held(rule: str) -> RuleTrace:
    return RuleTrace(rule, held=True)


def _would_have(rule: Rule) -> list[Sentence]:
    return [
        Sentence('In shadow, rule "{rule}" would have asked for: {action}.', rule=rule.name, action=named(action))
        for action in rule.actions
    ]
