"""Programs that work for a brand: their tokens, their requests, what they fetch. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from inbox.model import Actor
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence

REMEMBERED = timedelta(hours=24)
"""How long the answer to a request is kept."""

GIVEN_UP = timedelta(minutes=5)
"""A request that was begun so long ago and never answered died with its process; it may be made again."""


class Scope(StrEnum):
    """What a token may be used for."""

    MESSAGES_WRITE = "messages:write"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    REPLIES_WRITE = "replies:write"
    LABELS_WRITE = "labels:write"
    RULES_TEST = "rules:test"
    OUTBOX_READ = "outbox:read"


SCOPES: Mapping[Scope, Sentence] = {
    Scope.MESSAGES_WRITE: Sentence("hand over messages, their edits and deletions"),
    Scope.CONVERSATIONS_READ: Sentence("read conversations, with everything people wrote"),
    Scope.CONVERSATIONS_WRITE: Sentence("write drafts and notes, assign, escalate, close"),
    Scope.REPLIES_WRITE: Sentence("send replies to contacts, and take them back"),
    Scope.LABELS_WRITE: Sentence("correct labels"),
    Scope.RULES_TEST: Sentence("try a text on the model and the rules; nothing is done"),
    Scope.OUTBOX_READ: Sentence("fetch the replies that a channel of its own is to deliver"),
}
"""Each of them in words."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as stored, without its secret. `brand` is the key of the brand that it works for."""

    id: int
    brand: str
    name: str
    scopes: frozenset[Scope]
    made_by: str
    made_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        """Whom the audit log names: whoever holds the token answers for what it does, as a person does."""
        return Actor.person(f"api/{self.name}")


@dataclass(frozen=True, slots=True)
class KeptCall:
    """A request that was begun under a key: the digest of what it asked for, and its answer once there is one."""

    digest: str
    begun_at: datetime
    status: int | None = None
    body: str | None = None


API = "api:"
"""What the names of channels begin with that programs deliver for."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One thing to do outside, as a program fetches it; its number only grows.

    `target` is the channel's id of the message it is about; `api:N` is what was fetched under the number N.
    """

    number: int
    key: str
    kind: OutboxKind
    thread: str
    text: str
    target: str | None
    contact: str | None
    put_at: datetime


def channel_called(name: str) -> str:
    """The channel of a program, by the name that the settings or its requests give it."""
    return f"{API}{name}"
