"""Saying that a message is automatic: the line above the first one of a conversation. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inbox.lengths import Measure


def line_for(lang: str, lines: Mapping[str, str], languages: Sequence[str]) -> str:
    """The line in a language, else in the first of the brand's `languages` that has one; "" where none is set."""
    return next((line for wanted in (lang, *languages) if (line := lines.get(wanted, "").strip())), "")


def disclosed(line: str | None, text: str) -> str:
    """A text under its line; as it is without one."""
    return f"{line}\n{text}" if line else text


def room_for(line: str, *, longest: int, measure: Measure) -> int:
    """How much of a message that measures at most `longest` is left for the text under a line."""
    return longest - measure(f"{line}\n") if line else longest
