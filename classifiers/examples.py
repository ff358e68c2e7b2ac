"""A reader's own labelled texts, as they come from a spreadsheet or another inbox."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from classifiers.corpora import Row
from classifiers.heads import LABELS, SIGNALS
from classifiers.sources import YOURS
from inbox.errors import BadInput, BadLine, NotFound
from inbox.model import Label, Severity, Signal, Target
from inbox.sentences import Sentence


class _Example(BaseModel):
    """One line of the file; other fields are ignored."""

    text: str = Field(min_length=1)
    lang: Literal["fr", "en"]
    labels: list[Label]
    signals: list[Signal] | None = None
    severity: Severity | None = None
    target: Target | None = None
    known: list[Label | Signal] | None = None


def read_examples(path: Path) -> list[Row]:
    """The rows of one JSONL file: `text`, `lang`, `labels`, and where wanted `signals, severity, target, known`.

    Every label is taken to be determined, and signals where the row has a field for them; `known` says otherwise.

    Raises:
        NotFound: The file is missing.
        BadInput: It cannot be read as text.
        BadLine: A line is no example; tells the line and what is wrong with it.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise NotFound(Sentence("There is no file {path}.", path=str(path))) from error
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(Sentence("{file} cannot be read: {why}.", file=str(path), why=str(error))) from error
    source = f"{YOURS}/{path.name.removesuffix('.jsonl')}"
    return [_to_row(number, line, path, source) for number, line in enumerate(lines, start=1) if line.strip()]


def _to_row(number: int, line: str, path: Path, source: str) -> Row:
    try:
        kept = _Example.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(str(part) for part in fault["loc"])
        why = str(fault["msg"])
        told = Sentence("{file}, {name}: {why}.", file=str(path), name=field, why=why)
        raise BadLine(number, told if field else Sentence("{file}: {why}.", file=str(path), why=why)) from error
    holds = frozenset([*kept.labels, *(kept.signals or ())])
    determined: list[Label | Signal] = [*LABELS, *(SIGNALS if kept.signals is not None else ())]
    if kept.known is not None:
        determined = kept.known
    return Row(
        text=kept.text,
        lang=kept.lang,
        source=source,
        tier="direct",
        holds=holds,
        known=holds.union(determined),
        severity=kept.severity,
        target=kept.target,
    )
