"""F33, F34: one act on many conversations, looked at before, and taken back together."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox import work
from inbox.alike import find_alike
from inbox.bulk import MOST, BulkAct, BulkOrder, BulkState
from inbox.bulkwork import carry_out, find_bulk, list_bulks, look, take_back
from inbox.errors import NotFound, NotPossible
from inbox.model import Label, Status
from inbox.moderation import find_case
from inbox.outgoing import OutboxKind
from inbox.people import Role
from inbox.views import ConversationView, SendState
from tests.data.moderating import INES, TOM, Group
from tests.inbox.builders import NOON

HIDE = BulkOrder(BulkAct.HIDE, reason="advert")
RESOLVE = BulkOrder(BulkAct.RESOLVE)


@pytest.fixture
def group(store: SqlStore) -> Group:
    with store.begin() as books:
        for name in ("Ines", "Tom"):
            books.meet(name, role=Role.MODERATOR, now=NOON)
    return Group(store)


def heard(group: Group, text: str = "Achetez des vues", *, by: str, labels: tuple[Label, ...] = ()) -> int:
    """Somebody says something in a thread of his own; the conversation."""
    number = group.say(text, channel="forum", author=by, labels=labels)
    with group.store.read() as books:
        found = books.conversation_of(number)
    assert found is not None
    return found


def seen(group: Group, conversation: int) -> ConversationView:
    return work.find(group.desk, conversation)


def test_f33_forty_are_hidden_and_taken_back_together(group: Group):
    many = [heard(group, by=f"spam{n}") for n in range(40)]
    work.snooze(group.desk, many[0], until=NOON + timedelta(days=1), by=INES)

    lines = look(group.desk, HIDE, many, by=INES)
    done = carry_out(group.desk, HIDE, many, by=INES)
    cases = [find_case(group.desk, one.case or 0) for one in done.items]
    group.deliver()
    statuses = {seen(group, one).status for one in many}
    back = take_back(group.desk, done.id, by=TOM)
    group.deliver()

    assert sorted(line.item.conversation_id for line in lines) == many
    assert all(line.refusal is None and line.lost is None for line in lines)
    assert (done.total, done.counts) == (40, {BulkState.DONE: 40})
    assert len({case.number for case in cases}) == 40
    assert statuses == {Status.RESOLVED}
    assert back.counts == {BulkState.UNDONE: 40}
    assert (back.undone_by, back.by) == (TOM, INES)
    assert {seen(group, one).status for one in many[1:]} == {Status.OPEN}
    first = seen(group, many[0])
    assert (first.status, first.snooze_until) == (Status.SNOOZED, NOON + timedelta(days=1))
    for case in cases:
        after = find_case(group.desk, case.number)
        assert not after.stands
        acts = [(send.kind, send.state) for send in after.sends if send.kind in {OutboxKind.HIDE, OutboxKind.UNHIDE}]
        assert acts == [(OutboxKind.HIDE, SendState.SENT), (OutboxKind.UNHIDE, SendState.SENT)]


def test_f33_what_is_refused_for_one_does_not_keep_the_others(group: Group):
    advert = heard(group, by="spam")
    complaint = heard(group, "Mon colis n'est jamais arrivé", by="camille", labels=(Label.COMPLAINT,))

    lines = {line.item.conversation_id: line for line in look(group.desk, HIDE, [advert, complaint], by=INES)}
    done = carry_out(group.desk, HIDE, [advert, complaint], by=INES)
    became = {one.conversation_id: one for one in done.items}

    assert lines[advert].refusal is None
    assert "never hidden" in str(lines[complaint].refusal)
    assert became[advert].state is BulkState.DONE
    assert became[complaint].state is BulkState.REFUSED
    assert "never hidden" in str(became[complaint].why)
    assert seen(group, complaint).status is Status.OPEN


def test_f33_what_a_colleague_has_in_hand_is_left_to_him(group: Group):
    free, held = heard(group, by="a"), heard(group, by="b")
    work.claim(group.desk, held, by=TOM)

    lines = {line.item.conversation_id: line for line in look(group.desk, RESOLVE, [free, held], by=INES)}
    done = carry_out(group.desk, RESOLVE, [free, held], by=INES)

    assert lines[free].refusal is None
    assert "Tom" in str(lines[held].refusal)
    assert {one.conversation_id: one.state for one in done.items} == {free: BulkState.DONE, held: BulkState.REFUSED}


def test_f33_what_has_changed_since_is_not_taken_back(group: Group):
    one, other = heard(group, by="a"), heard(group, by="b")
    done = carry_out(group.desk, RESOLVE, [one, other], by=INES)
    work.reopen(group.desk, one, by=TOM)
    work.assign(group.desk, one, to="Tom", by=TOM)

    back = take_back(group.desk, done.id, by=INES)

    assert [seen(group, each).status for each in (one, other)] == [Status.OPEN, Status.OPEN]
    assert seen(group, one).assignee == "Tom"
    assert back.undone_at is not None
    with pytest.raises(NotPossible, match="already"):
        take_back(group.desk, done.id, by=INES)


def test_f33_assigning_is_taken_back_to_whoever_had_each(group: Group):
    one, other = heard(group, by="a"), heard(group, by="b")
    work.assign(group.desk, one, to="Ines", by=INES)

    done = carry_out(group.desk, BulkOrder(BulkAct.ASSIGN, to="Tom"), [one, other], by=INES)
    given = [seen(group, each).assignee for each in (one, other)]
    take_back(group.desk, done.id, by=INES)

    assert given == ["Tom", "Tom"]
    assert [seen(group, each).assignee for each in (one, other)] == ["Ines", None]


@pytest.mark.parametrize(
    ("order", "error", "says"),
    [
        (BulkOrder(BulkAct.HIDE), NotPossible, "Say why"),
        (BulkOrder(BulkAct.SNOOZE, until=NOON - timedelta(hours=1)), NotPossible, "past"),
        (BulkOrder(BulkAct.ASSIGN, to="Nobody"), NotFound, "Nobody"),
    ],
)
def test_an_act_that_lacks_something_is_refused_before_anything_is_kept(
    group: Group, order: BulkOrder, error: type[Exception], says: str
):
    one = heard(group, by="a")

    with pytest.raises(error, match=says):
        carry_out(group.desk, order, [one], by=INES)

    assert list_bulks(group.desk) == []


def test_nobody_and_too_many_are_refused(group: Group):
    with pytest.raises(NotPossible, match="at least one"):
        carry_out(group.desk, RESOLVE, [], by=INES)
    with pytest.raises(NotPossible, match="too many"):
        carry_out(group.desk, RESOLVE, range(1, MOST + 2), by=INES)
    with pytest.raises(NotFound):
        find_bulk(group.desk, 99)


def test_another_brand_does_not_see_it(group: Group):
    done = carry_out(group.desk, RESOLVE, [heard(group, by="a")], by=INES)
    other = replace(group.desk, store=SqlStore(group.store.engine, brand="Merle"))

    assert list_bulks(other) == []
    with pytest.raises(NotFound):
        take_back(other, done.id, by=INES)
    with pytest.raises(NotPossible):
        carry_out(other, RESOLVE, [done.items[0].conversation_id], by=INES)


def test_f34_two_hundred_copies_are_one_group_and_one_decision_closes_them(group: Group):
    copies = [
        heard(group, f"Boycottez @loriot{n % 7} !! Ils ont licencié {n} personnes https://t.example/{n}", by=f"u{n}")
        for n in range(200)
    ]
    others = [heard(group, text, by=text[:3]) for text in ("Bonjour, êtes-vous ouverts ?", "Merci pour tout")]

    (found,) = find_alike(group.desk)
    done = carry_out(group.desk, RESOLVE, [item.conversation_id for item in found.items], by=INES)

    assert sorted(item.conversation_id for item in found.items) == copies
    assert done.counts == {BulkState.DONE: 200}
    assert find_alike(group.desk) == []
    assert {seen(group, one).status for one in others} == {Status.OPEN}
    assert "conversation.resolved" in {line.what for line in seen(group, copies[0]).audit}
