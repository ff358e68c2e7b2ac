"""Moments to come as people write them: "4h", "tomorrow 9:00", "lundi 9h", "2026-12-07 09:00". Pure."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.durations import duration
from inbox.text import fold

_MORNING = time(9)
_DAYS = {
    name: weekday
    for weekday, names in enumerate(
        (
            ("monday", "lundi"),
            ("tuesday", "mardi"),
            ("wednesday", "mercredi"),
            ("thursday", "jeudi"),
            ("friday", "vendredi"),
            ("saturday", "samedi"),
            ("sunday", "dimanche"),
        )
    )
    for name in names
}
_TOMORROW = frozenset({"tomorrow", "demain"})
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:h]([0-5]\d)?)?")
_WRITTEN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d)?)?")


def moment_to_come(text: str, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC that a text names, by the clock of `zone`; None where it names none.

    It may be a length of time from now, a day of the week (the next such moment), tomorrow, a time of the day, or a
    date; a day without a time is meant from nine in the morning. A date that is past is given as it stands.
    """
    said = fold(text.strip())
    if (lasts := duration(said)) is not None:
        return now + lasts
    if (written := _WRITTEN.fullmatch(text.strip())) is not None:
        return _on_date(written[1], written[2], zone=zone)
    day, _, rest = said.partition(" ")
    here = now.astimezone(zone)
    if day in _TOMORROW:
        return _at(here.date() + timedelta(days=1), rest, zone=zone)
    if day in _DAYS:
        ahead = (_DAYS[day] - here.weekday()) % 7
        found = _at(here.date() + timedelta(days=ahead), rest, zone=zone)
        return found if found is None or found > now else _at(here.date() + timedelta(days=ahead + 7), rest, zone=zone)
    if not said or said.isdigit():
        return None
    found = _at(here.date(), said, zone=zone)
    return found if found is None or found > now else _at(here.date() + timedelta(days=1), said, zone=zone)


def _on_date(day: str, clock: str | None, *, zone: ZoneInfo) -> datetime | None:
    try:
        return _at(date.fromisoformat(day), clock or "", zone=zone)
    except ValueError:
        return None


def _at(day: date, clock: str, *, zone: ZoneInfo) -> datetime | None:
    """A moment on a day; nine in the morning where no time is named, None where it cannot be read."""
    if not clock.strip():
        hour = _MORNING
    elif (read := _CLOCK.fullmatch(clock.strip())) is not None:
        hour = time(int(read[1]), int(read[2] or 0))
    else:
        return None
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
