"""Keeping to the rates of channels (row F10), with a clock that is moved by hand."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbox.abilities import Bucket
from inbox.rates import RateLimiter
from tests.inbox.builders import NOON

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
ALL = Bucket("telegram", 30, SECOND)
GROUP = Bucket("telegram:-1001", 20, MINUTE)
PERSON = Bucket("telegram:7", 1, SECOND)


def leave_all(limiter: RateLimiter, buckets: list[Bucket], *, count: int) -> list[datetime]:
    """When each of `count` things leaves, each asked again after the wait that it was told."""
    now = NOON
    left: list[datetime] = []
    while len(left) < count:
        wait = limiter.take(buckets, now=now)
        if wait:
            now += wait
        else:
            left.append(now)
    return left


def test_f10_no_more_than_twenty_of_a_hundred_replies_leave_for_one_group_in_any_minute():
    left = leave_all(RateLimiter(), [ALL, GROUP], count=100)

    assert len(left) == 100
    assert all(sum(at <= other < at + MINUTE for other in left) <= 20 for at in left)
    assert left[-1] - left[0] == timedelta(minutes=4)


def test_f10_a_retry_after_of_seven_seconds_delays_that_bucket_alone_and_loses_nothing():
    limiter = RateLimiter()
    limiter.take([ALL, GROUP], now=NOON)

    limiter.block([ALL, GROUP], until=NOON + timedelta(seconds=7))

    assert limiter.take([ALL, GROUP], now=NOON + SECOND) == timedelta(seconds=6)
    assert limiter.take([ALL, PERSON], now=NOON + SECOND) == timedelta()
    assert limiter.take([ALL, GROUP], now=NOON + timedelta(seconds=7)) == timedelta()


def test_what_has_to_wait_in_one_bucket_takes_no_place_in_another():
    limiter = RateLimiter()
    limiter.take([ALL, PERSON], now=NOON)

    for _ in range(50):
        assert limiter.take([ALL, PERSON], now=NOON) == SECOND

    assert leave_all(limiter, [ALL], count=29)[-1] == NOON


def test_without_a_rate_nothing_waits():
    assert RateLimiter().take([], now=NOON) == timedelta()


@given(
    asked=st.lists(st.integers(0, 3_000).map(lambda ms: timedelta(milliseconds=ms)), max_size=80),
    most=st.integers(1, 5),
)
def test_no_window_of_any_bucket_ever_holds_more_than_its_rate(asked: list[timedelta], most: int):
    limiter, now, left = RateLimiter(), NOON, []
    bucket = Bucket("b", most, SECOND)
    for step in asked:
        now += step
        if not limiter.take([bucket], now=now):
            left.append(now)

    windows = Counter({at: sum(at <= other < at + SECOND for other in left) for at in left})
    assert all(count <= most for count in windows.values())
