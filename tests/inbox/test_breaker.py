"""Leaving a channel alone that does not answer."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbox.breaker import FAILURES, FIRST_REST, LONGEST_REST, Breaker, resting_channel, resting_switch
from tests.inbox.builders import NOON

SECOND = timedelta(seconds=1)


def worn_out() -> Breaker:
    """A breaker whose channel has just failed often enough."""
    breaker = Breaker()
    rests = [breaker.failed("telegram", number, now=NOON) for number in range(FAILURES)]
    assert rests == [None] * (FAILURES - 1) + [FIRST_REST]
    return breaker


def test_different_things_that_fail_in_a_row_have_the_channel_rest():
    breaker = worn_out()

    assert breaker.resting(now=NOON) == {"telegram"}
    assert breaker.rests_until("telegram", now=NOON) == NOON + FIRST_REST
    assert breaker.rests_until("discord", now=NOON) is None
    assert breaker.resting(now=NOON + FIRST_REST) == frozenset()


def test_one_thing_that_fails_again_and_again_says_nothing_of_the_channel():
    breaker = Breaker()

    assert [breaker.failed("telegram", 7, now=NOON) for _ in range(20)] == [None] * 20


def test_an_answer_in_between_makes_it_as_good_as_new():
    breaker = Breaker()
    for number in range(FAILURES - 1):
        breaker.failed("telegram", number, now=NOON)

    breaker.answered("telegram")

    assert breaker.failed("telegram", FAILURES, now=NOON) is None


def test_after_a_rest_one_failure_is_enough_and_the_next_rest_is_twice_as_long():
    breaker = worn_out()

    assert breaker.failed("telegram", 1, now=NOON + FIRST_REST) == 2 * FIRST_REST


def test_what_refuses_everything_is_not_asked_again_and_again():
    assert Breaker().failed("telegram", 1, now=NOON, for_good=True) == FIRST_REST


def test_the_first_answer_and_the_one_after_a_rest_are_news():
    breaker = Breaker()
    first = [breaker.answered("telegram") for _ in range(2)]
    for number in range(FAILURES):
        breaker.failed("telegram", number, now=NOON)

    assert (first, breaker.answered("telegram")) == ([True, False], True)


def test_a_clock_that_was_put_back_ends_a_rest():
    assert worn_out().resting(now=NOON - SECOND) == frozenset()


@given(st.lists(st.booleans(), max_size=80))
def test_no_rest_is_longer_than_the_longest_and_an_answer_ends_all(failed: list[bool]):
    breaker, now = Breaker(), NOON
    for number, has_failed in enumerate(failed):
        if has_failed:
            rest = breaker.failed("telegram", number, now=now)
            assert rest is None or FIRST_REST <= rest <= LONGEST_REST
            now += rest or SECOND
        else:
            breaker.answered("telegram")
            assert breaker.resting(now=now) == frozenset()


def test_the_switch_of_a_channel_names_it():
    assert resting_channel(resting_switch("telegram")) == "telegram"
