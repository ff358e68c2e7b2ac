"""What the team of the demo does with the sample week: real acts, each at its moment, by the functions people use."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.channels.simulated import SimulatedChannel
from inbox import appeals, changes, clocks, contactwork, corrections, crisis, leadwork, moderation, pipeline, work
from inbox.cases import CaseAct, Order
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.errors import InboxError, NotFound
from inbox.events import Appealed
from inbox.leads import LeadStatus
from inbox.model import Actor, IncomingMessage, Label
from inbox.people import Role
from inbox.rates import RateLimiter
from inbox.replies import send_draft
from inbox.sentences import Sentence
from inbox.suggesting import suggest
from inbox.team import add_member
from inbox.views import ConversationView

ACTS = Path(__file__).parent / "acts.jsonl"
TEAM: Mapping[str, Role] = {
    "Nadège": Role.ADMIN,
    "Solène": Role.MODERATOR,
    "Malo": Role.AGENT,
    "demo": Role.ADMIN,
}
"""Who works at the brand of the demo; `demo` is whoever opens its page."""

_EVERY, _LATELY = timedelta(hours=3), timedelta(hours=5)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does at a moment about messages, by the channel's ids of them; `row` is all of it."""

    at: datetime
    by: str
    do: str
    about: tuple[str, ...]
    row: Mapping[str, Any]

    @property
    def words(self) -> str:
        """What is said in it."""
        return str(self.row.get("words", ""))


@dataclass(frozen=True, slots=True)
class Missed:
    """An act that could not be done, and why."""

    act: Act
    why: Sentence


def read_acts(moment: Callable[[Mapping[str, Any]], datetime]) -> list[Act]:
    """What the team does, the first thing first; `moment` says when what a row tells of happens."""
    rows = [json.loads(line) for line in ACTS.read_text(encoding="utf-8").splitlines()]
    acts = [Act(moment(row), row["by"], row["do"], _several(row["about"]), row) for row in rows]
    return sorted(acts, key=lambda act: act.at)


def play(
    desk: Desk,
    channels: Mapping[str, SimulatedChannel],
    said: Sequence[IncomingMessage],
    acts: Sequence[Act],
    *,
    until: datetime,
) -> list[Missed]:
    """Let a week go by: messages come in a few at a time, those of today one by one, and the team acts in between.

    A sample that a newer model reads otherwise must not keep anybody from looking at the rest: what cannot be done is
    left out and told.
    """
    for name, role in TEAM.items():
        add_member(_at(desk, said[0].sent_at), name, role=role, by=Actor.person("Nadège"))
    stage = _Stage(channels, {one.external_id: one for one in said})
    waiting, missed = sorted(said, key=lambda one: one.sent_at), list[Missed]()
    lately = (one.sent_at for one in said if one.sent_at > until - _LATELY)
    for now in sorted({*(act.at for act in acts), *lately, *_marks(said[0].sent_at, until)}):
        here = _at(desk, now)
        come = [one for one in waiting if one.sent_at <= now]
        if come:
            waiting = waiting[len(come) :]
            pipeline.receive(here.store, come, clock=here.clock)
            while pipeline.triage(here):
                pass
        for act in (one for one in acts if one.at == now):
            missed += stage.perform(here, act)
        clocks.watch(here)
    _deliver(_at(desk, until), channels)
    return missed


class _Stage:
    """Where acts are done: what was said, by its id on its channel."""

    def __init__(self, channels: Mapping[str, SimulatedChannel], said: Mapping[str, IncomingMessage]) -> None:
        self._channels, self._said = channels, said

    def perform(self, desk: Desk, act: Act) -> list[Missed]:
        """Do something about each message it names, and let leave what was sent before it."""
        missed = []
        _deliver(desk, self._channels)
        for name in act.about:
            try:
                _DO[act.do](desk, _Scene(act, self._said[name], *self._find(desk, name)))
            except InboxError as error:
                missed.append(Missed(act, error.sentence))
        if "fails" in act.row:
            channel = self._channels[self._said[act.about[0]].channel]
            channel.refusal = Sentence("Telegram refuses this: {why}", why=act.row["fails"])
            _deliver(_at(desk, desk.clock() + desk.hold), self._channels)
            channel.refusal = None
        return missed

    def _find(self, desk: Desk, name: str) -> tuple[int, ConversationView]:
        with desk.store.read() as books:
            kept = books.find_message(self._said[name].channel, name)
            view = None if kept is None else books.conversation(kept.conversation_id, with_context=False)
        if kept is None or view is None:
            raise NotFound(Sentence("There is no message {id}.", id=name))
        return kept.id, view


@dataclass(frozen=True, slots=True)
class _Scene:
    """An act with what it is about."""

    act: Act
    said: IncomingMessage
    message_id: int
    view: ConversationView

    @property
    def by(self) -> Actor:
        return Actor.person(self.act.by)

    @property
    def place(self) -> int:
        return self.view.id


