"""F71: what is promised is due in open hours, whatever the calendar does, and a bot keeps no promise; in the store."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.settings import BrandSettings
from data.store import SqlStore
from inbox import pipeline, work
from inbox.clocks import watch
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.model import Actor, SlaState, Status
from inbox.replies import send_draft
from inbox.responses import Polarity, Variant
from inbox.views import ConversationView, EscalationView, SendState
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.steps import claim, send_out, the_conversation
from tests.data.test_clock_rules import Judge
from tests.inbox.builders import a_response, in_paris

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
LEA = Actor.person("Léa")
FRIDAY_1750 = in_paris(2026, 6, 12, 17, 50)
PROMISE = """
[[rule]]
name = "complaints"
when = { label = "complaint" }
then = [
  { action = "escalate", queue = "customer-service", first_response = "1h", resolution = "2h" },
  { action = "reply", response = "received" },
]
mode = "live"
"""


class Office:
    """A French shop, open from nine to six on weekdays but for holidays. It promises an answer within an hour."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = AClock()
        brand = BrandSettings().to_brand()
        said = a_response(Variant("fr", "Nous avons bien reçu votre message."), code="received")
        responses = {"received": replace(said, polarity=Polarity.HOLDING)}
        rules = read_rule_book(PROMISE, responses=responses)
        self.desk = Desk(brand, store, Judge(), rules, 1, responses, self.clock, chain=())

    def hears(self, text: str, at: datetime) -> ConversationView:
        self.clock.now = at
        pipeline.receive(self.store, [a_message(text, sent_at=at)], clock=self.clock)
        while pipeline.triage(self.desk):
            pass
        return the_conversation(self.store, 1)

    def at(self, moment: datetime) -> EscalationView:
        self.clock.now = moment
        watch(self.desk)
        return the_conversation(self.store, 1).escalations[-1]

    def answers(self, at: datetime) -> None:
        """One of the team answers, and it leaves."""
        self.clock.now = at
        send = send_draft(self.desk, write_draft(self.desk, 1, text="Nous cherchons.", by=LEA).id, by=LEA)
        self.leaves(send.id, at + MINUTE)

    def leaves(self, send_id: int, at: datetime) -> None:
        claim(self.store, now=at)
        send_out(self.store, send_id, external_id=f"out-{send_id}", now=at)

    def told(self) -> list[tuple[str, Any]]:
        view = the_conversation(self.store, 1)
        events = {f"escalation.{state}" for state in (SlaState.DUE_SOON, SlaState.BREACHED)}
        return [(line.what.partition(".")[2], line.facts["clock"]) for line in view.audit if line.what in events]


@pytest.fixture
def office(store: SqlStore) -> Office:
    return Office(store)


@pytest.mark.parametrize(
    ("friday", "due"),
    [
        (FRIDAY_1750, in_paris(2026, 6, 15, 9, 50)),
        (in_paris(2026, 3, 27, 17, 50), in_paris(2026, 3, 30, 9, 50)),  # the clocks go forward
        (in_paris(2026, 10, 23, 17, 50), in_paris(2026, 10, 26, 9, 50)),  # the clocks go back
        (in_paris(2026, 4, 3, 17, 50), in_paris(2026, 4, 7, 9, 50)),  # Easter Monday
        (in_paris(2026, 12, 24, 17, 50), in_paris(2026, 12, 28, 9, 50)),  # Thursday; Christmas falls on Friday
    ],
)
def test_f71_a_complaint_of_friday_1750_with_one_hour_and_hours_from_9_to_18_is_due_on_monday_at_950(
    office: Office, friday: datetime, due: datetime
):
    view = office.hears("complaint", friday)
    office.at(due - MINUTE)
    soon = office.told()
    escalation = office.at(due)

    assert view.escalations[-1].first_response_due_at == due
    assert escalation.resolution_due_at == due + HOUR
    assert soon == [("due_soon", "first")]
    assert office.told()[:2] == [("due_soon", "first"), ("breached", "first")]


def test_f71_an_automatic_reply_leaves_the_clock_running_and_a_persons_answer_stops_it(office: Office):
    (automatic,) = office.hears("complaint", FRIDAY_1750).sends
    office.leaves(automatic.id, FRIDAY_1750 + MINUTE)
    after_the_bot = office.at(FRIDAY_1750 + 2 * MINUTE)
    office.answers(FRIDAY_1750 + 5 * MINUTE)
    after_her = office.at(FRIDAY_1750 + 7 * MINUTE)
    office.at(in_paris(2026, 6, 15, 12))

    assert the_conversation(office.store, 1).sends[0].state is SendState.SENT
    assert after_the_bot.acknowledged_at is None
    assert after_her.acknowledged_at is not None
    assert ("breached", "first") not in office.told()


def test_f71_what_is_left_of_a_promise_stands_still_while_pending_and_while_snoozed(office: Office):
    monday = in_paris(2026, 6, 15, 9)
    office.hears("complaint", monday)
    office.answers(monday + 29 * MINUTE)
    paused = office.at(monday + 31 * MINUTE)
    office.at(monday + 3 * DAY)
    again = monday + 4 * DAY
    office.hears("hello", again)
    resumed = office.at(again + MINUTE)
    work.snooze(office.desk, 1, until=again + DAY * 3, by=LEA)
    office.at(again + 2 * MINUTE)
    woken = again + 3 * DAY
    work.wake(office.desk)
    moved = office.at(woken + MINUTE)

    assert the_conversation(office.store, 1).status is Status.SNOOZED
    assert paused.paused_at is not None
    left = resumed.resolution_due_at - again
    assert timedelta(hours=1, minutes=28) <= left <= timedelta(hours=1, minutes=32)
    assert moved.resolution_due_at > resumed.resolution_due_at
    assert ("breached", "resolution") not in office.told()


def test_f71_what_the_contact_writes_after_an_answer_is_due_within_the_time_of_the_first(office: Office):
    monday = in_paris(2026, 6, 8, 9)
    office.hears("complaint", monday)
    office.answers(monday + 10 * MINUTE)
    office.at(monday + 12 * MINUTE)
    office.hears("hello", FRIDAY_1750)
    following = office.at(FRIDAY_1750 + MINUTE)
    office.at(in_paris(2026, 6, 15, 9, 50))

    assert following.next_response_due_at == in_paris(2026, 6, 15, 9, 50)
    assert ("breached", "next") in office.told()
