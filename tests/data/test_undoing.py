"""Undoing: what has not left is cancelled, what has is taken back where the channel can, and said before where not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.cases import CaseAct, Order
from inbox.errors import NotFound, NotPossible
from inbox.moderation import undo, what_it_takes
from inbox.sentences import Sentence
from inbox.views import SendState
from tests.data.moderating import DAY, HOLD, HOUR, INES, TOM, Group, kinds
from tests.inbox.builders import NOON


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def test_f60_everything_that_can_be_is_undone(group: Group):
    says = [group.say(channel="forum", author=f"author-{n}") for n in range(4)]
    cases = [
        group.act(CaseAct.HIDE, says[0]),
        group.act(CaseAct.TIMEOUT, says[1], duration=HOUR),
        group.act(CaseAct.BAN, says[2], duration=DAY),
        group.act(CaseAct.SLOW_MODE, says[3], duration=timedelta(seconds=30)),
    ]
    assert all(case.reversible for case in cases)
    group.deliver()

    for case in cases:
        undone = undo(group.desk, case.number, by=TOM, reason="A mistake")
        assert (undone.undone_by, undone.undone_why, undone.undone_at) == ("Tom", "A mistake", NOON)
        assert not undone.reversible

    assert kinds(group.deliver()) == ["unhide", "untimeout", "unban", "slow_mode"]
    group.clock.advance(DAY)
    assert group.deliver() == []
    with pytest.raises(NotPossible, match="Case 1 was undone already"):
        undo(group.desk, 1, by=TOM)
    with pytest.raises(NotFound, match="There is no case 12"):
        undo(group.desk, 12, by=TOM)


def test_f60_what_has_not_left_is_taken_back_with_its_notice_and_nothing_is_sent(group: Group):
    deleted = group.act(CaseAct.DELETE, group.say())
    warned = group.act(CaseAct.WARN, group.say())
    silenced = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    assert deleted.reversible

    for case in (deleted, warned, silenced):
        undo(group.desk, case.number, by=INES)

    group.clock.advance(DAY)
    assert group.deliver() == []
    assert {send.state for send in group.case(deleted.number).sends} == {SendState.CANCELLED}


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (CaseAct.KICK, "A kick cannot be undone on telegram; whoever was kicked can come back by themselves."),
        (CaseAct.DELETE, "A message that was deleted cannot be brought back on telegram."),
    ],
)
def test_f60_a_kick_is_shown_as_irreversible_before_and_cannot_be_undone_after(group: Group, act: CaseAct, says: str):
    message_id = group.say()
    before = what_it_takes(group.desk, Order(act, message_id, "Insults"))
    case = group.act(act, message_id)
    group.clock.advance(HOLD)
    group.deliver()

    assert str(before) == says
    assert (group.case(case.number).reversible, str(group.case(case.number).irreversible)) == (False, says)
    with pytest.raises(NotPossible, match="cannot be"):
        undo(group.desk, case.number, by=INES)
    assert group.case(case.number).undone_at is None


def test_f60_what_can_be_undone_needs_no_warning_before(group: Group):
    message_id = group.say()

    assert what_it_takes(group.desk, Order(CaseAct.TIMEOUT, message_id, "Insults", duration=HOUR)) is None
    assert what_it_takes(group.desk, Order(CaseAct.WARN, message_id, "Insults")) is None
    losing = Order(CaseAct.BAN, message_id, "Insults", delete_seconds=60)
    assert "cannot be brought back" in str(what_it_takes(group.desk, losing))


def test_f60_an_act_that_may_have_got_through_before_it_was_cancelled_is_undone_outside_too(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    with group.store.begin() as books:
        for send_id in books.claim_due(now=NOON, limit=9, lease=HOUR, paused=False):
            books.mark_failed(
                send_id,
                error=Sentence("No answer came."),
                again_at=NOON + HOUR,
                outcome_unknown=True,
                now=NOON,
            )

    undo(group.desk, case.number, by=INES)

    assert kinds(group.deliver()) == ["untimeout"]


def test_f60_what_is_leaving_at_this_moment_cannot_be_called_back(group: Group):
    case = group.act(CaseAct.KICK, group.say())
    group.clock.advance(HOLD)
    with group.store.begin() as books:
        books.claim_due(now=group.clock(), limit=9, lease=HOUR, paused=False)

    with pytest.raises(NotPossible, match="A kick cannot be undone"):
        undo(group.desk, case.number, by=INES)


def test_what_was_given_up_is_not_replayed_once_its_case_was_undone(group: Group):
    case = group.act(CaseAct.SLOW_MODE, group.say(channel="forum"), duration=timedelta(seconds=30))
    failed = case.sends[0].id
    group.clock.advance(HOLD)
    group.fail(failed, Sentence("The bot may not do this."))
    undo(group.desk, case.number, by=INES)

    with group.store.begin() as books:
        assert not books.replay(failed, now=group.clock())


def test_an_undoing_that_was_given_up_is_replayed(group: Group):
    case = group.act(CaseAct.SLOW_MODE, group.say(channel="forum"), duration=timedelta(seconds=30))
    group.clock.advance(HOLD)
    group.deliver()
    undone = undo(group.desk, case.number, by=INES)
    back = undone.sends[-1].id
    group.fail(back, Sentence("The bot may not do this."))

    with group.store.begin() as books:
        assert books.replay(back, now=group.clock())
    assert [send.id for send in group.deliver()] == [back]
