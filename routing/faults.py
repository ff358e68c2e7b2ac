"""Faults of a rule book, each told with its file, its rule and its place, and with the nearest right word."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

from inbox.sentences import Sentence
from inbox.text import excerpt, fold

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Place:
    """A place in a rule book where something may be wrong.

    All places of one file share its list of `faults`. `path` reads as the author would point to it, such as
    `when.label` or `then[2].queue`, counted from 1. `beside` is the table around it, for what depends on neighbours.
    """

    file: str
    faults: list[Sentence] = field(default_factory=list)
    number: int | None = None
    rule: str | None = None
    path: str = ""
    depth: int = 0
    beside: Mapping[str, object] = field(default_factory=dict)

    def at(self, key: str, *, beside: Mapping[str, object] | None = None) -> Place:
        """The place of one key in this table."""
        short = excerpt(key, 40)
        path = f"{self.path}.{short}" if self.path else short
        return replace(self, path=path, depth=self.depth + 1, beside=beside or {})

    def item(self, number: int) -> Place:
        """The place of one item in this list, counted from 1; it has the neighbours of the list."""
        return replace(self, path=f"{self.path}[{number}]")

    def note(self, fault: Sentence) -> None:
        """Keep a fault that was found here."""
        self.faults.append(self.told(fault))

    def told(self, fault: Sentence) -> Sentence:
        """A fault with the place where it was found."""
        if self.number is None:
            return Sentence("{file}: {fault}", file=self.file, fault=fault)
        if self.rule is None:
            told = Sentence("{file}, rule {number}", file=self.file, number=self.number)
        else:
            told = Sentence('{file}, rule {number} "{rule}"', file=self.file, number=self.number, rule=self.rule)
        if self.path:
            return Sentence("{rule}, {place}: {fault}", rule=told, place=self.path, fault=fault)
        return Sentence("{rule}: {fault}", rule=told, fault=fault)


@dataclass(frozen=True)
class Vocabulary(Generic[Word]):
    """The words that may stand in one place, with what to say of any other.

    `missing` is a template with a blank for the `word`, `choices` one for those that are `known`.
    """

    words: type[Word]
    missing: Sentence
    choices: Sentence

    def find(self, word: str, place: Place) -> Word | None:
        """The word as ours, or None and a fault."""
        try:
            return self.words(word)
        except ValueError:
            place.note(unknown(word, list(self.words), missing=self.missing, choices=self.choices))
            return None


def unknown(word: str, known: Collection[str], *, missing: Sentence, choices: Sentence) -> Sentence:
    """What to say of a word that is not among those known: that it is missing, what is nearest, what there is.

    Args:
        word: As written.
        known: In the order to show them.
        missing: A template with a blank for the `word`.
        choices: A template with a blank for those that are `known`.
    """
    fault = missing.filled(word=excerpt(word, 60))
    names: object = ", ".join(known) or Sentence("none")
    all_known = choices.filled(known=names)
    near = nearest(word, known)
    if near is None:
        return Sentence("{fault} {choices}", fault=fault, choices=all_known)
    return Sentence('{fault} Did you mean "{near}"? {choices}', fault=fault, near=near, choices=all_known)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that somebody most likely meant, or None where nothing is near."""
    by_folded = {_alike(name): name for name in known}
    found = difflib.get_close_matches(_alike(word[:60]), by_folded, n=1, cutoff=0.6)
    return by_folded[found[0]] if found else None


def _alike(word: str) -> str:
    return fold(word).strip().replace("-", "_").replace(" ", "_")
