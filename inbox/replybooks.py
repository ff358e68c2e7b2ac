"""What suggestions and approvals ask of the store. `data/` has it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from inbox.model import Actor
from inbox.precedents import Answered, Fate
from inbox.views import DraftView


class ReplyBooks(Protocol):
    """What was answered, and what waits for somebody to approve it."""

    def answered(self, *, since: datetime | None = None, most: int) -> Iterator[Sequence[Answered]]:
        """The replies that people have sent since a moment, and that stand, in chunks, the latest first."""

    def fates(self) -> Mapping[str, Fate]:
        """What people did with the latest drafts of each response."""

    def ask_approval(self, draft_id: int, *, text: str, by: Actor, privately: bool, now: datetime) -> bool:
        """Have an open draft wait for a colleague, with the words that are to be sent; False where it is not open."""

    def end_waiting(self, draft_id: int) -> bool:
        """Make a draft that waits for approval an open one again; False where it does not wait."""

    def awaiting_approval(self, *, limit: int) -> list[DraftView]:
        """The drafts that wait for somebody to approve them, the oldest first."""
