"""Messages from a file: CSV or JSONL, read line by line in constant memory.

A row has `external_id, text, author, sent_at, thread, kind, visibility` and may have `author_name, lang, parent`. A
line that cannot be taken in is given back as a `BadLine` with its number and the reason; the lines after it are read
all the same.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, TypeVar
from zoneinfo import ZoneInfo

from bot.channels.lines import LONGEST_LINE, Line, read_json_rows, read_lines
from inbox.errors import BadInput, BadLine
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


class FileFormat(StrEnum):
    """How the rows of a file are written."""

    JSONL = "jsonl"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file: into which channel, with which values for fields it lacks, its clock in which time zone."""

    channel: str
    zone: ZoneInfo
    defaults: Mapping[str, str] = field(default_factory=dict)


def format_of(name: str) -> FileFormat:
    """The format that a file's name tells.

    Raises:
        BadInput: The ending says nothing.
    """
    ending = name.rpartition(".")[2].lower()
    if ending in {"jsonl", "ndjson", "jsonlines"}:
        return FileFormat.JSONL
    if ending in {"csv", "tsv", "txt"}:
        return FileFormat.CSV
    raise BadInput(Sentence("{file}: is it CSV or JSONL? Say so with --format csv or --format jsonl.", file=name))


def read_messages(source: BinaryIO, how: Reading, file_format: FileFormat) -> Iterator[IncomingMessage | BadLine]:
    """The messages of a file in order, and in its place each line that cannot be taken in.

    Raises:
        BadInput: A CSV file has no usable first line.
    """
    rows = read_json_rows(source) if file_format is FileFormat.JSONL else _csv_rows(source, how.defaults)
    for number, row in rows:
        if isinstance(row, BadLine):
            yield row
            continue
        try:
            yield to_message(row, how)
        except _Refused as refusal:
            yield BadLine(number, refusal.why)


def to_message(row: Mapping[str, Any], how: Reading) -> IncomingMessage:
    """Read one row as an inbox message.

    Raises:
        _Refused: With the reason, which `read_messages` gives a line number.
    """
    told = {**how.defaults, **{name: value for name, value in row.items() if value is not None}}
    for name in NEEDED:
        if name not in told:
            raise _Refused(_missing(name, told))
    words = {name: _text(told[name], name) for name in (*NEEDED, *OPTIONAL) if name in told}
    if len(words["text"]) > LONGEST_TEXT:
        raise _Refused(Sentence("the text is longer than {most} characters", most=LONGEST_TEXT))
    for name in ("external_id", "author", "thread"):
        if not words[name].strip():
            raise _Refused(Sentence('"{name}" is empty', name=name))
    for name in words.keys() - {"text"}:
        if len(words[name]) > LONGEST_NAME:
            raise _Refused(Sentence('"{name}" is longer than {most} characters', name=name, most=LONGEST_NAME))
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


class _Refused(Exception):
    def __init__(self, why: Sentence) -> None:
        super().__init__(str(why))
        self.why = why


def _missing(name: str, told: Mapping[str, Any]) -> Sentence:
    strangers = [key for key in told if key not in NEEDED and key not in OPTIONAL]
    nearest = difflib.get_close_matches(name, strangers, n=1, cutoff=0.6)
    if nearest:
        return Sentence('the field "{name}" is missing; there is "{nearest}"', name=name, nearest=nearest[0])
    return Sentence('the field "{name}" is missing', name=name)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise _Refused(Sentence('"{name}" is not text; put it in quotes', name=name))
    if "\0" in value:
        raise _Refused(Sentence('"{name}" holds a NUL character', name=name))
    if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _Refused(Sentence('"{name}" holds half a character (a lone surrogate)', name=name))
    return value


def _one_of(words: type[_Word], value: str, name: str) -> _Word:
    try:
        return words(value)
    except ValueError:
        known = ", ".join(words)
        raise _Refused(
            Sentence('there is no {name} "{value}"; there are: {known}', name=name, value=value[:40], known=known)
        ) from None


def _moment(value: str, zone: ZoneInfo) -> datetime:
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise _Refused(
            Sentence('"sent_at" is "{value}", not a moment such as 2026-11-21T09:30:00+01:00', value=value[:40])
        ) from None
    if not _EARLIEST <= moment.year < _LATEST:
        raise _Refused(Sentence('"sent_at" lies in the year {year}', year=moment.year))
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _csv_rows(source: BinaryIO, defaults: Mapping[str, str]) -> Iterator[tuple[int, Mapping[str, Any] | BadLine]]:
    records = _csv_records(read_lines(source))
    first = next(records, None)
    if first is None:
        return
    if isinstance(first, BadLine):
        raise BadInput(first.sentence)
    separator = max(",;\t", key=first.text.count)
    names = [name.strip() for name in next(csv.reader([first.text], delimiter=separator), [])]
    lacking = [name for name in NEEDED if name not in names and name not in defaults]
    if lacking:
        raise BadInput(
            Sentence(
                "the first line must name the columns. Missing: {missing}. Found: {found}. "
                "One value for all rows: --default {one}=…",
                missing=", ".join(lacking),
                found=", ".join(names)[:200],
                one=next((name for name in lacking if name not in {"external_id", "text"}), "kind"),
            )
        )
    for record in records:
        if isinstance(record, BadLine):
            yield record.line, record
        elif record.text.strip():
            yield record.number, _csv_row(record, names, separator)


def _csv_row(record: Line, names: list[str], separator: str) -> Mapping[str, Any] | BadLine:
    try:
        cells = next(csv.reader(record.text.splitlines(keepends=True), delimiter=separator, strict=True))
    except (csv.Error, StopIteration) as error:
        return BadLine(record.number, Sentence("this is not CSV ({why})", why=str(error)))
    if len(cells) != len(names):
        why = Sentence("there are {found} cells for {wanted} columns", found=len(cells), wanted=len(names))
        return BadLine(record.number, why)
    row = dict(zip(names, cells, strict=True))
    return {name: cell for name, cell in row.items() if cell or name == "text"}


def _csv_records(lines: Iterable[Line | BadLine]) -> Iterator[Line | BadLine]:
    """Lines joined where a quoted cell goes over several; a quote that never closes costs only its own line."""
    waiting = iter(lines)
    again: list[Line | BadLine] = []
    while (line := again.pop(0) if again else next(waiting, None)) is not None:
        if isinstance(line, BadLine) or line.text.count('"') % 2 == 0:
            yield line
            continue
        held: list[Line | BadLine] = [line]
        whole, quotes = line.text, line.text.count('"')
        while quotes % 2 and len(whole) < LONGEST_LINE:
            follower = again.pop(0) if again else next(waiting, None)
            if follower is None:
                break
            held.append(follower)
            if isinstance(follower, BadLine):
                break
            whole += follower.text
            quotes += follower.text.count('"')
        if quotes % 2 == 0:
            yield Line(line.number, whole)
        else:
            yield BadLine(line.number, Sentence("a quote is opened and never closed"))
            again = held[1:] + again
