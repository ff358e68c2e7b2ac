"""What a command answers: lines of text, rows of buttons, a form, a picture. Plain values that know no chat.

Text is either a `Sentence`, which is told in the reader's language, or a plain string, which is what people wrote and
stays as it is.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from inbox.sentences import Sentence


class Style(StrEnum):
    """How a piece of text is set. What is `veiled` is a spoiler where an answer cannot be shown to one person alone."""

    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    CODE = "code"
    SPOILER = "spoiler"
    VEILED = "veiled"


class Tone(StrEnum):
    """What a button is: the good way on, another way on, a quiet one, or one that cannot be taken back cheaply."""

    GOOD = "good"
    MAIN = "main"
    QUIET = "quiet"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class When:
    """A moment, told as the chat tells moments."""

    at: datetime


Text = Sentence | str | When


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a line; `link` is an address behind it."""

    text: Text
    style: Style = Style.PLAIN
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line; what others said, and drafts, are `quoted` and may have several."""

    spans: tuple[Span, ...]
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """What a button does: a verb, and what it is about, so that it works after a restart."""

    verb: str
    about: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The press as the chat keeps it: short, for Telegram keeps 64 bytes."""
        return ":".join((self.verb, *self.about))

    @classmethod
    def from_id(cls, kept: str) -> Press:
        """The press that an id is of."""
        verb, *about = kept.split(":")
        return cls(verb, tuple(about))


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap."""

    label: Text
    press: Press
    tone: Tone = Tone.QUIET


@dataclass(frozen=True, slots=True)
class Form:
    """Words to be written: shown as a form, or asked for by an answer. They come back with `press`."""

    title: Sentence
    label: Sentence
    press: Press
    value: str = ""
    longest: int = 4_000


@dataclass(frozen=True, slots=True)
class View:
    """An answer. Unless it `is_for_all`, only whoever asked sees it, as far as the chat can do that.

    `mentions` names people of the team who are called, by their names in the team. `picture` is a PNG, `says` what it
    shows for whoever cannot see it.
    """

    lines: tuple[Line, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    form: Form | None = None
    picture: bytes | None = None
    is_for_all: bool = False
    mentions: Mapping[str, str] = field(default_factory=dict)


def mark_of(text: str) -> str:
    """What a button keeps of words that were shown beside it: eight letters, others where the words are others."""
    return base64.urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=6).digest()).decode("ascii")


def plain(text: Text) -> Span:
    """A piece as it is."""
    return Span(text)


def bold(text: Text) -> Span:
    """A piece that stands out."""
    return Span(text, Style.BOLD)


def italic(text: Text) -> Span:
    """A piece set apart."""
    return Span(text, Style.ITALIC)


def line(*parts: Span | Text) -> Line:
    """A line of pieces."""
    return Line(tuple(part if isinstance(part, Span) else Span(part) for part in parts))


def dotted(*parts: Span | Text | None) -> Line:
    """A line of pieces with dots between them; those that are None are left out."""
    spans: list[Span] = []
    for part in parts:
        if part is None:
            continue
        if spans:
            spans.append(Span(" · "))
        spans.append(part if isinstance(part, Span) else Span(part))
    return Line(tuple(spans))


def quote(text: Text, style: Style = Style.PLAIN) -> Line:
    """What somebody said, or is to say."""
    return Line((Span(text, style),), quoted=True)


def cut(one: Line, fits: Callable[[Line], bool]) -> Line | None:
    """As much of a line as fits, with an ellipsis; None where none of it does. Its texts are told already."""
    letters = sum(len(span.text) for span in one.spans if isinstance(span.text, str))
    least, most = 0, letters
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(_first(one, middle)) else (least, middle - 1)
    return _first(one, least) if least else None


def _first(one: Line, letters: int) -> Line:
    spans: list[Span] = []
    for span in one.spans:
        if not isinstance(span.text, str):
            spans.append(span)
            continue
        if len(span.text) >= letters:
            spans.append(replace(span, text=span.text[:letters].rstrip() + "…"))
            break
        spans.append(span)
        letters -= len(span.text)
    return replace(one, spans=tuple(spans))


def says(*texts: Text) -> View:
    """An answer of a few plain lines."""
    return View(tuple(line(text) for text in texts))
