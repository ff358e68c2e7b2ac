"""The parts of the page that its head leads to, each for whoever has the right."""

from __future__ import annotations

from dataclasses import dataclass

from inbox.people import Right
from inbox.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page: where it is below the brand, what it is called, and the right it takes."""

    path: str
    name: Sentence
    right: Right = Right.LOOK


PARTS: tuple[Part, ...] = (
    Part("inbox", Sentence("Inbox")),
    Part("contacts", Sentence("Contacts")),
    Part("leads", Sentence("Leads")),
    Part("outbox", Sentence("Outbox")),
    Part("reports", Sentence("Reports")),
    Part("model", Sentence("Model")),
    Part("sending", Sentence("Pause and crisis")),
    Part("rules", Sentence("Rules")),
    Part("audit", Sentence("Audit log")),
    Part("responses", Sentence("Prepared answers")),
    Part("settings", Sentence("Settings")),
    Part("tokens", Sentence("Tokens"), Right.STEER),
)
