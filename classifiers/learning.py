"""Fitting one head: logistic regression on features weighted by naive Bayes.

Source: Wang and Manning 2012, "Baselines and Bigrams", section 2.3 (NB-SVM).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifiers.features import N_BUCKETS, SHAPE
from classifiers.reading import read_buckets, read_texts
from classifiers.weights import Head

SMOOTHING = 0.02
"""Added to both sides of every naive-Bayes ratio, in the unit of a feature's value."""

RATIO_AT_MOST = 2.0

SEEN_AT_LEAST = 2
"""A bucket in fewer texts weighs nothing."""

CHUNK = 1024


def to_matrix(texts: list[str]) -> csr_matrix:
    """One row per text: its buckets, then the figures about its shape. Shape (n_texts, N_BUCKETS + len(SHAPE))."""
    return csr_matrix(vstack([_block(texts[at : at + CHUNK]) for at in range(0, len(texts), CHUNK)], format="csr"))


def _block(texts: list[str]) -> csr_matrix:
    reading = read_texts(texts)
    found = read_buckets(texts, reading)
    value = np.repeat(np.stack([reading.piece_share, reading.word_share], axis=1).ravel(), np.diff(found.starts))
    hashed = csr_matrix((value, found.buckets.astype(np.int32), found.starts[::2]), shape=(len(texts), N_BUCKETS))
    hashed.sum_duplicates()
    return csr_matrix(hstack([hashed, csr_matrix(reading.shape)], format="csr"))


def fit_head(
    matrix: csr_matrix, truth: NDArray[np.bool_], weight: NDArray[np.float64], *, strength: float, seed: int = 0
) -> Head:
    """Fit one head.

    Args:
        matrix: From `to_matrix`.
        truth: Shape (n,). Which rows the head holds for; both kinds must occur.
        weight: Shape (n,). How much each row counts.
        strength: The inverse of how strongly weights are held small.
        seed: Of the solver, where it draws at random.
    """
    ratio = _ratio(matrix, truth, weight)
    seen = np.bincount(matrix.indices, minlength=matrix.shape[1])
    seen[N_BUCKETS:] = SEEN_AT_LEAST
    used = np.flatnonzero(seen >= SEEN_AT_LEAST)
    scaled = matrix[:, used].astype(np.float32)
    scaled.data *= ratio.astype(np.float32)[used][scaled.indices]
    fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-3, random_state=seed)
    # Threads cost more than they bring on such long, thin sums, and their order would show in the last digits.
    with threadpool_limits(1):
        fitted.fit(scaled, truth, sample_weight=weight)
    coefficients = np.zeros(matrix.shape[1])
    coefficients[used] = fitted.coef_[0]
    weights = (coefficients * ratio).astype(np.float32)
    return Head(weights[:N_BUCKETS], weights[N_BUCKETS : N_BUCKETS + len(SHAPE)], float(fitted.intercept_[0]))


def score(head: Head, matrix: csr_matrix) -> NDArray[np.float64]:
    """Shape (n,). Log odds, before calibration."""
    weights = np.concatenate([head.buckets, head.shape])
    return np.asarray(matrix[:, : len(weights)] @ weights + head.bias, dtype=np.float64)


def _ratio(matrix: csr_matrix, truth: NDArray[np.bool_], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shape (n_features,). How much more of a feature there is in rows that hold than in others, as a log ratio."""
    yes = matrix.T @ (weight * truth) + SMOOTHING
    no = matrix.T @ (weight * ~truth) + SMOOTHING
    ratio = np.log(yes / yes[:N_BUCKETS].sum()) - np.log(no / no[:N_BUCKETS].sum())
    ratio[N_BUCKETS:] = 1.0
    return np.asarray(np.clip(ratio, -RATIO_AT_MOST, RATIO_AT_MOST), dtype=np.float64)
