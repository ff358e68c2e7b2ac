"""Which conversations a page lists: read from its address, and written back into addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import urlencode

from inbox.model import Label, Status
from inbox.views import QueueFilter

UNSURE = "unsure"
ANY = "any"
ME = "me"

PAGE = 50
"""Conversations on one page of the list."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; an empty word asks for nothing. `status` may be `any`, `assignee` may be `me`."""

    status: str = Status.OPEN.value
    label: str = ""
    channel: str = ""
    queue: str = ""
    assignee: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """The filters of an address; what there is no such word for is passed over."""
        known = {field.name: asked[field.name].strip()[:200] for field in fields(cls) if field.name in asked}
        found = cls(**known)
        if found.status not in {ANY, *Status}:
            found = replace(found, status=Status.OPEN.value)
        if found.label not in {"", UNSURE, *Label}:
            found = replace(found, label="")
        return found

    def wanted(self, *, me: str, limit: int = PAGE) -> QueueFilter:
        """What to ask the store for, on behalf of somebody."""
        return QueueFilter(
            label=self.label or None,
            status=None if self.status == ANY else Status(self.status),
            channel=self.channel or None,
            queue=self.queue or None,
            assignee=me if self.assignee == ME else self.assignee or None,
            text=self.q or None,
            limit=limit,
        )

    def query(self, **changes: str) -> str:
        """The part of an address after the `?`, with some words changed; empty where nothing is asked."""
        changed = replace(self, **changes)
        asked = {
            field.name: value for field in fields(changed) if (value := getattr(changed, field.name)) != field.default
        }
        return f"?{urlencode(asked)}" if asked else ""
