"""Cutting a text into tokens that spaCy's matchers read, without losing where each stands in the text as written."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from inbox.text import fold

_TOKEN = re.compile(r"[0-9]+|(?:[^\W\d_]|[\u0300-\u036f])+|\S")
_FIGURE = re.compile("[0-9]")
_SIGNS = str.maketrans("’ʼ‘–—‐‑−", "'''-----")
_LONGEST_NUMBER = 12
_WORDS_KEPT = 1 << 15

Pattern = list[dict[Any, Any]]
"""A token pattern for spaCy's Matcher; flags are its keys."""

OTHER = "·"
"""How the matchers see a word that no pattern knows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as tokens: runs of letters, runs of digits, single signs.

    `forms` are the tokens without case and accents, `doc` what the matchers see of them, `starts` and `ends` their
    places in the text.
    """

    text: str
    doc: Doc
    forms: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.forms)

    def form(self, at: int) -> str:
        """The folded token at a place, or nothing before the first and after the last."""
        return self.forms[at] if 0 <= at < len(self.forms) else ""

    def written(self, at: int) -> str:
        """The token at a place as written."""
        return self.text[self.starts[at] : self.ends[at]] if 0 <= at < len(self.forms) else ""

    def is_glued(self, at: int) -> bool:
        """Whether no blank stands before this token."""
        return 0 < at < len(self.forms) and self.starts[at] == self.ends[at - 1]

    def token_at(self, start: int) -> int:
        """The first token that begins at or after a place in the text."""
        return bisect_left(self.starts, start)


class Tongue:
    """A blank pipeline whose vocabulary is the words that patterns know.

    Every other word reads alike, and numbers read by their length, so the vocabulary stays small however much text
    goes through. The tokens are our own: spaCy's French ones take seconds to load, and cut "12€50" or "4581-22"
    differently from one text to the next.
    """

    def __init__(self) -> None:
        self.nlp = spacy.blank("xx")
        self._known: set[str] = {OTHER}

    def know(self, words: Iterable[str]) -> None:
        """Have the matchers see these folded words for what they are."""
        self._known.update(words)

    def flag(self, words: Iterable[str]) -> int:
        """A class of folded words, as a name for token patterns: `{flag: True}`."""
        of_class = frozenset(words)
        self.know(of_class)
        return self.nlp.vocab.add_flag(of_class.__contains__)

    def matches(self, patterns: Mapping[str, Sequence[Pattern]]) -> Callable[[Reading], list[tuple[str, int, int]]]:
        """A function that finds named patterns: per find its name, its first token and the one after its last."""
        matcher = Matcher(self.nlp.vocab, validate=False)
        for name, shapes in patterns.items():
            matcher.add(name, list(shapes), greedy="LONGEST")
        names = self.nlp.vocab.strings
        return lambda reading: [(names[key], first, end) for key, first, end in matcher(reading.doc)]

    def read(self, text: str) -> Reading:
        """The tokens of a text."""
        forms, starts, ends = tokens(text)
        return Reading(text, self.doc(forms), forms, starts, ends)

    def doc(self, forms: Sequence[str]) -> Doc:
        """What the matchers see of folded tokens."""
        known = self._known
        seen = [
            form if form in known else ("9" * min(len(form), _LONGEST_NUMBER) if form[0] in "0123456789" else OTHER)
            for form in forms
        ]
        return Doc(self.nlp.vocab, words=seen)


def has_figures(text: str) -> bool:
    """Whether there is a digit in a text."""
    return _FIGURE.search(text) is not None


def words(listed: str) -> frozenset[str]:
    """A list of words, written with blanks between them, as a set."""
    return frozenset(listed.split())


def tokens(text: str) -> tuple[list[str], list[int], list[int]]:
    """The tokens of a text, folded, with their beginnings and ends."""
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for found in _TOKEN.finditer(text):
        form = found.group()
        forms.append(form if form[0] in "0123456789" else _plain(form))
        starts.append(found.start())
        ends.append(found.end())
    return forms, starts, ends


@lru_cache(_WORDS_KEPT)
def _plain(word: str) -> str:
    # A combining mark alone folds to nothing; it stays, so that every token has a form.
    return fold(word.translate(_SIGNS)) or OTHER
