"""A reader's own examples: read with what they know, and learned from without a flag."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from classifiers.examples import read_examples
from classifiers.sources import may_train, source_named
from classifiers.train import prepare
from inbox.errors import BadInput, BadLine, NotFound
from inbox.model import Label, Severity, Signal, Target

ROW = {"text": "Trois semaines de retard", "lang": "fr", "labels": ["complaint"]}


def write(folder: Path, *rows: object) -> Path:
    path = folder / "march.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_an_example_determines_every_label_and_no_signal(tmp_path: Path):
    (row,) = read_examples(write(tmp_path, ROW))

    assert row.holds == {Label.COMPLAINT}
    assert row.known == set(Label)
    assert (row.source, row.is_ours) == ("own/march", False)


def test_signals_are_determined_where_the_row_has_them(tmp_path: Path):
    (row,) = read_examples(write(tmp_path, ROW | {"signals": ["urgent"]}))

    assert row.holds == {Label.COMPLAINT, Signal.URGENT}
    assert row.known == {*Label, *Signal}


def test_known_says_what_else_is_open(tmp_path: Path):
    (row,) = read_examples(write(tmp_path, ROW | {"known": ["praise", "question"]}))

    assert row.known == {Label.PRAISE, Label.COMPLAINT, Signal.QUESTION}


def test_an_offence_may_tell_severity_and_target(tmp_path: Path):
    told = {"text": "Bande de nuls", "lang": "fr", "labels": ["offensive"], "severity": "low", "target": "brand"}

    (row,) = read_examples(write(tmp_path, told))

    assert (row.severity, row.target) == (Severity.LOW, Target.BRAND)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW | {"labels": ["complain"]}, "labels.0: Input should be 'praise'"),
        (ROW | {"lang": "de"}, "lang: Input should be 'fr' or 'en'"),
        ({"text": "x", "lang": "fr"}, "labels: Field required"),
        ("just words", "march.jsonl: "),
    ],
)
def test_a_line_that_is_no_example_is_told_with_its_place(row: object, says: str, tmp_path: Path):
    path = write(tmp_path, ROW, row)

    with pytest.raises(BadLine, match="line 2") as refusal:
        read_examples(path)

    assert says in str(refusal.value)


def test_a_missing_file_and_one_that_is_no_text_are_told(tmp_path: Path):
    with pytest.raises(NotFound):
        read_examples(tmp_path / "nothing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"caf\xe9")
    with pytest.raises(BadInput):
        read_examples(tmp_path / "latin.jsonl")


def test_examples_given_by_name_are_learned_from_and_thresholds_set_on_them(tmp_path: Path):
    # Letters decide what is held out, so the texts must differ in letters.
    rows = read_examples(write(tmp_path, *({**ROW, "text": f"retard {chr(97 + n) * 3}"} for n in range(20))))

    lesson = prepare(rows)

    own = [measured for row, measured in zip(lesson.rows, lesson.measures, strict=True) if row.source == "own/march"]
    assert 10 < len(own) < 20
    assert all(own)
    assert may_train("own/march")
    assert source_named("own/march").licence == "your own"
