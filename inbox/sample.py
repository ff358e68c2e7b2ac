"""A message named as a sample of many; what offends is named, not quoted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from inbox.care import BLUR_FROM
from inbox.model import Label, Severity
from inbox.text import excerpt

_WIDTH = 140


@dataclass(frozen=True, slots=True)
class Sample:
    """A message to look at. `text` is None where it offends: whoever wants to read it asks for it by its number."""

    message_id: int
    conversation_id: int
    channel: str
    sent_at: datetime
    text: str | None

    @classmethod
    def of(
        cls,
        text: str,
        *,
        message_id: int,
        conversation_id: int,
        channel: str,
        sent_at: datetime,
        severity: Severity | None,
        corrected: Collection[Label] | None,
    ) -> Self:
        """A message with what a model thinks of its severity, and the labels that a person gave it, if one did."""
        offends = (severity is not None and severity >= BLUR_FROM) or Label.OFFENSIVE in (corrected or ())
        return cls(message_id, conversation_id, channel, sent_at, None if offends else excerpt(text, _WIDTH))
