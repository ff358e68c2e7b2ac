"""No complaint is without an owner and a clock: a test for each way in which one could slip through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.store import SqlStore
from inbox import work
from inbox.brand import Brand
from inbox.clocks import watch
from inbox.corrections import correct, take_back
from inbox.desk import Desk
from inbox.model import Actor, Label, Status, WaitingMessage
from inbox.outcome import Outcome
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message, an_escalation, an_outcome
from tests.data.steps import a_person_replies, claim, send_out, take_in, the_conversation, triage
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

MINUTE, LATER = timedelta(minutes=1), timedelta(minutes=20)
LEA = Actor.person("Léa")


def complains(message: WaitingMessage) -> Outcome:
    """A complaint that no rule escalates, as one in doubt."""
    return an_outcome(message, a_prediction(Label.COMPLAINT))


def escalates(message: WaitingMessage) -> Outcome:
    return an_outcome(message, a_prediction(Label.COMPLAINT), escalation=an_escalation())


def thanks(message: WaitingMessage) -> Outcome:
    return an_outcome(message, a_prediction(Label.PRAISE))


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    nothing: Any = None
    brand = Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {}})
    return Desk(brand, store, nothing, read_rule_book(""), 1, {}, AClock(NOON), chain=())


def slipped(desk: Desk) -> list[int]:
    with desk.store.read() as books:
        return books.slipped(now=desk.clock())


def owner_after(desk: Desk, store: SqlStore, number: int | None = None) -> str | None:
    """Who has a conversation once the clocks have been looked at."""
    desk.clock.advance(LATER)  # type: ignore[attr-defined]  # the clock of a test
    watch(desk)
    assert slipped(desk) == []
    escalation = the_conversation(store, number).escalation
    return None if escalation is None else escalation.queue


def test_a_complaint_that_no_rule_escalates_is_counted_and_caught(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    found = slipped(desk)
    watch(desk)
    at_once = the_conversation(store).escalation

    assert found == [1]
    assert at_once is None
    assert owner_after(desk, store) == "customer-service"
    (line,) = [line for line in the_conversation(store).audit if line.what == "escalation.caught"]
    assert str(line.reason) == "A complaint had no owner: it is handed to customer-service."


def test_what_is_caught_is_due_as_if_it_had_been_escalated_when_it_came(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    owner_after(desk, store)

    escalation = the_conversation(store).escalation
    assert escalation is not None
    assert escalation.first_response_due_at == NOON + timedelta(hours=4)


def test_an_edit_into_a_complaint(store: SqlStore, desk: Desk):
    (number,) = take_in(store, a_message("Merci !"))
    triage(store, thanks)
    assert number is not None
    with store.begin() as books:
        books.add_version(number, text="Trois semaines de retard !", edited_at=NOON)
    triage(store, complains)

    assert owner_after(desk, store) == "customer-service"


def test_a_correction_to_a_complaint(store: SqlStore, desk: Desk):
    take_in(store, a_message("Bravo, vraiment."))
    triage(store, thanks)
    correct(desk, 1, after=[Label.COMPLAINT], by=LEA)

    assert owner_after(desk, store) == "customer-service"


def test_a_correction_away_from_a_complaint_that_is_taken_back(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    correct(desk, 1, after=[], by=LEA)
    meanwhile = owner_after(desk, store)
    take_back(desk, 1, by=LEA)

    assert meanwhile is None
    assert owner_after(desk, store) == "customer-service"


@pytest.mark.parametrize("again", [complains, escalates])
def test_a_new_complaint_after_a_resolution(store: SqlStore, desk: Desk, again: Any):
    take_in(store, a_message())
    triage(store, escalates)
    work.resolve(desk, 1, by=LEA)
    take_in(store, a_message("Toujours rien !"))
    triage(store, again)

    assert owner_after(desk, store) in {"sav", "customer-service"}
    assert len(the_conversation(store).escalations) == 2


def test_the_undoing_of_a_resolution(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, escalates)
    work.resolve(desk, 1, by=LEA)
    done = owner_after(desk, store)
    work.reopen(desk, 1, by=LEA)

    assert done is None
    assert owner_after(desk, store) == "sav"


def test_the_undoing_of_a_resolution_that_a_newer_escalation_has_overtaken(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    work.resolve(desk, 1, by=LEA)
    take_in(store, a_message("Toujours rien !"))
    triage(store, escalates)

    assert owner_after(desk, store) == "sav"


def test_two_conversations_that_become_one_because_their_group_moves(store: SqlStore, desk: Desk):
    take_in(store, replace(a_message(thread="-55"), place="-55"), replace(a_message(thread="-1001"), place="-1001"))
    triage(store, lambda message: complains(message) if message.thread == "-55" else thanks(message))
    with store.begin() as books:
        books.move_place("telegram", "-55", "-1001")

    assert owner_after(desk, store) == "customer-service"


def test_two_escalated_conversations_that_become_one_keep_the_stricter_escalation(store: SqlStore, desk: Desk):
    take_in(store, replace(a_message(thread="-55"), place="-55"), replace(a_message(thread="-1001"), place="-1001"))
    triage(store, escalates)
    with store.begin() as books:
        books.move_place("telegram", "-55", "-1001")

    assert owner_after(desk, store) == "sav"


def test_a_conversation_with_a_card_notes_and_a_call_goes_where_its_group_goes(store: SqlStore, desk: Desk):
    take_in(store, replace(a_message(thread="-55"), place="-55"), replace(a_message(thread="-1001"), place="-1001"))
    triage(store, escalates)
    with store.begin() as books:
        for number in (1, 2):
            books.open_card("telegram", number, now=NOON)
        books.add_note(1, author="Léa", text="Client fidèle", mentions=[], now=NOON)
        books.keep_ping(1, people=["Léa"], now=NOON)
    with store.begin() as books:
        books.move_place("telegram", "-55", "-1001")

    view = the_conversation(store)
    assert [note.text for note in view.notes] == ["Client fidèle"]
    assert owner_after(desk, store) == "sav"


def test_who_has_it_in_hand_owns_it_for_as_long_as_that_lasts(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    work.claim(desk, 1, by=LEA)
    in_hand = slipped(desk)

    assert in_hand == []
    assert owner_after(desk, store) == "customer-service"


def test_who_was_given_it_owns_it_until_he_gives_it_back(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    with store.begin() as books:
        books.set_assignee(1, assignee="Léa")
    given = owner_after(desk, store)
    work.release(desk, 1, by=LEA)

    assert given is None
    assert owner_after(desk, store) == "customer-service"


def test_what_a_person_puts_off_comes_back_to_somebody(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    work.snooze(desk, 1, until=NOON + MINUTE, by=LEA)
    asleep = slipped(desk)
    desk.clock.advance(2 * MINUTE)  # type: ignore[attr-defined]  # a clock of the tests
    work.wake(desk)

    assert asleep == []
    assert owner_after(desk, store) == "customer-service"


def test_an_answer_that_is_taken_back_leaves_no_complaint_behind(store: SqlStore, desk: Desk):
    send_id = a_person_replies(store, a_message())
    correct(desk, 1, after=[Label.COMPLAINT], by=LEA)
    on_its_way = slipped(desk)
    with store.begin() as books:
        books.cancel(send_id, why=work.find(desk, 1).audit[0].reason)

    assert on_its_way == []
    assert owner_after(desk, store) == "customer-service"


def test_what_was_answered_is_nobodys_any_more(store: SqlStore, desk: Desk):
    send_id = a_person_replies(store, a_message())
    claim(store)
    send_out(store, send_id)

    assert owner_after(desk, store) is None
    assert the_conversation(store).status is Status.PENDING


def test_whoever_wants_none_caught_has_none_caught(store: SqlStore, desk: Desk):
    take_in(store, a_message())
    triage(store, complains)
    object.__setattr__(desk, "catch_after", None)
    desk.clock.advance(LATER)  # type: ignore[attr-defined]  # a clock of the tests

    assert watch(desk) == 0
    assert slipped(desk) == [1]
