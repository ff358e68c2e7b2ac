"""Reading what a help desk answers: an answer of another shape is a failure in words, and may have been a yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from inbox.errors import SendFailed
from inbox.sentences import Sentence


@contextmanager
def unreadable(desk: str) -> Iterator[None]:
    """Have an answer that cannot be read fail in words, for a person to look at.

    Raises:
        SendFailed: It could not be read; what was asked may have been done.
    """
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        says = Sentence(
            "{desk} has answered in a way that we do not understand ({why}). Look there whether it was done.",
            desk=desk,
            why=type(error).__name__,
        )
        raise SendFailed(says, permanent=True, outcome_unknown=True) from error


def number_in(told: Mapping[str, Any]) -> str:
    """The id of what was made or found, as text.

    Raises:
        ValueError: It has none.
    """
    number = told["id"]
    if isinstance(number, bool) or not isinstance(number, int | float | str) or not str(number).strip():
        raise ValueError("no id")
    return str(int(number)) if isinstance(number, float) else str(number)
