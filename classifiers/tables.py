"""What the compiled pass looks things up in: letters, lists of words, groups of bytes. Made once per process."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers import native
from classifiers.features import DENIAL, DENIED, SHAPE, SHAPE_SHARE, SIGNS
from classifiers.frequent_words import FREQUENT
from classifiers.insults import commonest_insults, harmless_words, misspelt_insults, vile_words
from classifiers.language_table import TABLE, TOLD_APART
from classifiers.letters import TABLE_SIZE, composed_letters, letters
from classifiers.model_file import read_model
from classifiers.word_lists import WORD_LISTS

SCRIPTS = {
    "el": (0x370, 0x400),
    "ru": (0x400, 0x530),
    "hy": (0x530, 0x590),
    "he": (0x590, 0x600),
    "ar": (0x600, 0x780),
    "hi": (0x900, 0x980),
    "th": (0xE00, 0xE80),
    "ka": (0x10A0, 0x1100),
    "ja": (0x3040, 0x3100),
    "zh": (0x3400, 0xA000),
    "ko": (0xAC00, 0xD7B0),
}
"""Languages told by their script alone, with its code points, in ascending order."""

_WORD_VOTE = 4.0
_GROUP_BITS = 18
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_SHORTEST_PARTICIPLE = 4
_MOST_WORDS = 404
"""From so many words on the figure about a text's length stays the same: the logarithm of this is over 6."""


@cache
def tables() -> native.Tables:
    """Everything the compiled pass looks up.

    Raises:
        ModelTrouble: The library or the language table is missing or damaged.
    """
    fields = _letter_fields() | _shape_fields() | _insult_fields() | _group_fields() | _script_fields()
    nothing_known = native.Tables(**fields, words=np.zeros(2, dtype=native.WORD_ENTRY), word_bits=1)
    words, word_bits = _word_slots(nothing_known)
    return native.Tables(**fields, words=words, word_bits=word_bits)


def _letter_fields() -> dict[str, Any]:
    known = letters()
    columns = np.full(TABLE_SIZE, len(SIGNS), dtype=np.uint8)
    for column, signs in enumerate(SIGNS.values()):
        columns[[ord(sign) for sign in signs]] = column
    composed = np.array(composed_letters(), dtype=native.COMPOSED)
    return known._asdict() | {
        "sign_columns": columns,
        "n_signs": len(SIGNS),
        "composed": composed,
        "n_composed": len(composed),
    }


def _shape_fields() -> dict[str, Any]:
    names = list(WORD_LISTS)
    return {
        "n_lists": len(names),
        "denial": 1 << names.index(DENIAL),
        "deniable": sum(1 << names.index(name) for name in DENIED),
        "insult": 1 << names.index("insult"),
        "n_shape": len(SHAPE),
        "word_logs": (np.minimum(np.log(np.maximum(np.arange(_MOST_WORDS + 1), 1)), 6) / 6).astype(np.float32),
        "n_word_logs": _MOST_WORDS + 1,
        "shape_share": SHAPE_SHARE,
    }


def _group_fields() -> dict[str, Any]:
    """The byte groups, found by their slot: the most telling of those that fall into it."""
    kept = read_model(TABLE)
    keys: NDArray[np.uint64] = kept.tensors["keys"]
    hashes = keys * _SPREAD
    slots = (hashes >> np.uint64(64 - _GROUP_BITS)).astype(np.intp)
    tags = np.zeros(1 << _GROUP_BITS, dtype=np.uint8)
    rows = np.zeros(1 << _GROUP_BITS, dtype=np.uint16)
    groups = np.zeros(len(keys), dtype=native.BYTE_GROUP)
    groups["key"], groups["says"] = keys, kept.tensors["weights"]
    tags[slots] = 0x80 | (hashes >> np.uint64(64 - _GROUP_BITS - 7)).astype(np.uint8) & 0x7F
    rows[slots] = np.arange(len(keys))
    return {
        "groups": groups,
        "group_tags": tags,
        "group_rows": rows,
        "group_bits": _GROUP_BITS,
        "group_scale": float(kept.about["scale"]),
        "word_vote": _WORD_VOTE,
    }


def _script_fields() -> dict[str, Any]:
    names = list(SCRIPTS)
    return {
        "scripts": np.array(list(SCRIPTS.values()), dtype=np.uint32),
        "n_scripts": len(names),
        "kana": names.index("ja"),
        "han": names.index("zh"),
    }


def _insult_fields() -> dict[str, Any]:
    words = vile_words()
    insults = np.zeros(len(words), dtype=native.INSULT)
    for row, word in enumerate(words):
        insults[row]["length"] = len(word)
        insults[row]["letters"][: len(word)] = list(word.encode())
    return {"insults": insults, "n_insults": len(words), "n_commonest": len(commonest_insults())}


def _word_slots(nothing_known: native.Tables) -> tuple[NDArray[np.void], int]:
    """Every known word by its hashes, with a bit per list it is on."""
    known = _known_words()
    words = native.to_codes(list(known))
    spelt, stretched = (np.zeros(len(known), dtype=np.uint32) for _ in range(2))
    native.call("vigie_hash_words", nothing_known, words, spelt, stretched)
    hashes = np.concatenate([spelt, stretched])
    lists = np.tile(np.array(list(known.values()), dtype=np.uint32), 2)
    word_bits = len(hashes).bit_length() + 1
    slots = np.zeros(1 << word_bits, dtype=native.WORD_ENTRY)
    native.call("vigie_fill_words", hashes, lists, len(hashes), slots, word_bits)
    return slots, word_bits


def _known_words() -> dict[str, int]:
    """Every listed or frequent word and every misspelt insult, with its bits."""
    known: dict[str, int] = {}
    for bit, (name, listed) in enumerate(WORD_LISTS.items()):
        for word in listed.split():
            for form in _forms(word) if name in DENIED else [word]:
                known[form] = known.get(form, 0) | 1 << bit
    for column, language in enumerate(TOLD_APART):
        for word in FREQUENT.get(language, "").split():
            known[word] = known.get(word, 0) | 1 << (native.FIRST_LANGUAGE + column)
    for word in harmless_words():
        known[word] = known.get(word, 0) | native.KNOWN
    for word in vile_words():
        known[word] |= native.VILE
    insult = 1 << list(WORD_LISTS).index("insult")
    return dict.fromkeys(misspelt_insults(), insult) | known


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what its feminine would be were it a French participle: `aime`, `aimee`."""
    if len(word) >= _SHORTEST_PARTICIPLE and word.endswith("e"):
        return word, word + "e"
    if len(word) > _SHORTEST_PARTICIPLE and word.endswith("es"):
        return word, word[:-1] + "es"
    return (word,)
