"""Nothing leaves against a check, nothing is said twice, nothing is lost: whatever happens, in whatever order.

A channel and a help desk lose answers, refuse, or take the process down with them, before they have done what was
asked or after; people and contacts act meanwhile, also between two things that were claimed together. What reached the
outside is compared with a model that knows nothing of the store but what was done to it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.store import SqlBooks, SqlStore
from data.tables import outbox, ticket
from inbox import changes, pipeline, replies, switches, work
from inbox.abilities import Abilities, Bucket
from inbox.audit import verify
from inbox.brand import Brand
from inbox.corrections import correct
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.errors import InboxError, SendFailed
from inbox.model import Actor, IncomingMessage, Standing, StoredMessage
from inbox.outgoing import OutboxKind, Outgoing
from inbox.people import Role
from inbox.ports import HelpDesk
from inbox.rates import RateLimiter
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Ticket
from inbox.views import ConversationView, SendState
from routing.responses import load_responses
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.test_clock_rules import Judge
from tests.inbox.builders import ALWAYS_OPEN, NOON

LEA = Actor.person("Léa")
TEXTS = ("praise", "praise", "complaint", "hello")
RULES = """
[[rule]]
name = "praise"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"

[[rule]]
name = "complaint"
when = { label = "complaint" }
then = [{ action = "escalate", queue = "customer-service" }]
"""
DONE, LOST, REFUSED, DIES_AFTER, DIES_BEFORE, DIES_UNCOMMITTED, DIES_COMMITTED = FATES = (
    "done",
    "lost",
    "refused",
    "dies after",
    "dies before",
    "dies uncommitted",
    "dies committed",
)
ON_ITS_WAY = {SendState.WAITING.value, SendState.SENDING.value}
_numbers = count(1)


class Died(BaseException):
    """The process is gone: nothing of ours can catch it."""


class Dying:
    """A store whose process dies over one of its transactions, before or after it is committed."""

    def __init__(self, store: SqlStore, *, at: int, committed: bool) -> None:
        self._store, self._left, self._committed = store, at, committed

    @contextmanager
    def begin(self) -> Iterator[SqlBooks]:
        self._left -= 1
        if self._left:
            with self._store.begin() as books:
                yield books
            return
        with self._store.begin() as books:
            yield books
            if not self._committed:
                raise Died
        raise Died

    def read(self) -> Any:
        return self._store.read()


@dataclass
class Outside:
    """A channel and a help desk that know keys; `fate` is what becomes of what they are asked next."""

    fate: str = DONE
    effects: Counter[str] = field(default_factory=Counter)
    meanwhile: Callable[[], object] | None = None
    watch: Callable[[Outgoing], None] | None = None
    name: str = "telegram"
    abilities: Abilities = field(default_factory=lambda: Abilities(acts=frozenset({OutboxKind.REPLY})))

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        del outgoing
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        if self.watch is not None and self.fate not in {DIES_BEFORE, REFUSED}:
            self.watch(outgoing)
        return self._take(outgoing.key).external_id

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        return f"at {outgoing.key}" if self.effects[outgoing.key] else None

    async def open_ticket(self, ticket: Ticket) -> Opened:
        return self._take(ticket.key)

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        return Opened(f"at {ticket.key}") if self.effects[ticket.key] else None

    async def add(self, addition: Addition) -> Opened:
        return self._take(addition.key)

    async def find_added(self, addition: Addition) -> Opened | None:
        return Opened(f"at {addition.key}") if self.effects[addition.key] else None

    def _take(self, key: str) -> Opened:
        fate, self.fate = self.fate, DONE
        if fate == DIES_BEFORE:
            raise Died
        if fate == REFUSED:
            raise SendFailed(Sentence("Not now."), permanent=False)
        self.effects[key] += 1
        if fate == DIES_AFTER:
            raise Died
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        if fate == LOST:
            raise SendFailed(Sentence("No answer came."), permanent=False, outcome_unknown=True)
        return Opened(f"at {key}")


@dataclass
class World:
    """A contact in two threads, the team, and what a model knows of all that was done."""

    desk: Desk
    clock: AClock
    store: SqlStore
    outside: Outside
    author: str
    said: list[IncomingMessage] = field(default_factory=list)
    paused: bool = False
    gone: set[int] = field(default_factory=set)
    versions: Counter[int] = field(default_factory=Counter)
    denied: set[int] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def look(self, outgoing: Outgoing) -> None:
        """Say what is wrong with a reply of a rule that reaches the channel now."""
        kind, *rest = outgoing.key.split(":")
        if kind != "reply" or rest[0] == "draft":
            return
        message = int(rest[0])
        wrong = {
            "paused": self.paused,
            "deleted": message in self.gone,
            "edited": int(rest[1]) != 1 + self.versions[message],
            "denied": message in self.denied,
            "answered": message in self.answered,
        }
        self.broken += [f"{outgoing.key} left though it was {why}" for why, holds in wrong.items() if holds]

    def stored(self, which: int) -> StoredMessage | None:
        if not self.said:
            return None
        with self.store.read() as books:
            return books.find_message("telegram", self.said[which % len(self.said)].external_id)

    def conversation(self, message: StoredMessage | None) -> ConversationView | None:
        if message is None:
            return None
        with self.store.read() as books:
            return books.conversation(message.conversation_id)

    def act(self, what: str, which: int, text: str) -> None:
        """Have one thing happen; what is not possible now does not."""
        message = self.stored(which)
        view = self.conversation(message)
        acts: dict[str, Callable[[], object]] = {
            "hear": lambda: self._hear(text, which),
            "tell": lambda: self._tell(text, which),
            "again": lambda: self._again(which),
            "triage": lambda: pipeline.triage(self.desk),
            "pause": self._pause,
            "resume": self._resume,
            "shortly": lambda: self.clock.advance(timedelta(seconds=25)),
            "later": lambda: self.clock.advance(timedelta(minutes=5)),
            "earlier": lambda: self.clock.advance(-timedelta(minutes=10)),
        }
        if message is not None and view is not None:
            acts |= {
                "edit": lambda: self._edit(message, text, which),
                "delete": lambda: self._delete(message, which),
                "deny": lambda: self._deny(message),
                "answer here": lambda: self._answer(view),
                "answer there": lambda: self._answer_there(view, message, which),
                "undo": lambda: self._undo(view),
                "resolve": lambda: work.resolve(self.desk, view.id, by=LEA),
                "escalate": lambda: work.escalate(self.desk, view.id, by=LEA, queue="customer-service"),
            }
        with suppress(InboxError):
            acts.get(what, lambda: None)()

    def _hear(self, text: str, which: int) -> None:
        made = replace(
            a_message(text, author=self.author, thread=f"{self.author}-{which % 2}", sent_at=self.clock()),
            external_id=f"delivering-{next(_numbers)}",
        )
        pipeline.receive(self.desk.store, [made], clock=self.clock)
        self.said.append(made)

    def _tell(self, text: str, which: int) -> None:
        self._hear(text, which)
        pipeline.triage(self.desk)

    def _again(self, which: int) -> None:
        if self.said:
            pipeline.receive(self.desk.store, [self.said[which % len(self.said)]], clock=self.clock)

    def _pause(self) -> None:
        switches.pause(self.desk.store, by=LEA, clock=self.clock)
        self.paused = True

    def _resume(self) -> None:
        switches.resume(self.desk.store, held={}, by=LEA, clock=self.clock)
        self.paused = False

    def _edit(self, message: StoredMessage, text: str, which: int) -> None:
        if changes.receive_edit(
            self.desk.store,
            "telegram",
            self.said[which % len(self.said)].external_id,
            text=text,
            edited_at=self.clock(),
            clock=self.clock,
        ):
            self.versions[message.id] += 1

    def _delete(self, message: StoredMessage, which: int) -> None:
        ids = [self.said[which % len(self.said)].external_id]
        changes.receive_deletion(
            self.desk.store, "telegram", ids, deleted_at=self.clock(), keep_text=False, clock=self.clock
        )
        self.gone.add(message.id)

    def _deny(self, message: StoredMessage) -> None:
        correct(self.desk, message.id, after=[], by=LEA)
        self.denied.add(message.id)

    def _answer(self, view: ConversationView) -> None:
        draft = write_draft(self.desk, view.id, text=f"Nous regardons cela ({next(_numbers)}).", by=LEA)
        replies.send_draft(self.desk, draft.id, by=LEA)

    def _answer_there(self, view: ConversationView, message: StoredMessage, which: int) -> None:
        said = self.said[which % len(self.said)]
        ours = replace(
            a_message("Nous regardons.", author="team", thread=said.thread, sent_at=self.clock()),
            external_id=f"delivering-{next(_numbers)}",
            standing=Standing.STAFF,
            parent=said.external_id,
        )
        pipeline.receive(self.desk.store, [ours], clock=self.clock)
        after = self.conversation(message)
        if after is not None and len(after.messages) > len(view.messages):
            self.answered |= {one.id for one in after.messages if not one.is_ours}

    def _undo(self, view: ConversationView) -> None:
        waiting = [send for send in view.sends if send.state is SendState.WAITING]
        if waiting:
            replies.undo_send(self.desk, waiting[-1].id, by=LEA)

    def deliver(self, fate: str = DONE, meanwhile: Callable[[], object] | None = None, at: int = 1) -> None:
        """Do what is due, with what becomes of it, and what happens once the first of it is done."""
        desk = self.desk
        if fate in {DIES_COMMITTED, DIES_UNCOMMITTED}:
            desk = replace(desk, store=Dying(self.store, at=at, committed=fate == DIES_COMMITTED))
        self.outside.fate = fate if desk is self.desk else DONE
        self.outside.meanwhile = meanwhile
        with suppress(Died):
            asyncio.run(pipeline.deliver(desk, {"telegram": self.outside}, RateLimiter()))
        self.outside.fate, self.outside.meanwhile = DONE, None

    def rows(self) -> list[tuple[Any, str]]:
        """What the store says of each thing to do outside in the contact's conversations, and what it goes by there."""
        views = {view.id for n in range(len(self.said)) if (view := self.conversation(self.stored(n))) is not None}
        followed = ticket.alias("followed")
        wanted = (
            select(outbox, ticket.c.key.label("opened"), followed.c.key.label("followed"))
            .outerjoin(ticket, ticket.c.outbox_id == outbox.c.id)
            .outerjoin(followed, followed.c.id == outbox.c.ticket_id)
            .where(outbox.c.conversation_id.in_(views))
        )
        with self.store.read() as books:
            rows = books.connection.execute(wanted).all()
        return [(row, _goes_by(row)) for row in rows]

    def end(self) -> None:
        """Let everything that can still be done be done."""
        self._resume()
        for _ in range(40):
            while pipeline.triage(self.desk):
                pass
            self.clock.advance(timedelta(hours=1))
            self.deliver()
            if not any(row.state in ON_ITS_WAY for row, _ in self.rows()):
                return


