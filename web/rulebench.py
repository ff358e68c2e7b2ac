"""What every page about rules begins with: the rules in force, as people read them, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from inbox.actions import to_words
from inbox.actions_told import action_told
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.model import Actor
from inbox.ports import InForce, RulesInForce
from inbox.rulebooks import RuleBookVersion
from inbox.rulesheets import Checked, RulesPlace, mode_told
from inbox.sentences import Sentence
from inbox.taking_up import FAULTY, FILE
from inbox.telling import HIDDEN, channel_name, percent
from inbox.views import SwitchState
from web.visitor import Visitor

LONGEST_WHY = 500
"""Characters of a reason."""

TOLD: Mapping[str, Any] = {
    "HIDDEN": HIDDEN,
    "action": lambda one: action_told(to_words(one)),
    "mode_told": mode_told,
    "channel_name": channel_name,
    "percent": percent,
}
"""What the templates about rules tell with."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The rules in force, read for people; `faulty` is on while their file cannot be taken up as it stands."""

    files: RulesInForce
    now: InForce
    sheets: Checked
    place: RulesPlace
    latest: RuleBookVersion | None
    faulty: SwitchState

    @property
    def author(self) -> Actor | None:
        """Who has put in force what is; None where it was written into the file, nobody knows by whom."""
        return None if self.latest is None or self.latest.author == FILE else self.latest.author


def in_force(desk: Desk) -> RulesInForce:
    """Where the rules of a desk stand.

    Raises:
        NotPossible: They are handed to it once and for all.
    """
    if desk.in_force is None:
        raise NotPossible(Sentence("The rules can be looked at from here, but not changed."))
    return desk.in_force


def bench_of(who: Visitor) -> Bench:
    """The rules of a visitor's brand as they are in force now."""
    files = in_force(who.desk)
    now = files.look()
    with who.desk.store.read() as books:
        latest, faulty = books.latest_rule_book(), books.switch(FAULTY)
    return Bench(files, now, files.checked(now.rules.text), files.place(), latest, faulty)


def rule_url(who: Visitor, name: str) -> str:
    """The address of a rule."""
    return who.url("rules/rule") + "?" + urlencode({"name": name})
