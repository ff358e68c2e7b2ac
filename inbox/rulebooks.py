"""The rule book as it is kept: its versions, what each says its rules are, and since when they stand so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from inbox.model import Actor


@dataclass(frozen=True, slots=True)
class RuleBookVersion:
    """One version: its number, from 1, its text to the letter, and who put it in force when."""

    version: int
    text: str
    author: Actor
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Outline:
    """One rule of a text, in short.

    `mode` is as it is written, such as `share:10`. `digest` is another one as soon as the rule asks, does or may
    anything else. `responses` are the codes that it has words for; `can_reply` where it asks for a reply, which a mode
    may let it send.
    """

    rule: str
    mode: str
    digest: str
    responses: frozenset[str]
    can_reply: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when a rule stands as it does: from which version on, and from which moment."""

    outline: Outline
    version: int
    since: datetime


Outlines = Mapping[str, Outline]
"""The rules of a text by their names, in their order."""


def standings(
    versions: Sequence[RuleBookVersion], in_force: str, outlines: Callable[[str], Outlines], *, now: datetime
) -> list[Standing]:
    """Since when each rule of the text in force stands as it does there, in the order of the rules.

    Args:
        versions: Every version, the first one first.
        in_force: The text in force; where no version reads so, all that differs from the last one stands since now.
        outlines: Reads the rules of a text.
        now: Now.
    """
    rules = outlines(in_force)
    found = {name: Standing(one, len(versions) + 1, now) for name, one in rules.items()}
    unsettled = set(rules)
    for version in reversed(versions):
        if not unsettled:
            break
        then = outlines(version.text)
        for name in [*unsettled]:
            if name in then and then[name].digest == rules[name].digest:
                found[name] = Standing(rules[name], version.version, version.written_at)
            else:
                unsettled.discard(name)
    return list(found.values())
