"""Model files: whole or refused, and never run."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.model_file import FORMAT, Tensors, read_model, write_model
from inbox.errors import ModelTrouble

TENSORS: Tensors = {"b": np.arange(40, dtype=np.int8), "a": np.linspace(0, 1, 7, dtype=np.float32)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "small.safetensors"
    write_model(path, TENSORS, {"version": "small", "thresholds": {"fr": 0.9}})
    return path


def test_what_is_written_is_what_is_read(path: Path) -> None:
    kept = read_model(path)
    assert kept.about["version"] == "small"
    assert kept.about["format"] == FORMAT
    assert np.array_equal(kept.tensors["b"], TENSORS["b"])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelTrouble, match=r"There is no model file .*gone\.safetensors"):
        read_model(tmp_path / "gone.safetensors")


def test_a_file_of_another_format_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifiers.model_file.FORMAT", FORMAT + 1)
    with pytest.raises(ModelTrouble, match=f"is of format {FORMAT}, and this Vigie reads format {FORMAT + 1}"):
        read_model(path)


def test_a_changed_threshold_is_noticed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"0.9", b"0.1"))
    with pytest.raises(ModelTrouble, match="damaged or was changed"):
        read_model(path)


def test_a_file_cut_short_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ModelTrouble, match="damaged or was changed"):
        read_model(path)


class Bomb:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, ("raise SystemExit('a model file was run')",)


def test_a_pickle_is_refused_unopened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(ModelTrouble, match="damaged or was changed"):
        read_model(path)


@given(data=st.data())
@settings(max_examples=60)
def test_a_flipped_byte_is_refused(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("flip") / "small.safetensors"
    write_model(path, TENSORS, {"version": "small", "thresholds": {"fr": 0.9}})
    whole = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    path.write_bytes(whole)
    with pytest.raises(ModelTrouble):
        read_model(path)
