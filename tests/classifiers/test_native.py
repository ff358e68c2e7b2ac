"""The compiled pass: there or told of, and fit for any text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from classifiers import native
from classifiers.features import N_BUCKETS
from classifiers.reading import read_buckets, read_texts
from inbox.errors import ModelTrouble
from tests.classifiers.builders import BEYOND_UNICODE, some_corpus_rows

WEIGHTS = np.random.default_rng(7).integers(-128, 128, (N_BUCKETS, 16)).astype(np.int8)


@pytest.fixture
def no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    native.library.cache_clear()
    monkeypatch.setattr(native, "LIBRARY", tmp_path / "reading.so")
    yield native.LIBRARY
    native.library.cache_clear()


def test_a_library_that_is_missing_is_named_with_what_to_do(no_library: Path) -> None:
    with pytest.raises(ModelTrouble, match=r"reading\.so, cannot be loaded. Run `make demo`"):
        native.library()


def test_a_library_of_another_machine_is_refused(no_library: Path) -> None:
    no_library.write_bytes(b"\x7fELF of another kind")
    with pytest.raises(ModelTrouble, match="cannot be loaded"):
        native.library()


@given(BEYOND_UNICODE)
def test_the_sums_are_those_of_the_buckets_one_by_one(text: str) -> None:
    reading = read_texts([text], WEIGHTS)
    pieces, words = np.split(read_buckets([text], reading).buckets, reading.n_pieces)
    assert WEIGHTS[pieces].sum(axis=0, dtype=int).tolist() == reading.piece_sums[0].tolist()
    assert WEIGHTS[words].sum(axis=0, dtype=int).tolist() == reading.word_sums[0].tolist()


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "c*" * 100_000,
        "@" * 200_000,
        "http://" * 50_000,
        "n.u.l " * 50_000,
        "e\u0301" * 99_999,
        "\U0010ffff" * 70_000,
    ],
)
def test_endless_texts_are_read_exactly(text: str) -> None:
    reading = read_texts([text], WEIGHTS)
    pieces, _ = np.split(read_buckets([text], reading).buckets, reading.n_pieces)
    assert np.array_equal(WEIGHTS[pieces].sum(axis=0, dtype=int).astype(np.float32), reading.piece_sums[0])


def test_a_shuffled_corpus_reads_as_it_did() -> None:
    texts = [row.text for row in some_corpus_rows()]
    order = np.random.default_rng(3).permutation(len(texts))
    shuffled = read_texts([texts[at] for at in order], WEIGHTS)
    whole = read_texts(texts, WEIGHTS)
    for name in ("piece_sums", "word_sums", "shape", "languages", "scripts"):
        assert np.array_equal(getattr(whole, name)[order], getattr(shuffled, name))
