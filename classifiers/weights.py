"""The weights of several heads as they lie in a model file: one byte per bucket and head, and a scale per head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import native
from classifiers.features import LIST_COLUMNS
from classifiers.model_file import Tensors
from classifiers.reading import Reading, Words, multiply


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted head.

    Attributes:
        buckets: Shape (N_BUCKETS,).
        shape: Shape (len(SHAPE),).
        bias: The score of a text without features, in log odds.
    """

    buckets: NDArray[np.float32]
    shape: NDArray[np.float32]
    bias: float


@dataclass(frozen=True, slots=True)
class Weights:
    """Heads ready to score, in one matrix; columns of nought fill it up to the width that the pass adds up at once.

    Attributes:
        buckets: Shape (N_BUCKETS, k). From -127 to 127; what `read_texts` takes.
        scale: Shape (k,). What one step of a bucket is worth, in log odds.
        shape: Shape (n_shape, k).
        bias: Shape (k,).
    """

    buckets: NDArray[np.int8]
    scale: NDArray[np.float32]
    shape: NDArray[np.float32]
    bias: NDArray[np.float32]

    def score(self, reading: Reading) -> NDArray[np.float64]:
        """Shape (n_texts, k). Log odds, before calibration."""
        return (reading.sums * self.scale + multiply(reading.shape, self.shape) + self.bias).astype(np.float64)

    def score_words(self, words: Words, reading: Reading) -> NDArray[np.float32]:
        """Shape (n_words, k). What each word brings to the log odds of its text: its pieces, itself, its lists."""
        text = words.text
        hashed = words.piece_sums * reading.piece_share[text, None] + words.word_sums * reading.word_share[text, None]
        listed = multiply(words.listed, self.shape[LIST_COLUMNS])
        return hashed * self.scale + listed * reading.list_share[text, None]


def pack(heads: Sequence[Head], prefix: str) -> dict[str, NDArray[np.generic]]:
    """The tensors of some heads, named `prefix/…`."""
    buckets = np.stack([head.buckets for head in heads], axis=1)
    scale = np.maximum(np.abs(buckets).max(axis=0), 1e-6) / 127
    return {
        f"{prefix}/buckets": np.round(buckets / scale).astype(np.int8),
        f"{prefix}/scale": scale.astype(np.float32),
        f"{prefix}/shape": np.stack([head.shape for head in heads], axis=1).astype(np.float32),
        f"{prefix}/bias": np.array([head.bias for head in heads], dtype=np.float32),
    }


def unpack(tensors: Tensors, *prefixes: str) -> Weights:
    """The heads that `pack` was given, one group after the other."""

    def joined(name: str) -> NDArray[Any]:
        parts = [tensors[f"{prefix}/{name}"] for prefix in prefixes]
        width = sum(part.shape[-1] for part in parts)
        filling = np.zeros((*parts[0].shape[:-1], -width % native.COLUMNS), dtype=parts[0].dtype)
        return np.ascontiguousarray(np.concatenate([*parts, filling], axis=-1))

    return Weights(joined("buckets"), joined("scale"), joined("shape"), joined("bias"))
