"""Lines of text from a stream of bytes, in constant memory, whatever the stream holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from inbox.errors import BadLine
from inbox.incoming import RowRefused, read_row
from inbox.sentences import Sentence

LONGEST_LINE = 1_000_000
"""Bytes; a line at or above it is refused without being kept in memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, without a byte-order mark, with its end; numbered from 1."""

    number: int
    text: str


def read_lines(source: BinaryIO) -> Iterator[Line | BadLine]:
    """The lines of a file as text, numbered from 1, without their ends."""
    number = 0
    while raw := source.readline(LONGEST_LINE):
        number += 1
        if len(raw) >= LONGEST_LINE and not raw.endswith(b"\n"):
            while (rest := source.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield BadLine(number, Sentence("the line is longer than {most} bytes", most=LONGEST_LINE))
            continue
        if number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        try:
            yield Line(number, raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
                yield BadLine(number, Sentence("this is UTF-16; save the file as UTF-8"))
            else:
                yield BadLine(number, Sentence("byte {at} is not UTF-8; save the file as UTF-8", at=error.start + 1))


def read_json_rows(source: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | BadLine]]:
    """The JSON object on each line of a file, with its number; empty lines are passed over."""
    for line in read_lines(source):
        if isinstance(line, BadLine):
            yield line.line, line
        elif line.text.strip():
            yield line.number, _json_row(line)


def _json_row(line: Line) -> Mapping[str, Any] | BadLine:
    try:
        return read_row(line.text)
    except RowRefused as refusal:
        return BadLine(line.number, refusal.why)
