"""A text checked as a rule book, for whoever writes it: its rules in words, and every fault and doubt with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping

from inbox.abilities import Abilities
from inbox.errors import BadRuleBook
from inbox.rulesheets import Checked, Remark, RuleSheet
from inbox.sentences import Sentence
from routing.lint import lint
from routing.outlines import outlines_of
from routing.rulebook import TomlRuleBook, read_rule_book
from routing.telling import conditions_told
from routing.whereabouts import line_of, stretches


def checked(
    text: str,
    *,
    name: str = "rules.toml",
    responses: Collection[str] | None = None,
    abilities: Mapping[str, Abilities] | None = None,
) -> Checked:
    """What a text is as a rule book.

    Args:
        text: TOML, a `[[rule]]` table for each rule.
        name: What to call the file.
        responses: The codes of the canned responses there are; None leaves them unchecked.
        abilities: Per channel what it can do; of one that is not there nothing is said.
    """
    try:
        book = read_rule_book(text, name=name, responses=responses)
    except BadRuleBook as error:
        rules = _count(text)
        return Checked(faults=tuple(_remark(text, fault, rules) for fault in error.findings))
    doubts = tuple(_remark(text, doubt, len(book.rules)) for doubt in lint(book, abilities=abilities))
    return Checked(rules=tuple(_sheets(book)), doubts=doubts)


def _sheets(book: TomlRuleBook) -> list[RuleSheet]:
    modes = outlines_of(book.text)
    lines = book.text.splitlines()
    places = stretches(book.text, rules=len(book.rules)) or [(1, 1)] * len(book.rules)
    return [
        RuleSheet(
            number=number,
            name=rule.name,
            when=conditions_told(rule.conditions),
            actions=rule.actions,
            mode=modes[rule.name].mode,
            stop=rule.stop,
            line=first,
            text="\n".join(lines[first - 1 : last - 1]),
        )
        for number, (rule, (first, last)) in enumerate(zip(book.rules, places, strict=True), start=1)
    ]


def _remark(text: str, finding: Sentence, rules: int) -> Remark:
    inside = finding.facts.get("rule")
    about = inside.facts.get("rule") if isinstance(inside, Sentence) else None
    return Remark(finding, line_of(text, finding, rules=rules), about)


def _count(text: str) -> int:
    """How many rules a text has that cannot be used as a rule book."""
    try:
        raw = tomllib.loads(text).get("rule")
    except (ValueError, RecursionError):
        return 0
    return len(raw) if isinstance(raw, list) else 0
