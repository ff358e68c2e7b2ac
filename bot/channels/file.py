"""Messages from a file: CSV or JSONL, read line by line in constant memory.

Its rows have the fields of `inbox/incoming.py`. A line that cannot be taken in is given back as a `BadLine` with its
number and the reason; the lines after it are read all the same.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, BinaryIO

from bot.channels.lines import LONGEST_LINE, Line, read_json_rows, read_lines
from inbox.errors import BadInput, BadLine
from inbox.incoming import NEEDED, Reading, RowRefused, to_message
from inbox.model import IncomingMessage
from inbox.sentences import Sentence


class FileFormat(StrEnum):
    """How the rows of a file are written."""

    JSONL = "jsonl"
    CSV = "csv"


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
        except RowRefused as refusal:
            yield BadLine(number, refusal.why)


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
