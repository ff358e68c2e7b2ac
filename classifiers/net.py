"""A small net: one hidden layer over the vectors and the shape of a text, one output per head."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.reading import multiply

Floats = NDArray[np.float32]

HIDDEN = 64
EPOCHS = 6
BATCH = 256
_FASTEST = 4e-3
_WARM_UP = 0.3
_DECAY = 0.02
_DROPPED_IN, _DROPPED_HIDDEN = 0.1, 0.4
_FIRST_MOMENT, _SECOND_MOMENT, _TINY = 0.9, 0.999, 1e-8


@dataclass(frozen=True, slots=True)
class Net:
    """A fitted net.

    Attributes:
        hidden: Shape (n_inputs, n_hidden).
        hidden_bias: Shape (n_hidden,).
        out: Shape (n_hidden, n_heads).
        out_bias: Shape (n_heads,).
    """

    hidden: Floats
    hidden_bias: Floats
    out: Floats
    out_bias: Floats

    def score(self, inputs: Floats) -> Floats:
        """Shape (n, n_heads). Log odds, the same for a text whatever else is in the batch."""
        return multiply(np.maximum(multiply(inputs, self.hidden) + self.hidden_bias, 0), self.out) + self.out_bias


def fit_net(
    inputs: Floats,
    truth: NDArray[np.bool_],
    known: NDArray[np.bool_],
    weight: NDArray[np.float64],
    *,
    hidden: int = HIDDEN,
    epochs: int = EPOCHS,
    seed: int = 0,
) -> Net:
    """Fit all heads together, so that each gains by what the others teach the hidden layer.

    Args:
        inputs: Shape (n, n_inputs).
        truth: Shape (n, n_heads). Which heads hold.
        known: Shape (n, n_heads). Which are determined; others take no part.
        weight: Shape (n,). How much each row counts.
        hidden: The width of the hidden layer.
        epochs: How often every row is seen.
        seed: Of everything drawn at random.

    Source: Loshchilov and Hutter 2019, "Decoupled Weight Decay Regularization" (AdamW); Srivastava et al. 2014,
    "Dropout"; Smith and Topin 2018, "Super-Convergence" (one cycle of the rate).
    """
    chance = np.random.default_rng(seed)
    n, n_inputs = inputs.shape
    n_heads = truth.shape[1]
    layers = [
        chance.normal(0, np.sqrt(2 / n_inputs), (n_inputs, hidden)).astype(np.float32),
        np.zeros(hidden, dtype=np.float32),
        chance.normal(0, np.sqrt(1 / hidden), (hidden, n_heads)).astype(np.float32),
        np.zeros(n_heads, dtype=np.float32),
    ]
    first = [np.zeros_like(layer) for layer in layers]
    second = [np.zeros_like(layer) for layer in layers]
    counts = (known * weight[:, None]).astype(np.float32)
    target = truth.astype(np.float32)
    n_steps = epochs * -(-n // BATCH)
    step = 0
    for _ in range(epochs):
        order = chance.permutation(n)
        for start in range(0, n, BATCH):
            rows = order[start : start + BATCH]
            gradients = _gradients(layers, inputs[rows], target[rows], counts[rows], chance)
            step += 1
            rate = _rate(step / n_steps)
            for at, gradient in enumerate(gradients):
                first[at] += (1 - _FIRST_MOMENT) * (gradient - first[at])
                second[at] += (1 - _SECOND_MOMENT) * (gradient**2 - second[at])
                move = first[at] / (1 - _FIRST_MOMENT**step)
                move /= np.sqrt(second[at] / (1 - _SECOND_MOMENT**step)) + _TINY
                if layers[at].ndim > 1:
                    move += _DECAY * layers[at]
                layers[at] -= np.float32(rate) * move
    return Net(*layers)


def _rate(done: float) -> float:
    """How fast to learn: faster and faster at first, then slower and slower."""
    if done < _WARM_UP:
        return _FASTEST * done / _WARM_UP
    return _FASTEST * 0.5 * (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP)))


def _gradients(
    layers: list[Floats], inputs: Floats, target: Floats, counts: Floats, chance: np.random.Generator
) -> list[Floats]:
    """Of the weighed cross entropy of a batch, per layer; some inputs and hidden units are dropped at random."""
    hidden, hidden_bias, out, out_bias = layers
    kept_in = _kept(inputs.shape, _DROPPED_IN, chance)
    seen = inputs * kept_in
    before = seen @ hidden + hidden_bias
    open_units = (before > 0) * _kept(before.shape, _DROPPED_HIDDEN, chance)
    units = before * open_units
    said = 1 / (1 + np.exp(-np.clip(units @ out + out_bias, -30, 30)))
    off = (said - target) * counts / max(float(counts.sum()), _TINY)
    back = (off @ out.T) * open_units
    return [seen.T @ back, back.sum(axis=0), units.T @ off, off.sum(axis=0)]


def _kept(shape: tuple[int, ...], dropped: float, chance: np.random.Generator) -> Floats:
    """What stays is made larger in proportion, so that sums stay the same on average."""
    kept = chance.random(shape, dtype=np.float32) >= dropped
    return kept.astype(np.float32) / np.float32(1 - dropped)
