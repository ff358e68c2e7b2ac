"""What one canned response said before, read out of the versions of their file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from inbox.errors import BadResponses
from inbox.response_books import ResponsesVersion
from routing.responses import read_responses


@dataclass(frozen=True, slots=True)
class Said:
    """What a response said from a moment on, each wording with its language; None where it was taken away."""

    since: datetime
    wordings: tuple[tuple[str, str], ...] | None


def said_before(versions: Iterable[ResponsesVersion], code: str) -> list[Said]:
    """What a response said, the latest first; a version that left it as it was, or that no one can read, adds nothing.

    Args:
        versions: Of the file, the first one first.
        code: The response.
    """
    found: list[Said] = []
    for one in versions:
        try:
            response = read_responses(one.text).get(code)
        except BadResponses:
            continue
        wordings = None if response is None else tuple((variant.lang, variant.text) for variant in response.variants)
        if wordings != (found[-1].wordings if found else None):
            found.append(Said(one.written_at, wordings))
    return found[::-1]
