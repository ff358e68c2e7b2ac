"""Days in an address, by the clock of a brand."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


def day_in(written: str) -> date | None:
    """The day that is written, such as 2026-06-10; None where it is none, or one that no clock of ours reaches."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if 1970 <= day.year < 9000 else None


def begin_of(written: str, zone: ZoneInfo) -> datetime | None:
    """The first moment of the day that is written; None where it is none."""
    day = day_in(written)
    return None if day is None else datetime.combine(day, time(), zone)


def end_of(written: str, zone: ZoneInfo) -> datetime | None:
    """The first moment after the day that is written; None where it is none."""
    day = day_in(written)
    return None if day is None else datetime.combine(day + _DAY, time(), zone)
