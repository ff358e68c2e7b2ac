"""Reading labelled rows, and which may be learned from."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from classifiers.corpora import corpus_files, is_held_out, read_rows
from classifiers.sources import may_train, source_named
from inbox.errors import BadLine, NotFound
from inbox.model import Label, Severity, Signal, Target
from tests.classifiers.builders import CORPORA, a_row, some_corpus_rows

OURS = {
    "text": "Bande de nuls",
    "lang": "fr",
    "labels": ["offensive"],
    "signals": [],
    "severity": "low",
    "target": "brand",
    "trade": "shop",
    "channel": "x",
}


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def test_a_row_of_ours_determines_every_label(tmp_path: Path) -> None:
    (row,) = read_rows([write(tmp_path / "fr-brands.jsonl", OURS)])
    assert row.holds == {Label.OFFENSIVE}
    assert set(Label) | set(Signal) == row.known
    assert (row.severity, row.target, row.source) == (Severity.LOW, Target.BRAND, "vigie/fr-brands")


def test_a_public_row_leaves_open_what_it_does_not_know(tmp_path: Path) -> None:
    public = {
        "text": "x",
        "lang": "en",
        "source": "nlupp_en",
        "labels": ["question", "other"],
        "known": ["question", "other", "complaint"],
        "tier": "proxy",
    }
    (row,) = read_rows([write(tmp_path / "nlupp_en.jsonl.gz", public)])
    assert row.holds == {Signal.QUESTION}
    assert row.known == {Signal.QUESTION, Label.COMPLAINT}


def test_a_text_read_twice_counts_once(tmp_path: Path) -> None:
    shouted = {**OURS, "text": "BANDE  de nuls!"}
    assert len(read_rows([write(tmp_path / "fr-brands.jsonl", OURS, shouted)])) == 1


def test_other_languages_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "other-languages.jsonl", {**OURS, "lang": "de"})
    assert read_rows([path]) == []
    assert len(read_rows([path], languages=["de"])) == 1


def test_a_line_that_is_no_row_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "fr-brands.jsonl", OURS, {"text": "x"})
    with pytest.raises(BadLine, match="line 2") as caught:
        read_rows([path])
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"nothing\.jsonl"):
        read_rows([tmp_path / "nothing.jsonl"])


def test_the_held_out_split_does_not_move() -> None:
    words = ("un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
    assert [word for word in words if is_held_out(a_row(f"message numéro {word}"))] == ["quatre", "huit"]


def test_about_a_fifth_is_held_out() -> None:
    rows = some_corpus_rows(1.0)
    assert 0.17 < sum(map(is_held_out, rows)) / len(rows) < 0.23


def test_case_accents_and_spaces_do_not_move_a_text_across_the_split() -> None:
    for word in ("été", "colis", "merci", "facture", "vélo"):
        assert is_held_out(a_row(f"Mon {word} !")) == is_held_out(a_row(f"MON   {word.upper()}"))


@pytest.mark.parametrize("name", ["cyberagression_fr", "hint3_curekart_powerplay_en", "bitext_en", "olid_train_en"])
def test_sources_without_a_permissive_licence_are_not_learned_from(name: str) -> None:
    assert not may_train(name)


def test_an_unknown_source_is_learned_from_only_when_the_caller_says_so() -> None:
    assert not may_train("somebody/else")
    assert may_train("somebody/else", unknown_too=True)


def test_every_source_that_trains_states_a_permissive_licence() -> None:
    for path in corpus_files(CORPORA):
        name = f"vigie/{path.name.removesuffix('.jsonl')}"
        if name != "vigie/other-languages":
            assert may_train(name)
            assert source_named(name).licence == "Apache-2.0"
