"""Changing one canned response in the text of its file: its lines are changed, put in or left out, all others stay.

As with rules, nothing here understands the whole of TOML: an edit is read by the real reader, and kept only where
exactly what was meant has changed.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from inbox.errors import NotPossible
from inbox.prepared import Written
from inbox.responses import Variant
from inbox.sentences import Sentence

_OPENS = re.compile(r"\s*\[\[\s*(?:response|\"response\"|'response')\s*\]\]")
_PLAIN = re.compile(r"[^'\x00-\x1f\x7f]*")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def written_in(text: str) -> dict[str, Written]:
    """The responses of a text that can be read, as they are written, by code and in order."""
    return {row["code"]: _to_written(row) for row in tomllib.loads(text).get("response", [])}


def to_toml(written: Written) -> str:
    """A response as its file has it."""
    lines = ["[[response]]", f"code = {_string(written.code)}"]
    if written.title:
        inside = ", ".join(f"{_key(lang)} = {_string(title)}" for lang, title in written.title.items())
        lines.append(f"title = {{ {inside} }}")
    lines.append(f"polarity = {_string(written.polarity)}")
    if written.owner:
        lines.append(f"owner = {_string(written.owner)}")
    if written.words:
        lines.append(f"words = [{', '.join(_string(word) for word in written.words)}]")
    if written.generic:
        lines.append("generic = true")
    if written.valid_until is not None:
        lines.append(f"valid_until = {written.valid_until.isoformat()}")
    for variant in written.variants:
        lines += [
            "",
            "  [[response.variant]]",
            f"  lang = {_string(variant.lang)}",
            f"  text = {_string(variant.text)}",
        ]
    return "\n".join(lines) + "\n"


def with_response(text: str, code: str, written: Written | None) -> str:
    """The text with one response added at its end, written anew in its place, or left out.

    Args:
        text: A file of responses that can be read.
        code: Which response.
        written: As it is to be; None to leave it out.

    Raises:
        NotPossible: The text is written in a way that such an edit does not reach.
    """
    wanted = written_in(text)
    if written is None:
        wanted.pop(code, None)
    else:
        wanted[code] = written
    for edited in _edits(text, code, written):
        if _reads(edited) == wanted:
            return edited
    raise NotPossible(Sentence("The response {code} has to be changed by hand, in its file.", code=code))


def _edits(text: str, code: str, written: Written | None) -> Iterator[str]:
    lines = _LINE.findall(text)
    new = [] if written is None else [to_toml(written)]
    for first, last in _stretches(lines, code):
        # One that is left out takes the blank line below it along.
        end = last + 1 if written is None and last < len(lines) and not lines[last].strip() else last
        yield "".join([*lines[:first], *new, *lines[end:]])
    if written is not None:
        gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
        yield f"{text}{gap}{to_toml(written)}"


def _stretches(lines: list[str], code: str) -> Iterator[tuple[int, int]]:
    """Where a response of this code may stand: its first line, and the one after its last that says something."""
    opens = [place for place, line in enumerate(lines) if _OPENS.match(line)]
    for first, after in pairwise([*opens, len(lines)]):
        last = after
        while last > first and not _says_something(lines[last - 1]):
            last -= 1
        if code in (_reads("".join(lines[first:last])) or {}):
            yield first, last


def _says_something(line: str) -> bool:
    said = line.strip()
    return bool(said) and not said.startswith("#")


def _reads(text: str) -> dict[str, Written] | None:
    try:
        return written_in(text)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None  # a stretch that is none


def _to_written(row: dict[str, Any]) -> Written:
    until = row.get("valid_until")
    return Written(
        code=row["code"],
        polarity=row["polarity"],
        variants=tuple(Variant(one["lang"], one["text"]) for one in row.get("variant", ())),
        title=dict(row.get("title", {})),
        owner=row.get("owner", ""),
        words=tuple(row.get("words", ())),
        generic=row.get("generic", False),
        valid_until=until if type(until) is date else None,
    )


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _escaped(name)


def _string(text: str) -> str:
    """A text as TOML writes it: to the letter where it may stand so, for people read it."""
    has_quotes = '"' in text or "\\" in text
    return f"'{text}'" if has_quotes and _PLAIN.fullmatch(text) else _escaped(text)


def _escaped(text: str) -> str:
    # JSON escapes what TOML wants escaped, in the same way, but for DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
