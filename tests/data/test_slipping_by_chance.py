"""No complaint without an owner and a clock: whatever happens, in whatever order, somebody has it in the end.

What is checked goes by the messages themselves, and not by what conversations note of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from data.store import SqlBooks, SqlStore
from data.tables import correction, message, prediction
from inbox import changes, pipeline, replies, switches, team, work
from inbox.brand import Brand
from inbox.clocks import watch
from inbox.corrections import correct, take_back
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.errors import InboxError
from inbox.model import Actor, IncomingMessage, Label, Status
from inbox.people import Role
from inbox.views import ConversationView, SendState
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message
from tests.data.test_clock_rules import Judge
from tests.inbox.builders import ALWAYS_OPEN, NOON

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LEA = Actor.person("Léa")
TEXTS = ("complaint", "praise", "hello", "complaint and praise")
RULES = '[[rule]]\nname = "half"\nwhen = { all = [{ label = "complaint" }, { label = "praise" }] }\n' + (
    'then = [{ action = "escalate", queue = "customer-service" }]\n'
)
_numbers = count(1)
_ON_ITS_WAY = {SendState.WAITING, SendState.SENDING}


class Crash(Exception):
    """The process dies before it commits."""


class Crashing:
    """A store that does all that is asked of it, and loses it."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    @contextmanager
    def begin(self) -> Iterator[SqlBooks]:
        with self._store.begin() as books:
            yield books
            raise Crash

    def read(self) -> Any:
        return self._store.read()


@dataclass
class World:
    """A contact in two groups, and what has been said there."""

    desk: Desk
    clock: AClock
    store: SqlStore
    author: str
    groups: tuple[str, str]
    said: list[IncomingMessage] = field(default_factory=list)

    def hear(self, desk: Desk, text: str, group: int) -> None:
        place = self.groups[group]
        made = replace(
            a_message(text, thread=place, author=self.author, sent_at=self.clock()),
            place=place,
            external_id=f"chance-{next(_numbers)}",
        )
        pipeline.receive(desk.store, [made], clock=self.clock)
        self.said.append(made)

    def views(self) -> list[ConversationView]:
        with self.store.read() as books:
            found = [books.find_message("telegram", one.external_id) for one in self.said]
            places = sorted({one.conversation_id for one in found if one is not None})
            views = [books.conversation(place) for place in places]
        return [view for view in views if view is not None]

    def act(self, desk: Desk, what: str, which: int, text: str) -> None:
        """Have one thing happen; what is not possible now does not."""
        views = self.views()
        place = views[which % len(views)].id if views else 0
        said = self.said[which % len(self.said)] if self.said else None
        stored = None
        if said is not None:
            with self.store.read() as books:
                stored = books.find_message("telegram", said.external_id)
        acts: dict[str, Callable[[], object]] = {
            "hear": lambda: self.hear(desk, text, which % 2),
            "triage": lambda: pipeline.triage(desk),
            "resolve": lambda: work.resolve(desk, place, by=LEA),
            "reopen": lambda: work.reopen(desk, place, by=LEA),
            "snooze": lambda: work.snooze(desk, place, until=self.clock() + 2 * HOUR, by=LEA),
            "assign": lambda: work.assign(desk, place, to="Léa", by=LEA),
            "claim": lambda: work.claim(desk, place, by=LEA),
            "release": lambda: work.release(desk, place, by=LEA),
            "go away": lambda: team.go_away(desk, "Léa", deputy=None, by=LEA),
            "come back": lambda: team.come_back(desk, "Léa", by=LEA),
            "pause": lambda: switches.pause(desk.store, by=LEA, clock=self.clock),
            "resume": lambda: switches.resume(desk.store, held={}, by=LEA, clock=self.clock),
            "merge": lambda: self._merge(desk),
            "watch": lambda: watch(desk),
            "wake": lambda: work.wake(desk),
            "answer": lambda: self._answer(desk, place),
            "later": lambda: self.clock.advance(20 * MINUTE),
            "earlier": lambda: self.clock.advance(-3 * HOUR),
        }
        if said is not None and stored is not None:
            acts |= {
                "edit": lambda: changes.receive_edit(
                    desk.store, "telegram", said.external_id, text=text, edited_at=self.clock(), clock=self.clock
                ),
                "delete": lambda: changes.receive_deletion(
                    desk.store,
                    "telegram",
                    [said.external_id],
                    deleted_at=self.clock(),
                    keep_text=False,
                    clock=self.clock,
                ),
                "correct": lambda: correct(
                    desk, stored.id, after=[Label.COMPLAINT] if "complaint" in text else [], by=LEA
                ),
                "take back": lambda: take_back(desk, stored.id, by=LEA),
            }
        with suppress(InboxError):
            acts.get(what, lambda: None)()

    def _merge(self, desk: Desk) -> None:
        with desk.store.begin() as books:
            books.move_place("telegram", *self.groups)

    def _answer(self, desk: Desk, place: int) -> None:
        draft = write_draft(desk, place, text="Nous cherchons.", by=LEA)
        replies.send_draft(desk, draft.id, by=LEA)

    def complaints(self, place: int) -> list[int]:
        """The messages that complain, as the model or a person has it, and that nobody has dealt with."""
        wanted = (
            select(message.c.id, prediction.c.labels, correction.c.after)
            .join(prediction, (prediction.c.message_id == message.c.id) & prediction.c.replaced_at.is_(None))
            .outerjoin(
                correction,
                (correction.c.message_id == message.c.id)
                & correction.c.replaced_at.is_(None)
                & (correction.c.message_version == message.c.version),
            )
            .where(
                message.c.conversation_id == place,
                message.c.is_ours.is_(False),
                message.c.deleted_at.is_(None),
                message.c.dealt_at.is_(None),
            )
        )
        with self.store.read() as books:
            rows = books.connection.execute(wanted).all()
        return [row[0] for row in rows if Label.COMPLAINT.value in (row[1] if row[2] is None else row[2])]

    def owner(self, view: ConversationView) -> str | None:
        """Who has a conversation, or when it comes back."""
        now = self.clock()
        if view.escalation is not None:
            return view.escalation.queue
        if view.status is Status.SNOOZED and view.snooze_until is not None and view.snooze_until > now:
            return "later"
        with self.store.read() as books:
            away = {one.name for one in books.moderators() if one.absent_since is not None}
            if view.assignee is not None and view.assignee not in away:
                return view.assignee
        answers = [one.actor.name for one in view.sends if one.actor.is_person and one.state in _ON_ITS_WAY]
        return view.held_by(now) or next(iter(answers), None)


