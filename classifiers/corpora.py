"""Labelled texts read from files, each row with what it knows and what it leaves open."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifiers.heads import HEADS, LANGUAGES
from classifiers.sources import OWN
from inbox.errors import BadLine, NotFound
from inbox.model import Label, Severity, Signal, Target
from inbox.sentences import Sentence
from inbox.text import fold

HELD_OUT_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Row:
    """One text with its truth.

    A head in `known` and not in `holds` is false; one not in `known` is undetermined and takes no part. `trade` is the
    kind of business it was written to, where the corpus tells. `kept_out` is a corpus' own word on whether the row is
    only for measuring; None leaves that to the letters of the text.
    """

    text: str
    lang: str
    source: str
    tier: str
    holds: frozenset[Label | Signal]
    known: frozenset[Label | Signal]
    severity: Severity | None = None
    target: Target | None = None
    trade: str | None = None
    kept_out: bool | None = None

    @property
    def is_ours(self) -> bool:
        """Whether the row was written for this project, with every head determined."""
        return self.source.startswith(f"{OWN}/")


def read_rows(paths: Iterable[Path], *, languages: Sequence[str] = LANGUAGES) -> list[Row]:
    """The rows of many files, each once, in the languages wanted.

    Files named `.jsonl` are corpora of ours, with everything determined; those named `.jsonl.gz` say per row what is
    known. A text read before, case, accents and spaces aside, is left out.

    Raises:
        NotFound: A file is missing.
        BadLine: A line is no row; tells the line.
    """
    seen: set[str] = set()
    rows: list[Row] = []
    for path in paths:
        for row in _read_file(path):
            key = _letters_of(row.text)
            if row.lang in languages and key not in seen:
                seen.add(key)
                rows.append(row)
    return rows


def corpus_files(folder: Path) -> list[Path]:
    """The files of a folder that hold rows, by name."""
    return sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")])


def is_held_out(row: Row) -> bool:
    """Whether a row is kept for measuring; the same on every machine, and for copies that differ in case or spacing."""
    return share_of(row, salt="held-out") < HELD_OUT_SHARE if row.kept_out is None else row.kept_out


def share_of(row: Row, *, salt: str) -> float:
    """A figure from 0 to 1 drawn from the letters of a text, spread evenly over texts."""
    digest = hashlib.blake2b(f"{salt}\n{_letters_of(row.text)}".encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big") / 2**64


def _letters_of(text: str) -> str:
    """The letters and signs of a text; what is left when it has neither are its characters as they stand."""
    folded = fold(text)
    return " ".join("".join(sign if sign.isalpha() or ord(sign) > 0x2190 else " " for sign in folded).split()) or folded


def _read_file(path: Path) -> Iterator[Row]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(Sentence("There is no file {path}.", path=str(path))) from error
    packed = path.name.endswith(".gz")
    stem = path.name.removesuffix(".gz").removesuffix(".jsonl")
    lines = io.StringIO((gzip.decompress(raw) if packed else raw).decode("utf-8"))
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            kept = json.loads(line)
            yield _public_row(kept, stem) if packed else _our_row(kept, stem)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            reason = Sentence("{path} does not hold a row here: {error}", path=str(path), error=str(error))
            raise BadLine(number, reason) from error


def _our_row(kept: Mapping[str, Any], stem: str) -> Row:
    return Row(
        text=kept["text"],
        lang=kept["lang"],
        source=f"{OWN}/{stem}",
        tier="direct",
        holds=frozenset([*map(Label, kept["labels"]), *map(Signal, kept["signals"])]),
        known=frozenset(HEADS),
        severity=Severity(kept["severity"]) if kept.get("severity") else None,
        target=Target(kept["target"]) if kept.get("target") else None,
        trade=kept.get("trade"),
        kept_out=kept.get("held_out"),
    )


def _public_row(kept: Mapping[str, Any], stem: str) -> Row:
    return Row(
        text=kept["text"],
        lang=kept["lang"],
        source=str(kept.get("source", stem)),
        tier=kept["tier"],
        holds=_heads(kept["labels"]),
        known=_heads(kept["known"]),
    )


def _heads(words: Iterable[str]) -> frozenset[Label | Signal]:
    """The words that name a head of ours; others, such as `other`, say nothing here."""
    named: dict[str, Label | Signal] = {head.value: head for head in HEADS}
    return frozenset(named[word] for word in words if word in named)
