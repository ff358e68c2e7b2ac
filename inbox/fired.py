"""What rules did lately, as the store tells it: for which messages they held, what they sent. Plain values."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from inbox.model import Label
from inbox.past import Handled


class Fired(NamedTuple):
    """A message for which rules held: which of them acted, which were in shadow, and what people did about it.

    `version` is that of the rule book, `labels` are the model's.
    """

    message_id: int
    decided_at: datetime
    version: int
    acted: tuple[str, ...]
    in_shadow: tuple[str, ...]
    labels: tuple[Label, ...]
    handled: Handled


class SentByRule(NamedTuple):
    """A reply that a rule has sent, or that the last look before sending has `refused`.

    `complained`: the contact has complained or offended within a time after it.
    """

    rule: str
    message_id: int
    queued_at: datetime
    refused: bool
    complained: bool
