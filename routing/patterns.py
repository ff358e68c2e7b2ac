"""Regular expressions that a rule may use: those that cannot take forever over a hostile message.

Python's engine tries every way to split a text among the repeats of an expression. With a repeat inside a repeat, or
with alternatives inside one, the ways double with every character; so both are refused when the rule book is read. What
is left grows with a power of the length of the text: hence few open-ended repeats, and a text cut at `LONGEST_TEXT`.

Source: "Regular expression Denial of Service", OWASP, on evil patterns.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import NamedTuple

from inbox.sentences import Sentence
from inbox.text import excerpt

LONGEST_PATTERN = 300
LONGEST_TEXT = 1_000
MOST_WAYS = {0: 10_000, 1: 256, 2: 4}
"""By the number of open-ended repeats, the most ways in which what else can vary may do so.

Measured: the worst expression within these limits is done with the longest text in a few seconds; ordinary ones take
microseconds.
"""

_TOKEN = re.compile(
    r"""
    (?P<escape>   \\. )
  | (?P<set>      \[ \^? \]? (?: \\. | [^\]\\] )* \] )
  | (?P<open>     \( (?: \?P<\w+> | \?(?:[:=!>]|<[=!]) | \?[aiLmsux-]+[:)] | \?P=\w+\) | \?\#[^)]*\) )? )
  | (?P<close>    \) )
  | (?P<or>       \| )
  | (?P<repeat>   (?: [*+?] | \{\d*,\d*\} | \{\d+\} ) [?+]? )
  | (?P<plain>    . )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Repeat(NamedTuple):
    least: int
    most: int | None

    @property
    def is_open(self) -> bool:
        """Whether it goes on for longer than anyone would count."""
        return self.most is None or self.most - self.least > 20


@dataclass
class _Group:
    """What has been seen of a group so far: does it hold a repeat that can vary, and how many alternatives."""

    varies: bool = False
    alternatives: int = 1


def fault_of(pattern: str) -> Sentence | None:
    """Why a rule may not use this regular expression, or None where it may."""
    if len(pattern) > LONGEST_PATTERN:
        return Sentence("this pattern is longer than {most} characters. Make it two rules.", most=LONGEST_PATTERN)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        return Sentence(
            "this is not a regular expression: {reason} at character {column}.",
            reason=error.msg,
            column=(error.pos or 0) + 1,
        )
    except (OverflowError, RecursionError, ValueError, Warning) as error:
        return Sentence("this is not a regular expression: {reason}.", reason=excerpt(str(error), 80))
    return _slowness_of(pattern)


def _slowness_of(pattern: str) -> Sentence | None:
    """What would let a hostile message hold this expression up, or None.

    `ways` multiplies what each repeat or choice of limited length allows.
    """
    groups = [_Group()]
    closed = _Group()
    open_repeats, ways, last = 0, 1, None
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind == "open" and not token[0].endswith(")"):
            groups.append(_Group())
        elif kind == "or":
            groups[-1].alternatives += 1
        elif kind == "close" and len(groups) > 1:
            closed = groups.pop()
            groups[-1].varies |= closed.varies or closed.alternatives > 1
            ways *= closed.alternatives
        elif kind == "repeat":
            repeat = _to_repeat(token[0])
            if last == "close" and repeat not in {(0, 1), (1, 1)} and (closed.varies or closed.alternatives > 1):
                return Sentence(
                    "this pattern repeats something that can itself vary, at character {column}: a long message could "
                    "hold it up for hours. Repeat a single sign or a [set] of signs, or use words.",
                    column=token.start() + 1,
                )
            groups[-1].varies |= repeat.least != repeat.most
            if repeat.is_open:
                open_repeats += 1
            else:
                ways *= 1 + (repeat.most or 0) - repeat.least
        last = kind
    ways *= groups[0].alternatives
    if ways > MOST_WAYS.get(open_repeats, 0):
        return Sentence(
            "this pattern can match in too many ways: a long message could hold it up. Use at most {most} open-ended "
            'repeats ("*", "+") and few choices beside them, or words.',
            most=max(MOST_WAYS),
        )
    return None


def _to_repeat(written: str) -> _Repeat:
    match written[0]:
        case "?":
            return _Repeat(0, 1)
        case "*":
            return _Repeat(0, None)
        case "+":
            return _Repeat(1, None)
        case _:
            least, comma, most = written[1 : written.index("}")].partition(",")
            if not comma:
                return _Repeat(int(least), int(least))
            return _Repeat(int(least or 0), int(most) if most else None)
