"""Cards and calls on the board of the team, as stored. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.sentences import Sentence


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
    """People are called on a board, since nobody has acknowledged an escalation, or a rule asks for it.

    `is_over` once somebody has acknowledged or answered. `rule` is the rule that asks, with its own words (`says`) and
    `why`; None where nobody has acknowledged. Where an attempt to put it up has `begun_at` a moment and it has no
    `external_id`, it may stand there all the same.
    """

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
    rule: str | None = None
    why: Sentence | None = None
    says: str | None = None
    begun_at: datetime | None = None