EVENTS = (
    "hear",
    "triage",
    "edit",
    "delete",
    "correct",
    "take back",
    "resolve",
    "reopen",
    "snooze",
    "assign",
    "claim",
    "release",
    "go away",
    "come back",
    "pause",
    "resume",
    "merge",
    "watch",
    "wake",
    "answer",
    "later",
    "earlier",
)
events = st.tuples(st.sampled_from(EVENTS), st.integers(0, 3), st.sampled_from(TEXTS), st.integers(0, 9))
"""What happens, to which of what there is, with which words; with the last at 0 the process dies over it at first."""


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happens=st.lists(events, min_size=3, max_size=16))
def test_no_complaint_slips_whatever_happens_in_whatever_order(
    store: SqlStore, happens: list[tuple[str, int, str, int]]
):
    clock, number = AClock(NOON), next(_numbers)
    brand = Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {}})
    desk = Desk(brand, store, Judge(), read_rule_book(RULES), 1, {}, clock)
    dying = replace(desk, store=Crashing(store))
    with store.begin() as books:
        if not books.moderators():
            books.meet("Léa", role=Role.AGENT, now=NOON)
    world = World(desk, clock, store, f"author-{number}", (f"-{number}", f"-100{number}"))
    world.hear(desk, "complaint", 0)
    for what, which, text, fate in happens:
        if fate == 0:
            with suppress(Crash):
                world.act(dying, what, which, text)
        world.act(desk, what, which, text)
    clock.now = NOON + timedelta(days=2)
    while pipeline.triage(desk):
        pass
    for _ in range(2):
        watch(desk)
        work.wake(desk)
        clock.advance(20 * MINUTE)
    watch(desk)

    for view in world.views():
        if world.complaints(view.id):
            assert world.owner(view) is not None, (view.status, happens)
            assert view.status is not Status.RESOLVED
