"""Which conversations a page lists: read from its address, and written back into addresses."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from inbox.model import Kind, Label, SlaState, Status, Visibility
from inbox.views import QueueFilter, Spot
from web.days import begin_of, day_in, end_of

UNSURE = "unsure"
ANY = "any"
ME = "me"
NOBODY = "-"

PAGE = 50
"""Conversations on one page of the list."""

_LATE = (SlaState.DUE_SOON, SlaState.BREACHED)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KNOWN: Mapping[str, frozenset[str]] = {
    "status": frozenset({ANY, *Status}),
    "label": frozenset({"", UNSURE, *Label}),
    "sla": frozenset({"", *_LATE}),
    "kind": frozenset({"", *Kind}),
    "visibility": frozenset({"", *Visibility}),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What an address asks for; an empty word asks for nothing.

    `status` may be `any`; `assignee` may be `me`, or `-` for nobody. `since` and `until` are days of the brand, both
    included. `after` is the place in the queue that the page begins behind.
    """

    status: str = Status.OPEN.value
    label: str = ""
    channel: str = ""
    queue: str = ""
    assignee: str = ""
    q: str = ""
    sla: str = ""
    tag: str = ""
    kind: str = ""
    visibility: str = ""
    lang: str = ""
    since: str = ""
    until: str = ""
    after: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """The filters of an address; what there is no such word for is passed over."""
        known = {field.name: asked[field.name].strip()[:200] for field in fields(cls) if field.name in asked}
        found = cls(**{name: value for name, value in known.items() if value in _KNOWN.get(name, {value})})
        return replace(
            found,
            since=found.since if day_in(found.since) else "",
            until=found.until if day_in(found.until) else "",
            after=found.after if read_spot(found.after) else "",
        )

    @classmethod
    def of_query(cls, query: str) -> Filters:
        """The filters of what `query` gave."""
        return cls.of(dict(parse_qsl(query.removeprefix("?"))))

    def wanted(self, *, me: str, zone: ZoneInfo, limit: int = PAGE) -> QueueFilter:
        """What to ask the store for, on behalf of somebody."""
        return QueueFilter(
            label=self.label or None,
            status=None if self.status == ANY else Status(self.status),
            channel=self.channel or None,
            queue=self.queue or None,
            assignee=None if self.assignee == NOBODY else me if self.assignee == ME else self.assignee or None,
            text=self.q or None,
            limit=limit,
            sla=SlaState(self.sla) if self.sla else None,
            tag=self.tag or None,
            kind=Kind(self.kind) if self.kind else None,
            visibility=Visibility(self.visibility) if self.visibility else None,
            lang=self.lang or None,
            since=begin_of(self.since, zone),
            until=end_of(self.until, zone),
            is_free=self.assignee == NOBODY,
            after=read_spot(self.after),
        )

    def query(self, **changes: str) -> str:
        """The part of an address after the `?`, with some words changed; empty where nothing is asked."""
        changed = replace(self, **changes)
        asked = {
            field.name: value for field in fields(changed) if (value := getattr(changed, field.name)) != field.default
        }
        return f"?{urlencode(asked)}" if asked else ""

    @property
    def whole(self) -> Filters:
        """The same from the first page on."""
        return replace(self, after="")

    @property
    def asks_more(self) -> bool:
        """Whether it asks for what no ready-made view does."""
        plain = Filters(status=self.status, label=self.label, q=self.q, after=self.after)
        mine = replace(plain, assignee=ME)
        return self not in {plain, mine}


def write_spot(spot: Spot) -> str:
    """A place in the queue, as it stands in an address."""
    plain = f"{spot.priority},{(spot.waiting_since - _EPOCH) // _MICROSECOND},{spot.conversation_id}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_spot(written: str) -> Spot | None:
    """A place in the queue from an address; None where it is none."""
    try:
        plain = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode("ascii")
        priority, since, conversation = (int(part) for part in plain.split(","))
        if max(abs(priority), conversation) >= 2**31 or conversation < 0:
            return None
        return Spot(priority, _EPOCH + since * _MICROSECOND, conversation)
    except (ValueError, binascii.Error, OverflowError):
        return None
