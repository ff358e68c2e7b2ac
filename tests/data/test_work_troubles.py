"""Several of a team at once, as threads with connections of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from data.store import SqlStore
from inbox import work
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.errors import Collision, NotPossible
from inbox.model import Actor
from inbox.people import Caller, Role
from inbox.replies import send_draft
from inbox.team import find_member, identify, list_members
from inbox.views import SendState
from tests.builders import AClock, a_message
from tests.data.steps import take_in, the_conversation, triage
from tests.data.test_racing import WORKERS, at_once
from tests.inbox.builders import ALWAYS_OPEN, NOON


class Judge:
    version = "none"

    def predict(self, texts: object) -> list[object]:
        raise AssertionError(texts)


def a_desk(store: SqlStore) -> Desk:
    judge: Any = Judge()
    return Desk(Brand("Loriot", ALWAYS_OPEN), store, judge, judge, 1, {}, AClock(NOON), roles={"discord/1": Role.AGENT})


def test_somebody_who_asks_for_two_things_at_once_is_known_once(store: SqlStore):
    desk = a_desk(store)
    lea = Caller("discord", "21", "Léa", claims=frozenset({"1"}))

    people = at_once(lambda _: identify(desk, lea))

    assert {person.name for person in people} == {"Léa"}
    assert [one.name for one in list_members(desk)] == ["Léa"]


def test_of_several_who_take_a_conversation_at_once_one_has_it(store: SqlStore):
    desk = a_desk(store)
    take_in(store, a_message())
    triage(store)
    place = the_conversation(store).id

    def take(number: int) -> bool:
        try:
            work.claim(desk, place, by=Actor.person(f"Moderator {number}"))
        except Collision:
            return False
        return True

    assert sum(at_once(take)) == 1


def test_two_whose_names_differ_by_a_capital_are_told_apart(store: SqlStore):
    with store.begin() as books:
        for name in ("LÉA", "Léa"):
            books.meet(name, now=NOON)
        exact = find_member(books, "@Léa")
        other = find_member(books, "LÉA")
        loosely = find_member(books, "léa")

    assert (exact.name, other.name) == ("Léa", "LÉA")
    assert loosely.name in {"Léa", "LÉA"}


def test_of_several_who_answer_at_once_one_does_and_the_words_of_the_others_are_kept(store: SqlStore):
    desk = a_desk(store)
    take_in(store, a_message())
    triage(store)
    place = the_conversation(store).id

    def answer(number: int) -> bool:
        by = Actor.person(f"Moderator {number}")
        draft = write_draft(desk, place, text=f"Answer {number}", by=by, lang="en")
        try:
            send_draft(desk, draft.id, by=by)
        except Collision:
            return False
        return True

    assert sum(at_once(answer)) == 1
    stands = the_conversation(store, place)
    assert [send.state for send in stands.sends] == [SendState.WAITING]
    assert len([draft for draft in stands.open_drafts if draft.text.startswith("Answer")]) == WORKERS - 1


def test_of_several_who_close_a_conversation_at_once_one_does(store: SqlStore):
    desk = a_desk(store)
    take_in(store, a_message())
    triage(store)
    place = the_conversation(store).id

    def close(number: int) -> bool:
        try:
            work.resolve(desk, place, by=Actor.person(f"Moderator {number}"))
        except NotPossible:
            return False
        return True

    assert sum(at_once(close)) == 1


def test_two_processes_begin_a_card_once_and_another_goes_on_with_it_only_after_a_while(store: SqlStore):
    take_in(store, a_message())
    triage(store)
    place = the_conversation(store).id

    def begin(_: int) -> bool:
        with store.begin() as books:
            return books.open_card("telegram", place, now=NOON) is not None

    assert sum(at_once(begin)) == 1
    with store.read() as books:
        (row,) = books.cards_on("telegram")
    assert row.again_at == NOON + timedelta(minutes=2)