def _answer(desk: Desk, scene: _Scene) -> None:
    words, response = scene.act.words, None
    if not words:
        prepared = suggest(desk, scene.view)
        if not prepared:
            raise NotFound(Sentence("There is no draft {id}.", id=scene.place))
        words, response = prepared[0].text, prepared[0].response
    same = next((one.id for one in scene.view.open_drafts if one.text == words), None)
    draft = same or write_draft(desk, scene.place, text=words, by=scene.by, response=response).id
    send_draft(desk, draft, by=scene.by)
    if scene.act.row.get("then") == "resolve":
        work.resolve(desk, scene.place, by=scene.by)


def _moderate(desk: Desk, scene: _Scene, act: CaseAct, *, rule: str | None = None) -> None:
    days = scene.act.row.get("for_days")
    order = Order(
        act,
        scene.message_id,
        scene.act.words,
        rule=rule or scene.act.row.get("rule"),
        duration=None if days is None else timedelta(days=days),
    )
    case = moderation.moderate(desk, order, by=scene.by)
    if rule == moderation.SPAM:
        work.close_as_spam(desk, scene.place, message_id=scene.message_id, case=case.number, by=scene.by)


def _lead(desk: Desk, scene: _Scene) -> None:
    with desk.store.read() as books:
        lead = books.lead_of(scene.place)
    lead = lead or leadwork.mark_lead(desk, scene.place, by=scene.by)
    status = LeadStatus(scene.act.row["status"])
    leadwork.change_lead(desk, lead.id, status=status, owner=scene.act.row["to"], by=scene.by)


def _appeal(desk: Desk, scene: _Scene) -> None:
    event = Appealed(scene.said.channel, scene.said.author, scene.act.words, at=desk.clock(), place=scene.said.place)
    appeals.receive_appeal(desk.store, event, clock=desk.clock)


def _edit(desk: Desk, scene: _Scene) -> None:
    changes.receive_edit(
        desk.store,
        scene.said.channel,
        scene.said.external_id,
        text=scene.act.words,
        edited_at=desk.clock(),
        clock=desk.clock,
    )
    while pipeline.triage(desk):
        pass


def _merge(desk: Desk, scene: _Scene) -> None:
    with desk.store.read() as books:
        other = books.find_message("telegram", scene.act.row["with"])
        view = books.conversation(other.conversation_id) if other is not None else None
    if view is None:
        raise NotFound(Sentence("There is no message {id}.", id=scene.act.row["with"]))
    contactwork.merge(desk, scene.view.contact_id, view.contact_id, by=scene.by)


def _vip(desk: Desk, scene: _Scene) -> None:
    contactwork.mark_vip(desk, scene.view.contact_id, is_vip=True, by=scene.by)
    contactwork.note_contact(desk, scene.view.contact_id, text=scene.act.words, by=scene.by)


def _label(desk: Desk, scene: _Scene) -> None:
    corrections.correct(desk, scene.message_id, after=[Label(one) for one in scene.act.row["labels"]], by=scene.by)


_DO: Mapping[str, Callable[[Desk, _Scene], object]] = {
    "answer": _answer,
    "resolve": lambda desk, scene: work.resolve(desk, scene.place, by=scene.by),
    "note": lambda desk, scene: work.add_note(desk, scene.place, text=scene.act.words, by=scene.by),
    "claim": lambda desk, scene: work.claim(desk, scene.place, by=scene.by),
    "assign": lambda desk, scene: work.assign(desk, scene.place, to=scene.act.row["to"], by=scene.by),
    "escalate": lambda desk, scene: work.escalate(desk, scene.place, by=scene.by),
    "accept": lambda desk, scene: clocks.acknowledge(desk, scene.place, by=scene.by),
    "snooze": lambda desk, scene: work.snooze(
        desk, scene.place, until=desk.clock() + timedelta(days=scene.act.row["for_days"]), by=scene.by
    ),
    "label": _label,
    "lead": _lead,
    "spam": lambda desk, scene: _moderate(desk, scene, CaseAct.DELETE, rule=moderation.SPAM),
    "hide": lambda desk, scene: _moderate(desk, scene, CaseAct.HIDE),
    "warn": lambda desk, scene: _moderate(desk, scene, CaseAct.WARN),
    "silence": lambda desk, scene: _moderate(desk, scene, CaseAct.TIMEOUT),
    "appeal": _appeal,
    "crisis": lambda desk, scene: crisis.start(desk, by=scene.by, why=scene.act.words, calls=False),
    "crisis over": lambda desk, scene: crisis.end(desk, by=scene.by),
    "vip": _vip,
    "merge": _merge,
    "edit": _edit,
}
"""What each word of the acts does."""


def _at(desk: Desk, moment: datetime) -> Desk:
    """The desk as if it were that moment."""
    return replace(desk, clock=lambda: moment)


def _deliver(desk: Desk, channels: Mapping[str, SimulatedChannel]) -> None:
    limiter = RateLimiter()
    while asyncio.run(pipeline.deliver(desk, channels, limiter)):
        pass


def _marks(since: datetime, until: datetime) -> Iterable[datetime]:
    """When else there is a look at what has come in and at the clocks; the last is the end."""
    now = since
    while now < until:
        yield now
        now += _EVERY
    yield until


def _several(about: str | Sequence[str]) -> tuple[str, ...]:
    return (about,) if isinstance(about, str) else tuple(about)
