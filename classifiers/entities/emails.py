"""E-mail addresses, also those spelled out to hide from robots."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.entities import Entity, EntityKind

# Each pattern begins where a run of its letters begins, so that a long run is walked once.
_PLAIN = re.compile(r"(?<![\w.+%-])[\w%+][\w.+%-]{0,63}@(?:[\w-]{1,63}\.){1,6}[^\W\d_]{2,24}(?![\w@-])")
_DOT = r"\s{0,2}(?:\.|[(\[{]?\s?\b(?:point|dot)\b\s?[)\]}]?)\s{0,2}"
_SPELLED = re.compile(
    r"(?<![\w.+%-])([\w%+][\w.+%-]{0,63})\s{0,2}"
    r"(?:[(\[{]\s?(?:at|@|arobase|arobas|chez)\s?[)\]}]|\s(?:arobase|arobas)\s)\s{0,2}"
    rf"([\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}?{_DOT}[^\W\d_]{{2,24}})(?![\w@-])",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?<![\w.+%-])([\w%+][\w.+%-]{0,63})\s(?:at|chez)\s([\w-]{1,63}\s(?:dot|point)\s[^\W\d_]{2,24})(?![\w@-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"[(\[{]\s?(?:at|@|aro|chez)|\s(?:arobas|at\s|chez\s)", re.IGNORECASE)
_SPELLED_DOT = re.compile(_DOT, re.IGNORECASE)


def find_emails(text: str) -> Iterator[Entity]:
    """The addresses in a text; values are in lower case."""
    if "@" in text:
        for found in _PLAIN.finditer(text):
            if ".." not in found.group() and ".@" not in found.group():
                yield Entity(EntityKind.EMAIL, found.group(), *found.span(), found.group().lower())
    if not _HIDDEN.search(text):
        return
    for pattern in (_SPELLED, _SAID):
        for found in pattern.finditer(text):
            host = _SPELLED_DOT.sub(".", found[2])
            yield Entity(EntityKind.EMAIL, found.group(), *found.span(), f"{found[1]}@{host}".lower())
