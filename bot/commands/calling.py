"""A call of a command: who asks, where, and about what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NewType

from inbox.desk import Desk
from inbox.people import Person
from inbox.sentences import Sentence
from inbox.stats import Stats

Conversation = NewType("Conversation", int)
"""The number of a conversation: given, or that of the card or message that is answered."""

Said = NewType("Said", int)
"""The number of a message: the one answered, or the latest of the contact or conversation that is named."""

CaseNumber = NewType("CaseNumber", int)
"""The number of a case."""

Length = NewType("Length", timedelta)
"""A length of time such as 30m, 2h, 3d or 1w."""

Words = NewType("Words", str)
"""All the words that follow."""

DrawStats = Callable[[Stats, str | None], bytes]
"""Draws statistics as a PNG, in a language."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What some commands need besides the desk; None where the program was built without it."""

    draw_stats: DrawStats | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody asks for something.

    `thread` and `place` are where he asks, `channel` on which channel. `target` is the conversation, `message` the
    message that he points at by answering a card or a message; None where he points at nothing. `name` is the name that
    he called the command by; `flags` what he put before it: `delete`, `silent`.
    """

    desk: Desk
    person: Person
    channel: str
    thread: str
    place: str | None = None
    target: int | None = None
    message: int | None = None
    name: str = ""
    flags: frozenset[str] = frozenset()
    tools: Tools = field(default_factory=Tools)

    def tell(self, sentence: Sentence) -> str:
        """A sentence in the language of whoever asks."""
        return self.desk.tell(sentence, self.person.lang)


Given = Mapping[str, str]
"""What was given for the parameters of a command by their names, as it was written."""