def _goes_by(row: Any) -> str:
    if row.kind == OutboxKind.TICKET.value:
        return str(row.opened)
    if row.kind == OutboxKind.ADDITION.value:
        return f"{row.followed}-{row.message_id}"
    return str(row.idempotency_key)


EVENTS = (
    "hear",
    "tell",
    "tell",
    "again",
    "triage",
    "triage",
    "edit",
    "delete",
    "deny",
    "answer here",
    "answer there",
    "undo",
    "resolve",
    "escalate",
    "pause",
    "resume",
    "shortly",
    "shortly",
    "later",
    "earlier",
    "deliver",
    "deliver",
    "deliver",
)
happenings = st.tuples(
    st.sampled_from(EVENTS), st.integers(0, 3), st.sampled_from(TEXTS), st.sampled_from(FATES), st.integers(1, 4)
)
"""What happens, to which of what there is, with which words; for a delivery what becomes of it, and at which step."""

_starts = count()


def a_world(store: SqlStore) -> World:
    """A contact whom nobody has met, long after whatever happened before."""
    clock = AClock(NOON + timedelta(days=30) * next(_starts))
    outside = Outside()
    brand = Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {"fr": "notre service client"}})
    desk = Desk(
        brand,
        store,
        Judge(),
        read_rule_book(RULES, responses=load_responses()),
        1,
        load_responses(),
        clock,
        hold=timedelta(seconds=20),
        abilities={"telegram": outside.abilities},
        help_desks=cast("Mapping[str, HelpDesk]", {"support": outside}),
        tickets_to={"customer-service": "support"},
        replies_an_hour=1_000,
        replies_a_brand=1_000,
    )
    with store.begin() as books:
        if not books.moderators():
            books.meet("Léa", role=Role.AGENT, now=NOON)
    world = World(desk, clock, store, outside, f"author-{next(_numbers)}")
    outside.watch = world.look
    return world


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happens=st.lists(happenings, min_size=4, max_size=20))
def test_nothing_leaves_against_a_check_nothing_twice_and_nothing_is_lost(
    store: SqlStore, happens: list[tuple[str, int, str, str, int]]
):
    world = a_world(store)
    world.act("tell", 0, "praise")
    world.act("tell", 1, "complaint")
    for number, (what, which, text, fate, at) in enumerate(happens):
        if what == "deliver":
            world.clock.advance(timedelta(seconds=25))
            then = happens[(number + 1) % len(happens)]
            world.deliver(fate, lambda then=then: world.act(then[0], then[1], then[2]), at)  # type: ignore[misc]  # bound at once
        else:
            world.act(what, which, text)
        assert world.broken == []
    world.end()

    assert world.broken == []
    for row, key in world.rows():
        done = world.outside.effects[key]
        assert done <= 1, row
        match SendState(row.state):
            case SendState.SENT:
                assert done == 1, row
            case SendState.REFUSED | SendState.CANCELLED | SendState.FAILED:
                assert done == 0 or row.perhaps_sent, row
            case SendState.WAITING | SendState.SENDING:
                raise AssertionError(row)
    with store.begin() as books:
        books.seal_audit()
    with store.read() as books:
        assert verify(books.read_audit()).holds
