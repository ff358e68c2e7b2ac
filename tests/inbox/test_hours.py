"""Clocks that run only while the brand is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.hours import OpeningHours
from tests.inbox.builders import ALWAYS_OPEN, NOON, OFFICE_HOURS, PARIS, in_paris

HOUR = timedelta(hours=1)
EVERY_DAY = range(7)
NIGHTS = OpeningHours(PARIS, dict.fromkeys(EVERY_DAY, ((time(0), time(6)),)))
"""Open over both clock changes, which come on Sundays at 2:00 and 3:00."""


@st.composite
def some_hours(draw: st.DrawFn) -> OpeningHours:
    """Up to three slots a day, in order and apart, on at least one day of the week."""
    slots = {}
    for day in draw(st.sets(st.sampled_from(EVERY_DAY), min_size=1)):
        cuts = sorted(draw(st.sets(st.integers(0, 95), min_size=2, max_size=6)))
        times = [time(cut // 4, 15 * (cut % 4)) for cut in cuts]
        slots[day] = tuple(zip(times[::2], times[1::2], strict=False))
    if draw(st.booleans()):
        slots[6] = ((time(20), time.max),)
    return OpeningHours(PARIS, slots)


def some_moments() -> st.SearchStrategy[datetime]:
    """Any minute of 2026; the days of both clock changes come often."""
    minutes = st.integers(0, 60 * 24 * 365).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
    changes = st.sampled_from([in_paris(2026, 3, 29), in_paris(2026, 10, 25)])
    return minutes | st.builds(lambda day, n: day + timedelta(minutes=n), changes, st.integers(-300, 60 * 25))


def some_durations() -> st.SearchStrategy[timedelta]:
    return st.integers(0, 60 * 40).map(lambda minutes: timedelta(minutes=minutes))


def test_an_hour_promised_on_friday_evening_is_due_on_monday_morning():
    due = OFFICE_HOURS.add_open_time(in_paris(2026, 6, 12, 17, 50), HOUR)

    assert due == in_paris(2026, 6, 15, 9, 50)


def test_a_clock_started_on_sunday_runs_from_monday_morning():
    due = OFFICE_HOURS.add_open_time(in_paris(2026, 6, 14, 11), HOUR)

    assert due == in_paris(2026, 6, 15, 10)


def test_a_promise_does_not_run_on_a_day_that_is_closed():
    hours = replace(OFFICE_HOURS, closed=lambda day: day == date(2026, 7, 14))

    due = hours.add_open_time(in_paris(2026, 7, 13, 17, 30), HOUR)

    assert due == in_paris(2026, 7, 15, 9, 30)
    assert not hours.is_open(in_paris(2026, 7, 14, 10))


def test_what_fits_exactly_is_due_at_closing_time():
    due = OFFICE_HOURS.add_open_time(in_paris(2026, 6, 12, 17), HOUR)

    assert due == in_paris(2026, 6, 12, 18)


def test_a_long_promise_runs_through_several_days():
    due = OFFICE_HOURS.add_open_time(in_paris(2026, 6, 15, 9), timedelta(hours=40))

    assert due == in_paris(2026, 6, 19, 13)


def test_the_lunch_break_does_not_count():
    hours = OpeningHours(PARIS, dict.fromkeys(EVERY_DAY, ((time(9), time(12)), (time(14), time(18)))))

    due = hours.add_open_time(in_paris(2026, 6, 10, 11, 30), HOUR)

    assert due == in_paris(2026, 6, 10, 14, 30)


def test_a_slot_until_midnight_joins_the_next_day():
    hours = OpeningHours(PARIS, {0: ((time(20), time.max),), 1: ((time(0), time(2)),)})

    due = hours.add_open_time(in_paris(2026, 6, 15, 23, 30), HOUR)

    assert due == in_paris(2026, 6, 16, 0, 30)


def test_in_spring_the_hour_that_the_clocks_skip_is_not_waited_for():
    due = NIGHTS.add_open_time(in_paris(2026, 3, 29, 1), 2 * HOUR)

    assert due == in_paris(2026, 3, 29, 4)


def test_in_autumn_the_hour_that_comes_twice_counts_twice():
    due = NIGHTS.add_open_time(in_paris(2026, 10, 25, 1), 3 * HOUR)

    assert due == in_paris(2026, 10, 25, 3)


def test_a_clock_can_start_in_the_second_of_two_equal_hours():
    due = NIGHTS.add_open_time(in_paris(2026, 10, 25, 2, 30, fold=1), HOUR)

    assert due == in_paris(2026, 10, 25, 3, 30)


def test_a_weekend_with_a_clock_change_moves_no_promise():
    over_spring = OFFICE_HOURS.add_open_time(in_paris(2026, 3, 27, 17, 50), HOUR)
    over_autumn = OFFICE_HOURS.add_open_time(in_paris(2026, 10, 23, 17, 50), HOUR)

    assert (over_spring, over_autumn) == (in_paris(2026, 3, 30, 9, 50), in_paris(2026, 10, 26, 9, 50))


def test_time_in_slots_that_meet_in_a_skipped_hour_counts_once():
    hours = OpeningHours(PARIS, {6: ((time(1), time(2, 30)), (time(3), time(6)))})

    due = hours.add_open_time(in_paris(2026, 3, 29, 1), 2 * HOUR)

    assert due == in_paris(2026, 3, 29, 4)


@given(start=some_moments(), duration=some_durations())
def test_where_no_hours_are_set_every_hour_counts(start: datetime, duration: timedelta):
    assert ALWAYS_OPEN.add_open_time(start, duration) == start + duration


def test_days_without_slots_mean_always_open():
    assert OpeningHours(PARIS, {0: ()}).add_open_time(NOON, HOUR) == NOON + HOUR


def test_a_promise_in_another_zone_is_due_in_utc():
    due = OFFICE_HOURS.add_open_time(datetime(2026, 6, 12, 17, 50, tzinfo=PARIS), HOUR)

    assert (due, due.tzinfo) == (in_paris(2026, 6, 15, 9, 50), UTC)


def test_a_promise_that_a_year_cannot_hold_is_due_at_its_last_closing():
    an_hour_a_week = OpeningHours(PARIS, {0: ((time(9), time(10)),)})

    due = an_hour_a_week.add_open_time(in_paris(2026, 6, 15), 60 * HOUR)

    assert due == in_paris(2027, 6, 14, 10)


@given(hours=some_hours(), start=some_moments(), duration=some_durations())
def test_open_time_is_never_shorter_than_time(hours: OpeningHours, start: datetime, duration: timedelta):
    assert hours.add_open_time(start, duration) >= start + duration


@given(hours=some_hours(), start=some_moments(), durations=st.tuples(some_durations(), some_durations()))
def test_a_longer_promise_is_never_due_sooner(
    hours: OpeningHours, start: datetime, durations: tuple[timedelta, timedelta]
):
    shorter, longer = sorted(durations)

    assert hours.add_open_time(start, shorter) <= hours.add_open_time(start, longer)


@given(hours=some_hours(), starts=st.tuples(some_moments(), some_moments()), duration=some_durations())
def test_a_later_start_is_never_due_sooner(hours: OpeningHours, starts: tuple[datetime, datetime], duration: timedelta):
    earlier, later = sorted(starts)

    assert hours.add_open_time(earlier, duration) <= hours.add_open_time(later, duration)


@given(hours=some_hours(), start=some_moments(), first=some_durations(), then=some_durations())
def test_open_time_can_be_added_in_parts(hours: OpeningHours, start: datetime, first: timedelta, then: timedelta):
    in_parts = hours.add_open_time(hours.add_open_time(start, first), then)

    assert in_parts == hours.add_open_time(start, first + then)


@given(hours=some_hours(), start=some_moments(), duration=some_durations())
def test_a_promise_falls_due_while_open_or_at_closing_time(hours: OpeningHours, start: datetime, duration: timedelta):
    due = hours.add_open_time(start, duration)

    assert hours.is_open(due) or hours.is_open(due - timedelta(microseconds=1))


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (in_paris(2026, 6, 12, 8, 59), False),
        (in_paris(2026, 6, 12, 9), True),
        (in_paris(2026, 6, 12, 17, 59), True),
        (in_paris(2026, 6, 12, 18), False),
        (in_paris(2026, 6, 13, 12), False),
    ],
)
def test_a_brand_is_open_from_the_first_minute_of_a_slot_until_its_end(moment: datetime, is_open: bool):
    assert OFFICE_HOURS.is_open(moment) is is_open


@given(moment=some_moments())
def test_a_brand_without_hours_is_open_at_any_moment(moment: datetime):
    assert ALWAYS_OPEN.is_open(moment)


@given(hours=some_hours(), start=some_moments(), duration=some_durations())
def test_open_time_is_what_passes_until_a_promise_is_due(hours: OpeningHours, start: datetime, duration: timedelta):
    due = hours.add_open_time(start, duration)

    assert hours.open_time(start, due) == duration
    assert hours.open_time(due, start) == timedelta()


def test_f57_a_closure_began_when_the_brand_last_closed_over_nights_weekends_and_holidays():
    hours = replace(OFFICE_HOURS, closed=lambda day: (day.month, day.day) == (7, 14))

    assert hours.closed_since(in_paris(2026, 7, 13, 10)) is None
    assert hours.closed_since(in_paris(2026, 7, 13, 18)) == in_paris(2026, 7, 13, 18)
    assert hours.closed_since(in_paris(2026, 7, 14, 10)) == in_paris(2026, 7, 13, 18)
    assert hours.closed_since(in_paris(2026, 7, 12, 23)) == in_paris(2026, 7, 10, 18)
    assert OpeningHours(PARIS).closed_since(NOON) is None
    never = replace(OFFICE_HOURS, closed=lambda _: True)
    assert never.closed_since(NOON) == NOON - timedelta(days=366)
