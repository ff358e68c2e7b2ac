"""French typography: the narrow space before double signs and inside guillemets, where there is none at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inbox.checks.context import Checks
from inbox.checks.finding import at
from inbox.checks.prose import prose
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence

NARROW = "\u202f"
"""The narrow no-break space that French sets before double signs."""

_SIGN = re.compile(r"[^\W\d_]+[»”\")]?([;:!?](?![)(/|\\*DPpo3<>-])[!?]*)")
_GUILLEMETS = re.compile(r"«(?=\S)|(?<=\S)»")
_HAS_SPACE = re.compile(r"[ \u00a0](?=[;:!?»])|(?<=«)[ \u00a0]")


def check_typography(text: str, lang: str, checks: Checks) -> Iterator[Finding]:
    """A finding for each double sign or guillemet of a French text that has no space where French has one."""
    if lang != "fr":
        return
    said = prose(text)
    places = [found.span(1) for found in _SIGN.finditer(said)]
    places += [found.span() for found in _GUILLEMETS.finditer(said) if _is_bare(text, found.span())]
    for start, end in sorted(places):
        sign = text[start:end]
        fix = f"{sign}{NARROW}" if sign == "«" else f"{NARROW}{sign}"
        says = (
            Sentence("French has a narrow space after “{words}”.")
            if sign == "«"
            else Sentence("French has a narrow space before “{words}”.")
        )
        yield at(CheckKind.TYPOGRAPHY, checks, text, (start, end), says, fix=fix)


def set_as_french(text: str) -> str:
    """A French text with the ordinary spaces at double signs and guillemets made narrow: no line breaks there."""
    return _HAS_SPACE.sub(NARROW, text)


def _is_bare(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    return not (text[end : end + 1] if text[start] == "«" else text[start - 1 : start]).isspace()
