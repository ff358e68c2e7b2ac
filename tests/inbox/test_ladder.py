"""Points that fade, and the steps that they lead to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from inbox.cases import CaseAct, CaseView, Evidence
from inbox.ladder import LADDER, deserved, next_step, no_longer_deserved, points_now, warnings_now
from inbox.model import Actor, Kind
from inbox.policy import Policy, Step
from tests.inbox.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POLICY = Policy()
STEPS = POLICY.ladder
FADE = POLICY.fade_after


def a_case(
    *,
    act: CaseAct = CaseAct.WARN,
    points: int = 1,
    opened_at: datetime = NOON,
    undone_at: datetime | None = None,
    until: datetime | None = None,
    by: Actor | None = None,
) -> CaseView:
    return CaseView(
        id=1,
        number=1,
        act=act,
        contact_id=7,
        contact="Camille",
        conversation_id=40,
        message_id=1,
        evidence=Evidence("Idiots !", "camille", "Camille", "telegram", "thread-1", Kind.COMMENT, NOON),
        reason="Insults",
        lang="fr",
        points=points,
        by=by or Actor.person("Ines"),
        opened_at=opened_at,
        until=until,
        undone_at=undone_at,
    )


def an_automatic_timeout(*, opened_at: datetime = NOON, lasts: timedelta = HOUR) -> CaseView:
    return a_case(act=CaseAct.TIMEOUT, points=0, opened_at=opened_at, until=opened_at + lasts, by=LADDER)


def test_f62_after_thirty_one_days_points_are_0():
    cases = [a_case(points=2), a_case(opened_at=NOON + DAY)]

    assert points_now(cases, now=NOON + 29 * DAY, fade_after=FADE) == 3
    assert points_now(cases, now=NOON + 30 * DAY, fade_after=FADE) == 1
    assert points_now(cases, now=NOON + 31 * DAY, fade_after=FADE) == 0


def test_only_warnings_that_stand_count():
    cases = [
        a_case(points=2, undone_at=NOON),
        a_case(act=CaseAct.NOTE, points=5),
        a_case(opened_at=NOON + HOUR),
        a_case(points=4),
    ]

    assert warnings_now(cases, now=NOON, fade_after=FADE) == [cases[3]]
    assert points_now([], now=NOON, fade_after=FADE) == 0


def test_a_step_is_taken_when_it_is_newly_reached_and_the_highest_one():
    assert next_step(2, 3, STEPS) == Step(3, HOUR)
    assert next_step(3, 4, STEPS) is None
    assert next_step(0, 6, STEPS) == Step(5, DAY)
    assert next_step(7, 9, STEPS) == Step(8, None)
    assert next_step(0, 9, ()) is None


def test_so_many_points_deserve_the_longest_timeout_below_them():
    assert [deserved(points, STEPS) for points in (0, 2, 3, 5, 9)] == [None, None, HOUR, DAY, DAY]


def test_an_automatic_timeout_is_deserved_while_the_warnings_behind_it_stand():
    warnings = [a_case(points=2), a_case(points=1)]
    timeout = an_automatic_timeout()

    def left(cases: Sequence[CaseView], now: datetime = NOON) -> list[CaseView]:
        return no_longer_deserved(cases, now=now, fade_after=FADE, ladder=STEPS)

    assert left([*warnings, timeout]) == []
    assert left([warnings[0], timeout]) == [timeout]
    assert left([warnings[0], timeout], NOON + HOUR) == []
    by_hand = a_case(act=CaseAct.TIMEOUT, points=0, until=NOON + HOUR)
    assert left([by_hand]) == []


@given(
    points=st.lists(st.integers(0, 9), max_size=6),
    steps=st.dictionaries(st.integers(1, 20), st.sampled_from([None, HOUR, DAY]), max_size=4),
)
def test_every_step_is_taken_once_on_the_way_up_and_none_bans(points: list[int], steps: dict[int, timedelta | None]):
    ladder = [Step(reached, timeout) for reached, timeout in sorted(steps.items())]
    sums = [sum(points[:place]) for place in range(len(points) + 1)]

    taken = [next_step(before, after, ladder) for before, after in pairwise(sums)]

    reached = [step for step in taken if step is not None]
    assert sorted(reached, key=lambda step: step.points) == reached
    assert len(set(reached)) == len(reached)
    highest = max((step.points for step in ladder if step.points <= sums[-1]), default=None)
    assert (reached[-1].points if reached else None) == highest
