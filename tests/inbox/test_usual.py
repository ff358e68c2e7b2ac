"""F75: what is usual at an hour of the week, and what is far more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.model import Label
from inbox.usual import (
    AROUND,
    SLOT,
    chance_of,
    is_far_more,
    is_still_high,
    same_time_before,
    slot_of,
    usual_lately,
    usual_of,
)
from tests.inbox.builders import PARIS, in_paris

COMPLAINT = Label.COMPLAINT.value
counts = st.integers(0, 400)
means = st.floats(0, 300)
spreads = st.floats(0, 3)


def a_week(per_slot: int, *, slots: int = 3, busy: int | None = None) -> list[int]:
    """A neighbourhood with so many messages in each slot, and another number while it is busy."""
    middle = [per_slot if busy is None else busy] * slots
    return [per_slot] * AROUND + middle + [per_slot] * AROUND


@pytest.mark.parametrize(("count", "mean", "tail"), [(10, 2.0, 4.65e-5), (1, 2.0, 0.8647), (20, 10.0, 3.45e-3)])
def test_without_spread_the_chance_is_that_of_poisson(count: int, mean: float, tail: float):
    assert chance_of(count, mean, spread=0) == pytest.approx(tail, rel=0.01)


@given(count=counts, mean=means, spread=spreads)
def test_a_chance_is_a_chance_and_more_messages_have_a_smaller_one(count: int, mean: float, spread: float):
    here, above = chance_of(count, mean, spread=spread), chance_of(count + 1, mean, spread=spread)

    assert 0 <= above <= here + 1e-9
    assert here <= 1


@given(st.lists(counts, min_size=8, max_size=8), st.floats(1, 13))
def test_one_week_whatever_it_was_does_not_change_what_is_usual_beyond_its_neighbours(weeks: list[int], span: float):
    calm = [a_week(one) for one in weeks]
    wild = [*calm[:7], a_week(100_000)]
    rates = sorted(weeks[:7])
    usual = usual_of(wild, span=span)

    assert usual is not None
    assert rates[2] * span * 0.99 <= usual.expected <= rates[4] * span * 1.01


def test_five_times_the_usual_is_far_more_and_twice_is_not():
    usual = usual_of([a_week(4)] * 8, span=2.0)

    assert is_far_more(40, usual, label=COMPLAINT, factor=3.0)
    assert not is_far_more(16, usual, label=COMPLAINT, factor=3.0)
    assert not is_far_more(23, usual, label=COMPLAINT, factor=3.0)


def test_what_three_weeks_of_eight_have_seen_is_no_news_and_what_two_have_is():
    seen = [a_week(2, busy=40)] * 3 + [a_week(2)] * 5
    rare = [a_week(2, busy=40)] * 2 + [a_week(2)] * 6

    assert not is_far_more(80, usual_of(seen, span=2.0), label=COMPLAINT, factor=3.0)
    assert is_far_more(80, usual_of(rare, span=2.0), label=COMPLAINT, factor=3.0)


def test_a_rate_that_varies_much_from_week_to_week_takes_more():
    steady = usual_of([a_week(3)] * 8, span=2.0)
    restless = usual_of([a_week(n) for n in (0, 1, 1, 3, 3, 6, 9, 9)], span=2.0)

    assert is_far_more(22, steady, label=COMPLAINT, factor=3.0)
    assert not is_far_more(22, restless, label=COMPLAINT, factor=3.0)


def test_a_few_on_a_quiet_night_are_no_spike():
    usual = usual_of([a_week(0)] * 8, span=2.0)

    assert not is_far_more(7, usual, label=COMPLAINT, factor=3.0)
    assert is_far_more(8, usual, label=COMPLAINT, factor=3.0)


@pytest.mark.parametrize("weeks", [0, 1, 2])
def test_two_weeks_are_not_enough_to_say_what_is_usual(weeks: int):
    assert usual_of([a_week(4)] * weeks, span=2.0) is None


def test_where_no_week_is_known_the_last_day_and_a_safe_number_decide():
    day = usual_lately([2] * 100, span=12.0)

    assert usual_lately([2] * 20, span=12.0) is None
    assert not is_far_more(24, None, label=COMPLAINT, factor=3.0)
    assert is_far_more(25, None, label=COMPLAINT, factor=3.0)
    assert not is_far_more(60, day, label=COMPLAINT, factor=3.0)
    assert is_far_more(75, day, label=COMPLAINT, factor=3.0)
    assert is_still_high(50, day, label=COMPLAINT)
    assert not is_still_high(40, day, label=COMPLAINT)


def test_a_spike_is_over_once_less_than_twice_the_usual_comes():
    usual = usual_of([a_week(4)] * 8, span=2.0)

    assert is_still_high(16, usual, label=COMPLAINT)
    assert not is_still_high(15, usual, label=COMPLAINT)


def test_the_same_time_of_the_week_goes_by_the_clock_on_the_wall():
    at = in_paris(2026, 10, 27, 18)
    before = same_time_before(at, zone=PARIS)

    assert [one.astimezone(PARIS).strftime("%a %H:%M") for one in before] == ["Tue 18:00"] * 8
    assert at - before[0] == timedelta(weeks=1, hours=1)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))
def test_every_moment_is_in_one_slot(at: datetime):
    assert slot_of(at) <= at < slot_of(at) + SLOT
    assert slot_of(slot_of(at)) == slot_of(at)
