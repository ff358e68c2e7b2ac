"""The language of short texts: by script, by frequent words, by groups of bytes; or no answer rather than a guess."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Features, read_features
from classifiers.folding import Folded
from classifiers.frequent_words import FREQUENT
from classifiers.heads import LANGUAGES
from classifiers.model_file import read_model
from classifiers.word_tables import WordTable
from inbox.model import UNDETERMINED

TABLE = Path(__file__).parent / "starter" / "languages.safetensors"

TOLD_APART = ("fr", "en", "de", "es", "it", "pt", "nl", "pl", "tr", "ro", "sv", "ca", "cs", "da", "fi", "hu")
"""The languages in Latin letters; the first two are those a model serves."""

_SCRIPTS = (
    ("el", 0x370, 0x400),
    ("ru", 0x400, 0x530),
    ("hy", 0x530, 0x590),
    ("he", 0x590, 0x600),
    ("ar", 0x600, 0x780),
    ("hi", 0x900, 0x980),
    ("th", 0xE00, 0xE80),
    ("ka", 0x10A0, 0x1100),
    ("ja", 0x3040, 0x3100),
    ("zh", 0x3400, 0xA000),
    ("ko", 0xAC00, 0xD7B0),
)

FEW_WORDS = 4
"""Texts with fewer words than this lean on their hint and on frequent words."""

_LONGEST = 6
_SLOT_BITS = 18
_SLOTS_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_WORD_VOTE = 4.0
_HINT_VOTE = 2.0
_SERVED_VOTE = 1.0
_SURE = 0.4


class Languages(NamedTuple):
    """Per text its language (ISO 639-1, or `und`), and whether a model that serves French and English may judge it."""

    codes: list[str]
    known: list[bool]


class _Table(NamedTuple):
    keys: NDArray[np.uint64]
    weights: NDArray[np.float32]
    slots: NDArray[np.int32]


def identify(features: Features, hints: Sequence[str | None] | None = None) -> Languages:
    """The language of every text of a batch.

    A text without letters has none, and is known: it speaks through its signs. `hints` are what the channel or the
    contact suggests, `fr` or `fr-CA`; they settle short texts that could well be in that language.
    """
    n = features.n_texts
    suggested = [(hint or "")[:2].lower() for hint in hints] if hints is not None else [""] * n
    few = features.n_words < FEW_WORDS
    scores = _byte_scores(features.folded)
    votes = _word_votes(features)
    scores += _WORD_VOTE * votes
    scores[:, : len(LANGUAGES)] += _SERVED_VOTE
    for column, language in enumerate(LANGUAGES):
        hinted = np.array([hint == language for hint in suggested])
        scores[:, column] += np.where(hinted, np.where(few, 2 * _HINT_VOTE, _HINT_VOTE), 0)
    chance = np.exp(scores - scores.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)

    best = chance.argmax(axis=1)
    sure = chance.max(axis=1)
    served = chance[:, : len(LANGUAGES)].sum(axis=1)
    # French and English often share a short word; either will do as long as it is one of them.
    told = np.where(best < len(LANGUAGES), served, sure) >= _SURE
    script = _scripts(features.folded)
    lettered = features.has_letters

    codes: list[str] = []
    known: list[bool] = []
    for at in range(n):
        if not lettered[at]:
            codes.append(UNDETERMINED)
            known.append(True)
        elif script[at] >= 0:
            codes.append(_SCRIPTS[script[at]][0])
            known.append(False)
        else:
            codes.append(TOLD_APART[best[at]] if told[at] else UNDETERMINED)
            known.append(bool(told[at] and best[at] < len(LANGUAGES)))
    return Languages(codes, known)


def language_of(text: str, hint: str | None = None) -> str:
    """The language of one text, or `und`."""
    return identify(read_features([text]), [hint]).codes[0]


@cache
def _table() -> _Table:
    """The byte groups, and for each slot the row of the most telling group that falls into it."""
    kept = read_model(TABLE)
    keys: NDArray[np.uint64] = kept.tensors["keys"]
    weights = kept.tensors["weights"].astype(np.float32) * np.float32(kept.about["scale"])
    slots = np.zeros(1 << _SLOT_BITS, dtype=np.int32)
    slots[_slot(keys)] = np.arange(len(keys), dtype=np.int32)
    return _Table(keys, weights, slots)


def _slot(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((keys * _SLOTS_MULTIPLIER) >> np.uint64(64 - _SLOT_BITS)).view(np.int64)


def _byte_scores(folded: Folded) -> NDArray[np.float32]:
    """Shape (n_texts, len(TOLD_APART)). Log odds of each language, tempered by the length of the text."""
    table = _table()
    raw, separators = _evenly_cased(folded)
    data = np.frombuffer(raw.tobytes().decode("utf-32-le", "surrogatepass").encode("utf-8", "surrogatepass"), np.uint8)
    sizes = 1 + (raw >= 0x80).astype(np.int64) + (raw >= 0x800) + (raw >= 0x10000)
    starts = np.cumsum(sizes)[separators] - 1
    wide = data.astype(np.uint64)
    best = np.full(len(data), -1, dtype=np.int32)
    window = wide.copy()
    for length in range(2, _LONGEST + 1):
        ending = wide[length - 1 :]
        window = (wide[: len(ending)] << np.uint64(8 * (length - 1))) | (window[1:] if length > 2 else ending)
        keys = window | np.uint64(length << 56)
        rows = table.slots.take(_slot(keys))
        np.copyto(best[length - 1 :], rows, where=table.keys.take(rows) == keys)
    at = np.flatnonzero(best >= 0)
    text = np.searchsorted(starts[:-1], at, side="right") - 1
    rows_found = table.weights.take(best[at], axis=0)
    n = len(starts) - 1
    scores = np.zeros((n, len(TOLD_APART)), dtype=np.float32)
    if len(at):
        first = np.searchsorted(text, np.arange(n))
        some = np.flatnonzero(np.diff(first, append=len(at)))
        scores[some] = np.add.reduceat(rows_found, first[some], axis=0)
    n_bytes = np.maximum(np.diff(starts), 1)
    scores *= (np.log(2) / np.sqrt(n_bytes))[:, None].astype(np.float32)
    return scores


def _evenly_cased(folded: Folded) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The code points and their separators, without mentions and addresses; texts mostly in capitals in lower case."""
    raw, separators = folded.raw, folded.raw_starts
    upper = ((raw >= 0x41) & (raw <= 0x5A)) | ((raw >= 0xC0) & (raw <= 0xDE))
    if upper.any():
        lower = (raw >= 0x61) & (raw <= 0x7A)
        starts = separators[:-1]
        shouted = np.add.reduceat(upper, starts, dtype=np.int32) > np.add.reduceat(lower, starts, dtype=np.int32)
        raw = raw.copy()
        raw[:-1] += np.uint32(0x20) * (upper[:-1] & np.repeat(shouted, np.diff(separators)))
    silent = ((raw >= 0x200B) & (raw <= 0x200F)) | ((raw >= 0xE000) & (raw <= 0xE001))
    if silent.any():
        spoken = np.flatnonzero(~silent)
        raw, separators = raw[spoken], np.searchsorted(spoken, separators)
    return raw, separators


