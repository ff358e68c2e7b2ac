"""The second opinion on a text: by what its words mean rather than how they are spelled.

The vectors of its words and of its pairs of words, and the shape of the text, go through a small net.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.model_file import Tensors
from classifiers.net import Net
from classifiers.reading import Reading, VectorTable, read_texts

Floats = NDArray[np.float32]

_CHUNK = 1024
_NAMES = ("words", "pairs")


@dataclass(frozen=True, slots=True)
class Sense:
    """Tables of vectors, and the net that reads what they add up to.

    Attributes:
        tables: Of words, and of pairs.
        scale: Shape (columns of both,). Brings each column of a table to the spread that the net learned with.
        net: From the scaled sums and the shape to the log odds of each head.
    """

    tables: tuple[VectorTable, VectorTable]
    scale: Floats
    net: Net

    def score(self, reading: Reading) -> NDArray[np.float64]:
        """Shape (n_texts, n_heads). Log odds, before calibration."""
        return self.net.score(to_inputs(reading, self.scale)).astype(np.float64)


def sum_vectors(reading: Reading) -> Floats:
    """Shape (n_texts, columns of all tables). A text's vectors together, so that long texts do not outweigh short."""
    share = (1 / np.sqrt(reading.n_words + 1)).astype(np.float32)
    return reading.vectors * share[:, None]


def to_inputs(reading: Reading, scale: Floats) -> Floats:
    """Shape (n_texts, columns of both tables + len(SHAPE)). What the net sees of texts read with the tables."""
    return np.concatenate([sum_vectors(reading) * scale, reading.shape], axis=1)


def read_inputs(
    texts: Sequence[str], tables: tuple[VectorTable, VectorTable], scale: Floats | None = None
) -> tuple[Floats, Floats]:
    """The inputs of many texts, and their scale: the one given, or the one that gives each table a spread of one."""
    readings = [read_texts(texts[at : at + _CHUNK], vectors=tables) for at in range(0, len(texts), _CHUNK)]
    sums = np.concatenate([sum_vectors(reading) for reading in readings])
    shape = np.concatenate([reading.shape for reading in readings])
    if scale is None:
        width = tables[0].rows.shape[1]
        spreads = [max(float(part.std()), 1e-6) for part in (sums[:, :width], sums[:, width:])]
        scale = np.repeat(1 / np.array(spreads), [table.rows.shape[1] for table in tables]).astype(np.float32)
    return np.concatenate([sums * scale, shape], axis=1), scale


def pack_sense(sense: Sense) -> dict[str, NDArray[np.generic]]:
    """The tensors of a second opinion."""
    packed: dict[str, NDArray[np.generic]] = {"sense/scale": sense.scale}
    for name, table in zip(_NAMES, sense.tables, strict=True):
        packed |= {f"{name}/row_of": table.row_of, f"{name}/rows": table.rows}
    net = sense.net
    return packed | {
        "net/hidden": net.hidden,
        "net/hidden_bias": net.hidden_bias,
        "net/out": net.out,
        "net/out_bias": net.out_bias,
    }


def unpack_sense(tensors: Tensors) -> Sense:
    """The second opinion that `pack_sense` was given."""
    words, pairs = (
        VectorTable(tensors[f"{name}/row_of"], tensors[f"{name}/rows"], pairs=name == "pairs") for name in _NAMES
    )
    net = Net(*(tensors[f"net/{name}"] for name in ("hidden", "hidden_bias", "out", "out_bias")))
    return Sense((words, pairs), tensors["sense/scale"], net)
