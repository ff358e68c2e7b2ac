"""Cards on the board of the team, as stored. Plain values."""

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
