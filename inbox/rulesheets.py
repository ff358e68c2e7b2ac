"""A rule book as people read it: each rule in words, its place in the text, and what is to be said of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inbox.actions import Action, Mode
from inbox.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a text: at which of its lines, from 1, and of which rule; None where it is about none."""

    says: Sentence
    line: int | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One rule for people to read.

    `when` has its conditions in words, all of which must hold; none where it holds for every message. `mode` is as it
    is written, such as `share:10`. `text` is what the rule book says of it, from `line` on, without comments before it.
    """

    number: int
    name: str
    when: tuple[Sentence, ...]
    actions: tuple[Action, ...]
    mode: str
    stop: bool
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as it was read: its rules, none while it has faults; what keeps it from being used; what is in doubt."""

    rules: tuple[RuleSheet, ...] = ()
    faults: tuple[Remark, ...] = ()
    doubts: tuple[Remark, ...] = ()

    def sheet(self, name: str) -> RuleSheet | None:
        """The rule of a name; None where there is none."""
        return next((one for one in self.rules if one.name == name), None)


@dataclass(frozen=True, slots=True)
class RulesPlace:
    """Where rules stand: the name of the file, whether those that ship are in force, and why it cannot be written."""

    name: str
    ships: bool = False
    why_not: Sentence | None = None


_MODES: Mapping[str, Sentence] = {
    Mode.SHADOW: Sentence("in shadow: it only notes what it would do"),
    Mode.DRAFT: Sentence("prepares, and people send"),
    Mode.LIVE: Sentence("sends by itself"),
}


def mode_told(mode: str) -> Sentence:
    """How far a rule goes by itself, in words; a mode that there is not stays as it is written."""
    name, _, percent = mode.partition(":")
    if name == Mode.SHARE:
        return Sentence("sends {percent} % by itself, and prepares the rest", percent=percent)
    return _MODES.get(name, Sentence.of_name(mode))
