"""One rule of the rule book: when it holds, what it asks for, how far it may go by itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from inbox.actions import Action, Draft, Mode, Planned, Reply
from inbox.decisions import ConditionTrace, Facts, RuleTrace
from routing.conditions import Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule, read and checked.

    Attributes:
        name: As the audit log shows it; no two rules of a book have the same.
        conditions: All of them must hold; where there are none, the rule holds for every message.
        actions: What it asks for, in the order of the rule book.
        mode: How far it may go by itself.
        share: With the mode `share`, the percentage of messages for which it may act by itself.
        stop: Later rules are not asked once it holds.
    """

    name: str
    conditions: tuple[Condition, ...]
    actions: tuple[Action, ...]
    mode: Mode = Mode.DRAFT
    share: int = 100
    stop: bool = False
    _traces: dict[tuple[bool, ...], RuleTrace] = field(default_factory=dict, repr=False, compare=False)
    _plans: dict[Mode, tuple[Planned, ...]] = field(default_factory=dict, repr=False, compare=False)

    def when(self, facts: Facts) -> bool:
        """Whether the rule holds for a message."""
        # Not `all_hold`: one call less for every rule of every message.
        for condition in self.conditions:  # noqa: SIM110  # half the time of `all`
            if not condition.holds(facts):
                return False
        return True

    def ask(self, facts: Facts) -> RuleTrace:
        """Whether the rule holds for a message, with what each of its conditions said."""
        return self.trace(tuple([condition.holds(facts) for condition in self.conditions]))

    def trace(self, answers: tuple[bool, ...]) -> RuleTrace:
        """What is told of the rule where its conditions answer so, in their order.

        The few traces that a rule can leave are made once and kept: most of the time spent on a message would go there.
        """
        known = self._traces.get(answers)
        if known is None:
            asked = zip(self.conditions, answers, strict=True)
            conditions = tuple(ConditionTrace(condition.says, held) for condition, held in asked)
            known = self._traces[answers] = RuleTrace(self.name, all(answers), conditions)
        return known

    def plan(self, facts: Facts) -> tuple[Planned, ...]:
        """What the rule asks for once it holds, each once; a reply is a draft unless this one may go by itself."""
        mode = self.mode
        if mode is Mode.SHARE and not is_in_share(self.name, facts.key, percent=self.share):
            mode = Mode.DRAFT
        known = self._plans.get(mode)
        if known is None:
            drafts = mode is Mode.DRAFT
            wanted = (
                Draft(action.response, action.once) if drafts and isinstance(action, Reply) else action
                for action in self.actions
            )
            known = self._plans[mode] = tuple(Planned(action, self.name, mode) for action in dict.fromkeys(wanted))
        return known


def is_in_share(rule: str, key: str, *, percent: int) -> bool:
    """Whether a message falls into the share of a rule: always the same answer, and a fair draw for each rule."""
    drawn = hashlib.blake2b(f"{rule}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") % 100 < percent
