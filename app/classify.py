"""Labelling a stream of JSON lines: text in, labels out, in order, in constant memory, touching no database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO

from bot.channels.lines import read_json_rows
from inbox.errors import BadLine
from inbox.model import Prediction
from inbox.ports import Classifier
from inbox.sentences import Sentence, Translate

LARGEST_BATCH = 512
_READ_AHEAD = 2 * LARGEST_BATCH
_END = None

_Row = tuple[int, Mapping[str, Any] | BadLine]


def classify_stream(
    source: BinaryIO, classifier: Classifier, *, explain: bool, translate: Translate
) -> Iterator[Mapping[str, Any]]:
    """One object per line that is not empty, in order; an unreadable line gives its error in its place.

    A batch is whatever has been read when the last one is done: one line when they trickle in, many when they pour.
    """
    rows: Queue[_Row | None] = Queue(_READ_AHEAD)
    Thread(target=_read_ahead, args=(source, rows), daemon=True).start()
    while batch := _next_batch(rows):
        said = [_text(number, row) for number, row in batch]
        texts = [text for text in said if isinstance(text, str)]
        predictions = iter(classifier.predict(texts, explain=explain))
        for (_, row), text in zip(batch, said, strict=True):
            if isinstance(text, BadLine):
                yield {"id": None, "error": text.told_by(translate)}
            elif not isinstance(row, BadLine):
                yield to_object(next(predictions), row.get("id"), explain=explain)


def to_object(prediction: Prediction, message_id: str | int | None, *, explain: bool) -> dict[str, Any]:
    """A prediction as `vigie classify` writes it; scores are rounded to four places."""
    told: dict[str, Any] = {
        "id": message_id,
        "lang": prediction.lang,
        "labels": [label.value for label in prediction.labels],
        "unsure": [label.value for label in prediction.unsure],
        "scores": {label.value: round(float(score), 4) for label, score in prediction.scores.items()},
        "signals": {signal.value: round(float(score), 4) for signal, score in prediction.signals.items()},
        "severity": prediction.severity.value if prediction.severity else None,
        "target": prediction.target.value if prediction.target else None,
    }
    if explain:
        told["reasons"] = {label.value: list(reasons) for label, reasons in prediction.reasons.items()}
    return told | {"model": prediction.model}


def _read_ahead(source: BinaryIO, rows: Queue[_Row | None]) -> None:
    try:
        for row in read_json_rows(source):
            rows.put(row)
    finally:
        rows.put(_END)


def _next_batch(rows: Queue[_Row | None]) -> list[_Row]:
    batch: list[_Row] = []
    row = rows.get()
    while row is not _END:
        batch.append(row)
        if len(batch) == LARGEST_BATCH:
            return batch
        try:
            row = rows.get_nowait()
        except Empty:
            return batch
    rows.put(_END)
    return batch


def _text(number: int, row: Mapping[str, Any] | BadLine) -> str | BadLine:
    if isinstance(row, BadLine):
        return row
    text, message_id = row.get("text"), row.get("id")
    if "text" not in row:
        return BadLine(number, Sentence('the field "{name}" is missing', name="text"))
    if not isinstance(text, str):
        return BadLine(number, Sentence('"{name}" is not text; put it in quotes', name="text"))
    if isinstance(message_id, bool) or not isinstance(message_id, str | int | None):
        return BadLine(number, Sentence('"id" is neither text nor a whole number'))
    if any("\ud800" <= letter <= "\udfff" for letter in f"{text}{message_id}"):
        return BadLine(number, Sentence('"{name}" holds half a character (a lone surrogate)', name="text"))
    return text


def to_line(told: Mapping[str, Any]) -> str:
    """An object as one line of JSON."""
    return json.dumps(told, ensure_ascii=False)
