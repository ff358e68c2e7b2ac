"""Fitting one head: logistic regression on features weighted by naive Bayes.

Source: Wang and Manning 2012, "Baselines and Bigrams", section 2.3 (NB-SVM).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array, hstack
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifiers.features import SHAPE, Features, read_features
from classifiers.hashing import N_BUCKETS, NOTHING
from classifiers.weights import Head

SMOOTHING = 0.02
"""Added to both sides of every naive-Bayes ratio, in the unit of a feature's value."""

RATIO_AT_MOST = 2.0
CHUNK = 1024


def to_matrix(texts: list[str]) -> csr_matrix:
    """One row per text: its buckets, then the figures about its shape. Shape (n_texts, N_BUCKETS + len(SHAPE))."""
    blocks = [_block(read_features(texts[at : at + CHUNK])) for at in range(0, len(texts), CHUNK)]
    counts = np.concatenate([np.diff(block.indptr) for block in blocks])
    return csr_matrix(
        (
            np.concatenate([block.data for block in blocks]),
            np.concatenate([block.indices for block in blocks]),
            np.concatenate([[0], np.cumsum(counts)]),
        ),
        shape=(len(texts), N_BUCKETS + len(SHAPE)),
    )


def _block(features: Features) -> csr_matrix:
    text_of_place = np.repeat(np.arange(features.n_texts), np.diff(features.folded.starts))
    text_of_word = np.repeat(np.arange(features.n_texts), np.diff(features.words.starts))
    columns = [*features.pieces, *features.words.buckets]
    rows = [text_of_place] * len(features.pieces) + [text_of_word] * len(features.words.buckets)
    values = [features.piece_share[text_of_place]] * len(features.pieces)
    values += [features.word_share[text_of_word]] * len(features.words.buckets)
    column, row, value = np.concatenate(columns), np.concatenate(rows), np.concatenate(values)
    real = column != NOTHING
    hashed = csr_matrix((value[real], (row[real], column[real])), shape=(features.n_texts, N_BUCKETS))
    return csr_matrix(hstack([hashed, csr_matrix(features.shape)], format="csr"))


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
    scaled = matrix @ diags_array(ratio)
    used = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
    few = len(used) < matrix.shape[1] / 2
    fitted = LogisticRegression(C=strength, max_iter=200, tol=1e-3, random_state=seed)
    # Threads cost more than they bring on such long, thin sums, and their order would show in the last digits.
    with threadpool_limits(1):
        fitted.fit(scaled[:, used] if few else scaled, truth, sample_weight=weight)
    coefficients = np.zeros(matrix.shape[1])
    coefficients[used if few else slice(None)] = fitted.coef_[0]
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
