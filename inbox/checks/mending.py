"""Mending what can be mended without asking: the spaces of French typography."""

from __future__ import annotations

from collections.abc import Iterable

from inbox.checks.typography import set_as_french
from inbox.findings import CheckKind, Finding


def mended(text: str, findings: Iterable[Finding], *, lang: str) -> str:
    """The text with what the checks of it can mend set right; nothing but spaces changes."""
    spaces = [one for one in findings if one.kind is CheckKind.TYPOGRAPHY]
    for one in sorted(spaces, key=lambda found: found.start or 0, reverse=True):
        if one.start is not None and one.fix is not None:
            text = text[: one.start] + one.fix + text[one.end :]
    return set_as_french(text) if lang == "fr" else text
