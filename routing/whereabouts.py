"""At which line of a rule book something is said: rules, and what was found wrong with them.

Nothing here understands the whole of TOML. Where lines and rules do not agree in number, no line is told rather than a
wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from inbox.sentences import Sentence

_OPENS = re.compile(r"\s*\[\[\s*(?:rule|\"rule\"|'rule')\s*\]\]")
_PLACE = re.compile(r"(?P<key>[^.\[]+)(?:\[(?P<number>\d+)\])?")
_ACTION = "action"


@lru_cache(maxsize=8)
def stretches(text: str, *, rules: int) -> Sequence[tuple[int, int]]:
    """Per rule its first line and the one after its last, from 1, comments before the next rule left out.

    Empty where the text does not show as many beginnings as it has `rules`.
    """
    lines = text.splitlines()
    opens = [place for place, line in enumerate(lines) if _OPENS.match(line)]
    if len(opens) != rules:
        return ()
    return tuple((first + 1, _end(lines, first, last) + 1) for first, last in pairwise([*opens, len(lines)]))


def line_of(text: str, finding: Sentence, *, rules: int) -> int | None:
    """The line, from 1, that a fault or a doubt is about; None where it is about none, or none is sure."""
    facts = _facts(finding)
    if "line" in facts:
        return int(facts["line"])
    number = facts.get("number")
    found = stretches(text, rules=rules)
    if not isinstance(number, int) or not 0 < number <= len(found):
        return None
    first, last = found[number - 1]
    return _narrowed(text.splitlines(), first, last, str(facts.get("place", "")))


def _facts(finding: Sentence) -> dict[str, Any]:
    """What a finding tells of its place: its own facts, then those of the place inside it."""
    inside = finding.facts.get("rule")
    return (dict(inside.facts) if isinstance(inside, Sentence) else {}) | finding.facts


def _narrowed(lines: Sequence[str], first: int, last: int, path: str) -> int:
    """The line within a rule that its path, such as `when.label` or `then[2].queue`, leads to as far as it is found."""
    at = first
    for part in _PLACE.finditer(path):
        found = _keys(lines, at, last, part["key"])
        if not found:
            return at
        at = found[0]
        if part["key"] == "then" and part["number"]:
            actions = _keys(lines, at, last, _ACTION)
            number = int(part["number"])
            at = actions[number - 1] if number <= len(actions) else at
    return at


def _keys(lines: Sequence[str], first: int, last: int, key: str) -> list[int]:
    """The lines that give a key a value, one as often as it does."""
    wanted = re.compile(rf"(?:^|[\s{{,\"']){re.escape(key.strip())}[\"']?\s*=")
    return [place for place in range(first, last) for _ in wanted.findall(lines[place - 1].split("#")[0])]


def _end(lines: Sequence[str], first: int, last: int) -> int:
    """The place after the last line of a rule that says something."""
    said = (place for place in range(last - 1, first, -1) if lines[place].strip() and lines[place].strip()[0] != "#")
    return next(said, first) + 1
