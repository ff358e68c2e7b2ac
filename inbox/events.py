"""What a channel tells besides new messages: edits, deletions, moves, arrivals, reports, appeals. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.model import IncomingMessage


@dataclass(frozen=True, slots=True)
class Edited:
    """A message was given another text by its author."""

    channel: str
    external_id: str
    text: str
    edited_at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Deleted:
    """Messages were taken back, by their authors or by a moderator of the channel; some may be unknown to us."""

    channel: str
    external_ids: tuple[str, ...]
    deleted_at: datetime
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A group goes on under another id: its threads and cases go with it."""

    channel: str
    place: str
    new_place: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reported:
    """A member reports a message. `reporter` is the channel's own id of the member."""

    message: IncomingMessage
    reporter: str
    reporter_name: str
    at: datetime
    reason: str = ""

    @property
    def channel(self) -> str:
        """The channel of the message."""
        return self.message.channel

    @property
    def place(self) -> str | None:
        """Where it was said."""
        return self.message.place


@dataclass(frozen=True, slots=True)
class Appealed:
    """Someone asks for a case to be looked at again; without a `case` number his latest is meant."""

    channel: str
    author: str
    text: str
    at: datetime
    case: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """Members have joined a server or group, by the channel's own ids of them."""

    channel: str
    members: tuple[str, ...]
    at: datetime
    place: str | None = None


Event = IncomingMessage | Edited | Deleted | Moved | Reported | Appealed | Joined
"""Whatever a channel tells; each has a `channel` and a `place`."""
