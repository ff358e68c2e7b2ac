"""A message as programs write it down: named fields, in a file, a request or a call; read the same wherever it comes.

It has `external_id, text, author, sent_at, thread, kind, visibility` and may have `author_name, lang, parent`. Pure.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from inbox.model import IncomingMessage, Kind, Visibility
from inbox.sentences import Sentence

LONGEST_TEXT = 100_000
"""Characters of one message."""

LONGEST_NAME = 500
"""Characters of an id, an author or a thread."""

NEEDED = ("external_id", "text", "author", "sent_at", "thread", "kind", "visibility")
OPTIONAL = ("author_name", "lang", "parent")
_EARLIEST, _LATEST = 1970, 2200
_Word = TypeVar("_Word", Kind, Visibility)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read messages: into which channel, with which values for fields it lacks, its clock in which time zone."""

    channel: str
    zone: ZoneInfo
    defaults: Mapping[str, str] = field(default_factory=dict)


class RowRefused(Exception):
    """What cannot be read as a message, and why; whoever reads it says where that stands."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


def read_row(line: str) -> Mapping[str, Any]:
    """The JSON object on one line.

    Raises:
        RowRefused: It is none.
    """
    try:
        row = json.loads(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        why = Sentence("this is not JSON ({why}, column {column})", why=error.msg, column=error.colno)
        raise RowRefused(why) from None
    except (RecursionError, ValueError):
        raise RowRefused(Sentence("this JSON is nested too deep, or a number in it is too long")) from None
    if not isinstance(row, dict):
        raise RowRefused(Sentence("this is JSON, but not an object with named fields"))
    return row


def to_message(row: Mapping[str, Any], how: Reading) -> IncomingMessage:
    """Read one row as an inbox message.

    Raises:
        RowRefused: With the reason.
    """
    told = {**how.defaults, **{name: value for name, value in row.items() if value is not None}}
    for name in NEEDED:
        if name not in told:
            raise RowRefused(_missing(name, told))
    words = {name: _text(told[name], name) for name in (*NEEDED, *OPTIONAL) if name in told}
    if len(words["text"]) > LONGEST_TEXT:
        raise RowRefused(Sentence("the text is longer than {most} characters", most=LONGEST_TEXT))
    for name in ("external_id", "author", "thread"):
        if not words[name].strip():
            raise RowRefused(Sentence('"{name}" is empty', name=name))
    for name in words.keys() - {"text"}:
        if len(words[name]) > LONGEST_NAME:
            raise RowRefused(Sentence('"{name}" is longer than {most} characters', name=name, most=LONGEST_NAME))
    return IncomingMessage(
        channel=how.channel,
        external_id=words["external_id"],
        text=words["text"],
        author=words["author"],
        author_name=words.get("author_name") or words["author"],
        thread=words["thread"],
        sent_at=_moment(words["sent_at"], how.zone),
        kind=_one_of(Kind, words["kind"], "kind") if words["text"].strip() else Kind.NO_TEXT,
        visibility=_one_of(Visibility, words["visibility"], "visibility"),
        lang=words.get("lang") or None,
        parent=words.get("parent") or None,
    )


def _missing(name: str, told: Mapping[str, Any]) -> Sentence:
    strangers = [key for key in told if key not in NEEDED and key not in OPTIONAL]
    nearest = difflib.get_close_matches(name, strangers, n=1, cutoff=0.6)
    if nearest:
        return Sentence('the field "{name}" is missing; there is "{nearest}"', name=name, nearest=nearest[0])
    return Sentence('the field "{name}" is missing', name=name)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise RowRefused(Sentence('"{name}" is not text; put it in quotes', name=name))
    if "\0" in value:
        raise RowRefused(Sentence('"{name}" holds a NUL character', name=name))
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise RowRefused(Sentence('"{name}" holds half a character (a lone surrogate)', name=name))
    return value


def _one_of(words: type[_Word], value: str, name: str) -> _Word:
    try:
        return words(value)
    except ValueError:
        known = ", ".join(words)
        raise RowRefused(
            Sentence('there is no {name} "{value}"; there are: {known}', name=name, value=value[:40], known=known)
        ) from None


def _moment(value: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise RowRefused(
            Sentence('"sent_at" is "{value}", not a moment such as 2026-11-21T09:30:00+01:00', value=value[:40])
        ) from None
    if not _EARLIEST <= moment.year < _LATEST:
        raise RowRefused(Sentence('"sent_at" lies in the year {year}', year=moment.year))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
