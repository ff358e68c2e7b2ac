"""Model files: safetensors with a checksum, read without running anything that is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from inbox.errors import ModelTrouble
from inbox.sentences import Sentence

FORMAT = 3
"""Raised when what the numbers mean changes, so that no file is read by rules it was not made for."""

Tensors = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """What a model file holds: arrays by name, and what is told of them."""

    tensors: Tensors
    about: Mapping[str, Any]


def write_model(path: Path, tensors: Tensors, about: Mapping[str, Any]) -> None:
    """Write a model file; `about` is plain data, and gains the format and the checksum."""
    told = {**about, "format": FORMAT}
    told["sha256"] = checksum(tensors, told)
    path.parent.mkdir(parents=True, exist_ok=True)
    contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())}
    written = save(contiguous, metadata={"about": json.dumps(told, ensure_ascii=False, sort_keys=True)})
    # Under another name first, so that nobody ever loads half a file.
    beside = path.with_name(f"{path.name}.part")
    beside.write_bytes(written)
    beside.replace(path)


def read_model(path: Path) -> ModelFile:
    """Read and check a model file.

    Raises:
        ModelTrouble: It is missing, damaged, changed since it was written, or of another format.
    """
    if not path.is_file():
        raise ModelTrouble(Sentence("There is no model file {path}. Train one, or reinstall Vigie.", path=str(path)))
    try:
        with safe_open(str(path), framework="numpy") as opened:
            about = json.loads((opened.metadata() or {}).get("about", ""))
            found = int(about["format"])
            if found != FORMAT:
                raise _other_format(path, found)
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 — it is no dict
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise _damaged(path) from error
    if checksum(tensors, about) != about.get("sha256"):
        raise _damaged(path)
    return ModelFile(tensors, about)


def checksum(tensors: Tensors, about: Mapping[str, Any]) -> str:
    """SHA-256 over all that is told and over names, types, shapes and bytes of all tensors, as hexadecimal digits."""
    told = {name: fact for name, fact in about.items() if name != "sha256"}
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype.str} {tensor.shape}\n".encode())
        digest.update(np.ascontiguousarray(tensor).data)
    return digest.hexdigest()


def _damaged(path: Path) -> ModelTrouble:
    return ModelTrouble(
        Sentence("The model file {path} is damaged or was changed. Restore it, or train anew.", path=str(path))
    )


def _other_format(path: Path, found: int) -> ModelTrouble:
    return ModelTrouble(
        Sentence(
            "The model file {path} is of format {found}, and this Vigie reads format {read}. Train it anew.",
            path=str(path),
            found=found,
            read=FORMAT,
        )
    )
