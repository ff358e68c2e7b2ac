"""The compiled pass: finding the library that `setup.py` builds from `classifiers/native`, and speaking to it."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inbox.errors import ModelTrouble
from inbox.sentences import Sentence

LIBRARY = Path(__file__).parent / "native" / "reading.so"

N_LANGUAGES = 16
WORD_BUCKETS = 3
COLUMNS = 16
"""Weights come in multiples of so many columns."""

LONGEST_INSULT = 15
VILE, KNOWN = 0x4000, 0x8000
"""Of a word beside its lists: an insult whatever the context; a word at all, though on no list."""

FIRST_LANGUAGE = 16
"""The bit of the first language that a word is frequent in."""

WORD_ENTRY = np.dtype([("hash", np.uint32), ("lists", np.uint32)])
INSULT = np.dtype([("length", np.uint8), ("letters", np.uint8, LONGEST_INSULT)])
COMPOSED = np.dtype([("letter", np.uint32), ("accent", np.uint32), ("composed", np.uint32)])

BYTE_GROUP = np.dtype([("key", np.uint64), ("says", np.int8, N_LANGUAGES), ("unused", np.uint64)])

_Pointer, _Int, _Long, _Float = ctypes.c_void_p, ctypes.c_int32, ctypes.c_int64, ctypes.c_float


class _Struct(ctypes.Structure):
    """A C structure filled by name; arrays are kept alive as long as it is."""

    def __init__(self, **fields: Any) -> None:
        super().__init__()
        self.arrays = [value for value in fields.values() if isinstance(value, np.ndarray)]
        for name, value in fields.items():
            setattr(self, name, value.ctypes.data if isinstance(value, np.ndarray) else value)

    @classmethod
    def names(cls) -> list[str]:
        """The names of the fields, in order."""
        return [field[0] for field in cls._fields_]


class Tables(_Struct):
    """`Tables` of reading.h."""

    _fields_ = (
        *((name, _Pointer) for name in ("plain", "bare", "latin", "meant", "traits", "sign_columns", "composed")),
        ("n_composed", _Int),
        ("words", _Pointer),
        ("word_bits", _Int),
        ("n_lists", _Int),
        ("denial", ctypes.c_uint32),
        ("deniable", ctypes.c_uint32),
        ("insult", ctypes.c_uint32),
        ("insults", _Pointer),
        ("n_insults", _Int),
        ("n_commonest", _Int),
        ("n_signs", _Int),
        ("n_shape", _Int),
        ("word_logs", _Pointer),
        ("n_word_logs", _Int),
        ("shape_share", _Float),
        *((name, _Pointer) for name in ("groups", "group_tags", "group_rows")),
        ("group_bits", _Int),
        ("group_scale", _Float),
        ("word_vote", _Float),
        ("scripts", _Pointer),
        ("n_scripts", _Int),
        ("kana", _Int),
        ("han", _Int),
    )


class Texts(_Struct):
    """`Texts` of reading.h."""

    _fields_ = (("codes", _Pointer), ("starts", _Pointer), ("n", _Long))


class Weights(_Struct):
    """`Weights` of reading.h."""

    _fields_ = (("rows", _Pointer), ("n_columns", _Long))


class Vectors(_Struct):
    """`Vectors` of reading.h."""

    _fields_ = (("row_of", _Pointer), ("rows", _Pointer), ("n_columns", _Long), ("place", _Long))


class Reading(_Struct):
    """`Reading` of reading.c."""

    _fields_ = tuple(
        (name, _Pointer)
        for name in ("piece_sums", "word_sums", "vectors", "n_pieces", "n_words", "shape", "languages", "scripts")
    )


class WordReading(_Struct):
    """`WordReading` of reading.c."""

    _fields_ = tuple(
        (name, _Pointer) for name in ("starts", "first", "last", "sign", "lists", "denied", "piece_sums", "word_sums")
    )


@cache
def library() -> ctypes.CDLL:
    """The compiled pass.

    Raises:
        ModelTrouble: It has not been built, or was built for another kind of machine.
    """
    try:
        return ctypes.CDLL(str(LIBRARY))
    except OSError as error:
        raise ModelTrouble(
            Sentence(
                "The compiled part of Vigie, {path}, cannot be loaded. Run `make demo` in its folder, which builds it, "
                "or install Vigie again.",
                path=str(LIBRARY),
            )
        ) from error


def to_codes(texts: Sequence[str]) -> Texts:
    """Many texts as one buffer of code points. Any string will do, lone surrogates included."""
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return Texts(codes=codes, starts=starts, n=len(texts))


def call(name: str, *arguments: Any) -> None:
    """Call a function of the library with structures, arrays and whole numbers.

    Raises:
        MemoryError: There is too little for a text so long.
    """
    if getattr(library(), name)(*map(_passed, arguments)):
        raise MemoryError


def _passed(argument: _Struct | NDArray[Any] | int) -> object:
    if isinstance(argument, ctypes.Structure | ctypes.Array):
        return ctypes.byref(argument)
    if isinstance(argument, np.ndarray):
        return _Pointer(argument.ctypes.data)
    return _Long(argument)
