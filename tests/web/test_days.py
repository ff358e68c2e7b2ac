"""Days in an address, by the clock of a brand."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from web.days import begin_of, day_in, end_of

PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-31", "2026-02-30", "", "x", "2026-06-10T12:00"])
def test_a_day_that_no_clock_of_ours_reaches_is_none(day: str):
    assert day_in(day) is None
    assert (begin_of(day, PARIS), end_of(day, PARIS)) == (None, None)


def test_a_day_is_as_long_as_the_clock_of_the_brand_says():
    begin, end = begin_of("2026-10-25", PARIS), end_of("2026-10-25", PARIS)

    assert begin is not None
    assert end is not None
    assert (end.astimezone(UTC) - begin.astimezone(UTC)) == timedelta(hours=25)
