"""Words of people among ours: signs that turn the direction of text round end where the words end.

Unicode has signs that have all that follows read from right to left, until another sign says that it is enough
(UAX #9, section 2). A name that begins with one and never ends it would turn our own words round.
"""

from __future__ import annotations

import re

_OPENS = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c"}
_ISOLATES = {"\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}
_ENDS = {"\u202c", "\u2069"}
_CLOSER = {**_OPENS, **_ISOLATES}
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LEANING = re.compile("[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff]")
_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FIRST_STRONG, _POP = "\u2068", "\u2069"


def contained(text: str) -> str:
    """The text with every turn that it begins ended, line by line, and none ended that it has not begun."""
    if not _TURNING.search(text):
        return text
    return "".join(map(_balanced, re.split("([\n\r\x1c-\x1e\x85\u2029])", text)))


def set_apart(text: str) -> str:
    """The text as it stands within a sentence of ours: contained, and in a direction of its own where it has one."""
    return f"{_FIRST_STRONG}{contained(text)}{_POP}" if _LEANING.search(text) else text


def straight(name: str) -> str:
    """The name of a file without any sign that turns: its end says what it is, and has to stand at the end."""
    return _MARKS.sub("", name)


def _balanced(line: str) -> str:
    open_ones: list[str] = []
    kept: list[str] = []
    for sign in line:
        if sign in _CLOSER:
            open_ones.append(_CLOSER[sign])
        elif sign in _ENDS:
            if not open_ones or open_ones[-1] != sign:
                continue
            open_ones.pop()
        kept.append(sign)
    return "".join([*kept, *reversed(open_ones)])
