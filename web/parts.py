"""The parts of the page that its head leads to, each for whoever has the right."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.people import Right
from inbox.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: where it is below the brand, what it is called, and the right it takes.

    A day's work is in those that are `daily`; the others stand behind a word of the head.
    """

    path: str
    name: Sentence
    right: Right = Right.LOOK
    daily: bool = False


PARTS: tuple[Part, ...] = (
    Part("inbox", Sentence("Inbox"), daily=True),
    Part("contacts", Sentence("Contacts"), daily=True),
    Part("leads", Sentence("Leads"), daily=True),
    Part("outbox", Sentence("Outbox"), daily=True),
    Part("reports", Sentence("Reports"), daily=True),
    Part("model", Sentence("Model")),
    Part("sending", Sentence("Pause and crisis")),
    Part("rules", Sentence("Rules")),
    Part("audit", Sentence("Audit log")),
    Part("responses", Sentence("Prepared answers")),
    Part("settings", Sentence("Settings")),
    Part("tokens", Sentence("Tokens"), Right.STEER),
)
