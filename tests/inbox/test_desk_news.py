"""What news of a ticket change, and when its help desk is asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbox.desk_news import (
    LATEST,
    SOONEST,
    WATCHED_AFTER,
    DeskAnswer,
    DeskNews,
    WatchedTicket,
    next_look,
    turn,
)
from inbox.views import TicketStatus
from tests.inbox.builders import NOON

MINUTE = timedelta(minutes=1)
THERE = (TicketStatus.OPEN, TicketStatus.PENDING, TicketStatus.SOLVED)

answers = st.builds(
    DeskAnswer,
    id=st.sampled_from("abcdef"),
    by=st.just("Paul"),
    said_at=st.integers(0, 9).map(lambda n: NOON + n * MINUTE),
    text=st.sampled_from(["Bonjour", "C'est réglé", " "]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[DeskNews]:
    """What one help desk told of one ticket, each at a moment of its own."""
    moments = draw(st.lists(st.integers(0, 50), unique=True, min_size=1, max_size=6))
    return [
        DeskNews(
            "42",
            draw(st.sampled_from(THERE)),
            NOON + minute * MINUTE,
            draw(st.sampled_from([None, "Paul", "Leïla"])),
            tuple(draw(st.lists(answers, max_size=3))),
        )
        for minute in moments
    ]


def a_ticket() -> WatchedTicket:
    return WatchedTicket(1, 1, 1, "support", "42", TicketStatus.OPEN, None, None, NOON, frozenset(), is_current=True)


def after(ticket: WatchedTicket, news: Sequence[DeskNews]) -> WatchedTicket:
    for one in news:
        seen = turn(ticket, one)
        ticket = replace(
            ticket,
            status=seen.status,
            assignee=seen.assignee,
            changed_at=seen.changed_at,
            told=ticket.told | {answer.id for answer in seen.answers},
        )
    return ticket


@given(history=histories(), data=st.data())
def test_f69_in_whatever_order_and_however_often_news_come_they_come_to_the_same(
    history: list[DeskNews], data: st.DataObject
):
    told = data.draw(st.lists(st.sampled_from(history), max_size=10))
    shuffled = data.draw(st.permutations([*history, *told]))

    stands = after(a_ticket(), shuffled)

    latest = max(history, key=lambda one: one.changed_at)
    assert (stands.status, stands.assignee, stands.changed_at) == (latest.status, latest.assignee, latest.changed_at)
    assert stands.told == {answer.id for one in history for answer in one.answers if answer.text.strip()}


@given(history=histories())
def test_f69_the_same_news_again_change_nothing(history: list[DeskNews]):
    stands = after(a_ticket(), history)
    latest = max(history, key=lambda one: one.changed_at)

    again = turn(stands, latest)

    assert (again.is_told, again.solves, again.reopens, again.answers) == (False, False, False, ())


@given(history=histories())
def test_an_answer_is_new_once(history: list[DeskNews]):
    stands = a_ticket()
    seen: list[str] = []
    for one in history:
        seen += [answer.id for answer in turn(stands, one).answers]
        stands = after(stands, [one])

    assert len(seen) == len(set(seen))


def test_news_of_the_same_moment_that_say_something_else_are_taken():
    stands = after(a_ticket(), [DeskNews("42", TicketStatus.OPEN, NOON)])

    assert turn(stands, DeskNews("42", TicketStatus.SOLVED, NOON)).solves


@given(quiet=st.timedeltas(timedelta(0), timedelta(days=60)), status=st.sampled_from(THERE))
def test_a_help_desk_is_asked_again_neither_too_soon_nor_too_late(quiet: timedelta, status: TicketStatus):
    again = next_look(NOON - quiet, status, now=NOON)

    if again is None:
        assert status is TicketStatus.SOLVED
        assert quiet > WATCHED_AFTER
    else:
        assert SOONEST <= again - NOON <= LATEST
