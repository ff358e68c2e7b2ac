"""Models for the tests of the shelf: the starter under another name, as it is or spoiled for one label."""

from __future__ import annotations

from pathlib import Path

from classifiers.model import STARTER
from classifiers.model_file import read_model, write_model
from inbox.model import Label


def a_model(folder: Path, name: str, *, spoiled: Label | None = None) -> Path:
    """A whole model file; the spoiled label is told upside down."""
    starter = read_model(STARTER)
    about = {fact: told for fact, told in starter.about.items() if fact != "sha256"} | {"version": name}
    if spoiled is not None:
        about["calibration"] = {
            kind: {
                head: [*(-weight for weight in weights), offset] if head == spoiled else [*weights, offset]
                for head, (*weights, offset) in to.items()
            }
            for kind, to in about["calibration"].items()
        }
    file = folder / f"{name}.safetensors"
    write_model(file, starter.tensors, about)
    return file


def flip_a_byte(file: Path) -> None:
    """Change one bit in the middle of a file."""
    held = bytearray(file.read_bytes())
    held[len(held) // 2] ^= 1
    file.write_bytes(held)
