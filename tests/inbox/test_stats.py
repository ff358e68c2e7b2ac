"""Figures of the last days, as far as they need no store."""

from __future__ import annotations

import statistics
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.model import Label
from inbox.stats import KINDS, ResponseTimes, days_between, percentile, response_times, to_stats
from inbox.tallies import Answered, Said, Tallies
from tests.inbox.builders import NOON, PARIS, in_paris

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
TWO_DAYS = days_between(NOON - timedelta(days=1), NOON, zone=PARIS)


def some_tallies(*, said: tuple[Said, ...] = (), answered: tuple[Answered, ...] = ()) -> Tallies:
    return Tallies(said, answered, replies_by_people=3, replies_automatic=2, cases_opened=1)


def some_waits() -> st.SearchStrategy[list[timedelta]]:
    return st.lists(st.integers(0, 10**6).map(lambda seconds: seconds * SECOND), min_size=2)


def test_half_waited_no_longer_than_the_median_and_nine_in_ten_no_longer_than_the_90th_percentile():
    times = response_times(minutes * MINUTE for minutes in (100, 10, 20, 30, 40, 50, 60, 70, 80, 90, 0))

    assert times == ResponseTimes(11, median=50 * MINUTE, p90=90 * MINUTE)


def test_between_two_values_the_percentile_lies_on_the_line():
    assert response_times([MINUTE, 2 * MINUTE]) == ResponseTimes(2, median=1.5 * MINUTE, p90=1.9 * MINUTE)


def test_of_one_wait_all_that_is_told_is_that_wait():
    assert response_times([HOUR]) == ResponseTimes(1, median=HOUR, p90=HOUR)


def test_of_no_wait_nothing_is_told():
    assert response_times([]) == ResponseTimes(0, median=None, p90=None)


@given(waited=some_waits())
def test_the_percentiles_are_those_of_the_textbook(waited: list[timedelta]):
    seconds = [wait / SECOND for wait in waited]
    times = response_times(waited)

    assert times.median is not None
    assert times.p90 is not None
    assert times.median / SECOND == pytest.approx(statistics.median(seconds))
    assert times.p90 / SECOND == pytest.approx(statistics.quantiles(seconds, n=10, method="inclusive")[-1])


@given(waited=some_waits(), shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_larger_share_never_waited_less(waited: list[timedelta], shares: tuple[float, float]):
    in_order, (smaller, larger) = sorted(waited), sorted(shares)

    # A rounding of the last digit is a millionth of a second.
    assert percentile(in_order, smaller) <= percentile(in_order, larger) + timedelta(microseconds=1)


def test_days_begin_at_midnight_by_the_clocks_of_the_brand():
    days = days_between(in_paris(2026, 6, 8, 0, 30), in_paris(2026, 6, 10, 23, 59), zone=PARIS)

    assert days == {date(2026, 6, day): in_paris(2026, 6, day) for day in (8, 9, 10)}


@pytest.mark.parametrize(("change", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25)])
def test_the_day_of_a_clock_change_is_as_long_as_it_is(change: date, hours: int):
    noon = in_paris(change.year, change.month, change.day, 12)
    days = days_between(noon, noon + timedelta(days=1), zone=PARIS)

    first, second = days.values()
    assert second - first == timedelta(hours=hours)


def test_where_clocks_jump_at_midnight_the_day_begins_at_one():
    santiago = ZoneInfo("America/Santiago")
    noon = in_paris(2026, 9, 6, 18)

    (start,) = days_between(noon, noon, zone=santiago).values()

    assert start.astimezone(santiago).hour == 1


def test_a_message_with_several_labels_counts_under_each_and_one_that_nobody_has_read_under_none():
    said = (
        Said(0, (Label.COMPLAINT, Label.OFFENSIVE), is_unsure=False, messages=2, unanswered=1),
        Said(0, (Label.PRAISE,), is_unsure=True, messages=3, unanswered=0),
        Said(1, (), is_unsure=False, messages=4, unanswered=2),
        Said(1, None, is_unsure=False, messages=5, unanswered=5),
    )

    stats = to_stats(some_tallies(said=said), days=TWO_DAYS, until=NOON)

    assert [day.messages for day in stats.days] == [5, 9]
    assert stats.days[0].kinds == dict.fromkeys(KINDS, 0) | {"complaint": 2, "offensive": 2, "praise": 3, "unsure": 3}
    assert stats.days[1].kinds == dict.fromkeys(KINDS, 0) | {"other": 4}
    assert stats.kinds == {name: stats.days[0].kinds[name] + stats.days[1].kinds[name] for name in KINDS}
    assert (stats.messages, stats.unanswered) == (14, 8)
    assert (stats.replies_by_people, stats.replies_automatic, stats.cases_opened) == (3, 2, 1)


def test_a_wait_counts_on_the_day_that_it_ended():
    midnight = list(TWO_DAYS.values())[1]
    answered = (Answered(midnight - HOUR, midnight), Answered(midnight - 3 * HOUR, midnight - HOUR))

    stats = to_stats(some_tallies(answered=answered), days=TWO_DAYS, until=NOON)

    assert [day.responses.median for day in stats.days] == [2 * HOUR, HOUR]
    assert (stats.responses.count, stats.responses.median) == (2, 1.5 * HOUR)


def test_a_channel_whose_clock_is_ahead_makes_nobody_wait_less_than_nothing():
    stats = to_stats(some_tallies(answered=(Answered(NOON, NOON - SECOND),)), days=TWO_DAYS, until=NOON)

    assert stats.responses.median == timedelta(0)


def test_days_on_which_nothing_happened_are_there():
    stats = to_stats(some_tallies(), days=TWO_DAYS, until=NOON)

    assert [(day.day, day.messages, day.responses) for day in stats.days] == [
        (date(2026, 6, 9), 0, ResponseTimes()),
        (date(2026, 6, 10), 0, ResponseTimes()),
    ]
    assert (stats.since, stats.until) == (in_paris(2026, 6, 9), NOON)
