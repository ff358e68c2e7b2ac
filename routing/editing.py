"""Changing the mode of one rule in the text of a rule book: one line is changed or put in, all others stay.

Nothing here understands the whole of TOML: an edit is tried, read by the real reader, and kept only where exactly what
was meant has changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from inbox.errors import NotFound, NotPossible
from inbox.sentences import Sentence

_OPENS = re.compile(r"\s*\[\[\s*(?:rule|\"rule\"|'rule')\s*\]\]")
_NAME = re.compile(r"\s*(?:name|\"name\"|'name')\s*=")
_MODE = re.compile(r"(\s*(?:mode|\"mode\"|'mode')\s*=\s*)(?:\"[^\"]*\"|'[^']*')")
_STOP = re.compile(r"\s*(?:stop|\"stop\"|'stop')\s*=")
_LINE_ENDS = "\r\n"


def with_mode(text: str, rule: str, mode: str) -> str:
    """The text with another mode for one rule; comments, order and layout stay.

    Args:
        text: A rule book that can be read.
        rule: The name of the rule.
        mode: As it is to be written, such as `share:10`.

    Raises:
        NotFound: There is no such rule.
        NotPossible: The text is written in a way that such an edit does not reach.
    """
    wanted, number = _wanted(text, rule, mode)
    lines = text.splitlines(keepends=True)
    for first, last in _stretches(lines, rule):
        for edited in _edits(lines, first, last, mode):
            if _reads(edited) == wanted:
                return edited
    raise NotPossible(
        Sentence(
            'The mode of rule {number} "{rule}" has to be written by hand: mode = "{mode}"',
            number=number,
            rule=rule,
            mode=mode,
        )
    )


def _wanted(text: str, rule: str, mode: str) -> tuple[dict[str, Any], int]:
    """What the text is to say, and the number of the rule."""
    book = tomllib.loads(text)
    rules = book.get("rule", [])
    for number, raw in enumerate(rules, start=1):
        if str(raw.get("name", "")).strip() == rule:
            raw["mode"] = mode
            return book, number
    raise NotFound(Sentence('There is no rule "{rule}". List them: vigie rules list', rule=rule))


def _stretches(lines: list[str], rule: str) -> Iterator[tuple[int, int]]:
    """Where a rule of this name may stand: its first line, and the one after its last."""
    opens = [place for place, line in enumerate(lines) if _OPENS.match(line)]
    for first, last in pairwise([*opens, len(lines)]):
        names = (line for line in lines[first:last] if _NAME.match(line))
        if any(str((_reads(line) or {}).get("name", "")).strip() == rule for line in names):
            yield first, last


def _edits(lines: list[str], first: int, last: int, mode: str) -> Iterator[str]:
    """The text with the mode changed or put in, in each way that may be meant, the likeliest first."""
    places = range(first + 1, last)
    for place in places:
        if _MODE.match(lines[place]):
            changed = _MODE.sub(lambda found: f'{found[1]}"{mode}"', lines[place], count=1)
            yield "".join([*lines[:place], changed, *lines[place + 1 :]])
    stops = [place for place in places if _STOP.match(lines[place])]
    # Before the line that says stop, else below the last line of the rule, above what is said of the next one.
    ends = [place + 1 for place in reversed(places) if _says_something(lines[place])]
    for place in [*stops, *ends]:
        end = _line_end(lines[place - 1]) or _line_end(lines[first]) or "\n"
        before = lines[:place] if _line_end(lines[place - 1]) else [*lines[: place - 1], lines[place - 1] + end]
        yield "".join([*before, f'mode = "{mode}"{end}', *lines[place:]])


def _says_something(line: str) -> bool:
    said = line.strip()
    return bool(said) and not said.startswith("#")


def _line_end(line: str) -> str:
    return line[len(line.rstrip(_LINE_ENDS)) :]


def _reads(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except ValueError:
        return None
