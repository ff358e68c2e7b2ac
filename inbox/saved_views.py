"""A list of the inbox under a name. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list under a name; `query` is what its address asks for. Without an `owner` it is the team's."""

    id: int
    name: str
    query: str
    owner: str | None


class SavedViewBooks(Protocol):
    """What kept lists ask of the store. `data/` has it."""

    def saved_views(self, *, owner: str | None) -> list[SavedView]:
        """The views of somebody, or those of the team, by name."""

    def save_view(self, name: str, query: str, *, owner: str | None, now: datetime) -> int:
        """Keep a list under a name, in place of what had it; its number."""

    def remove_view(self, view_id: int) -> None:
        """Keep it no longer."""

    def saved_view(self, view_id: int) -> SavedView | None:
        """One of them; None where there is none."""
