"""From a typed line to a reply that leaves exactly once, over both databases, with the model that ships."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.channels.console import ConsoleChannel, to_message
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox import changes, pipeline
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.errors import SendFailed
from inbox.hours import OpeningHours
from inbox.model import Actor, Status
from inbox.outgoing import Outgoing
from inbox.rates import RateLimiter
from inbox.replies import send_draft, undo_send
from inbox.sentences import Sentence
from inbox.switches import Held, pause, resume
from inbox.views import ConversationView, DraftState, QueueFilter, SendState
from routing.responses import load_responses
from routing.rulebook import read_rule_book
from tests.builders import AClock

THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard"
HOLD = timedelta(seconds=20)
SECOND = timedelta(seconds=1)
RULES = """
[[rule]]
name = "thank at once"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"
"""
INES = Actor.person("Ines")


class Console(ConsoleChannel):
    """The console, with refusals staged one by one."""

    def __init__(self, transcript: Path) -> None:
        self.printed = io.StringIO()
        self.refusals: list[SendFailed] = []
        self.answers_lost = 0
        super().__init__(self.printed, transcript)

    async def send(self, outgoing: Outgoing) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        told = await super().send(outgoing)
        if self.answers_lost:
            self.answers_lost -= 1
            raise SendFailed(Sentence("No answer came."), permanent=False, outcome_unknown=True)
        return told

    @property
    def said(self) -> list[str]:
        return self.printed.getvalue().splitlines()


class House:
    """One brand with everything that it works with."""

    def __init__(self, store: SqlStore, transcript: Path) -> None:
        self.clock = AClock()
        self.limiter = RateLimiter()
        self.console = Console(transcript)
        brand = Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")))
        rules = read_rule_book(RULES)
        self.desk = Desk(brand, store, load_model(), rules, 1, load_responses(), self.clock, hold=HOLD)
        self._typed = 0

    def hear(self, line: str) -> str:
        """A contact types something, and it is triaged; its id."""
        self._typed += 1
        message = to_message(line, number=self._typed, session="s", now=self.clock())
        assert message is not None
        pipeline.receive(self.desk.store, [message], clock=self.clock)
        pipeline.triage(self.desk)
        return message.external_id

    async def later(self, after: timedelta = HOLD) -> None:
        self.clock.advance(after)
        await pipeline.deliver(self.desk, {"console": self.console}, self.limiter)

    def conversation(self) -> ConversationView:
        with self.desk.store.read() as books:
            (item,) = books.queue(QueueFilter())
            view = books.conversation(item.conversation_id)
        assert view is not None
        return view


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with open_store(database_url, brand="loriot") as store:
        yield House(store, tmp_path / "console.jsonl")


async def test_a_reply_waits_for_the_end_of_its_hold_and_leaves_once(house: House):
    house.hear(THANKS)

    await house.later(HOLD - SECOND)
    before = house.console.said
    await house.later(SECOND)
    await house.later()

    assert before == []
    assert len(house.console.said) == 1
    assert house.conversation().sends[0].state is SendState.SENT


async def test_what_is_undone_in_time_never_leaves(house: House):
    house.hear(THANKS)
    house.clock.advance(HOLD - SECOND)

    undo_send(house.desk, house.conversation().sends[0].id, by=INES)
    await house.later()

    assert house.console.said == []


async def test_a_reply_whose_answer_was_lost_is_looked_up_and_not_said_again(house: House):
    house.hear(THANKS)
    house.console.answers_lost = 1

    await house.later()
    await house.later(timedelta(hours=1))

    assert len(house.console.said) == 1
    assert house.conversation().sends[0].state is SendState.SENT


async def test_a_worker_killed_after_sending_leaves_nothing_to_be_said_twice(house: House):
    house.hear(THANKS)
    house.clock.advance(HOLD)
    with house.desk.store.begin() as books:
        (claimed,) = books.claim_due(now=house.clock(), limit=9, lease=timedelta(minutes=2), paused=False)
        due = books.due_send(claimed, lately=house.clock())
        books.note_attempt(claimed)
    assert due is not None
    await house.console.send(due.outgoing)

    await house.later(timedelta(minutes=3))

    assert len(house.console.said) == 1
    assert house.conversation().sends[0].state is SendState.SENT


async def test_a_refusal_that_may_pass_is_tried_again_and_one_for_good_is_shown(house: House):
    house.hear(THANKS)
    house.console.refusals = [
        SendFailed(Sentence("Too fast."), permanent=False),
        SendFailed(Sentence("The contact has blocked us."), permanent=True),
    ]

    await house.later()
    tried = house.conversation().sends[0]
    await house.later(timedelta(minutes=1))
    given_up = house.conversation()

    assert (tried.state, str(tried.error)) == (SendState.WAITING, "Too fast.")
    assert (given_up.sends[0].state, str(given_up.sends[0].error)) == (SendState.FAILED, "The contact has blocked us.")
    assert given_up.status is Status.OPEN
    assert house.console.said == []


async def test_a_deletion_during_the_hold_stops_the_reply(house: House):
    external_id = house.hear(THANKS)

    changes.receive_deletion(
        house.desk.store, "console", [external_id], deleted_at=house.clock(), keep_text=False, clock=house.clock
    )
    await house.later()

    (message,) = house.conversation().messages
    assert house.console.said == []
    assert (message.deleted_at, message.text) == (house.clock() - HOLD, "")


async def test_a_praise_edited_into_an_insult_is_triaged_anew_and_not_thanked(house: House):
    external_id = house.hear(THANKS)

    changes.receive_edit(
        house.desk.store, "console", external_id, text=RUDE, edited_at=house.clock(), clock=house.clock
    )
    pipeline.triage(house.desk)
    await house.later()

    (message,) = house.conversation().messages
    assert house.console.said == []
    assert message.former_texts == (THANKS,)
    assert message.prediction is not None
    assert [*message.prediction.labels, *message.prediction.unsure] == ["offensive"]


async def test_a_person_who_answers_first_silences_the_rule(house: House):
    house.desk = replace(house.desk, rules=read_rule_book(RULES.replace('mode = "live"', 'mode = "draft"')))
    house.hear(f"Marie: {THANKS}")
    draft = house.conversation().drafts[0]
    house.desk = replace(house.desk, rules=read_rule_book(RULES.replace('"thanks"', '"suggestion"')))
    house.hear("Marie: vraiment génial, merci à vous, vous êtes au top !")
    assert [send.state for send in house.conversation().sends] == [SendState.WAITING]

    send_draft(replace(house.desk, hold=timedelta()), draft.id, by=INES)
    await house.later(SECOND)
    await house.later()

    assert len([line for line in house.console.said if line.endswith(draft.text)]) == 1
    assert len(house.console.said) == 1


async def test_a_pause_stops_rules_until_somebody_says_what_becomes_of_what_was_held(house: House):
    house.hear(THANKS)
    pause(house.desk.store, by=INES, clock=house.clock)
    await house.later()
    held = house.console.said

    resume(house.desk.store, held={}, by=INES, clock=house.clock)
    await house.later()

    assert held == []
    assert house.console.said == []
    assert [draft.state for draft in house.conversation().drafts] == [DraftState.OPEN]


async def test_what_was_held_leaves_when_a_person_says_so(house: House):
    house.hear(THANKS)
    waiting = pause(house.desk.store, by=INES, clock=house.clock)
    await house.later()

    resume(house.desk.store, held={send.id: Held.SEND for send in waiting}, by=INES, clock=house.clock)
    await house.later()

    assert len(house.console.said) == 1
