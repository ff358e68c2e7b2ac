"""The demo: a week of a fictional brand up to this minute, in a database of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from app.settings import BrandSettings, Settings
from inbox.hours import OpeningHours
from inbox.model import Attachment, IncomingMessage, Kind, Label, Visibility
from inbox.views import ConversationView
from routing import responses, rulebook

WEEK = Path(__file__).parent / "week.jsonl"
TODAY = Path(__file__).parent / "today.jsonl"
SHADOW = Path(__file__).parent / "shadow.toml"
ZONE = ZoneInfo("Europe/Paris")
DATABASE = Path("var/demo.db")
RULES = Path("var/demo-rules.toml")
"""The rules of the demo, laid out anew each time: whoever tries it may change them."""
PLACES = {"discord": "velo-brume", "telegram": "groupe-velo-brume"}
"""The server and the group of the brand."""

RESPONSES = Path("var/demo-responses.toml")
_MONDAY = date(2024, 1, 1)
_STEP = timedelta(minutes=1)


def demo_settings() -> Settings:
    """The settings of the demo: its own brand, database and rules; responses and model are those that ship."""
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:30, 14:00-18:00") | {"sat": "10:00-17:00"}
    sells = ["Goéland", "Embrun", "Sardine", "sacoche", "casque"]
    brand = BrandSettings.model_validate(
        {"name": "Vélo Brume", "time_zone": ZONE.key, "opening_hours": hours, "products": sells}
    )
    ours = {"rules": RULES, "responses": responses.STARTER, "model": None, "brand": brand}
    return Settings().model_copy(update=ours | {"database_url": SecretStr(f"sqlite:///{DATABASE}")})


def write_rules() -> str:
    """Put the rules of the demo beside its database: those that ship, and before them one that only watches."""
    text = SHADOW.read_text(encoding="utf-8") + "\n" + rulebook.STARTER.read_text(encoding="utf-8")
    RULES.parent.mkdir(parents=True, exist_ok=True)
    RULES.write_text(text, encoding="utf-8")
    return text


@dataclass(frozen=True, slots=True)
class Calendar:
    """When what the samples tell of happens, for somebody who looks at them at a moment.

    The week is moved by whole days, `moved`, so that the last of it is less than a day old. `hours` are those of the
    brand.
    """

    now: datetime
    hours: OpeningHours
    moved: timedelta

    @classmethod
    def at(cls, now: datetime, hours: OpeningHours) -> Calendar:
        """The calendar of somebody who looks at a moment."""
        last = max(_on_day(row) for row in _rows(WEEK))
        return cls(now, hours, timedelta(days=(now - last) // timedelta(days=1)))

    def moment(self, row: Mapping[str, Any]) -> datetime:
        """When a row happens: on a day of the week, some minutes ago, or so many minutes of open hours ago."""
        if "ago" in row:
            return self.now - timedelta(minutes=row["ago"])
        if "open_for" in row:
            return self._open_for(timedelta(minutes=row["open_for"]))
        return _on_day(row) + self.moved

    def _open_for(self, passed: timedelta) -> datetime:
        since = self.now
        while (left := passed - self.hours.open_time(since, self.now)) > timedelta():
            # Where it is closed, at least so much time has to go by as is wanted of open time.
            since -= max(left, _STEP)
        return since


def read_messages(calendar: Calendar) -> list[IncomingMessage]:
    """The messages of the week and of today, the first of them first."""
    rows = [*_rows(WEEK), *_rows(TODAY)]
    moved = [_to_message(row, calendar.moment(row)) for row in rows]
    return sorted(moved, key=lambda one: one.sent_at)


def with_own_responses(settings: Settings) -> Settings:
    """The settings with a fresh copy of the responses that ship, which may be changed."""
    RESPONSES.parent.mkdir(parents=True, exist_ok=True)
    RESPONSES.write_bytes(responses.STARTER.read_bytes())
    return settings.model_copy(update={"responses": RESPONSES})


def complaints_per_day(views: Iterable[ConversationView]) -> list[tuple[date, int, int]]:
    """For each day of the week, first day first: how many complaints came, and how many that may be one."""
    sure: Counter[date] = Counter()
    unsure: Counter[date] = Counter()
    for view in views:
        for message in view.messages:
            if message.prediction is not None:
                day = message.sent_at.astimezone(ZONE).date()
                sure[day] += Label.COMPLAINT in message.prediction.labels
                unsure[day] += message.prediction.lang_known and Label.COMPLAINT in message.prediction.unsure
    return [(day, sure[day], unsure[day]) for day in sorted(sure)]


def _rows(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _on_day(row: Mapping[str, Any]) -> datetime:
    return datetime.combine(_MONDAY + timedelta(days=row["day"]), time.fromisoformat(row["time"]), ZONE)


def _to_message(row: Mapping[str, Any], sent_at: datetime) -> IncomingMessage:
    return IncomingMessage(
        channel=row["channel"],
        external_id=row["external_id"],
        text=row["text"],
        author=row["author"],
        author_name=row.get("author_name", row["author"]),
        thread=row["thread"],
        sent_at=sent_at,
        kind=Kind(row["kind"]),
        visibility=Visibility(row["visibility"]),
        place=PLACES.get(row["channel"]),
        attachments=tuple(Attachment(name) for name in row.get("files", ())),
    )
