"""The demo: a week of a fictional brand, through every stage, in a database of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from app.settings import BrandSettings, Settings
from inbox.model import IncomingMessage, Kind, Label, Visibility
from inbox.views import ConversationView
from routing import responses, rulebook

WEEK = Path(__file__).parent / "week.jsonl"
ZONE = ZoneInfo("Europe/Paris")
DATABASE = Path("var/demo.db")
RESPONSES = Path("var/demo-responses.toml")
_MONDAY = date(2024, 1, 1)


def demo_settings() -> Settings:
    """The settings of the demo: its own brand and database; rules, responses and model are those that ship."""
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:30, 14:00-18:00") | {"sat": "10:00-17:00"}
    brand = BrandSettings.model_validate({"name": "Vélo Brume", "time_zone": ZONE.key, "opening_hours": hours})
    ours = {"rules": rulebook.STARTER, "responses": responses.STARTER, "model": None, "brand": brand}
    return Settings().model_copy(update=ours | {"database_url": SecretStr(f"sqlite:///{DATABASE}")})


def with_own_responses(settings: Settings) -> Settings:
    """The settings with a fresh copy of the responses that ship, which may be changed."""
    RESPONSES.parent.mkdir(parents=True, exist_ok=True)
    RESPONSES.write_bytes(responses.STARTER.read_bytes())
    return settings.model_copy(update={"responses": RESPONSES})


def read_week(now: datetime) -> list[IncomingMessage]:
    """The messages of the week, moved by whole days so that the last of them is less than a day old."""
    rows = list(_rows())
    last = max(_moment(row) for row in rows)
    days = timedelta(days=(now - last) // timedelta(days=1))
    return [_to_message(row, _moment(row) + days) for row in rows]


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


def _rows() -> Iterator[Mapping[str, Any]]:
    with WEEK.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _moment(row: Mapping[str, Any]) -> datetime:
    return datetime.combine(_MONDAY + timedelta(days=row["day"]), time.fromisoformat(row["time"]), ZONE)


def _to_message(row: Mapping[str, Any], sent_at: datetime) -> IncomingMessage:
    return IncomingMessage(
        channel=row["channel"],
        external_id=row["external_id"],
        text=row["text"],
        author=row["author"],
        author_name=row["author"],
        thread=row["thread"],
        sent_at=sent_at,
        kind=Kind(row["kind"]),
        visibility=Visibility(row["visibility"]),
    )
