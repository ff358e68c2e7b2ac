"""What a message must bring along for a condition to hold, looked for on behalf of all conditions of a book at once.

Most messages hold few of the words that rules ask for, no link and no order number, and come from somebody with a clean
record. Whoever knows what is there has to ask only the rules that wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import cast

from inbox.background import Background
from inbox.decisions import Facts
from inbox.model import Signal
from routing.conditions import Condition, Contact
from routing.literals import PieceIndex, Pieces, pieces_of
from routing.word_index import WordIndex, is_plain

_BY_RARITY = ("words", "pattern", "repeated", "contact", "signal", "links")
"""Kinds of condition that have a hint; those whose hint is found in the fewest messages first."""


def has_hint(leaf: Condition) -> bool:
    """Whether there is something without which a condition that has no parts cannot hold."""
    match leaf.kind:
        case "words" | "signal" | "repeated":
            return True
        case "pattern":
            return bool(_pieces(leaf))
        case "contact":
            return any(_least_record(leaf))
        case "links":
            return leaf.value is True
        case _:
            return False


def is_exact(condition: Condition) -> bool:
    """Whether a condition holds wherever its hint is found."""
    return condition.kind in {"words", "signal"}


def hint_of(conditions: Sequence[Condition]) -> tuple[Condition, ...]:
    """The conditions without parts of which at least one hint is there wherever all of these conditions hold.

    The rarest, where there is a choice; empty where there is none.
    """
    return min(filter(None, map(_hint_of_one, conditions)), key=_rank, default=())


def _hint_of_one(condition: Condition) -> tuple[Condition, ...]:
    if not condition.parts:
        return (condition,) if has_hint(condition) else ()
    tables = [hint_of(table) for table in condition.parts]
    if condition.kind == "all":
        return min(filter(None, tables), key=_rank, default=())
    if condition.kind == "any" and all(tables):
        return tuple(leaf for table in tables for leaf in table)
    return ()


def _rank(leaves: tuple[Condition, ...]) -> int:
    return max(_BY_RARITY.index(leaf.kind) for leaf in leaves)


class Hints:
    """The hints of some conditions without parts, each with a bit that stands for it."""

    def __init__(self, bits: Mapping[Condition, int]) -> None:
        by_piece: dict[str, int] = {}
        for leaf, bit in bits.items():
            for piece in _pieces(leaf):
                by_piece[piece] = by_piece.get(piece, 0) | bit
        self._words = WordIndex(
            [(cast("frozenset[str]", leaf.value), bit) for leaf, bit in bits.items() if leaf.kind == "words"],
            [(piece, bit) for piece, bit in by_piece.items() if is_plain(piece)],
        )
        self._pieces = PieceIndex({piece: bit for piece, bit in by_piece.items() if not is_plain(piece)})
        self._with_i = reduce(or_, (bit for piece, bit in by_piece.items() if "i" in piece), 0)
        self._signals = [
            (name, least, bit)
            for leaf, bit in bits.items()
            if leaf.kind == "signal"
            for name, least in cast("frozenset[tuple[Signal, float]]", leaf.value)
        ]
        self._least_signal = min((least for _, least, _ in self._signals), default=2.0)
        self._records = [(bit, least) for leaf, bit in bits.items() if any(least := _least_record(leaf))]
        self._link = sum(bit for leaf, bit in bits.items() if leaf.kind == "links")

    def found_in(self, facts: Facts) -> int:
        """The bits of the conditions whose hint a message has."""
        folded, signals = facts.folded, facts.prediction.signals
        found = self._words.found_in(folded) | self._pieces.found_in(folded)
        if self._with_i and "ı" in folded:  # to a pattern, a dotless i is an i as well, and folding leaves it
            found |= self._with_i
        if self._least_signal <= 0 or (signals and max(signals.values()) >= self._least_signal):
            for name, least, bit in self._signals:
                if signals.get(name, 0.0) >= least:
                    found |= bit
        about = facts.background
        if about.sanctions or len(about.messages) > 1 or len(about.repeats) > 1:
            found |= self._found_on_record(about)
        return found | self._link if "." in facts.text else found

    def _found_on_record(self, about: Background) -> int:
        found = 0
        messages, sanctions, repeats = len(about.messages), len(about.sanctions), len(about.repeats)
        for bit, (least_messages, least_sanctions, least_repeats) in self._records:
            if messages >= least_messages and sanctions >= least_sanctions and repeats >= least_repeats:
                found |= bit
        return found


def _pieces(leaf: Condition) -> Pieces:
    return pieces_of(cast("str", leaf.value)) if leaf.kind == "pattern" else frozenset()


def _least_record(leaf: Condition) -> tuple[int, int, int]:
    """How many messages and sanctions of a contact, and repeats of a text, it takes; zeros where any will do.

    One message says nothing: whoever is asked about has written it.
    """
    if isinstance(leaf.value, Contact):
        messages = leaf.value.messages_at_least or 0
        return messages if messages > 1 else 0, leaf.value.sanctions_at_least or 0, 0
    return 0, 0, cast("int", leaf.value) if leaf.kind == "repeated" else 0
