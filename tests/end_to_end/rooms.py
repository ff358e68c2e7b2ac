"""A brand whose team sits in a chat, worked by hand: nothing happens unless a test asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.brands import Brands
from app.gateway import Gateway
from app.words import tell_in
from bot.board import HasBoards
from bot.commands.calling import Tools
from bot.commands.counter import Counter
from bot.commands.keeper import Keeper
from classifiers.model import load_model
from data.store import SqlStore
from inbox import pipeline
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.hours import OpeningHours
from inbox.rates import RateLimiter
from inbox.views import ChannelState, ConversationView, QueueFilter
from routing.responses import load_responses
from routing.rulebook import STARTER, read_rule_book
from tests.builders import AClock
from tests.end_to_end.chats import Chat, Seen
from tests.end_to_end.worlds import CONTACT

LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard, t'es qu'une merde"
PATIENCE_S = 20
SECOND = timedelta(seconds=1)
PICTURE = bytes.fromhex("89504e470d0a1a0a") + b"a picture"
TEAMS = {"customer-service": {"fr": "notre service client"}, "sales": {"fr": "notre équipe commerciale"}}


class Room:
    """The brand, its team and its chat."""

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

    def follow(self, rules: str) -> None:
        """Another rule book from now on."""
        object.__setattr__(self.desk, "rules", read_rule_book(rules))

    def open(self) -> None:
        """Connect, as a program that starts does: it remembers nothing but what is stored."""
        self.counter = Counter(lambda *_: self.desk, tell=tell_in, tools=Tools(draw_stats=lambda *_: PICTURE))
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

    async def hear(self, *texts: str, author: int = CONTACT) -> list[Any]:
        """Contacts write, and all of it is kept, labelled and put up."""
        before = self._messages()
        said = [self.chat.say(text) if author == CONTACT else self.chat.say_as(author, text) for text in texts]
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
            self.chat.now = self.clock()  # type: ignore[attr-defined]  # as above
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
