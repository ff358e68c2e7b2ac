"""The journeys of a message through Discord and Telegram, each told once and run on both."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.brands import Brands
from app.gateway import Gateway
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox import moderation, pipeline
from inbox.brand import Brand
from inbox.cases import CaseAct, CaseView, Order
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.hours import OpeningHours
from inbox.model import Actor, Label, Status
from inbox.ports import Connection
from inbox.rates import RateLimiter
from inbox.replies import edit_sent, retract_sent, send_draft
from inbox.sentences import in_english
from inbox.views import ChannelState, ConversationView, MessageView, QueueFilter, SendState
from routing.responses import load_responses
from routing.rulebook import read_rule_book
from tests.builders import AClock
from tests.end_to_end.worlds import MODERATOR, OnDiscord, OnTelegram, World

THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard"
INES = Actor.person("Inès")
PATIENCE_S = 20
SECOND = timedelta(seconds=1)
RULES = """
[[rule]]
name = "insult"
when = { label = "offensive" }
then = [{ action = "hide", reason = "insult" }]
stop = true

[[rule]]
name = "thank"
when = { label = "praise" }
then = [{ action = "draft", response = "thanks" }]
"""
ALONE = RULES.replace('"draft", response', '"reply", response') + 'mode = "live"\n'
RESPONSES = ("thanks", "suggestion", "question", "lead", "lead-appointment")
CHATTY = """
[[rule]]
name = "chatty {number}"
when = {{ label = "praise", words = ["n{number}n"] }}
then = [{{ action = "reply", response = "{response}" }}]
mode = "live"
"""


class House:
    """A brand with one channel connected, worked by hand: nothing happens unless a test asks for it."""

    def __init__(self, store: SqlStore, world: World) -> None:
        self.world = world
        self.clock = AClock()
        world.now = self.clock()
        self.channel: Connection = world.channel(self.clock)
        self.limiter = RateLimiter()
        brand = Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")))
        self.desk = Desk(
            brand,
            store,
            load_model(),
            read_rule_book(RULES),
            1,
            load_responses(),
            self.clock,
            hold=timedelta(),
            abilities={world.name: self.channel.abilities},
            tell=in_english,
        )

    def follow(self, rules: str) -> None:
        """Another rule book from now on."""
        self.desk = replace(self.desk, rules=read_rule_book(rules))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        made = Gateway({self.world.name: self.channel}, Brands({"main": self.desk}, {}))
        task = asyncio.create_task(made.run())
        try:
            await self.until(self.is_connected)
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.channel.close()

    def is_connected(self) -> bool:
        with self.desk.store.read() as books:
            return any(channel.state is ChannelState.WELL for channel in books.channels())

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await asyncio.sleep(0.01)

    async def heard(self, texts: int) -> None:
        """Wait until so many messages of contacts are kept, then triage them."""
        await self.until(lambda: len(self.messages()) >= texts)
        while await asyncio.to_thread(pipeline.triage, self.desk):
            pass

    async def deliver(self, *, after: timedelta = timedelta()) -> None:
        self.clock.advance(max(after, SECOND))
        self.world.now = self.clock()
        while await pipeline.deliver(self.desk, {self.world.name: self.channel}, self.limiter):
            pass

    def views(self) -> list[ConversationView]:
        with self.desk.store.read() as books:
            found = [books.conversation(item.conversation_id) for item in books.queue(QueueFilter())]
        return [view for view in found if view is not None]

    def messages(self) -> list[MessageView]:
        return [message for view in self.views() for message in view.messages if not message.is_ours]

    def view(self) -> ConversationView:
        (only,) = self.views()
        return only

    def moderate(self, act: CaseAct, *, duration: timedelta | None = None) -> CaseView:
        message = self.messages()[-1]
        return moderation.moderate(self.desk, Order(act, message.id, "insult", duration=duration), by=INES)


@pytest.fixture(params=[OnDiscord, OnTelegram], ids=["discord", "telegram"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with request.param() as server:
        yield server


@pytest.fixture
def house(database_url: str, world: World) -> Iterator[House]:
    with open_store(database_url, brand="main") as store:
        yield House(store, world)


async def test_a_message_comes_in_is_labelled_drafted_and_answered_in_its_thread(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        (draft,) = house.view().drafts
        send_draft(house.desk, draft.id, by=INES)
        await house.deliver()

    view = house.view()
    assert house.world.replies() == [draft.text]
    assert [message.is_ours for message in view.messages] == [False, True]
    assert view.messages[0].prediction is not None
    assert Label.PRAISE in view.messages[0].prediction.labels
    assert (view.status, view.sends[0].state) == (Status.PENDING, SendState.SENT)


async def test_f59_f61_an_insult_is_proposed_for_removal_deleted_by_a_person_and_kept_as_evidence(house: House):
    async with house.listening():
        said = house.world.say(RUDE)
        await house.heard(1)
        decision = house.messages()[0].decision
        case = house.moderate(CaseAct.DELETE)
        await house.deliver()

    assert decision is not None
    assert [action["action"] for action in decision.actions] == ["hide"]
    assert not house.world.still_there(said)
    assert len(house.world.notices()) == 1
    kept = moderation.find_case(house.desk, case.number)
    assert (kept.number, kept.evidence.text, kept.by) == (1, RUDE, INES)
    assert kept.irreversible is not None


async def test_f60_a_timeout_is_undone_and_a_kick_says_before_that_it_cannot_be(house: House):
    async with house.listening():
        house.world.say(RUDE)
        await house.heard(1)
        case = house.moderate(CaseAct.TIMEOUT, duration=timedelta(hours=1))
        await house.deliver()
        moderation.undo(house.desk, case.number, by=INES, reason="a joke between friends")
        await house.deliver()
        kick = Order(CaseAct.KICK, house.messages()[0].id, "insult")
        told = moderation.what_it_takes(house.desk, kick)

    assert house.world.silenced() == [True, False]
    assert told is not None
    assert "cannot be undone" in str(told)


async def test_f59_nothing_is_hidden_where_the_channel_cannot_and_it_says_what_it_can(house: House):
    async with house.listening():
        house.world.say(RUDE)
        await house.heard(1)

        with pytest.raises(NotPossible, match="delete"):
            house.moderate(CaseAct.HIDE)


async def test_f65_when_the_author_takes_no_private_messages_the_failure_is_shown(house: House):
    async with house.listening():
        house.world.say(RUDE)
        await house.heard(1)
        house.world.close_private_messages()
        case = house.moderate(CaseAct.TIMEOUT, duration=timedelta(hours=1))
        await house.deliver()

    notice = moderation.find_case(house.desk, case.number).notice
    assert house.world.silenced() == [True]
    assert notice is not None
    assert (notice.state, notice.error is not None) == (SendState.FAILED, True)


async def test_f07_an_edit_while_a_reply_is_pending_keeps_it_from_leaving(house: House):
    house.follow(ALONE)
    async with house.listening():
        said = house.world.say(THANKS)
        await house.heard(1)
        house.world.edit(said, RUDE)
        await house.until(lambda: house.messages()[0].text == RUDE)
        await house.heard(1)
        await house.deliver()

    (message,) = house.messages()
    assert house.world.replies() == []
    assert message.former_texts == (THANKS,)
    assert message.prediction is not None
    assert Label.PRAISE not in message.prediction.labels


async def test_f08_a_deletion_while_a_reply_is_pending_keeps_it_from_leaving(database_url: str):
    # Telegram tells bots of no deletion in groups: there, a reply to what is gone is refused when it is sent.
    async with OnDiscord() as discord:
        with open_store(database_url, brand="main") as store:
            house = House(store, discord)
            house.follow(ALONE)
            async with house.listening():
                said = discord.say(THANKS)
                await house.heard(1)
                discord.delete(said)
                await house.until(lambda: house.messages()[0].deleted_at is not None)
                await house.deliver()

            (message,) = house.messages()
            assert discord.replies() == []
            assert message.text == ""
            assert [line.what for line in house.view().audit][-1] == "message.deleted"


async def test_f10_a_reply_that_comes_too_soon_waits_as_long_as_it_is_told_and_is_not_lost(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        send_draft(house.desk, house.view().drafts[0].id, by=INES)
        house.world.refuse_reply(retry_after=7)
        await house.deliver()
        too_soon = house.world.replies()
        await house.deliver(after=timedelta(seconds=6))
        still = house.world.replies()
        await house.deliver(after=timedelta(seconds=60))

    assert (too_soon, still) == ([], [])
    assert len(house.world.replies()) == 1
    assert house.view().sends[0].attempts == 1


async def test_a_reply_survives_a_fault_of_the_channels_own(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        send_draft(house.desk, house.view().drafts[0].id, by=INES)
        house.world.fail_reply()
        await house.deliver()
        await house.deliver(after=timedelta(minutes=1))

    assert len(house.world.replies()) == 1
    assert house.view().sends[0].state is SendState.SENT


async def test_a_reply_that_was_taken_but_whose_answer_was_lost_is_never_sent_twice(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        send_draft(house.desk, house.view().drafts[0].id, by=INES)
        house.world.lose_answer()
        for _ in range(3):
            await house.deliver(after=timedelta(hours=1))

    (send,) = house.view().sends
    assert len(house.world.replies()) == 1
    # Discord is asked what became of it; Telegram cannot tell, and a person is asked to look.
    assert send.state is (SendState.SENT if house.world.name == "discord" else SendState.FAILED)


async def test_a_channel_that_refuses_us_while_sending_is_broken_and_what_was_to_be_sent_waits(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        send_draft(house.desk, house.view().drafts[0].id, by=INES)
        house.world.token = "another"
        await house.deliver()
        with house.desk.store.read() as books:
            (channel,) = books.channels()

    assert channel.state is ChannelState.BROKEN
    assert "refuses the token" in str(channel.why)
    assert (house.world.replies(), house.view().sends[0].state) == ([], SendState.WAITING)


async def test_f48_a_sent_reply_is_changed_and_then_taken_back_on_the_channel_itself(house: House):
    async with house.listening():
        house.world.say(THANKS)
        await house.heard(1)
        sent = send_draft(house.desk, house.view().drafts[0].id, by=INES, text="Merci beacoup !")
        await house.deliver()
        edit_sent(house.desk, sent.id, text="Merci beaucoup !", by=INES)
        await house.deliver()
        after_the_edit = house.view().messages[-1]
        retract_sent(house.desk, sent.id, by=INES)
        await house.deliver()

    gone = house.view().messages[-1]
    assert (after_the_edit.text, after_the_edit.former_texts) == ("Merci beaucoup !", ("Merci beacoup !",))
    assert gone.deleted_at is not None


async def test_f54_two_machines_that_answer_each_other_stop_after_the_cap_with_one_alert(house: House):
    house.follow("".join(CHATTY.format(number=number, response=code) for number, code in enumerate(RESPONSES)))
    async with house.listening():
        for number in range(len(RESPONSES)):
            house.world.say(f"{THANKS} n{number}n")
            await house.heard(number + 1)
            await house.deliver(after=timedelta(minutes=1))

    view = house.view()
    assert len(house.world.replies()) == 3
    assert view.tags == ("loop",)
    assert [line.what for line in view.audit].count("loop.stopped") == 1
    assert [send.state for send in view.sends][3:] == [SendState.REFUSED] * 2


async def test_a_moderator_who_answers_by_hand_on_the_channel_silences_the_rules(house: House):
    house.follow(ALONE)
    async with house.listening():
        said = house.world.say(THANKS)
        await house.heard(1)
        house.world.answer(said, "Merci à vous, Inès", author=MODERATOR)
        await house.until(lambda: len(house.view().messages) == 2)
        await house.deliver()

    view = house.view()
    assert house.world.replies() == []
    assert [(one.is_ours, one.text) for one in view.messages][-1] == (True, "Merci à vous, Inès")
    assert (view.status, view.sends[0].state) == (Status.PENDING, SendState.REFUSED)


async def test_f62_a_moderator_who_quotes_a_slur_is_neither_triaged_nor_punished(house: House):
    async with house.listening():
        said = house.world.say(RUDE)
        await house.heard(1)
        house.world.say(f"Il a écrit : {RUDE}", author=MODERATOR)
        house.world.answer(said, f"« {RUDE} » n’a pas sa place ici.", author=MODERATOR)
        await house.until(lambda: len(house.view().messages) == 2)
        await house.heard(1)

    quoted = house.view().messages[-1]
    assert (quoted.is_ours, quoted.prediction) == (True, None)
    assert len(house.messages()) == 1


async def test_f09_an_item_shows_what_it_answers_and_what_was_said_before_it(house: House):
    async with house.listening():
        first = house.world.say("Où est mon colis ?", author=9)
        for number in range(6):
            house.world.say(f"message {number}", author=9)
        await house.until(lambda: len(house.messages()) == 7)
        house.world.answer(first, "Pareil pour moi", author=7)
        await house.heard(8)

    view = next(one for one in house.views() if one.messages[0].text == "Pareil pour moi")
    assert view.messages[0].parent is not None
    assert view.messages[0].parent.text == "Où est mon colis ?"
    assert [line.text for line in view.context] == [f"message {number}" for number in range(1, 6)]
