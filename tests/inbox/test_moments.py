"""F29: until when something is put off, as people write it, by the clock of the brand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.moments import moment_to_come

PARIS = ZoneInfo("Europe/Paris")
TUESDAY_NOON = datetime(2026, 12, 1, 11, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("4h", "2026-12-01 16:00"),
        ("1d", "2026-12-02 12:00"),
        ("Monday 9:00", "2026-12-07 09:00"),
        ("lundi 9h", "2026-12-07 09:00"),
        ("lundi", "2026-12-07 09:00"),
        ("mardi 14h30", "2026-12-01 14:30"),
        ("Tuesday 9:00", "2026-12-08 09:00"),
        ("demain", "2026-12-02 09:00"),
        ("tomorrow 8:15", "2026-12-02 08:15"),
        ("18:00", "2026-12-01 18:00"),
        ("8h", "2026-12-01 20:00"),
        ("8:00", "2026-12-02 08:00"),
        ("2026-12-24T17:30", "2026-12-24 17:30"),
        ("2026-12-24", "2026-12-24 09:00"),
    ],
)
def test_a_moment_is_read_by_the_clock_of_the_brand(text: str, local: str):
    expected = datetime.fromisoformat(local).replace(tzinfo=PARIS)

    assert moment_to_come(text, now=TUESDAY_NOON, zone=PARIS) == expected


def test_nine_in_the_morning_stays_nine_when_the_clocks_change():
    friday = datetime(2027, 3, 26, 12, 0, tzinfo=UTC)

    assert moment_to_come("lundi 9h", now=friday, zone=PARIS) == datetime(2027, 3, 29, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "9", "soon", "monday soon", "25:00", "2026-13-40", "lundi 9h99"])
def test_what_names_no_moment_is_none(text: str):
    assert moment_to_come(text, now=TUESDAY_NOON, zone=PARIS) is None


@given(st.text(max_size=30))
def test_whatever_is_written_is_read_or_passed_over(text: str):
    found = moment_to_come(text, now=TUESDAY_NOON, zone=PARIS)

    assert found is None or found.utcoffset() == timedelta(0)


@given(
    day=st.sampled_from(["monday", "jeudi", "dimanche"]),
    hour=st.integers(0, 23),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
)
def test_a_day_of_the_week_is_always_within_the_next_seven_days(day: str, hour: int, now: datetime):
    found = moment_to_come(f"{day} {hour}:00", now=now, zone=PARIS)

    assert found is not None
    assert now < found <= now + timedelta(days=7, hours=2)
