"""Cards and calls on the board of the team, as stored. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card of a conversation. `external_id` is None until it is posted; `shown` is a digest of what it says there."""

    id: int
    conversation_id: int
    external_id: str | None = None
    shown: str | None = None
    attempts: int = 0
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PingRow:
    """People are called on a board, since nobody has acknowledged an escalation. `is_over` once somebody has."""

    id: int
    ping_id: int
    conversation_id: int
    people: tuple[str, ...]
    called_at: datetime
    queue: str
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    is_over: bool = False
    external_id: str | None = None
    shown: str | None = None
    attempts: int = 0
    again_at: datetime | None = None
