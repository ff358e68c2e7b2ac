"""One brand whose customer service works in a help desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from classifiers.model import StarterModel, load_model
from data.store import SqlStore
from inbox import pipeline
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.following import follow
from inbox.hours import OpeningHours
from inbox.model import Actor, IncomingMessage
from inbox.rates import RateLimiter
from inbox.views import ConversationView, DraftView, SendState, TicketView
from routing.responses import load_responses
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message

LATE = "Toujours rien reçu, trois semaines de retard"
LINK = "https://discord.com/channels/1/2/3"
HOLD = timedelta(seconds=20)
HOUR = timedelta(hours=1)
INES = Actor.person("Inès")
ESCALATE = """
[[rule]]
name = "late"
when = { label = "complaint" }
then = [{ action = "escalate", queue = "customer-service", severity = "high" }]
"""
NOTHING = """
[[rule]]
name = "none"
when = { words = ["rien de tel"] }
then = [{ action = "tag", tag = "x" }]
"""
TELL = """
[[rule]]
name = "late"
when = { label = "complaint" }
then = [
  { action = "escalate", queue = "customer-service", severity = "high" },
  { action = "reply", response = "handed-over" },
]
mode = "live"
"""


class Room:
    """One brand whose customer service works in a help desk."""

    def __init__(self, store: SqlStore, world: Any, rules: str = ESCALATE) -> None:
        # What agents can do differs: those that cannot be asked have none.
        self.world = world
        self.help_desk = world.desk()
        self.clock = AClock()
        self.limiter = RateLimiter()
        brand = Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")), teams=TEAMS)
        self.desk = Desk(
            brand,
            store,
            the_model(),
            read_rule_book(rules),
            1,
            load_responses(),
            self.clock,
            hold=HOLD,
            help_desks={"support": self.help_desk},
            tickets_to={"customer-service": "support"},
        )

    def follow(self, rules: str) -> None:
        self.desk = replace(self.desk, rules=read_rule_book(rules))

    def hear(self, *said: IncomingMessage) -> None:
        pipeline.receive(self.desk.store, said or [late()], clock=self.clock)
        pipeline.triage(self.desk)

    async def later(self, after: timedelta = HOLD) -> None:
        self.clock.advance(after)
        while await pipeline.deliver(self.desk, {}, self.limiter):
            pass

    async def ask(self, after: timedelta = HOUR) -> int:
        """Have the help desk asked how its tickets stand."""
        self.clock.advance(after)
        return await follow(self.desk, self.limiter)

    def ticket(self, number: int = 1) -> TicketView:
        """The ticket of the latest escalation."""
        found = self.view(number).escalations[-1].ticket
        assert found is not None
        return found

    def offers(self, number: int = 1) -> Sequence[DraftView]:
        """What help desks have answered."""
        return [draft for draft in self.view(number).drafts if draft.desk is not None]

    def view(self, number: int = 1) -> ConversationView:
        with self.desk.store.read() as books:
            view = books.conversation(number)
        assert view is not None
        return view

    def states(self) -> list[tuple[str, SendState]]:
        return [(send.kind, send.state) for send in self.view().sends]


TEAMS = {"customer-service": {"fr": "notre service client", "en": "our customer service team"}}


def late(text: str = LATE, **more: Any) -> IncomingMessage:
    return replace(a_message(text, channel="discord", **more), permalink=LINK)


@cache
def the_model() -> StarterModel:
    """The model that ships, loaded once."""
    return load_model()
