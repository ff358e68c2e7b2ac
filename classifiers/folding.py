"""A batch of texts as one buffer of plain letters, tricks of spelling undone.

Everything runs over the code points of the whole batch at once. Undone are: compatibility letters (full width, bold),
characters nobody sees, look-alike letters of other scripts, digits inside words, letters spaced apart or repeated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.letters import (
    ADDRESS,
    DIGIT,
    LETTER,
    MARK,
    MENTION,
    REMOVED,
    SIGN,
    SPACE,
    STAR,
    TABLE_SIZE,
    letters,
)

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]

PADDING = 8
"""Spaces after the last text, so that windows may run over its end."""

_HIDDEN = "\u200b"
_TOKENS = {
    "@": re.compile(r"@\w{2,}"),
    "http": re.compile(r"https?\b(?:://\S*)?"),
    "www.": re.compile(r"www\.\S+"),
}
"""By the characters each starts with, so that most batches need no search at all."""

_MEANT_BY = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e"}
_MEANT = np.zeros(TABLE_SIZE, dtype=np.uint32)
for _sign, _letter in _MEANT_BY.items():
    _MEANT[ord(_sign)] = ord(_letter)
_JOINERS = np.zeros(TABLE_SIZE, dtype=np.bool_)
_JOINERS[[ord(sign) for sign in " .-_*·•|/,"]] = True


@dataclass(frozen=True, slots=True)
class Folded:
    """Many texts in one buffer: a separator, the first text, a separator, the second, and so on.

    Attributes:
        exact: Shape (n,). Plain letters with their accents.
        bare: Shape (n,). The same without accents.
        wordy: Shape (n,). True where a word goes on: letters and digits.
        sign: Shape (n,). True where one character is a word of its own.
        starts: Shape (n_texts + 1,). Where each text's separator stands; the last one ends the last text.
        raw: Shape (m,). The code points as written, with separators.
        raw_starts: Shape (n_texts + 1,). The separators in `raw`.
        origin: Shape (n,). Where each character stood in `raw`.
    """

    exact: NDArray[np.uint32]
    bare: NDArray[np.uint32]
    wordy: Bools
    sign: Bools
    starts: Ints
    raw: NDArray[np.uint32]
    raw_starts: Ints
    origin: Ints


def fold_texts(texts: Sequence[str]) -> Folded:
    """Read many texts into one buffer. Any string will do, lone surrogates included."""
    joined = "\n" + "\n".join(texts) + "\n" if texts else "\n"
    for opening, token in _TOKENS.items():
        if opening in joined:
            joined = token.sub(_stand_in, joined)
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    raw_starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) + 1 for text in texts], out=raw_starts[1:])

    tables = letters()
    codes = np.minimum(raw, TABLE_SIZE - 1)
    kind = tables.kind[codes]
    kept = kind != REMOVED
    origin = np.flatnonzero(kept)
    codes, kind = codes[origin], kind[origin]
    starts = raw_starts if len(origin) == len(raw) else np.searchsorted(origin, raw_starts)
    written = codes
    codes = tables.plain[codes]
    letter = (kind == LETTER) | (kind == MARK)
    codes, letter = _without_look_alikes(codes, letter)
    codes, letter = _without_leet(written, codes, letter)
    wordy = letter | (kind == DIGIT) | _inner_stars(kind == STAR, letter)
    sign = (kind == SIGN) & ~letter
    codes[~(wordy | sign)] = SPACE

    gone = _joints(written, letter) | _repeats(codes)
    gone[starts] = False
    if gone.any():
        left = np.flatnonzero(~gone)
        starts = np.searchsorted(left, starts)
        codes, wordy, sign, origin = codes[left], wordy[left], sign[left], origin[left]
    codes = np.concatenate([codes, np.full(PADDING, SPACE, dtype=np.uint32)])
    wordy, sign = (np.concatenate([mask, np.zeros(PADDING, dtype=np.bool_)]) for mask in (wordy, sign))
    return Folded(codes, tables.bare[codes], wordy, sign, starts, raw, raw_starts, origin)


def _stand_in(found: re.Match[str]) -> str:
    """One private character, then unseen ones, so that every place in the text stays where it was."""
    before = found.string[found.start() - 1]
    if before.isalnum() or before == "@":
        return found[0]
    return (MENTION if found[0][0] == "@" else ADDRESS) + _HIDDEN * (len(found[0]) - 1)


def _shifted(mask: Bools, by: int) -> Bools:
    """The mask seen from `by` places further on: `_shifted(mask, 1)[i]` is `mask[i + 1]`, False past the ends."""
    seen = np.zeros_like(mask)
    if by > 0:
        seen[:-by] = mask[by:]
    else:
        seen[-by:] = mask[:by]
    return seen


def _without_look_alikes(codes: NDArray[np.uint32], letter: Bools) -> tuple[NDArray[np.uint32], Bools]:
    """Read Cyrillic and Greek letters beside Latin ones as the Latin letters they look like."""
    if not ((codes >= 0x250) & (codes < 0x530)).any():
        return codes, letter
    meant = letters().latin[codes]
    for _ in range(3):
        latin = letter & (codes < 0x250)
        swap = (meant != codes) & (_shifted(latin, 1) | _shifted(latin, -1))
        if not swap.any():
            break
        codes = np.where(swap, meant, codes)
    return codes, letter


def _without_leet(
    written: NDArray[np.uint32], codes: NDArray[np.uint32], letter: Bools
) -> tuple[NDArray[np.uint32], Bools]:
    """Read one or two digits or signs between letters as the letters they stand for."""
    meant = _MEANT[written]
    stands_in = meant != 0
    if not stands_in.any():
        return codes, letter
    places = np.flatnonzero(stands_in)
    before = letter[places - 1] | (stands_in[places - 1] & letter[places - 2])
    last = len(letter) - 1
    after = np.minimum(places + 1, last)
    beyond = np.minimum(places + 2, last)
    places = places[before & (letter[after] | (stands_in[after] & letter[beyond]))]
    codes, letter = codes.copy(), letter.copy()
    codes[places] = meant[places]
    letter[places] = True
    return codes, letter


def _inner_stars(star: Bools, letter: Bools) -> Bools:
    """Stars that stand for letters: up to two straight after a letter."""
    if not star.any():
        return star
    first = star & _shifted(letter, -1)
    return first | (star & _shifted(first, -1))


def _joints(written: NDArray[np.uint32], letter: Bools) -> Bools:
    """The characters that hold four or more single letters apart, as in `n u l s`."""
    alone = letter & ~_shifted(letter, 1) & ~_shifted(letter, -1)
    pair = alone & _shifted(alone, 2)
    pair &= _shifted(_JOINERS[written], 1)
    if not pair.any():
        return pair
    ahead, behind = _shifted(pair, 2), _shifted(pair, -2)
    in_run = pair & ((ahead & _shifted(pair, 4)) | (behind & ahead) | (behind & _shifted(pair, -4)))
    return _shifted(in_run, -1)


def _repeats(codes: NDArray[np.uint32]) -> Bools:
    """The third and later of the same character in a row, and the second and later of spaces."""
    gone = np.zeros(len(codes), dtype=np.bool_)
    same = codes[1:] == codes[:-1]
    gone[2:] = same[1:] & same[:-1]
    gone[1:] |= same & (codes[1:] == SPACE)
    return gone