@cache
def _frequent() -> WordTable:
    return WordTable(FREQUENT)


def _word_votes(features: Features) -> NDArray[np.float32]:
    """Shape (n_texts, len(TOLD_APART)). How much the frequent words of a text speak for each language."""
    listed = _frequent().look_up(features.words.bare)
    # A word of several languages speaks for each, but less.
    listed /= np.maximum(listed.sum(axis=1, keepdims=True), 1)
    said = np.add.reduceat(listed, features.words.starts[:-1], axis=0)
    return np.asarray(said / np.sqrt(np.maximum(features.n_words, 1))[:, None], dtype=np.float32)


def _scripts(folded: Folded) -> NDArray[np.intp]:
    """Shape (n_texts,). The row of `_SCRIPTS` that most letters are of; -1 for Latin or none.

    Look-alike letters have been read as Latin by then, so that a disguise is no foreign language.
    """
    n = len(folded.starts) - 1
    end = int(folded.starts[-1])
    strange = np.flatnonzero((folded.bare[:end] >= 0x370) & folded.wordy[:end])
    most = np.full(n, -1, dtype=np.intp)
    if not len(strange):
        return most
    codes = folded.bare[strange]
    which = np.full(len(codes), len(_SCRIPTS), dtype=np.intp)
    for row, (_, first, stop) in enumerate(_SCRIPTS):
        which[(codes >= first) & (codes < stop)] = row
    text = np.searchsorted(folded.starts[:-1], strange, side="right") - 1
    width = len(_SCRIPTS) + 1
    counts = np.bincount(text * width + which, minlength=n * width).reshape(n, width)
    # Japanese is written with Han letters too: a few kana decide.
    kana, han = 8, 9
    counts[:, kana] = np.where(counts[:, kana] * 8 > counts[:, han], counts[:, kana] + counts[:, han], counts[:, kana])
    letters = np.add.reduceat(folded.wordy[:end], folded.starts[:-1], dtype=np.int64)
    top = counts[:, :-1].argmax(axis=1)
    strong = counts.sum(axis=1) * 2 > letters
    most[strong] = top[strong]
    return most
