"""Looking up every word of a batch in named lists of words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from classifiers.folding import fold_texts
from classifiers.hashing import hash_words


class WordTable:
    """Lists of words, each a column."""

    def __init__(self, lists: Mapping[str, str]) -> None:
        """Take lists by name, each a string of single words between spaces."""
        self.columns = tuple(lists)
        hashed = [_hashes(words) for words in lists.values()]
        self._every = np.unique(np.concatenate(hashed))
        self._rows = np.zeros((len(self._every) + 1, len(hashed)), dtype=np.float32)
        for column, own in enumerate(hashed):
            self._rows[np.searchsorted(self._every, own), column] = 1

    def look_up(self, bare: NDArray[np.uint32]) -> NDArray[np.float32]:
        """Shape (n_words, n_lists). 1 where the word of that hash is on the list, else 0."""
        place = np.searchsorted(self._every, bare)
        place[self._every[np.minimum(place, len(self._every) - 1)] != bare] = len(self._every)
        found: NDArray[np.float32] = self._rows.take(place, axis=0)
        return found


def _hashes(words: str) -> NDArray[np.uint32]:
    """The hashes of single words; one that folds into several counts by the first."""
    read = hash_words(fold_texts(words.split()))
    return read.bare[read.starts[:-1] + 1]
