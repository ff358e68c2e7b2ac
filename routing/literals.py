"""What a text has to hold for a regular expression to be found in it: looked for first, it spares most searches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inbox.text import fold

Pieces = frozenset[str]
"""Signs that stand together, folded, or one of the two below: a text in which the expression is found has one."""

A_DIGIT, A_NUMBER = "ND", "NUMBER"
"""One digit, and four in a row. In capitals, as no piece is."""

_SEARCHED_AT_MOST = 6
"""With more alternatives than this, looking for each takes as long as the expression."""

_DIGITS_WEIGH = {A_DIGIT: 1.5, A_NUMBER: 4.5}
_COMMON = frozenset(" .,'!?-")
_DIGIT, _NUMBER = re.compile(r"\d"), re.compile(r"\d{4}")
_NEVER_READ = re.compile(r"\(\?(?:[aiLmsu-]*x|>|\()")
"""Spaces that mean nothing, and groups that are entered in ways of their own."""

_TOKEN = re.compile(
    r"""
    (?P<digit>    \\d | [0-9] | \[ (?: [0-9] | \\d | (?<=[0-9])-(?=[0-9]) )+ \] )
  | (?P<escape>   \\ (?: x\w{2} | u\w{4} | U\w{8} | N\{[^}]*\} | \d{1,3} | [A-Za-z] ) )
  | (?P<set>      \[ \^? \]? (?: \\. | [^\]\\] )* \] )
  | (?P<aside>    \(\?\# [^)]* \) | \(\?P= \w+ \) | \(\? [aiLmsu]+ \) )
  | (?P<look>     \( \? <? [=!] )
  | (?P<open>     \( (?: \?P<\w+> | \? [aiLmsu-]* : )? )
  | (?P<close>    \) )
  | (?P<or>       \| )
  | (?P<optional> (?: [*?] | \{ 0* (?: ,\d* )? \} ) [?+]? )
  | (?P<repeat>   (?: \+ | \{ \d+ (?: ,\d* )? \} ) [?+]? )
  | (?P<other>    [.^$] )
  | (?P<sign>     \\? . )
    """,
    re.VERBOSE | re.DOTALL,
)


class PieceIndex:
    """Pieces, each with the bits of the patterns that it may be found in."""

    def __init__(self, by_piece: Mapping[str, int]) -> None:
        self._by_piece = [(piece, bits) for piece, bits in by_piece.items() if piece not in {A_DIGIT, A_NUMBER}]
        self._with_digit = by_piece.get(A_DIGIT, 0)
        self._with_number = by_piece.get(A_NUMBER, 0)

    def found_in(self, folded: str) -> int:
        """The bits of those that are in a folded text."""
        found = 0
        if has_digit(folded):
            found = self._with_digit
            if self._with_number and _NUMBER.search(folded):
                found |= self._with_number
        for bits in [bits for piece, bits in self._by_piece if piece in folded]:
            found |= bits
        return found


def has_digit(folded: str) -> bool:
    """Whether there is a digit, of any script."""
    if not folded.isascii():
        return _DIGIT.search(folded) is not None
    return (  # written out: a quarter of the time of an expression
        "0" in folded
        or "1" in folded
        or "2" in folded
        or "3" in folded
        or "4" in folded
        or "5" in folded
        or "6" in folded
        or "7" in folded
        or "8" in folded
        or "9" in folded
    )


def pieces_of(pattern: str) -> Pieces:
    """The pieces of which one stands in every text, folded, in which this pattern is found whatever the case.

    Empty where nothing of the kind is certain, or is worth looking for. The pattern is one that Python can read.
    """
    if _NEVER_READ.search(pattern):
        return frozenset()
    reading = _Reading()
    for token in _TOKEN.finditer(pattern):
        reading.take(token.lastgroup or "", token[0])
    pieces = reading.ended()
    return pieces if len(pieces) <= _SEARCHED_AT_MOST else frozenset()


class _Part(NamedTuple):
    """What one token adds to what is certain: a sign that stands for itself, digits, or the pieces of a group."""

    sign: str = ""
    digits: int = 0
    pieces: Pieces = frozenset()


class _Group:
    """A group as far as it is read: the alternatives that are done, and what is certain of the one being read."""

    def __init__(self, *, counts: bool = True) -> None:
        self.counts = counts
        self.alternatives: list[Pieces] = []
        self.certain: list[Pieces] = []
        self.together = ""
        self.digits = 0

    def add(self, part: _Part) -> None:
        """Read on, after what may be absent has been left out."""
        self.together += part.sign
        if not part.sign:
            self._end_signs()
        self.digits += part.digits
        if not part.digits:
            self._end_digits()
        if part.pieces:
            self.certain.append(part.pieces)

    def end_alternative(self) -> None:
        self.add(_Part())
        self.alternatives.append(_best(self.certain))
        self.certain = []

    def ended(self) -> Pieces:
        """What is certain of the whole group: a piece of each alternative, or nothing."""
        self.end_alternative()
        return frozenset().union(*self.alternatives) if self.counts and all(self.alternatives) else frozenset()

    def _end_signs(self) -> None:
        if len(self.together) > 1 or not self.together.isalnum():  # one letter is in every text
            self.certain.extend([frozenset({self.together})] if self.together else [])
        self.together = ""

    def _end_digits(self) -> None:
        if self.digits:
            self.certain.append(frozenset({A_NUMBER if self.digits >= 4 else A_DIGIT}))
        self.digits = 0


class _Reading:
    """A pattern being read, one token after the other: what a token adds counts once it is known not to be optional."""

    def __init__(self) -> None:
        self._groups = [_Group()]
        self._last = _Part()

    def take(self, kind: str, token: str) -> None:
        """Read the next token."""
        last, self._last = self._last, _Part()
        if kind == "repeat" and last.digits:
            self._last = _Part(digits=int(re.sub(r"\D.*", "", token[1:]) or 1))
            return
        group = self._groups[-1]
        group.add(_Part() if kind == "optional" else last)
        match kind:
            case "digit":
                self._last = _Part(token if token.isdigit() else "", 1)
            case "sign" if _stands_for_itself(token[-1]):
                self._last = _Part(token[-1].lower())
            case "open" | "look":
                group.add(_Part())
                self._groups.append(_Group(counts=kind == "open"))
            case "close" if len(self._groups) > 1:
                self._last = _Part(pieces=self._groups.pop().ended())
            case "or":
                group.end_alternative()

    def ended(self) -> Pieces:
        """What is certain of the whole pattern."""
        self._groups[-1].add(self._last)
        return self._groups[0].ended()


def _stands_for_itself(sign: str) -> bool:
    """Whether a text that has a sign, in either case, has it in lower case once folded. The dotless i has not."""
    return sign.isascii() or (fold(sign) == sign and sign.lower() == sign.upper())


def _best(certain: Sequence[Pieces]) -> Pieces:
    """Of what is certain, that which most texts lack: the longest pieces, the fewest of them."""
    return max(certain, key=lambda pieces: (min(map(_weight, pieces)), -len(pieces)), default=frozenset())


def _weight(piece: str) -> float:
    if piece in _DIGITS_WEIGH:
        return _DIGITS_WEIGH[piece]
    return 2 if len(piece) == 1 and piece not in _COMMON else len(piece)
