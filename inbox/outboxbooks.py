"""What the page of the outbox asks of the store, as a small protocol. `data/outbox_page.py` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.views import SendState, SendView


@dataclass(frozen=True, slots=True)
class OutboxFilter:
    """Which rows of the outbox to list; None asks nothing.

    `state` waiting means whatever has not left, that which a worker has in hand too. `channel` is where it goes: a
    channel, a help desk, the CRM. Rows are older than the number `before`.
    """

    state: SendState = SendState.WAITING
    channel: str | None = None
    before: int | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class OutboxLine:
    """A row of the outbox with whom it is about, and when it was put there.

    `open_draft` is the draft that its words are again, where a person can send them once more.
    """

    send: SendView
    contact: str
    queued_at: datetime
    sent_at: datetime | None = None
    open_draft: int | None = None


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How much has not left, how much of that a pause would hold, and how much was given up and waits for a person."""

    waiting: int = 0
    automatic: int = 0
    failed: int = 0


class OutboxPageBooks(Protocol):
    """The outbox as people look at it."""

    def outbox_lines(self, wanted: OutboxFilter) -> Sequence[OutboxLine]:
        """Rows of the outbox: what waits in the order in which it leaves, the rest the latest first."""

    def outbox_counts(self) -> OutboxCounts:
        """How much waits, and how much was given up."""

    def set_aside(self, send_id: int) -> bool:
        """Have something that was given up wait for nobody any more; False where it was not given up.

        Its words are an open draft again, where they came from one. Why it failed stays with it.
        """
