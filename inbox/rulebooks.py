"""A version of the rule book. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.model import Actor


@dataclass(frozen=True, slots=True)
class RuleBookVersion:
    """One version: its number, from 1, its text to the letter, and who put it in force when."""

    version: int
    text: str
    author: Actor
    written_at: datetime
