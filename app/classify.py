"""Labelling a stream of JSON lines: text in, labels out, in order, in constant memory, touching no database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from typing import Any, Protocol

import orjson

from app.entities import with_entities
from bot.channels.lines import LONGEST_LINE, read_json_rows
from inbox.errors import BadLine
from inbox.model import Label, Prediction, Signal
from inbox.ports import Classifier
from inbox.sentences import Sentence, Translate

LARGEST_BATCH = 1024
_PIECE = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_NAMES: Mapping[Label | Signal, str] = {one: one.value for one in (*Label, *Signal)}
_IDS = (str, int, type(None))

_Row = tuple[int, Mapping[str, Any] | BadLine]


class Source(Protocol):
    """A stream of bytes that gives what it has without waiting for more."""

    def read1(self, size: int, /) -> bytes:
        """At most `size` bytes, and none only at the end."""


def classify_stream(
    source: Source, classifier: Classifier, *, explain: bool, translate: Translate, entities: bool = False
) -> Iterator[list[dict[str, Any]]]:
    """A list of answers at a time: one per line that is not empty, in order, an unreadable line giving its error.

    A list answers whatever has come when the last one is done: one line when they trickle in, many when they pour.
    """
    for batch in _batches(source):
        said = [_text(number, row) for number, row in batch]
        predictions = iter(classifier.predict([text for text in said if isinstance(text, str)], explain=explain))
        answers: list[dict[str, Any]] = []
        for (_, row), text in zip(batch, said, strict=True):
            if isinstance(text, BadLine):
                answers.append({"id": None, "error": text.told_by(translate)})
            elif not isinstance(row, BadLine):
                told = to_object(next(predictions), row.get("id"), explain=explain)
                answers.append(with_entities(told, text) if entities else told)
        yield answers


def to_object(prediction: Prediction, message_id: str | int | None, *, explain: bool) -> dict[str, Any]:
    """A prediction as `vigie classify` writes it; scores are rounded to four places."""
    told: dict[str, Any] = {
        "id": message_id,
        "lang": prediction.lang,
        "labels": [_NAMES[label] for label in prediction.labels],
        "unsure": [_NAMES[label] for label in prediction.unsure],
        # `round` writes each number out to find its places, which takes as long as all the rest.
        "scores": {_NAMES[label]: int(score * 1e4 + 0.5) / 1e4 for label, score in prediction.scores.items()},
        "signals": {_NAMES[signal]: int(score * 1e4 + 0.5) / 1e4 for signal, score in prediction.signals.items()},
        "severity": prediction.severity.value if prediction.severity else None,
        "target": prediction.target.value if prediction.target else None,
    }
    if explain:
        told["reasons"] = {_NAMES[label]: list(reasons) for label, reasons in prediction.reasons.items()}
    told["model"] = prediction.model
    return told


def to_line(told: Mapping[str, Any]) -> bytes:
    """An object as one line of JSON."""
    try:
        return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        # An id longer than 64 bits.
        return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _batches(source: Source) -> Iterator[list[_Row]]:
    """The rows on all lines, with their numbers; a batch is what has come by then, and at most LARGEST_BATCH."""
    number = 0
    for lines in _lines(source):
        if number == 0:
            lines[0] = lines[0].removeprefix(_BYTE_ORDER_MARK)
        numbered = enumerate(lines, start=number + 1)
        rows = ((at, row) for at, line in numbered if (row := _read(at, line)) is not None)
        while batch := list(islice(rows, LARGEST_BATCH)):
            yield batch
        number += len(lines)


def _lines(source: Source) -> Iterator[list[bytes]]:
    """Whole lines without their ends, as many as have come; of one that is too long only as much as shows it."""
    begun, dropping = b"", False
    while piece := source.read1(_PIECE):
        *lines, begun = (begun + piece).split(b"\n")
        if dropping and lines:
            del lines[0]
            dropping = False
        if dropping:
            begun = b""
        elif len(begun) >= LONGEST_LINE:
            lines.append(begun)
            begun, dropping = b"", True
        if lines:
            yield lines
    if begun:
        yield [begun]


def _read(number: int, line: bytes) -> Mapping[str, Any] | BadLine | None:
    """The object on a line; None where the line is empty."""
    if not line:
        return None
    try:
        row = orjson.loads(line) if len(line) < LONGEST_LINE else None
    except orjson.JSONDecodeError:
        row = None
    if isinstance(row, dict) and not isinstance(row.get("id"), float):
        return row
    # What is no plain JSON is read by Python's reader, which takes more and says what is wrong with the rest; so are
    # ids longer than 64 bits, of which the quick one makes fractions.
    for _, slowly in read_json_rows(BytesIO(line[:LONGEST_LINE])):
        return BadLine(number, slowly.reason) if isinstance(slowly, BadLine) else slowly
    return None


def _text(number: int, row: Mapping[str, Any] | BadLine) -> str | BadLine:
    if isinstance(row, BadLine):
        return row
    text, message_id = row.get("text"), row.get("id")
    if "text" not in row:
        return BadLine(number, Sentence('the field "{name}" is missing', name="text"))
    if not isinstance(text, str):
        return BadLine(number, Sentence('"{name}" is not text; put it in quotes', name="text"))
    if isinstance(message_id, bool) or not isinstance(message_id, _IDS):
        return BadLine(number, Sentence('"id" is neither text nor a whole number'))
    if _is_broken(text) or (isinstance(message_id, str) and _is_broken(message_id)):
        return BadLine(number, Sentence('"{name}" holds half a character (a lone surrogate)', name="text"))
    return text


def _is_broken(text: str) -> bool:
    """Whether half a character stands alone in a text."""
    try:
        text.isascii() or text.encode()
    except UnicodeEncodeError:
        return True
    return False
