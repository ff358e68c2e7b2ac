"""A brand whose rules send by themselves, over a real store, with a channel that can be made to refuse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from data.store import SqlStore
from inbox import pipeline
from inbox.abilities import Abilities, Bucket
from inbox.brand import Brand
from inbox.breaker import Breaker
from inbox.desk import Desk
from inbox.errors import SendFailed
from inbox.model import Actor, IncomingMessage, Kind, Label, Prediction, Visibility
from inbox.outgoing import OutboxKind, Outgoing
from inbox.ports import Channel
from inbox.rates import RateLimiter
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.sentences import Sentence
from inbox.views import ConversationView, QueueFilter, SendState, SendView
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

HOLD = timedelta(seconds=20)
SECOND = timedelta(seconds=1)
INES = Actor.person("Ines")
RULES = """
[[rule]]
name = "thank at once"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"

[[rule]]
name = "answer a lead"
when = { label = "sales_lead" }
then = [{ action = "reply", response = "prices" }]
mode = "live"
"""
WORDINGS = (
    'Merci {{contact.first_name|default:"à vous"}}, toute l’équipe lit votre message avec plaisir.',
    "Quel plaisir de vous lire ! Nous transmettons à l’atelier, qui en sera fier.",
    "Un grand merci : c’est pour des retours comme celui-ci que nous faisons ce métier.",
)
PRICES = "Tous nos tarifs sont sur notre site, et nous vous répondons ici si besoin."


class Labeller:
    """Takes a text at its first word: a classifier that nobody has to guess at."""

    version = "first-word"

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        del hints, explain
        return [a_prediction(*[label for label in Label if text.startswith(label.value)]) for text in texts]


class Outside:
    """A channel that keeps what it is told, by key, and refuses what it is asked to refuse."""

    def __init__(self, abilities: Abilities, *, name: str = "telegram") -> None:
        self.name = name
        self.abilities = abilities
        self.said: dict[str, Outgoing] = {}
        self.asked = 0
        self.refusals: list[SendFailed] = []
        self.is_down = False
        self.answers_lost = 0

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.said.values()]

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        del outgoing
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        self.asked += 1
        if self.is_down:
            raise SendFailed(Sentence("No answer."), permanent=False)
        if self.refusals:
            raise self.refusals.pop(0)
        assert outgoing.key not in self.said
        self.said[outgoing.key] = outgoing
        if self.answers_lost:
            self.answers_lost -= 1
            raise SendFailed(Sentence("No answer came."), permanent=False, outcome_unknown=True)
        return f"out-{len(self.said)}"

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        return f"found-{outgoing.key}" if outgoing.key in self.said else None


class Floor:
    """One brand at work."""

    def __init__(self, store: SqlStore, **more: Any) -> None:
        self.store = store
        self.clock = AClock()
        self.outside = Outside(more.pop("channel_abilities", Abilities(acts=frozenset(OutboxKind))))
        self.channel: Channel = self.outside
        self.breaker = Breaker()
        self.limiter = RateLimiter()
        wordings: Sequence[str] = more.pop("wordings", WORDINGS)
        thanks = CannedResponse(
            "thanks", Polarity.THANKS, tuple(Variant("fr", text) for text in wordings), {"fr": "Merci"}
        )
        prices = CannedResponse("prices", Polarity.NEUTRAL, (Variant("fr", PRICES),), {"fr": "Tarifs"})
        self.desk = Desk(
            Brand("Loriot", ALWAYS_OPEN),
            store,
            Labeller(),
            read_rule_book(RULES),
            1,
            {"thanks": thanks, "prices": prices},
            self.clock,
            hold=HOLD,
            abilities={"telegram": self.outside.abilities},
            **more,
        )

    def hear(self, *said: IncomingMessage) -> None:
        """Contacts write, and it is triaged in one batch."""
        pipeline.receive(self.store, said, clock=self.clock)
        pipeline.triage(self.desk)

    async def later(self, after: timedelta = HOLD, *, desk: Desk | None = None) -> None:
        """Time passes, and all that is due then is dealt with."""
        self.clock.advance(after)
        channels = {"telegram": self.channel}
        while await pipeline.deliver(desk or self.desk, channels, self.limiter, self.breaker):
            pass

    def settled(self, **more: Any) -> Desk:
        """The same desk with other settings: what a restart takes up."""
        return replace(self.desk, **more)

    def conversation(self, contact: str) -> ConversationView:
        return next(view for view in self.conversations() if view.contact == contact)

    def conversations(self) -> list[ConversationView]:
        with self.store.read() as books:
            found = [books.conversation(item.conversation_id) for item in books.queue(QueueFilter(limit=500))]
        return sorted((view for view in found if view is not None), key=lambda view: view.id)

    def sends(self, state: SendState) -> list[SendView]:
        with self.store.read() as books:
            return books.list_sends(state=state, limit=500)[::-1]

    def audit(self, what: str) -> list[Mapping[str, Any]]:
        with self.store.begin() as books:
            books.seal_audit()
        with self.store.read() as books:
            return [sealed.line.facts for sealed in books.read_audit() if sealed.line.what == what]


def praise(number: int = 1, **changes: Any) -> IncomingMessage:
    """A contact of its own praises the brand under a post."""
    said: dict[str, Any] = {
        "text": f"praise, c'est la fois {number}",
        "author": f"contact-{number}",
        "author_name": f"Camille Roy{'abcdefghij'[number % 10]}",
        "thread": "post-1",
        "sent_at": NOON,
    }
    return a_message(**(said | changes))


def private(number: int = 1, **changes: Any) -> IncomingMessage:
    """A contact of its own writes to the brand alone."""
    alone = {"kind": Kind.DM, "visibility": Visibility.PRIVATE, "thread": f"dm-{number}"}
    return praise(number, **(alone | changes))
