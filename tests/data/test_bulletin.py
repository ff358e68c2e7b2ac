"""The report of the week comes by itself, once (row F79)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import SqlStore
from inbox.alerts import Alert, AlertKind
from inbox.bulletin import last_due, look
from inbox.desk import Desk
from inbox.gist import Gist
from inbox.kpis import last_week, to_report
from inbox.policy import Bulletin
from tests.builders import a_message
from tests.data.steps import take_in
from tests.data.test_stats import DAY, HOUR, MINUTE, Inbox
from tests.inbox.builders import PARIS, in_paris

MONDAY = in_paris(2026, 11, 30, 8)


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    """A brand to which somebody wrote on the Wednesday before, at 7:59 on Monday."""
    return a_desk(store)


@pytest.fixture
def lone(sqlite_store: SqlStore) -> Desk:
    """The same, for what the database has no part in."""
    return a_desk(sqlite_store)


def a_desk(store: SqlStore) -> Desk:
    desk = replace(Inbox(store).desk, bulletin=Bulletin())
    wednesday = MONDAY - 5 * DAY
    take_in(store, a_message(sent_at=wednesday), now=wednesday)
    at(desk, MONDAY - MINUTE)
    return desk


def at(desk: Desk, moment: datetime) -> None:
    desk.clock.now = moment  # type: ignore[attr-defined]  # a clock of the test's own


def put_up(desk: Desk) -> list[Alert]:
    with desk.store.read() as books:
        return books.open_alerts([AlertKind.REPORT])


def test_f79_it_comes_on_monday_at_eight_once_even_after_a_restart_at_7_59(desk: Desk):
    before = [look(desk), look(desk)]
    restarted = replace(desk)
    at(desk, MONDAY)

    after = [look(restarted), look(desk), look(restarted)]
    at(desk, MONDAY + 5 * HOUR)
    later = look(desk)

    assert (before, after, later) == ([0, 0], [1, 0, 0], 0)
    (alert,) = put_up(desk)
    gist = Gist.from_facts(alert.facts)
    assert (gist.first, gist.last, gist.messages, gist.is_over) == ("2026-11-23", "2026-11-29", 1, True)
    with desk.store.read() as books:
        assert [sealed.line.what for sealed in books.read_audit()] == ["report.put_up"]


def test_of_two_processes_that_look_at_once_one_puts_it_up(desk: Desk):
    at(desk, MONDAY)
    report = to_report(desk, last_week(now=MONDAY, zone=PARIS))
    assert report.now.messages == 1
    with desk.store.begin() as books:
        first, second = (books.take_bulletin("2026-W49", now=MONDAY) for _ in range(2))

    assert (first, second, look(desk), put_up(desk)) == (True, False, 0, [])


@pytest.mark.parametrize(("late", "comes"), [(12 * HOUR, True), (12 * HOUR + MINUTE, False), (3 * DAY, False)])
def test_it_comes_late_where_nothing_ran_at_the_hour_and_not_at_all_much_later(
    lone: Desk, late: timedelta, comes: bool
):
    at(lone, MONDAY + late)

    assert look(lone) == comes


def test_the_next_week_takes_the_place_of_the_one_before(desk: Desk):
    at(desk, MONDAY)
    look(desk)
    take_in(desk.store, a_message(sent_at=MONDAY + DAY), now=MONDAY + DAY)  # type: ignore[arg-type]  # a real store
    at(desk, MONDAY + 7 * DAY)

    assert look(desk) == 1
    assert [alert.subject for alert in put_up(desk)] == ["2026-W50"]


def test_a_week_without_a_word_is_not_reported(lone: Desk):
    at(lone, MONDAY + 7 * DAY)

    assert (look(lone), put_up(lone)) == (0, [])


def test_whoever_does_not_want_it_does_not_get_it(lone: Desk):
    at(lone, MONDAY)

    assert look(replace(lone, bulletin=None)) == 0


def test_day_and_hour_are_settled_and_each_brand_has_its_own(lone: Desk):
    other = Inbox(SqlStore(lone.store.engine, brand="Merle")).desk  # type: ignore[attr-defined]  # a real store
    friday = replace(lone, bulletin=Bulletin(weekday=4, hour=17))
    at(lone, in_paris(2026, 11, 27, 17))
    at(other, in_paris(2026, 11, 27, 17))

    assert (look(friday), look(replace(other, bulletin=Bulletin(weekday=4, hour=17)))) == (1, 0)
    assert [Gist.from_facts(one.facts).last for one in put_up(lone)] == ["2026-11-26"]
    assert put_up(other) == []


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    weekday=st.integers(0, 6),
    hour=st.integers(0, 23),
)
def test_the_last_due_moment_is_within_a_week_and_by_the_clock_on_the_wall(now: datetime, weekday: int, hour: int):
    due = last_due(weekday=weekday, hour=hour, now=now, zone=PARIS)
    local = due.astimezone(PARIS)

    assert due <= now
    assert now - due < 7 * DAY + 2 * HOUR
    # An hour that spring leaves out is told as the one after.
    assert (local.weekday(), local.hour) in {(weekday, hour), (weekday, hour + 1)}
