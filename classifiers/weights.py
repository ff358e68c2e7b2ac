"""The weights of several heads as they lie in a model file: one byte per bucket and head, and a scale per head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Features, add_up, add_up_words, list_columns
from classifiers.model_file import Tensors


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
    """Heads ready to score.

    Attributes:
        buckets: Shape (N_BUCKETS + 1, n_heads). Whole numbers from -127 to 127, the last row nought.
        scale: Shape (n_heads,). What one step of a bucket is worth, in log odds.
        shape: Shape (n_shape, n_heads).
        bias: Shape (n_heads,).
    """

    buckets: NDArray[np.float32]
    scale: NDArray[np.float32]
    shape: NDArray[np.float32]
    bias: NDArray[np.float32]

    def score(self, features: Features) -> NDArray[np.float64]:
        """Shape (n_texts, n_heads). Log odds, before calibration."""
        hashed = add_up(features, self.buckets) * self.scale
        shaped = (features.shape[:, :, None] * self.shape[None]).sum(axis=1)
        return np.asarray(hashed + shaped + self.bias, dtype=np.float64)

    def score_words(self, features: Features) -> NDArray[np.float32]:
        """Shape (n_words, n_heads). What each word brings to the log odds of its text; separators bring nothing."""
        return add_up_words(features, self.buckets * self.scale, self.shape[list_columns()])


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


def unpack(tensors: Tensors, prefix: str) -> Weights:
    """The heads that `pack` was given."""
    stored = tensors[f"{prefix}/buckets"]
    buckets = np.zeros((len(stored) + 1, stored.shape[1]), dtype=np.float32)
    buckets[:-1] = stored
    return Weights(buckets, tensors[f"{prefix}/scale"], tensors[f"{prefix}/shape"], tensors[f"{prefix}/bias"])
