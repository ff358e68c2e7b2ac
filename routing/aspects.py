"""Parts of what a message is that take few different values: how it was judged, the way it came, who wrote it.

What such a value says of the conditions that look at nothing else is worked out once, and then looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from inbox.decisions import Facts
from routing.conditions import Condition, Contact

_MOST_VALUES = 2_048
"""Beyond so many, what is known of the values of an aspect is forgotten, and worked out anew when it is wanted."""

ValueOf = Callable[[Facts], Hashable]


def judgement(facts: Facts) -> Hashable:
    """What the model made of a message, as far as it takes few values."""
    seen = facts.prediction
    return seen.labels, seen.unsure, seen.lang_known, seen.lang, seen.severity, seen.target


def way(facts: Facts) -> Hashable:
    """How a message came."""
    return facts.channel, facts.kind, facts.visibility


def writer(facts: Facts) -> Hashable:
    """Who wrote a message, and in what times."""
    about = facts.background
    return about.tags, about.is_first, about.crisis


_LOOKS_AT: dict[str, ValueOf] = {
    **dict.fromkeys(("label", "unsure", "severity_at_least", "target", "lang"), judgement),
    **dict.fromkeys(("channel", "kind", "visibility"), way),
    "crisis": writer,
}
"""By its kind, what a condition looks at and nothing else: the same value gives the same answer."""


def aspect_of(condition: Condition) -> ValueOf | None:
    """The one aspect that a condition looks at with all its parts; None where it looks at others, or at several."""
    if condition.parts:
        aspects = {aspect_of(part) for table in condition.parts for part in table}
        return aspects.pop() if len(aspects) == 1 else None
    asked = condition.value
    if isinstance(asked, Contact) and asked.messages_at_least is None and asked.sanctions_at_least is None:
        return writer
    return _LOOKS_AT.get(condition.kind)


@dataclass(frozen=True, slots=True)
class Seen:
    """What one value of an aspect says: the questions that it answers with yes, and the rules that it leaves."""

    yes: int
    leaves: int


class Aspect:
    """An aspect, and the questions that look at nothing else: a condition, its bit, and the rules that ask it."""

    def __init__(self, value_of: ValueOf, questions: Sequence[tuple[Condition, int, int]], every_rule: int) -> None:
        self._value_of = value_of
        self._questions = questions
        self._every_rule = every_rule
        self.known: dict[Hashable, Seen] = {}

    def meet(self, facts: Facts) -> Seen:
        """Work out what this message's value says, and keep it among what is `known`."""
        if len(self.known) >= _MOST_VALUES:
            self.known.clear()
        seen = self.known[self._value_of(facts)] = self._work_out(facts)
        return seen

    def _work_out(self, facts: Facts) -> Seen:
        yes, out = 0, 0
        for condition, bit, rules in self._questions:
            if condition.holds(facts):
                yes |= bit
            else:
                out |= rules
        return Seen(yes, self._every_rule & ~out)
