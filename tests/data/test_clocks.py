"""Escalations are watched over: what is late is told once, and whoever is needed is called; on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from data.store import SqlStore
from inbox import work
from inbox.brand import Brand
from inbox.clocks import acknowledge, watch
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.model import Actor, Label, Status
from inbox.people import Role
from inbox.sla import ChainStep
from inbox.views import ConversationView
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message, an_escalation, an_outcome
from tests.data.steps import claim, send_out, take_in, the_conversation, triage
from tests.data.test_racing import at_once
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LEA, INES = Actor.person("Léa"), Actor.person("Inès")
CHAIN = (ChainStep(15 * MINUTE, ("Léa",)), ChainStep(30 * MINUTE, ("Inès",), queue="moderation"))


class House:
    """A brand with one escalated complaint, whose first answer is due at 14:00 and which is to be over at 4:00."""

    def __init__(self, store: SqlStore, *, chain: Sequence[ChainStep] = (), rules: str = "") -> None:
        self.store = store
        self.clock = AClock(NOON)
        nothing: Any = None
        self.desk = Desk(
            Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {}}),
            store,
            nothing,
            read_rule_book(rules),
            1,
            {},
            self.clock,
            chain=chain,
        )
        take_in(store, a_message("Trois semaines !", external_id="1"))
        triage(store, lambda message: an_outcome(message, a_prediction(Label.COMPLAINT), escalation=an_escalation()))

    def at(self, after: timedelta) -> int:
        self.clock.now = NOON + after
        return watch(self.desk)

    @property
    def view(self) -> ConversationView:
        return the_conversation(self.store, 1)

    def told(self) -> list[str]:
        return [line.what for line in self.view.audit if line.what.startswith("escalation.")]

    def answer(self) -> None:
        with self.store.begin() as books:
            number = books.keep_draft(1, text="Bonjour", lang="fr", response=None, now=self.clock())
            sent = books.approve(number, parts=["Bonjour"], by=LEA, not_before=self.clock(), now=self.clock())
        assert sent is not None
        claim(self.store, now=self.clock())
        send_out(self.store, sent, external_id=f"out-{sent}", now=self.clock())

    def met(self, *names: str) -> None:
        with self.store.begin() as books:
            for name in names:
                books.meet(name, role=Role.AGENT, now=NOON)


@pytest.fixture
def house(store: SqlStore) -> House:
    return House(store)


def test_what_is_due_soon_and_what_is_late_is_told_once_and_raises_the_priority(house: House):
    quiet = house.at(HOUR)
    before = house.view.priority
    house.at(timedelta(minutes=91))
    soon = house.view
    again = house.at(timedelta(minutes=92))
    house.at(2 * HOUR)
    late = house.view
    house.at(3 * HOUR)

    assert (quiet, again) == (1, 0)
    assert soon.priority_parts["due_soon"] == 15
    assert soon.priority == before + 15
    assert late.priority_parts["breached"] == 40
    assert "due_soon" not in late.priority_parts
    assert house.told() == ["escalation.due_soon", "escalation.breached"]


def test_nothing_is_looked_at_before_its_time(house: House):
    assert [house.at(minutes * MINUTE) for minutes in (0, 1, 30, 60)] == [1, 0, 0, 0]


def test_a_person_who_answers_stops_the_first_clock_and_takes_its_part_away(house: House):
    house.at(3 * HOUR)
    raised = house.view.priority_parts
    house.answer()
    house.at(4 * HOUR)

    assert "breached" in raised
    assert "breached" not in house.view.priority_parts
    assert house.view.status is Status.PENDING
    assert house.view.escalations[0].paused_at == NOON + 3 * HOUR


def test_f71_a_bot_that_answers_leaves_the_first_clock_running(store: SqlStore):
    house = House(store)
    bot = Actor.rule("late parcel")
    with store.begin() as books:
        number = books.keep_draft(1, text="Bonjour", lang="fr", response=None, now=NOON)
        sent = books.approve(number, parts=["Bonjour"], by=bot, not_before=NOON, now=NOON)
    assert sent is not None
    claim(store, now=NOON)
    send_out(store, sent)
    house.at(2 * HOUR)

    assert house.view.escalations[0].acknowledged_at is None
    assert house.told() == ["escalation.breached"]


def test_a_pending_conversation_keeps_what_was_left_of_its_promise(house: House):
    house.at(HOUR)
    house.answer()
    house.at(2 * HOUR)
    written = NOON + 50 * HOUR
    take_in(house.store, a_message("Toujours rien", external_id="2", sent_at=written), now=written)
    triage(house.store, now=written)
    house.at(50 * HOUR + MINUTE)

    escalation = house.view.escalations[0]
    assert escalation.paused_at is None
    assert escalation.resolution_due_at == written + 15 * HOUR
    assert escalation.next_response_due_at == written + 2 * HOUR
    house.at(52 * HOUR)
    assert house.told()[-1] == "escalation.breached"


def test_what_is_snoozed_past_its_promise_is_opened(house: House):
    work.snooze(house.desk, 1, until=NOON + 100 * HOUR, by=LEA)
    house.at(MINUTE)
    asleep = house.view.status
    house.at(2 * HOUR)

    assert asleep is Status.SNOOZED
    assert house.view.status is Status.OPEN
    assert str(house.view.status_reason) == "The first answer is late."


def test_a_snooze_that_ends_gives_the_rest_of_the_promise_back(house: House):
    house.answer()
    work.reopen(house.desk, 1, by=LEA)
    house.at(MINUTE)
    work.snooze(house.desk, 1, until=NOON + 10 * HOUR, by=LEA)
    house.at(HOUR)
    house.at(12 * HOUR)
    work.wake(house.desk)
    house.at(12 * HOUR + MINUTE)

    # Sixteen hours from noon, of which nine stood still: from one o'clock until ten.
    assert house.view.escalations[0].resolution_due_at == NOON + 25 * HOUR


def test_several_processes_tell_each_thing_once(store: SqlStore):
    house = House(store, chain=CHAIN)
    house.met("Léa", "Inès")
    house.clock.now = NOON + 3 * HOUR

    at_once(lambda _: watch(house.desk))

    assert sorted(house.told()) == ["escalation.breached", "escalation.called"]


def test_a_look_that_is_killed_in_between_has_done_nothing(house: House, monkeypatch: pytest.MonkeyPatch):
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    house.clock.now = NOON + 3 * HOUR
    with monkeypatch.context() as patched:
        patched.setattr("data.store.SqlBooks.seal_audit", die)
        with pytest.raises(KeyboardInterrupt):
            watch(house.desk)
    killed = house.told(), house.view.priority_parts

    watch(house.desk)

    assert killed == ([], {})
    assert house.told() == ["escalation.breached"]


def test_f72_nobody_acknowledges_and_the_next_is_called(store: SqlStore):
    house = House(store, chain=CHAIN)
    house.met("Léa", "Inès", "Omar")
    house.at(14 * MINUTE)
    nobody = house.told()
    house.at(15 * MINUTE)
    house.at(29 * MINUTE)
    house.at(30 * MINUTE)

    calls = [line.facts["people"] for line in house.view.audit if line.what == "escalation.called"]
    assert nobody == []
    assert calls == [["Léa"], ["Inès"]]
    assert house.view.queue == house.view.escalations[0].queue == "moderation"
    with store.read() as books:
        assert len(books.wanted_pings("discord", limit=9)) == 2


def test_f72_acknowledging_stops_the_chain_and_not_the_first_clock(store: SqlStore):
    house = House(store, chain=CHAIN)
    house.met("Léa", "Inès")
    house.at(15 * MINUTE)
    view = acknowledge(house.desk, 1, by=LEA)
    house.at(3 * HOUR)

    assert (view.escalations[0].accepted_by, view.escalations[0].accepted_at) == ("Léa", NOON + 15 * MINUTE)
    assert house.told() == ["escalation.called", "escalation.acknowledged", "escalation.breached"]
    with store.read() as books:
        assert books.wanted_pings("discord", limit=9) == []


def test_f72_an_answer_stops_the_chain(store: SqlStore):
    house = House(store, chain=CHAIN)
    house.answer()
    house.at(3 * HOUR)

    assert house.told() == []


def test_f72_who_is_absent_is_not_called_but_his_deputy(store: SqlStore):
    house = House(store, chain=CHAIN)
    house.met("Léa", "Inès", "Omar")
    with store.begin() as books:
        for one in books.moderators():
            if one.name == "Léa":
                books.change_moderator(one.id, absent_since=NOON, deputy="Omar")
            if one.name == "Inès":
                books.change_moderator(one.id, absent_since=NOON)
    house.at(15 * MINUTE)
    house.at(30 * MINUTE)

    calls = [line.facts["people"] for line in house.view.audit if line.what == "escalation.called"]
    # For Inès nobody stands in, so that everybody is called who is there.
    assert calls == [["Omar"], ["Omar"]]


def test_f72_without_names_everybody_is_called_who_is_there(store: SqlStore):
    house = House(store, chain=(ChainStep(15 * MINUTE),))
    house.met("Léa", "Inès")
    house.at(HOUR)

    assert [line.facts["people"] for line in house.view.audit if line.what == "escalation.called"] == [["Inès", "Léa"]]


def test_an_escalation_is_acknowledged_once(house: House):
    acknowledge(house.desk, 1, by=LEA)

    with pytest.raises(NotPossible, match="Léa has acknowledged conversation 1 already"):
        acknowledge(house.desk, 1, by=INES)


def test_what_is_not_escalated_cannot_be_acknowledged(house: House):
    work.resolve(house.desk, 1, by=LEA)

    with pytest.raises(NotPossible, match="is not escalated"):
        acknowledge(house.desk, 1, by=LEA)


def test_a_stricter_promise_counts_from_now_on(house: House):
    house.at(MINUTE)
    work.escalate(replace(house.desk, clock=house.clock), 1, by=LEA)
    strict = an_escalation(due_at=NOON + HOUR)
    with house.store.begin() as books:
        books.lock(1)
        books.hand_to(1, strict, now=house.clock())
    house.at(HOUR)

    assert house.told() == ["escalation.breached"]
