"""Reading what a help desk answers: an answer of another shape is a failure in words, and may have been a yes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from html.parser import HTMLParser
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


def moment_in(told: Any) -> datetime:
    """A moment as help desks tell it: ISO 8601, in UTC where it names no zone, or seconds since 1970.

    Raises:
        ValueError: It is neither.
    """
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise ValueError("no moment")  # noqa: TRY004  # to whoever reads an answer, it is one that cannot be read
    if isinstance(told, str):
        moment = datetime.fromisoformat(told)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    try:
        return datetime.fromtimestamp(told, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("no moment") from error


def plain(html: str) -> str:
    """What an answer in HTML says, without the message that it quotes and without a signature."""
    reading = _Reading()
    reading.feed(html)
    reading.close()
    lines = [" ".join(line.split()) for line in "".join(reading.said).split("\n")]
    return "\n".join(lines).strip()


_BREAKS = frozenset({"br", "p", "div", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3"})
_UNSAID = frozenset({"blockquote", "style", "script", "head"})
_EMPTY = frozenset({"br", "img", "hr", "input", "meta", "link", "col", "wbr"})


class _Reading(HTMLParser):
    """Gathers the words of a page, line by line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._within: list[bool] = []
        """Of each element that is open, whether its words are left out."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BREAKS:
            self.said.append("\n")
        if tag not in _EMPTY:
            signs = any(name == "data-signature" for name, _ in attrs)
            self._within.append(tag in _UNSAID or signs or (bool(self._within) and self._within[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS and tag != "br":
            self.said.append("\n")
        if tag not in _EMPTY and self._within:
            self._within.pop()

    def handle_data(self, data: str) -> None:
        if not (self._within and self._within[-1]):
            self.said.append(data.replace("\n", " "))
