"""How a check puts what it has found at one place of a text."""

from __future__ import annotations

from inbox.checks.context import Checks, Level
from inbox.findings import CheckKind, Finding
from inbox.sentences import Sentence


def at(
    kind: CheckKind,
    checks: Checks,
    text: str,
    place: tuple[int, int],
    says: Sentence,
    *,
    fix: str | None = None,
    is_private: bool = False,
) -> Finding:
    """A finding at a place of a text; `says` may name the `{words}` there, and the `{fix}`.

    What is private is not said again: a finding is kept where the text may be erased, and told to whoever reads a log.
    """
    start, end = place
    words = "" if is_private else text[start:end]
    facts = {name: value for name, value in (("words", words), ("fix", fix)) if f"{{{name}}}" in says.says}
    return Finding(
        says.filled(**facts),
        blocking=checks.level(kind) is Level.BLOCK,
        kind=kind,
        start=start,
        end=end,
        words=words,
        fix=fix,
    )


def on_the_whole(kind: CheckKind, checks: Checks, says: Sentence) -> Finding:
    """A finding about a text as a whole."""
    return Finding(says, blocking=checks.level(kind) is Level.BLOCK, kind=kind)
