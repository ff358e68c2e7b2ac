"""Appeals: by the author concerned, judged by somebody else, upheld or overturned."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from data.store import SqlStore
from data.tables import correction
from inbox.appeals import judge, list_appeals, receive_appeal
from inbox.cases import CaseAct, Verdict
from inbox.changes import receive_edit
from inbox.errors import NotFound, NotPossible
from inbox.events import Appealed
from inbox.model import Actor, Label, Status
from inbox.moderation import undo
from inbox.views import SendState
from tests.builders import a_message
from tests.data.moderating import HOLD, HOUR, INES, TOM, Group, kinds
from tests.data.steps import the_conversation
from tests.inbox.builders import NOON, a_prediction

WHY = "It was a quotation"


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def appeal(
    group: Group, number: int | None = None, *, author: str = "camille", text: str = WHY, channel: str = "telegram"
) -> str:
    event = Appealed(channel, author, text, group.clock(), case=number)
    return str(receive_appeal(group.store, event, clock=group.clock))


def corrections(group: Group) -> list[list[str]]:
    with group.store.read() as books:
        return list(books.connection.scalars(select(correction.c.after)))


def test_f64_the_first_moderator_cannot_judge_the_appeal(group: Group):
    number = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR).number
    appeal(group, number)

    with pytest.raises(NotPossible, match="somebody else has to judge"):
        judge(group.desk, number, upheld=True, by=INES, why="No")
    with pytest.raises(NotPossible, match="Only a person judges"):
        judge(group.desk, number, upheld=True, by=Actor.rule("insults"), why="No")
    with pytest.raises(NotPossible, match="Say why"):
        judge(group.desk, number, upheld=True, by=TOM, why=" ")
    assert [one.is_open for one in list_appeals(group.store)] == [True]


def test_f64_whoever_gave_the_last_warning_cannot_judge_the_timeout_that_it_led_to(group: Group):
    group.warn(points=2, by=TOM)
    group.warn(by=INES)
    appeal(group, 3)

    with pytest.raises(NotPossible, match="somebody else has to judge"):
        judge(group.desk, 3, upheld=False, by=INES, why="No")
    assert judge(group.desk, 3, upheld=False, by=TOM, why="Too much").verdict is Verdict.OVERTURNED


def test_f64_overturn_undoes_the_sanction_adds_a_corrected_training_row_and_tells_the_author(group: Group):
    message_id = group.say(labels=[Label.COMPLAINT, Label.OFFENSIVE])
    number = group.act(CaseAct.TIMEOUT, message_id, duration=HOUR).number
    group.deliver()
    appeal(group, number)

    judged = judge(group.desk, number, upheld=False, by=TOM, why="He quotes somebody")

    assert (judged.verdict, judged.judged_by, judged.why) == (Verdict.OVERTURNED, "Tom", "He quotes somebody")
    case = group.case(number)
    assert (case.undone_by, case.undone_why) == ("Tom", "He quotes somebody")
    assert corrections(group) == [["complaint"]]
    left = group.deliver()
    assert sorted(kinds(left)) == ["notice", "untimeout"]
    (told,) = [send.text for send in left if send.kind == "notice"]
    assert told.startswith("[fr] You were right to appeal against case 1. It has been undone.")
    assert "He quotes somebody" in told
    assert list_appeals(group.store) == []


def test_f64_upheld_changes_nothing_and_tells_the_author(group: Group):
    number = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR).number
    group.deliver()
    appeal(group, number)

    judge(group.desk, number, upheld=True, by=TOM, why="It is an insult")

    assert group.case(number).stands
    assert corrections(group) == []
    (told,) = group.deliver()
    assert "The decision stands." in told.text
    assert appeal(group, number) == "Case 1 has been judged already. That is final."
    with pytest.raises(NotPossible, match="was judged already"):
        judge(group.desk, number, upheld=False, by=TOM, why="Hm")


def test_f64_what_cannot_be_undone_is_overturned_all_the_same(group: Group):
    number = group.act(CaseAct.KICK, group.say()).number
    group.clock.advance(HOLD)
    group.deliver()
    appeal(group, number)

    judge(group.desk, number, upheld=False, by=TOM, why="A quotation")

    assert group.case(number).stands
    assert corrections(group) == [[]]
    (told,) = group.deliver()
    assert "cannot be undone, but it does not count against you" in told.text


def test_f64_what_the_author_has_edited_since_is_not_corrected(group: Group):
    message_id = group.hear(a_message("Idiots !", external_id="m:1"), prediction=a_prediction(Label.OFFENSIVE))
    number = group.act(CaseAct.DELETE, message_id).number
    receive_edit(group.store, "telegram", "m:1", text="Imbéciles !", edited_at=NOON, clock=group.clock)
    appeal(group, number)

    judge(group.desk, number, upheld=False, by=TOM, why="A quotation")

    assert corrections(group) == []
    assert {send.state for send in group.case(number).sends if send.kind == "delete"} == {SendState.CANCELLED}


def test_f64_an_appeal_reopens_the_conversation_and_is_kept_once(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)

    assert appeal(group).startswith("Your appeal against case 1 is kept.")
    assert appeal(group, 1) == "Your appeal against case 1 is here. Somebody will look at it."

    view = the_conversation(group.store, case.conversation_id)
    assert (view.status, str(view.status_reason)) == (Status.OPEN, "The contact appeals against case 1.")
    (kept,) = list_appeals(group.store)
    assert (kept.case, kept.text, kept.contact, kept.moderator) == (1, WHY, "Camille", INES)
    assert group.case(1).appeal == kept
    assert WHY not in repr(view.audit)
    assert "appeal.opened" in [line.what for line in view.audit]


def test_f64_a_case_of_somebody_else_is_answered_like_one_that_does_not_exist(group: Group):
    group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    group.say(author="leo")

    assert appeal(group, 1, author="leo") == "There is no case 1 of yours."
    assert appeal(group, 7, author="leo") == "There is no case 7 of yours."
    assert appeal(group, 1, author="nobody") == "There is no case 1 of yours."
    assert appeal(group, 1, channel="forum") == "There is no case 1 of yours."
    assert appeal(group, author="leo") == "There is nothing that you could appeal against."
    assert list_appeals(group.store) == []


def test_f64_without_a_number_the_latest_that_can_be_appealed_is_meant(group: Group):
    group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    group.act(CaseAct.DELETE, group.say())
    group.act(CaseAct.NOTE, group.say())
    group.act(CaseAct.DELETE, group.say())
    undo(group.desk, 4, by=INES)

    assert appeal(group).startswith("Your appeal against case 2 is kept.")
    assert appeal(group).startswith("Your appeal against case 1 is kept.")
    assert appeal(group, 4) == "Case 4 has been undone already."
    assert appeal(group, 3) == "There is no case 3 of yours."


def test_f64_an_appeal_says_why(group: Group):
    group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)

    assert appeal(group, text=" ") == "Please say why, in a few words: /appeal 1 and why."
    assert list_appeals(group.store) == []


def test_there_is_nothing_to_judge_where_nobody_appeals(group: Group):
    group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)

    with pytest.raises(NotFound, match="There is no appeal against case 1"):
        judge(group.desk, 1, upheld=True, by=TOM, why="It is an insult")
    with pytest.raises(NotFound, match="There is no case 2"):
        judge(group.desk, 2, upheld=True, by=TOM, why="It is an insult")
