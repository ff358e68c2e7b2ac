"""How promises stand: on track, due soon, breached, paused; in open hours, whatever the clocks do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.hours import OpeningHours
from inbox.model import Severity, SlaState, Status
from inbox.promises import PROMISES, Clock
from inbox.sla import (
    ChainStep,
    ClockRow,
    Promise,
    margin,
    most_pressing,
    priority_part,
    promises,
    rests,
    turn,
)
from inbox.views import EscalationView
from tests.inbox.builders import ALWAYS_OPEN, NOON, OFFICE_HOURS, in_paris
from tests.inbox.test_hours import some_durations, some_hours, some_moments

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
CHAIN = (ChainStep(15 * MINUTE, ("Léa",)), ChainStep(30 * MINUTE, ("Inès",)))


def an_open_escalation(
    *,
    opened_at: datetime = NOON,
    hours: OpeningHours = ALWAYS_OPEN,
    first: timedelta = 4 * HOUR,
    whole: timedelta = 24 * HOUR,
    acknowledged_at: datetime | None = None,
) -> EscalationView:
    return EscalationView(
        1,
        "customer-service",
        Severity.MEDIUM,
        "late parcel",
        opened_at,
        hours.add_open_time(opened_at, first),
        hours.add_open_time(opened_at, whole),
        acknowledged_at,
    )


def a_row(
    escalation: EscalationView | None = None,
    *,
    status: Status = Status.OPEN,
    waiting_since: datetime = NOON,
    unanswered_since: datetime | None = None,
    snooze_until: datetime | None = None,
) -> ClockRow:
    return ClockRow(escalation or an_open_escalation(), 7, status, waiting_since, unanswered_since, snooze_until)


def states(found: tuple[Promise, ...]) -> dict[Clock, SlaState]:
    return {one.clock: one.state for one in found}


def now_in(row: ClockRow, now: datetime, hours: OpeningHours = ALWAYS_OPEN) -> dict[Clock, SlaState]:
    resting = rests(row.status, snooze_until=row.snooze_until, now=now)
    return states(promises(row.escalation, resting=resting, now=now, hours=hours))


def test_f71_a_complaint_of_friday_evening_is_late_from_monday_morning_on():
    opened = in_paris(2026, 6, 12, 17, 50)
    escalation = an_open_escalation(opened_at=opened, hours=OFFICE_HOURS, first=HOUR)

    def first(now: datetime) -> SlaState:
        return states(promises(escalation, resting=False, now=now, hours=OFFICE_HOURS))[Clock.FIRST]

    assert escalation.first_response_due_at == in_paris(2026, 6, 15, 9, 50)
    assert first(in_paris(2026, 6, 12, 17, 55)) is SlaState.ON_TRACK
    assert first(in_paris(2026, 6, 14, 12)) is SlaState.ON_TRACK
    assert first(in_paris(2026, 6, 15, 9, 20)) is SlaState.DUE_SOON
    assert first(in_paris(2026, 6, 15, 9, 49)) is SlaState.DUE_SOON
    assert first(in_paris(2026, 6, 15, 9, 50)) is SlaState.BREACHED


def test_f71_a_holiday_does_not_count():
    hours = replace(OFFICE_HOURS, closed=lambda day: day == date(2026, 7, 14))
    escalation = an_open_escalation(opened_at=in_paris(2026, 7, 13, 17, 30), hours=hours, first=HOUR)

    on_holiday = promises(escalation, resting=False, now=in_paris(2026, 7, 14, 15), hours=hours)
    after = promises(escalation, resting=False, now=in_paris(2026, 7, 15, 9, 30), hours=hours)

    assert states(on_holiday)[Clock.FIRST] is SlaState.DUE_SOON
    assert states(after)[Clock.FIRST] is SlaState.BREACHED


@pytest.mark.parametrize(
    ("promised", "notice"),
    [(timedelta(hours=24), 6 * HOUR), (4 * HOUR, HOUR), (HOUR, 30 * MINUTE), (30 * MINUTE, 15 * MINUTE)],
)
def test_a_promise_is_due_soon_in_its_last_quarter_and_half_an_hour_before_at_least(
    promised: timedelta, notice: timedelta
):
    assert margin(promised) == notice


def test_the_first_clock_runs_while_a_conversation_is_snoozed_and_the_last_one_stands():
    row = a_row(status=Status.SNOOZED, snooze_until=NOON + 48 * HOUR)

    assert now_in(row, NOON + HOUR) == {Clock.FIRST: SlaState.ON_TRACK, Clock.RESOLUTION: SlaState.PAUSED}
    assert now_in(row, NOON + 5 * HOUR)[Clock.FIRST] is SlaState.BREACHED


def test_after_a_rest_what_was_left_of_the_promise_is_left_of_it():
    answered = an_open_escalation(acknowledged_at=NOON + HOUR)
    pending = a_row(answered, status=Status.PENDING, waiting_since=NOON + HOUR)
    paused = turn(pending, now=NOON + 2 * HOUR, hours=ALWAYS_OPEN).row
    written_at = NOON + 100 * HOUR
    again = replace(paused, status=Status.OPEN, waiting_since=written_at, unanswered_since=written_at)
    resumed = turn(again, now=written_at + MINUTE, hours=ALWAYS_OPEN).row.escalation

    assert paused.escalation.paused_at == NOON + HOUR
    assert now_in(paused, NOON + 90 * HOUR) == {Clock.RESOLUTION: SlaState.PAUSED}
    assert resumed.paused_at is None
    assert resumed.resolution_due_at == written_at + 23 * HOUR
    assert resumed.next_response_due_at == written_at + 4 * HOUR


def test_a_promise_that_was_broken_before_a_rest_stays_broken():
    late = an_open_escalation(acknowledged_at=NOON + HOUR, whole=2 * HOUR)
    row = turn(
        a_row(late, status=Status.PENDING, waiting_since=NOON + 3 * HOUR), now=NOON + 4 * HOUR, hours=ALWAYS_OPEN
    ).row
    back = replace(row, status=Status.OPEN, waiting_since=NOON + 9 * HOUR)

    assert now_in(row, NOON + 5 * HOUR) == {Clock.RESOLUTION: SlaState.BREACHED}
    after = turn(back, now=NOON + 10 * HOUR, hours=ALWAYS_OPEN).row.escalation
    assert after.resolution_due_at == late.resolution_due_at


def test_a_snooze_that_ran_out_while_nobody_looked_ends_when_it_was_to():
    row = a_row(status=Status.SNOOZED, snooze_until=NOON + 2 * HOUR)
    paused = turn(row, now=NOON + HOUR, hours=ALWAYS_OPEN).row

    resumed = turn(paused, now=NOON + 3 * HOUR, hours=ALWAYS_OPEN).row

    assert resumed.escalation.resolution_due_at == NOON + 25 * HOUR


def test_the_next_clock_ends_with_the_next_answer_and_begins_anew_with_what_is_written_then():
    row = a_row(an_open_escalation(acknowledged_at=NOON), unanswered_since=NOON + HOUR)
    first = turn(row, now=NOON + 5 * HOUR, hours=ALWAYS_OPEN)
    answered = replace(first.row, status=Status.PENDING, unanswered_since=None, waiting_since=NOON + 6 * HOUR)
    rested = turn(answered, now=NOON + 6 * HOUR, hours=ALWAYS_OPEN)
    written = replace(rested.row, status=Status.OPEN, waiting_since=NOON + 8 * HOUR, unanswered_since=NOON + 8 * HOUR)
    second = turn(written, now=NOON + 12 * HOUR, hours=ALWAYS_OPEN)

    assert [(one.clock, one.state) for one in first.tell] == [(Clock.NEXT, SlaState.BREACHED)]
    assert rested.row.escalation.next_response_due_at is None
    assert [(one.clock, one.state) for one in second.tell] == [(Clock.NEXT, SlaState.BREACHED)]
    assert second.row.escalation.next_response_due_at == NOON + 12 * HOUR


def test_the_worst_promise_presses_most_and_of_equals_the_one_that_is_due_first():
    soon = Promise(Clock.FIRST, NOON + HOUR, SlaState.ON_TRACK)
    late = Promise(Clock.RESOLUTION, NOON, SlaState.BREACHED)
    later = Promise(Clock.RESOLUTION, NOON + 9 * HOUR, SlaState.ON_TRACK)

    assert most_pressing([soon, late]) == late
    assert most_pressing([later, soon]) == soon
    assert most_pressing([]) is None


def test_what_was_told_raises_the_priority_by_the_worst_of_it():
    assert priority_part([None, SlaState.ON_TRACK]) == {}
    assert priority_part([SlaState.DUE_SOON]) == {"due_soon": 15}
    assert priority_part([SlaState.DUE_SOON, SlaState.BREACHED]) == {"breached": 40}


def test_f72_steps_are_taken_one_after_the_other_until_somebody_answers():
    row = a_row()
    before = turn(row, now=NOON + 14 * MINUTE, hours=ALWAYS_OPEN, chain=CHAIN)
    one = turn(before.row, now=NOON + 15 * MINUTE, hours=ALWAYS_OPEN, chain=CHAIN)
    same = turn(one.row, now=NOON + 16 * MINUTE, hours=ALWAYS_OPEN, chain=CHAIN)
    two = turn(same.row, now=NOON + 30 * MINUTE, hours=ALWAYS_OPEN, chain=CHAIN)
    accepted = replace(
        one.row, escalation=replace(one.row.escalation, accepted_at=NOON + 20 * MINUTE, accepted_by="Léa")
    )

    assert before.steps == ()
    assert before.row.look_at == NOON + 15 * MINUTE
    assert one.steps == CHAIN[:1]
    assert same.steps == ()
    assert two.steps == CHAIN[1:]
    assert turn(accepted, now=NOON + 30 * MINUTE, hours=ALWAYS_OPEN, chain=CHAIN).steps == ()


def test_f72_nobody_is_called_while_the_brand_is_closed():
    escalation = an_open_escalation(opened_at=in_paris(2026, 6, 12, 17, 50), hours=OFFICE_HOURS)
    evening = turn(a_row(escalation), now=in_paris(2026, 6, 12, 20), hours=OFFICE_HOURS, chain=CHAIN)
    morning = turn(evening.row, now=in_paris(2026, 6, 15, 9, 5), hours=OFFICE_HOURS, chain=CHAIN)

    assert evening.steps == ()
    assert evening.row.look_at == in_paris(2026, 6, 15, 9, 5)
    assert morning.steps == CHAIN[:1]


@given(hours=some_hours(), opened=some_moments(), promised=some_durations(), moments=st.lists(some_moments()))
def test_a_promise_never_gets_better_by_waiting(
    hours: OpeningHours, opened: datetime, promised: timedelta, moments: list[datetime]
):
    escalation = an_open_escalation(opened_at=opened, hours=hours, first=promised)
    seen = [
        states(promises(escalation, resting=False, now=now, hours=hours))[Clock.FIRST]
        for now in sorted(moments)
        if now >= opened
    ]

    assert seen == sorted(seen)


@given(
    hours=some_hours(),
    opened=some_moments(),
    rest=st.tuples(some_durations(), some_durations()),
    whole=st.integers(1, 60 * 80).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_a_rest_costs_no_open_time_and_gives_none(
    hours: OpeningHours, opened: datetime, rest: tuple[timedelta, timedelta], whole: timedelta
):
    escalation = an_open_escalation(opened_at=opened, hours=hours, whole=whole, acknowledged_at=opened)
    stops, goes_on = opened + rest[0], opened + rest[0] + rest[1]
    left = hours.open_time(stops, escalation.resolution_due_at)
    paused = turn(a_row(escalation, status=Status.PENDING, waiting_since=stops), now=stops, hours=hours).row
    resumed = turn(replace(paused, status=Status.OPEN, waiting_since=goes_on), now=goes_on, hours=hours).row

    if escalation.resolution_due_at <= stops:
        assert resumed.escalation.resolution_due_at == escalation.resolution_due_at
    else:
        assert hours.open_time(goes_on, resumed.escalation.resolution_due_at) == left


@given(hours=some_hours(), opened=some_moments(), steps=st.lists(st.integers(1, 2_000), min_size=1, max_size=30))
def test_whoever_looks_only_when_told_to_tells_each_thing_once_and_in_time(
    hours: OpeningHours, opened: datetime, steps: list[int]
):
    row = a_row(an_open_escalation(opened_at=opened, hours=hours), waiting_since=opened)
    now, told, calls = opened, [], 0
    for minutes in [*steps, *[500] * 60]:
        found = turn(row, now=now, hours=hours, chain=CHAIN)
        again = turn(found.row, now=now, hours=hours, chain=CHAIN)
        told += [(one.clock, one.state) for one in found.tell]
        calls += len(found.steps)
        assert (again.tell, again.steps) == ((), ())
        assert again.row.look_at is not None
        assert again.row.look_at > now
        row, now = found.row, now + timedelta(minutes=minutes)

    assert len(told) == len(set(told))
    assert calls <= len(CHAIN)


@given(severity=st.sampled_from(Severity), hours=some_hours(), opened=some_moments())
def test_looking_when_the_next_look_is_due_misses_nothing(severity: Severity, hours: OpeningHours, opened: datetime):
    first, whole = PROMISES[severity]
    escalation = replace(an_open_escalation(opened_at=opened, hours=hours, first=first, whole=whole), severity=severity)
    row, told = a_row(escalation, waiting_since=opened), []
    for _ in range(400):
        now = row.look_at or opened
        found = turn(row, now=now, hours=hours)
        told += [(one.clock, one.state) for one in found.tell]
        row = found.row
        if (Clock.RESOLUTION, SlaState.BREACHED) in told:
            break

    assert (Clock.FIRST, SlaState.BREACHED) in told
    assert (Clock.RESOLUTION, SlaState.BREACHED) in told
    assert (Clock.RESOLUTION, SlaState.DUE_SOON) in told
