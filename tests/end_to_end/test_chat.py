"""The team's chat: every command and button, told once and run through the real clients on Discord and Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.brands import Brands
from app.gateway import Gateway
from app.words import tell_in
from bot.board import HasBoards
from bot.commands.calling import Tools
from bot.commands.counter import Counter
from bot.commands.keeper import Keeper
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox import pipeline
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.hours import OpeningHours
from inbox.model import Label, Status
from inbox.rates import RateLimiter
from inbox.views import ChannelState, ConversationView, QueueFilter
from routing.responses import load_responses
from routing.rulebook import STARTER, read_rule_book
from tests.builders import AClock
from tests.end_to_end.chats import CAMILLE, INES, LEA, OMAR, Chat, DiscordChat, Seen, TelegramChat

LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard, t'es qu'une merde"
PATIENCE_S = 20
SECOND = timedelta(seconds=1)
TEAMS = {"customer-service": {"fr": "notre service client"}, "sales": {"fr": "notre équipe commerciale"}}


class Room:
    """A brand whose team sits in a chat; nothing happens unless a test asks for it."""

    def __init__(self, store: SqlStore, chat: Chat) -> None:
        self.chat = chat
        self.clock = AClock()
        chat.now = self.clock()  # type: ignore[attr-defined]  # both servers tell the time they are given
        self.desk = Desk(
            Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")), teams=TEAMS),
            store,
            load_model(),
            read_rule_book(STARTER.read_text(encoding="utf-8")),
            1,
            load_responses(),
            self.clock,
            hold=timedelta(seconds=20),
            tell=tell_in,
            roles=chat.roles,
        )
        self.limiter = RateLimiter()
        self.open()

    def open(self) -> None:
        """Connect, as a program that starts does: it remembers nothing but what is stored."""
        self.counter = Counter(lambda *_: self.desk, tell=tell_in, tools=Tools())
        self.channel = self.chat.connect(self.clock, self.counter)
        abilities = {self.chat.name: self.channel.abilities}
        object.__setattr__(self.desk, "abilities", abilities)
        assert isinstance(self.channel, HasBoards)
        board = self.channel.board(self.chat.team, zone=self.desk.brand.hours.zone)
        self.keeper = Keeper(self.desk, board, lang=self.chat.lang, limiter=self.limiter)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        with self.desk.store.begin() as books:
            books.set_channel_state(self.chat.name, ChannelState.OFF, why=None, now=self.clock())
        made = Gateway({self.chat.name: self.channel}, Brands({"main": self.desk}, {}))
        task = asyncio.create_task(made.run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self._is_connected():
                    await asyncio.sleep(0.01)
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.channel.close()

    def _is_connected(self) -> bool:
        with self.desk.store.read() as books:
            return any(one.state is ChannelState.WELL for one in books.channels())

    async def hear(self, *texts: str, author: int = 7) -> list[Any]:
        """Contacts write, and all of it is kept, labelled and put up."""
        before = self._messages()
        said = [self.chat.say(text, author=author) for text in texts]
        async with asyncio.timeout(PATIENCE_S):
            while self._messages() < before + len(texts):
                await asyncio.sleep(0.01)
        while await asyncio.to_thread(pipeline.triage, self.desk):
            pass
        await self.look()
        return said

    async def look(self) -> None:
        """Bring the cards up to date."""
        for _ in range(5):
            self.clock.advance(timedelta(minutes=1))
            self.chat.now = self.clock()  # type: ignore[attr-defined]
            if not await self.keeper.step():
                return

    async def deliver(self) -> None:
        self.clock.advance(timedelta(seconds=30))
        while await pipeline.deliver(self.desk, {self.chat.name: self.channel}, self.limiter):
            pass
        await self.look()

    def card(self) -> Seen:
        """The card put up last, as it reads now."""
        return self.chat.cards()[-1]

    def view(self, number: int = 1) -> ConversationView:
        with self.desk.store.read() as books:
            found = books.conversation(number)
        assert found is not None
        return found

    def audit(self, what: str) -> list[Any]:
        with self.desk.store.begin() as books:
            books.seal_audit()
        with self.desk.store.read() as books:
            return [one.line for one in books.read_audit() if one.line.what == what]

    def _messages(self) -> int:
        with self.desk.store.read() as books:
            items = books.queue(QueueFilter(limit=1000))
            return sum(item.messages for item in items)


@pytest.fixture(params=[DiscordChat, TelegramChat], ids=["discord", "telegram"])
async def chat(request: pytest.FixtureRequest) -> AsyncIterator[Chat]:
    async with request.param() as server:
        yield server


@pytest.fixture
def room(sqlite_url: str, chat: Chat) -> Iterator[Room]:
    with open_store(sqlite_url, brand="main") as store:
        yield Room(store, chat)


async def test_f66_a_draft_is_sent_with_one_tap_taken_back_with_another_and_the_card_says_so_in_place(room: Room):
    async with room.listening():
        await room.hear(LATE)
        card = room.card()
        sent = await room.chat.tap(card, "Send draft", LEA)
        await room.look()
        held = room.card()
        undone = await room.chat.tap(held, "Undo", LEA)
        await room.look()
        again = await room.chat.tap(room.card(), "Send draft", LEA)
        await room.deliver()

    assert LATE in card.text
    assert "complaint 99%" in card.text
    assert "PUBLIC" in card.text
    assert card.buttons == ("Send draft", "Edit", "Resolve", "More…")
    assert "It is public" in sent.text
    assert "Léa answers: " in held.text
    assert held.buttons == ("Resolve", "More…", "Undo")
    assert "nothing has left" in undone.text
    assert "leaves in 20 s" in again.text
    assert len(room.chat.cards()) == 1
    assert "✓ Léa has answered" in room.card().text
    assert room.card().buttons == ()
    assert len(room.chat.replies()) == 1


async def test_f66_buttons_of_an_old_card_work_after_a_restart(room: Room):
    async with room.listening():
        await room.hear(LATE)
    old = room.card()
    room.open()
    async with room.listening():
        answer = await room.chat.tap(old, "Resolve", LEA)
        await room.look()

    assert "is resolved" in answer.text
    assert "resolved · Léa has resolved it." in room.card().text.replace("*", "")
    assert room.card().buttons == ("Undo",)
    assert len(room.chat.cards()) == 1


async def test_a_resolution_that_is_taken_back_goes_on_on_the_same_card(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Resolve", LEA)
        await room.look()
        await room.chat.tap(room.card(), "Undo", LEA)
        await room.look()

    assert len(room.chat.cards()) == 1
    assert room.card().buttons == ("Send draft", "Edit", "Resolve", "More…")
    assert room.view().status is Status.OPEN
    assert room.view().escalations[0].queue == "customer-service"


async def test_what_a_contact_writes_after_an_answer_gets_a_new_card(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Resolve", LEA)
        await room.look()
        await room.hear("Toujours rien, c'est vraiment inadmissible, remboursez-moi !")

    assert len(room.chat.cards()) == 2
    assert "Toujours rien" in room.card().text


async def test_f32_the_second_sender_is_refused_and_shown_the_first_answer_and_his_draft_is_kept(room: Room):
    async with room.listening():
        await room.hear(LATE)
        card = room.card()
        first = await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        second = await room.chat.tap(card, "Send draft", INES)
        twice = await room.chat.tap(card, "Send draft", INES)
        await room.deliver()

    assert "leaves in 20 s" in first.text
    assert "Léa has answered already: Nous cherchons votre colis." in second.text
    assert "Your draft is kept" in second.text
    assert second.buttons == ("Send all the same",)
    assert twice.text == second.text
    assert room.chat.replies() == ["Nous cherchons votre colis."]


async def test_f32_who_has_a_conversation_in_hand_is_not_overtaken_until_the_claim_runs_out(room: Room):
    async with room.listening():
        await room.hear(LATE)
        taken = await room.chat.ask(LEA, "claim", conversation=1)
        refused = await room.chat.ask(INES, "claim", conversation=1)
        sent = await room.chat.tap(room.card(), "Send draft", INES)
        room.clock.advance(timedelta(minutes=16))
        free = await room.chat.ask(INES, "claim", conversation=1)

    assert "in your hands for 15 minutes" in taken.text
    assert "Léa is at conversation 1" in refused.text
    assert "Léa is at conversation 1" in sent.text
    assert "in your hands" in free.text


async def test_a_draft_is_changed_in_a_form_and_then_sent(room: Room):
    async with room.listening():
        await room.hear(LATE)
        form = await room.chat.tap(room.card(), "Edit", LEA)
        ready = await room.chat.fill(form, "Bonjour Camille, votre colis arrive demain.", LEA)
        await room.look()
        changed = room.card()
        sent = await room.chat.tap(ready, "Send draft", LEA)
        await room.deliver()

    assert form.asks is not None
    assert "Nothing is sent yet" in ready.text
    assert "votre colis arrive demain" in changed.text
    assert "leaves" in sent.text
    assert room.chat.replies() == ["Bonjour Camille, votre colis arrive demain."]


async def test_f86_a_viewer_sees_and_may_not_act_and_a_stranger_gets_nothing_and_both_are_on_record(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        card = room.card()
        seen = await room.chat.ask(OMAR, "inbox")
        resolved = await room.chat.tap(card, "Resolve", OMAR)
        forged = await room.chat.forge(card, "ban:1", OMAR)
        agent = await room.chat.tap(card, "Ban", LEA)
        stranger = await room.chat.ask(CAMILLE, "pause")

    assert "#1" in seen.text.replace("\\", "")
    assert "This takes the role agent; yours is viewer." in resolved.text
    assert "This takes the role moderator; yours is viewer." in forged.text
    assert "This takes the role moderator; yours is agent." in agent.text
    assert "This is for the team of Loriot." in stranger.text
    refused = [(line.actor.name.split()[0], line.facts["what"]) for line in room.audit("team.refused")]
    assert refused == [(OMAR, "resolve"), (OMAR, "ban"), (LEA, "ban"), (CAMILLE, "/pause")]
    assert room.view().status is Status.OPEN


async def test_f67_an_insult_is_blurred_until_asked_for_and_who_asks_is_counted(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        card = room.card()
        shown = await room.chat.tap(card, "Show the text", INES)
        with room.desk.store.read() as books:
            before = books.count_exposures(INES, since=room.clock() - timedelta(days=1))
        for _ in range(19):
            last = await room.chat.tap(card, "Show the text", INES)

    assert "connard" not in card.text
    assert "hidden until you ask" in card.text
    assert "connard" in shown.text
    assert "break" not in shown.text
    assert before == 1
    assert "You have read 20 such texts today. Take a break" in last.text


async def test_an_insult_is_deleted_only_after_it_was_asked_twice_and_its_case_cannot_be_undone(room: Room):
    async with room.listening():
        (said,) = await room.hear(RUDE)
        asked = await room.chat.tap(room.card(), "Delete", INES)
        there = room.chat.still_there(said)
        done = await room.chat.tap(asked, "Yes: message deleted", INES)
        await room.deliver()

    assert "cannot be brought back" in asked.text
    assert "Nothing has been done yet" in asked.text
    assert there
    assert "Case 1: message deleted" in done.text
    assert not room.chat.still_there(said)
    assert "Case 1" in room.card().text


async def test_a_timeout_by_a_tap_tells_the_author_and_is_undone_by_another(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        done = await room.chat.tap(room.card(), "Timeout 1 h", INES)
        await room.deliver()
        undone = await room.chat.tap(room.card(), "Undo case 1", INES)
        await room.deliver()

    assert "Case 1: timeout" in done.text
    assert room.chat.silenced() == [True, False]  # type: ignore[attr-defined]
    assert "Case 1 is undone" in undone.text


async def test_f20_a_label_is_put_right_with_a_tap_and_taken_back_with_another(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        put_right = await room.chat.tap(room.card(), "Not offensive", LEA)
        await room.look()
        with room.desk.store.read() as books:
            rows = books.labels_of(1)
        corrected = room.card()
        again = await room.chat.tap(corrected, "Undo the labels", LEA)
        with room.desk.store.read() as books:
            after = books.labels_of(1)

    assert "labels are now" in put_right.text
    assert "Models do not learn from" in put_right.text
    assert rows is not None
    assert rows.person is not None
    assert Label.OFFENSIVE not in rows.person
    assert "a person said so" in corrected.text
    assert "again those of the model" in again.text
    assert after is not None
    assert after.person is None
    (line,) = room.audit("message.corrected")
    assert line.actor.name == LEA


async def test_a_card_that_somebody_deleted_is_put_up_again(room: Room):
    async with room.listening():
        await room.hear(LATE)
        remove(room, room.card())
        await room.chat.ask(LEA, "claim", conversation=1)
        await room.look()
        await room.look()

    assert len(room.chat.cards()) == 1
    assert "Léa is at it" in room.card().text


def remove(room: Room, card: Seen) -> None:
    if room.chat.name == "discord":
        room.chat.delete(card.raw)  # type: ignore[attr-defined]
    else:
        del room.chat.messages[card.raw["chat"]["id"], card.raw["message_id"]]  # type: ignore[attr-defined]


async def test_a_card_that_could_not_be_changed_is_brought_up_to_date_later(room: Room):
    async with room.listening():
        await room.hear(LATE)
        if room.chat.name == "discord":
            for _ in range(8):
                room.chat.fail_next("PATCH", f"/messages/{room.card().raw['id']}", status=403, code=50001)  # type: ignore[attr-defined]
        else:
            room.chat.fail_next("editMessageText", status=403, says="Forbidden: bot was kicked")  # type: ignore[attr-defined]
        await room.chat.ask(LEA, "claim", conversation=1)
        await room.look()
        stale = room.card().text
        if room.chat.name == "discord":
            room.chat._staged.clear()  # type: ignore[attr-defined]  # it is let again
        room.clock.advance(timedelta(minutes=5))
        await room.look()

    assert "at it" not in stale
    assert len(room.chat.cards()) == 1
