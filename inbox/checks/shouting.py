"""Shouting: several words in capitals, a long one, or a row of exclamation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.checks.prose import flat, prose
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

_CAPITALS = re.compile(r"(?<![\w])[^\W\d_a-zà-öø-ÿœ]{2,}(?:[\s,'’\u00a0\u202f-]{1,3}[^\W\d_a-zà-öø-ÿœ]+)*(?!\w)")
_MARKS = re.compile(r"[!?](?:[ \u00a0\u202f]?[!?]){2,}")
_FEWEST_WORDS, _FEWEST_LETTERS, _LONG = 2, 8, 6
"""Two words in capitals of eight letters together, or one of six, are no acronym."""


def check_shouting(text: str, checks: Checks) -> Iterator[Finding]:
    """A finding for each row of capitals, and for each row of three signs or more."""
    said = prose(text)
    for found in _CAPITALS.finditer(said):
        row = found.group()
        words = [word for word in re.findall(r"[^\W\d_]+", row) if flat(word) not in _own(checks)]
        letters = sum(map(len, words))
        if (len(words) >= _FEWEST_WORDS and letters >= _FEWEST_LETTERS) or any(len(word) >= _LONG for word in words):
            fix = row.lower()
            if not said[: found.start()].strip():
                fix = fix[:1].upper() + fix[1:]
            yield at(
                CheckKind.SHOUTING,
                checks,
                text,
                found.span(),
                Sentence("“{words}” is shouted. Write “{fix}”."),
                fix=fix,
            )
    for found in _MARKS.finditer(said):
        fix = found.group()[0]
        yield at(
            CheckKind.SHOUTING, checks, text, found.span(), Sentence("“{words}” is shouted. Write “{fix}”."), fix=fix
        )


def _own(checks: Checks) -> frozenset[str]:
    return frozenset(flat(part) for word in checks.words for part in re.findall(r"[^\W\d_]+", word))
