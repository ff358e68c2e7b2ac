"""The language table, taken once from py3langid's model so that a start need not unpack four megabytes.

py3langid (BSD licence, a fork of M. Lui's langid.py) reads text byte by byte and at each byte adds the log probability
of the longest known group of bytes that ends there. The groups and their log probabilities for the languages we tell
apart are all that is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.model_file import write_model

TABLE = Path(__file__).parent / "starter" / "languages.safetensors"

TOLD_APART = ("fr", "en", "de", "es", "it", "pt", "nl", "pl", "tr", "ro", "sv", "ca", "cs", "da", "fi", "hu")
"""The languages in Latin letters; the first two are those a model serves."""

LEAST_SPREAD = 0.5
"""Groups whose log probability differs by less than this over all languages are left out: they tell nothing."""

_LONGEST = 5


def write_language_table(path: Path, languages: Sequence[str]) -> None:
    """Write the table for some languages (ISO 639-1) from the installed py3langid."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 — slow, and wanted only here

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    columns = [identifier.nb_classes.index(language) for language in languages]
    weights = np.asarray(identifier.nb_ptc, dtype=np.float32)[:, columns]
    groups = _groups(identifier)
    features = np.array(list(groups), dtype=np.intp)
    spread = np.ptp(weights[features], axis=1)
    kept = np.argsort(spread, kind="stable")
    kept = kept[spread[kept] >= LEAST_SPREAD]
    keys = np.array([groups[feature] for feature in features[kept].tolist()], dtype=np.uint64)
    chosen = weights[features[kept]]
    chosen -= chosen.max(axis=1, keepdims=True)
    scale = float(-chosen.min()) / 127
    write_model(
        path,
        {"keys": keys, "weights": np.round(chosen / scale).astype(np.int8)},
        {
            "languages": list(languages),
            "scale": scale,
            "taken_from": "py3langid 0.4.0 (BSD 3-Clause; M. Lui, A. Barbaresi and others)",
        },
    )


def _groups(identifier: Any) -> dict[int, int]:
    """The shortest group of bytes of each feature, packed with its length in the top byte.

    The identifier's automaton is walked breadth first from its start, so that a state is first met by its own bytes.
    """
    moves = np.asarray(identifier.tk_nextmove).reshape(-1, 256)
    rows = np.asarray(identifier.tk_row)
    outputs = np.asarray(identifier.tk_output)
    packed = np.zeros(len(rows), dtype=np.uint64)
    met = np.zeros(len(rows), dtype=np.bool_)
    met[0] = True
    front: NDArray[np.intp] = np.array([0])
    groups: dict[int, int] = {}
    for length in range(1, _LONGEST + 1):
        following = moves[rows[front]]
        parents, letters = np.nonzero(~met[following])
        states, first = np.unique(following[parents, letters], return_index=True)
        packed[states] = (packed[front[parents[first]]] << np.uint64(8)) | letters[first].astype(np.uint64)
        met[states] = True
        for state in states[outputs[states] >= 0].tolist():
            groups.setdefault(int(outputs[state]), int(packed[state]) | length << 56)
        front = states
    return groups
