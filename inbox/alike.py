"""Conversations that say the same with small differences, as a raid or a rumour brings them: seen as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inbox.desk import Desk
from inbox.model import Status
from inbox.near_copies import groups_of
from inbox.views import QueueFilter, QueueItem

LOOKED_AT = 2_000
"""So many open conversations are compared, the most pressing first."""

FEWEST = 3
"""From how many on they are a group."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Open conversations whose texts are near-copies of the first one's."""

    items: tuple[QueueItem, ...]

    @property
    def first(self) -> QueueItem:
        """The most pressing of them."""
        return self.items[0]


def find_alike(desk: Desk) -> Sequence[Alike]:
    """The groups among the open conversations of a brand, the largest first."""
    with desk.store.read() as books:
        items = books.queue(QueueFilter(status=Status.OPEN, limit=LOOKED_AT))
    groups = (group for group in groups_of([one.text for one in items]) if len(group) >= FEWEST)
    return [Alike(tuple(items[place] for place in group)) for group in sorted(groups, key=len, reverse=True)]
