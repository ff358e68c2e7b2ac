"""Two texts side by side: which lines stay, come and go, and which words of a line changed. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

CONTEXT = 3
"""Lines that are shown around what differs."""

_ALIKE = 0.4
"""From this likeness on a line is told as changed, not as gone with another come in its place."""

_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class RowKind(StrEnum):
    """What became of a line."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"
    CAME = "came"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line; `differs` where the other side has something else."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """A line of one of the texts, with its number from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of both texts, or of one; `left_out` counts the equal lines that are not shown in its place."""

    kind: RowKind
    before: Side | None = None
    after: Side | None = None
    left_out: int = 0


def side_by_side(before: str, after: str, *, context: int = CONTEXT) -> list[Row]:
    """What differs between two texts; nothing where they read the same.

    Args:
        before: The earlier text.
        after: The later text.
        context: How many equal lines to show around what differs.
    """
    rows = list(_rows(before.splitlines(), after.splitlines()))
    if all(row.kind is RowKind.SAME for row in rows):
        return []
    return list(_folded(rows, context))


def count(rows: Sequence[Row]) -> tuple[int, int]:
    """How many lines came, and how many went; a changed one did both."""
    came = sum(row.kind in {RowKind.CAME, RowKind.CHANGED} for row in rows)
    return came, sum(row.kind in {RowKind.GONE, RowKind.CHANGED} for row in rows)


def _rows(one: Sequence[str], other: Sequence[str]) -> Iterator[Row]:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for what, first, last, at, to in matcher.get_opcodes():
        if what == "equal":
            for place in range(last - first):
                line = (Piece(one[first + place]),)
                yield Row(RowKind.SAME, Side(first + place + 1, line), Side(at + place + 1, line))
        else:
            yield from _replaced(one, other, range(first, last), range(at, to))


def _replaced(one: Sequence[str], other: Sequence[str], gone: range, came: range) -> Iterator[Row]:
    """A stretch in place of another: lines that are alike side by side, the rest on their own."""
    paired = min(len(gone), len(came))
    for place in range(paired):
        yield from _pair(one[gone[place]], other[came[place]], gone[place] + 1, came[place] + 1)
    for place in gone[paired:]:
        yield Row(RowKind.GONE, Side(place + 1, (Piece(one[place], differs=True),)))
    for place in came[paired:]:
        yield Row(RowKind.CAME, after=Side(place + 1, (Piece(other[place], differs=True),)))


def _pair(before: str, after: str, number: int, other: int) -> Iterator[Row]:
    words, others = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < _ALIKE:
        yield Row(RowKind.GONE, Side(number, (Piece(before, differs=True),)))
        yield Row(RowKind.CAME, after=Side(other, (Piece(after, differs=True),)))
        return
    left, right = [], []
    for what, first, last, at, to in matcher.get_opcodes():
        differs = what != "equal"
        left.append(Piece("".join(words[first:last]), differs))
        right.append(Piece("".join(others[at:to]), differs))
    yield Row(RowKind.CHANGED, Side(number, _filled(left)), Side(other, _filled(right)))


def _filled(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.text)


def _folded(rows: Sequence[Row], context: int) -> Iterator[Row]:
    """The rows that differ and those around them; a number in place of the others."""
    differs = [place for place, row in enumerate(rows) if row.kind is not RowKind.SAME]
    shown = {near for place in differs for near in range(place - context, place + context + 1)}
    left_out = 0
    for place, row in enumerate(rows):
        if place not in shown:
            left_out += 1
            continue
        if left_out:
            yield Row(RowKind.LEFT_OUT, left_out=left_out)
            left_out = 0
        yield row
    if left_out:
        yield Row(RowKind.LEFT_OUT, left_out=left_out)
