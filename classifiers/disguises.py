"""Insults as people disguise them, so that a model knows the disguises that folding cannot undo."""

from __future__ import annotations

import random
from collections.abc import Callable

from classifiers.word_lists import WORD_LISTS
from inbox.text import fold

_INSULTS = frozenset(word for word in WORD_LISTS["insult"].split() if len(word) >= 4)


def disguise(text: str, chance: random.Random) -> str | None:
    """The text with a letter of every insult starred, dropped or swapped; None where there is no insult to disguise."""
    trick = chance.choice(_TRICKS)
    words = text.split(" ")
    disguised = [trick(word, chance) if fold(word).strip(".,!?…") in _INSULTS else word for word in words]
    return " ".join(disguised) if disguised != words else None


def _starred(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + "*" + word[at + 1 :]


def _shortened(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1 :]


def _shuffled(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


_TRICKS: tuple[Callable[[str, random.Random], str], ...] = (_starred, _shortened, _shuffled)
