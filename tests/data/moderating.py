"""A group that is moderated: a desk over a store, with channels that can do much or little, and who is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from data.store import SqlStore
from inbox.abilities import Abilities
from inbox.brand import Brand
from inbox.cases import CaseAct, CaseView, Order
from inbox.desk import Desk
from inbox.model import Actor, IncomingMessage, Label, Prediction, Standing
from inbox.moderation import find_case, moderate
from inbox.outgoing import OutboxKind
from inbox.policy import Policy
from inbox.sentences import Sentence
from inbox.views import SendState, SendView
from tests.builders import AClock, a_message, an_outcome
from tests.data.steps import LEASE, take_in, triage
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

INES, TOM = Actor.person("Ines"), Actor.person("Tom")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HOLD = timedelta(seconds=20)
INSULT = "Vous êtes tous des idiots !"

HIDES = Abilities(acts=frozenset(OutboxKind), private_thread=lambda contact: f"dm/{contact}")
"""A channel that can do everything."""

DELETES = Abilities(
    acts=frozenset(OutboxKind) - {OutboxKind.HIDE, OutboxKind.UNHIDE, OutboxKind.SLOW_MODE},
    longest_timeout=timedelta(days=28),
    deletes_within=timedelta(hours=48),
    private_thread=lambda contact: f"dm/{contact}",
    ends_bans=True,
    longest_ban=timedelta(days=365),
)
"""A channel that cannot hide, deletes what is young, and ends bans by itself."""


class Group:
    """A desk, its clock, and people who write in a group."""

    def __init__(self, store: SqlStore, *, policy: Policy | None = None) -> None:
        self.store = store
        self.clock = AClock(NOON)
        self.desk = Desk(
            brand=Brand("Loriot", ALWAYS_OPEN),
            store=store,
            classifier=None,  # type: ignore[arg-type]  # nothing is classified here
            rules=None,  # type: ignore[arg-type]  # nor decided by rules
            rule_book_version=1,
            responses={},
            clock=self.clock,
            hold=HOLD,
            abilities={"forum": HIDES, "telegram": DELETES},
            policy=policy or Policy(appeal_url="https://loriot.example/appeals"),
            tell=_tagged,
        )

    def say(
        self,
        text: str = INSULT,
        *,
        channel: str = "telegram",
        author: str = "camille",
        place: str | None = "group-1",
        standing: Standing = Standing.MEMBER,
        labels: Sequence[Label] = (Label.OFFENSIVE,),
        prediction: Prediction | None = None,
    ) -> int:
        """Have somebody write in the group; the number of the message."""
        return self.hear(
            replace(
                a_message(text, channel=channel, author=author, author_name=author.title(), sent_at=self.clock()),
                place=place,
                standing=standing,
            ),
            prediction=prediction or a_prediction(*labels),
        )

    def hear(self, said: IncomingMessage, *, prediction: Prediction | None = None) -> int:
        (message_id,) = take_in(self.store, said, now=self.clock())
        triage(self.store, lambda message: an_outcome(message, prediction), now=self.clock())
        assert message_id is not None
        return message_id

    def act(
        self,
        act: CaseAct,
        message_id: int,
        *,
        by: Actor = INES,
        reason: str = "Insults",
        duration: timedelta | None = None,
        rule: str | None = None,
        points: int = 1,
        silent: bool = False,
    ) -> CaseView:
        order = Order(act, message_id, reason, duration=duration, rule=rule, points=points, silent=silent)
        return moderate(self.desk, order, by=by)

    def warn(self, message_id: int | None = None, *, points: int = 1, by: Actor = INES) -> CaseView:
        return self.act(CaseAct.WARN, self.say() if message_id is None else message_id, points=points, by=by)

    def case(self, number: int) -> CaseView:
        return find_case(self.desk, number)

    def deliver(self) -> list[SendView]:
        """Let everything leave that is due, as a worker does when the channel agrees; what has left, in order."""
        left: list[SendView] = []
        while True:
            with self.store.begin() as books:
                due = books.claim_due(now=self.clock(), limit=10, lease=LEASE, paused=False)
                for send_id in due:
                    books.mark_sent(send_id, external_id=f"out-{send_id}", now=self.clock())
                    found = books.send(send_id)
                    assert found is not None
                    left.append(found)
            if not due:
                return left

    def fail(self, send_id: int, error: Sentence) -> None:
        """Have the channel refuse for good what is due."""
        with self.store.begin() as books:
            books.claim_due(now=self.clock(), limit=10, lease=LEASE, paused=False)
            books.mark_failed(send_id, error=error, again_at=None, now=self.clock())


def kinds(sends: Sequence[SendView], state: SendState | None = None) -> list[str]:
    return [str(send.kind) for send in sends if state is None or send.state is state]


def _tagged(sentence: Sentence, lang: str | None = None) -> str:
    """The sentence with the language that it was asked for in, so that a test can see it."""
    return f"[{lang}] {sentence}"
