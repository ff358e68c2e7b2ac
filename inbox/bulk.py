"""One act on many conversations. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from inbox.cases import CaseAct
from inbox.model import Actor, Status
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.views import QueueItem

MOST = 500
"""So many conversations at once, at the most: as many as somebody can look through before."""


class BulkAct(StrEnum):
    """What is done with each: closed, put off, given to somebody, or its message taken out of sight.

    There is no answering among them: one text for thirty people answers none of them.
    """

    RESOLVE = "resolve"
    SNOOZE = "snooze"
    ASSIGN = "assign"
    HIDE = "hide"
    DELETE = "delete"

    @property
    def case_act(self) -> CaseAct | None:
        """The act of moderation that it is; None for one of work."""
        return CaseAct(self.value) if self in {BulkAct.HIDE, BulkAct.DELETE} else None

    @property
    def right(self) -> Right:
        """What whoever does it may do."""
        return Right.WORK if self.case_act is None else Right.MODERATE


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What to do with each of some conversations.

    `to` is a member or a queue, for assigning; `until` a moment to come, for putting off; `reason`, `silent` (the
    authors are not told) and `closes` (the conversation is resolved as well) are for moderating.
    """

    act: BulkAct
    to: str = ""
    until: datetime | None = None
    reason: str = ""
    silent: bool = False
    closes: bool = True


@dataclass(frozen=True, slots=True)
class BulkLine:
    """A conversation before an act: what stands against it, and what of it could not be taken back."""

    item: QueueItem
    refusal: Sentence | None = None
    lost: Sentence | None = None


class BulkState(StrEnum):
    """How far it came with a conversation: not yet, done, refused; taken back, or not to be taken back."""

    PLANNED = "planned"
    DONE = "done"
    REFUSED = "refused"
    UNDONE = "undone"
    STAYS = "stays"


@dataclass(frozen=True, slots=True)
class Before:
    """How a conversation stood before."""

    status: Status
    assignee: str | None = None
    queue: str | None = None
    snooze_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BulkItem:
    """What became of one conversation; `case` is the number of the case where it was moderated, `why` a refusal."""

    conversation_id: int
    contact: str
    state: BulkState
    before: Before
    case: int | None = None
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class BulkView:
    """An act on many as stored; `counts` per state. `items` are empty in a list."""

    id: int
    act: BulkAct
    by: Actor
    at: datetime
    counts: Mapping[BulkState, int]
    undone_by: Actor | None = None
    undone_at: datetime | None = None
    items: tuple[BulkItem, ...] = ()

    @property
    def total(self) -> int:
        """How many conversations it was asked for."""
        return sum(self.counts.values())


class BulkBooks(Protocol):
    """What acts on many ask of the store. `data/` has it."""

    def items(self, conversations: list[int]) -> list[QueueItem]:
        """These conversations as the queue shows them, in its order; unknown ones are left out."""

    def open_bulk(self, act: BulkAct, before: Mapping[int, Before], *, by: Actor, now: datetime) -> int:
        """Keep what is going to be done with which conversations, as they stand; its number."""

    def mark_bulk_item(
        self,
        bulk_id: int,
        conversation_id: int,
        state: BulkState,
        *,
        case: int | None = None,
        why: Sentence | None = None,
    ) -> None:
        """Keep what became of one of the conversations; a case that is known stays known."""

    def mark_bulk_undone(self, bulk_id: int, *, by: Actor, now: datetime) -> bool:
        """Keep that somebody takes it back; False where somebody has."""

    def find_bulk(self, bulk_id: int) -> BulkView | None:
        """One act on many with its items; None where there is none."""

    def list_bulks(self, *, limit: int) -> list[BulkView]:
        """The latest acts on many, without their items."""

    def put_back(self, conversation_id: int, before: Before, *, why: Sentence) -> None:
        """Let an open conversation be pending or put off again, as it was."""
