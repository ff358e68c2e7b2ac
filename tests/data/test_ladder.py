"""Warnings over a store: the next step comes by itself, and goes when a warning is undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.cases import CaseAct
from inbox.ladder import LADDER
from inbox.model import Actor, Status
from inbox.moderation import list_cases, list_warnings, undo
from inbox.policy import Policy, Step
from tests.data.moderating import DAY, HOLD, HOUR, INES, TOM, Group, kinds
from tests.data.steps import the_conversation


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def points(group: Group, conversation_id: int) -> int:
    return sum(case.points for case in list_warnings(group.desk, conversation_id))


def test_f62_3_points_in_30_days_give_a_timeout_and_after_31_days_points_are_0(group: Group):
    first = group.warn(points=2)
    group.clock.advance(29 * DAY)
    group.warn()

    automatic, *_ = list_cases(group.desk)

    assert (automatic.act, automatic.by, automatic.number) == (CaseAct.TIMEOUT, LADDER, 3)
    assert automatic.until == group.clock() + HOUR
    assert automatic.reason == "[fr] 3 points of warnings within 30 days"
    assert kinds(group.deliver()) == ["notice", "notice", "timeout"]
    assert points(group, first.conversation_id) == 3
    group.clock.advance(31 * DAY)
    assert points(group, first.conversation_id) == 0


def test_f62_warnings_that_have_faded_lead_nowhere(group: Group):
    group.warn(points=2)
    group.clock.advance(30 * DAY)
    group.warn(points=2)

    assert {case.act for case in list_cases(group.desk)} == {CaseAct.WARN}


def test_f62_unwarn_recalculates_and_undoes_the_timeout_that_the_warning_led_to(group: Group):
    first = group.warn()
    group.warn(points=2)
    group.clock.advance(HOLD)
    group.deliver()

    undo(group.desk, first.number, by=TOM, reason="A joke")

    assert points(group, first.conversation_id) == 2
    automatic = group.case(3)
    assert (automatic.act, automatic.undone_by) == (CaseAct.TIMEOUT, "Tom")
    assert automatic.undone_why == "[fr] A warning that led to it was undone."
    assert kinds(group.deliver()) == ["untimeout"]


def test_f62_a_timeout_that_is_still_deserved_or_over_stays(group: Group):
    first, second = group.warn(points=3), group.warn()
    group.clock.advance(HOLD)
    group.deliver()

    undo(group.desk, second.number, by=TOM)
    assert group.case(2).stands
    group.clock.advance(HOUR)
    undo(group.desk, first.number, by=TOM)

    assert group.case(2).stands
    assert group.deliver() == []


def test_f62_a_longer_step_follows_a_shorter_one(group: Group):
    group.warn(points=3)
    group.warn(points=2)

    timeouts = [case for case in list_cases(group.desk) if case.act is CaseAct.TIMEOUT]

    assert [case.until for case in timeouts] == [group.clock() + DAY, group.clock() + HOUR]


def test_a_timeout_that_lasts_longer_anyway_is_not_cut_short_by_the_ladder(group: Group):
    group.act(CaseAct.TIMEOUT, group.say(), duration=7 * DAY)

    group.warn(points=3)

    assert [case.act for case in list_cases(group.desk)] == [CaseAct.WARN, CaseAct.TIMEOUT]


def test_the_last_step_bans_nobody_and_asks_a_person(group: Group):
    warned = group.warn(points=8)

    assert [case.act for case in list_cases(group.desk)] == [CaseAct.WARN]
    view = the_conversation(group.store, warned.conversation_id)
    assert view.status is Status.OPEN
    assert str(view.status_reason) == "Camille has 8 points of warnings within 30 days. Decide whether to ban them."
    assert "conversation.step_reached" in [line.what for line in view.audit]


def test_a_warning_by_a_rule_leaves_the_next_step_to_a_person(group: Group):
    warned = group.warn(points=3, by=Actor.rule("insults"))

    assert [case.act for case in list_cases(group.desk)] == [CaseAct.WARN]
    reason = str(the_conversation(group.store, warned.conversation_id).status_reason)
    assert reason == "Camille has 3 points of warnings within 30 days. Decide about a timeout of 1 hour."


def test_where_nobody_can_be_silenced_the_next_step_is_left_to_a_person(group: Group):
    warned = group.warn(group.say(place=None), points=3)

    assert [case.act for case in list_cases(group.desk)] == [CaseAct.WARN]
    assert "Decide about a timeout" in str(the_conversation(group.store, warned.conversation_id).status_reason)


def test_a_step_longer_than_the_channel_takes_is_cut_to_what_it_takes(store: SqlStore):
    group = Group(store, policy=Policy(ladder=(Step(1, timedelta(days=90)),)))

    group.warn()

    assert list_cases(group.desk)[0].until == group.clock() + timedelta(days=28)


def test_points_are_of_one_person(group: Group):
    group.warn(points=2)
    group.act(CaseAct.WARN, group.say(author="leo"), points=2, by=INES)

    assert {case.act for case in list_cases(group.desk)} == {CaseAct.WARN}
