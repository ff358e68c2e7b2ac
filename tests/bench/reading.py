"""How fast messages are read and judged on one core, the start of the process left out."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from classifiers.features import N_BUCKETS
from classifiers.model import load_model
from classifiers.native import COLUMNS
from classifiers.reading import read_texts

_BATCH = 1024
_TIMES = 5


def reading_rates(texts: list[str]) -> dict[str, float]:
    """Messages a second of each step, the best of some runs, each step with all that comes before it."""
    weights = np.ones((N_BUCKETS, COLUMNS), dtype=np.int8)
    model = load_model()
    batches = [texts[at : at + _BATCH] for at in range(0, len(texts), _BATCH)]
    steps: dict[str, Callable[[], object]] = {
        "the compiled pass alone, 16 columns": lambda: [read_texts(batch, weights) for batch in batches],
        "scores in columns": lambda: model.score(texts),
        "predictions": lambda: model.predict(texts),
        "predictions with reasons": lambda: model.predict(texts, explain=True),
        "predictions one by one": lambda: [model.predict([text]) for text in texts[:_BATCH]],
    }
    rates = {step: len(texts) / _best(run) for step, run in steps.items()}
    rates["predictions one by one"] *= min(_BATCH, len(texts)) / len(texts)
    return rates


def _best(run: Callable[[], object]) -> float:
    """Seconds of the quickest of some runs, after one that does not count."""
    run()
    took: list[float] = []
    for _ in range(_TIMES):
        began = perf_counter()
        run()
        took.append(perf_counter() - began)
    return min(took)
