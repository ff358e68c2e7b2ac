"""Rows, texts and a small model for the tests of classifiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from hypothesis import strategies as st

from classifiers.corpora import Row, corpus_files, read_rows, share_of
from classifiers.heads import HEADS
from classifiers.train import train
from inbox.model import Label, Severity, Signal, Target

CORPORA = Path(__file__).parents[2] / "data" / "corpora"

BEYOND_UNICODE = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
"""Any string Python can hold, lone surrogates and NUL included."""


def a_row(
    text: str,
    *holds: Label | Signal,
    lang: str = "fr",
    source: str = "vigie/fr-brands",
    severity: Severity | None = None,
    target: Target | None = None,
) -> Row:
    return Row(text, lang, source, "direct", frozenset(holds), frozenset(HEADS), severity, target)


def some_corpus_rows(share: float = 0.05) -> list[Row]:
    """A fixed part of our own corpora."""
    return [row for row in read_rows(corpus_files(CORPORA)) if share_of(row, salt="tests") < share]


def train_small(target: Path, rows: Sequence[Row] | None = None) -> None:
    train(some_corpus_rows() if rows is None else rows, target, version="small", created_on=date(2026, 11, 1))
