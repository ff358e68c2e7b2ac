"""Contacts as people: who is who across channels, who comes first, what the team notes about them. Plain values.

Two contacts that are one person are merged; nothing moves, so that to unmerge them gives everything back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine
from inbox.model import Status

MOST_FOUND = 20
"""How many people a search tells of."""


@dataclass(frozen=True, slots=True)
class Account:
    """How a channel names a contact; `standing` where he is more than a member there."""

    channel: str
    external_id: str
    contact_id: int
    standing: str | None = None


@dataclass(frozen=True, slots=True)
class ContactConversation:
    """A conversation of a contact, with the words that he said last in it; `offends` says that they are an offence."""

    id: int
    contact_id: int
    channel: str
    status: Status
    text: str
    last_message_at: datetime
    offends: bool = False


@dataclass(frozen=True, slots=True)
class ContactNote:
    """What one of the team wrote about a contact. It never leaves."""

    id: int
    author: str
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A person as a search tells of him: every name that a channel has for him, and how much he has to do with us."""

    id: int
    name: str
    accounts: tuple[Account, ...]
    conversations: int
    is_vip: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A contact that was merged into another one, `into`."""

    id: int
    name: str
    into: int


@dataclass(frozen=True, slots=True)
class ContactCard:
    """All that is known of a person. `id` is the contact that the others, `merged`, were merged into.

    Conversations are the newest first, up to a hundred; `tags` are those of all of them. `known_since` is when the
    first of his contacts wrote. `leads` are numbers of leads, the newest first.
    """

    id: int
    name: str
    known_since: datetime
    is_vip: bool
    accounts: tuple[Account, ...]
    tags: tuple[str, ...]
    conversations: tuple[ContactConversation, ...]
    notes: tuple[ContactNote, ...]
    leads: tuple[int, ...]
    merged: tuple[Merged, ...]
    history: tuple[AuditLine, ...] = ()
