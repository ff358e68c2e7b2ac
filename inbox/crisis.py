"""Crisis mode: automation stops, complaints come first, the team is called, and the timeline is kept.

Whether one runs stands in the switch `crisis`; what was done is in the audit log, from the line that declares a crisis
to the line that ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from inbox.alerts import Alert, AlertKind
from inbox.audit import AuditLine
from inbox.books import Books
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.model import Actor, Label
from inbox.responses import draft_from
from inbox.sentences import Sentence
from inbox.suggesting import HOLDING, sendable
from inbox.switches import CRISIS, PAUSED_BEFORE_CRISIS, Held, pause_within, resume_within

MOST_OFFERED = 200
"""On how many conversations the holding statement is offered at the most."""

VIGIE = Actor.vigie("crisis")

_STARTED, _ENDED, _OFFERED = "crisis.started", "crisis.ended", "crisis.holding"


@dataclass(frozen=True, slots=True)
class Crisis:
    """A crisis, and what its start or its end has done; in a report that is left out.

    `number` counts the crises of the brand, from 1. `was_paused` is whether automatic sending was paused before it.

    At the start `held` is how much that holds back, `offered` how many conversations have the holding statement as a
    draft, `complaints` how many stand higher, `people` who of the team is present; `statement` is the holding statement
    as it reads to nobody in particular, None where there is none. At the end `held` is how much of what was held back
    became drafts, `offered` how many drafts were withdrawn, `complaints` how many stand as before.
    """

    number: int
    by: Actor
    since: datetime
    why: str
    ended_by: Actor | None = None
    ended_at: datetime | None = None
    was_paused: bool = False
    held: int = 0
    offered: int = 0
    complaints: int = 0
    people: tuple[str, ...] = ()
    statement: str | None = None

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None

    def to_facts(self) -> dict[str, Any]:
        """Plain data of what its start has done, to be put up in the team's rooms."""
        kept = {name: getattr(self, name) for name in _KEPT}
        return kept | {"people": [*self.people], "by": [self.by.kind, self.by.name]}

    @classmethod
    def from_alert(cls, alert: Alert) -> Self:
        """The crisis that an alert calls the team for."""
        kept = {name: alert.facts[name] for name in _KEPT}
        ended_by = alert.facts.get("ended_by")
        return cls(
            **kept,
            by=Actor(*alert.facts["by"]),
            since=alert.raised_at,
            people=tuple(alert.facts["people"]),
            ended_by=None if ended_by is None else Actor(*ended_by),
            ended_at=alert.ended_at,
        )


_KEPT = ("number", "why", "was_paused", "held", "offered", "complaints", "statement")


@dataclass(frozen=True, slots=True)
class CrisisReport:
    """What was done in a crisis: the acts of people, oldest first; and how often Vigie and the rules did what."""

    crisis: Crisis
    acts: tuple[AuditLine, ...]
    by_itself: Mapping[str, int]


def start(desk: Desk, *, by: Actor, why: str = "", calls: bool = True, called_on: str | None = None) -> Crisis:
    """Declare a crisis: pause, offer the holding statement, raise complaints, and say whom to call.

    Args:
        desk: The desk.
        by: Who declares it.
        why: What has happened, in his words. They stay in the audit log for good.
        calls: Whether the team is called in its rooms; without a room there is nobody to call.
        called_on: The channel on which whoever asks calls it himself by showing it the answer; there it is not again.

    Raises:
        NotPossible: One runs already.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        if not books.set_switch(CRISIS, on=True, by=by, now=now):
            raise NotPossible(_runs_already(books))
        number = 1 + sum(line.what == _STARTED for _, line in books.crisis_lines())
        record = _Record(books, number, by, now)
        said = Sentence("{person} has declared a crisis: {why}", person=by.name, why=why.strip())
        record.note(_STARTED, said if why.strip() else _declared(by), why=why.strip())
        was_paused = not pause_within(books, by=by, clock=desk.clock)
        books.set_switch(PAUSED_BEFORE_CRISIS, on=was_paused, by=by, now=now)
        if was_paused:
            record.note("crisis.paused", Sentence("Automatic sending was paused already, and stays so."))
        complaints = books.weigh_complaints()
        record.note("crisis.raised", Sentence("Complaints that stand higher: {n}.", n=complaints), n=complaints)
        offered = _offer(desk, books, now=now)
        where = Sentence("The holding statement was offered as a draft. Conversations: {n}.", n=len(offered))
        record.note(_OFFERED, where, drafts=[*offered.values()], conversations=[*offered])
        people = tuple(one.name for one in books.moderators() if one.stands and one.absent_since is None)
        if people and calls:
            record.note("crisis.called", Sentence("Called: {names}.", names=", ".join(people)), people=[*people])
        books.seal_audit()
        done = Crisis(
            number,
            by,
            now,
            why.strip(),
            was_paused=was_paused,
            held=len(books.waiting_automatic()),
            offered=len(offered),
            complaints=complaints,
            people=people,
            statement=_statement(desk),
        )
        if calls:
            books.raise_alert(AlertKind.CRISIS, "", facts=done.to_facts() | {"called_on": called_on}, now=now)
    return replace(done, complaints=complaints + _weigh_the_rest(desk))


def end(desk: Desk, *, by: Actor) -> Crisis:
    """End the crisis that runs: what was set before it is set again, and the drafts that nobody touched are withdrawn.

    Where automatic sending was not paused before, it goes on, and what was held back becomes drafts.

    Raises:
        NotPossible: None runs.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        if not books.set_switch(CRISIS, on=False, by=by, now=now):
            raise NotPossible(Sentence("No crisis runs."))
        lines = books.crisis_lines()
        crisis, _, _ = _latest(lines)
        record = _Record(books, crisis.number, by, now)
        offered = _offered(lines, crisis.number)
        complaints = books.weigh_complaints(besides=offered["conversations"])
        record.note("crisis.lowered", Sentence("Complaints that stand as before: {n}.", n=complaints), n=complaints)
        withdrawn = books.withdraw_untouched(offered["drafts"])
        untouched = Sentence("The holding statement was withdrawn where nobody had touched it.")
        books.write_audit([AuditLine(now, VIGIE, "draft.withdrawn", "draft", one, untouched) for one in withdrawn])
        told = Sentence("Holding statements that were withdrawn untouched: {n}.", n=len(withdrawn))
        record.note("crisis.withdrawn", told, n=len(withdrawn))
        was_paused = books.switch(PAUSED_BEFORE_CRISIS).is_on
        held = _restore(desk, books, record, was_paused=was_paused)
        record.note(_ENDED, Sentence("{person} has ended the crisis.", person=by.name))
        for alert in books.open_alerts([AlertKind.CRISIS]):
            books.change_alert(alert, facts={**alert.facts, "ended_by": [by.kind, by.name]}, now=now)
            books.end_alert(alert.id, now=now)
        books.seal_audit()
    return replace(
        crisis,
        ended_by=by,
        ended_at=now,
        was_paused=was_paused,
        held=held,
        offered=len(withdrawn),
        complaints=complaints + _weigh_the_rest(desk),
    )


def report(desk: Desk) -> CrisisReport:
    """What was done in the crisis that runs, else in the last one.

    Raises:
        NotFound: There has been none.
    """
    with desk.store.read() as books:
        crisis, first, last = _latest(books.crisis_lines())
        acts, by_itself = books.acts_between(first, last)
    return CrisisReport(crisis, tuple(acts), by_itself)


@dataclass(frozen=True, slots=True)
class _Record:
    """Writes what is done in a crisis, line by line: the order is that of the timeline."""

    books: Books
    number: int
    by: Actor
    now: datetime

    def note(self, what: str, says: Sentence, **facts: object) -> None:
        self.books.write_audit([AuditLine(self.now, self.by, what, "crisis", self.number, says, facts)])


def _offer(desk: Desk, books: Books, *, now: datetime) -> dict[int, int]:
    """Make the holding statement a draft where nobody has answered; per conversation the number of the draft."""
    response = desk.responses.get(HOLDING)
    if response is None:
        return {}
    drafts: dict[int, int] = {}
    for one in books.unanswered_complaints(limit=MOST_OFFERED):
        words = sendable(
            response,
            one.message,
            brand=desk.brand,
            lang=one.lang,
            queue=one.queue,
            labels=[Label.COMPLAINT],
            now=now,
        )
        if words is not None:
            drafts[one.message.conversation_id] = books.keep_draft(
                one.message.id, text=words.text, lang=words.lang, response=HOLDING, now=now, findings=words.findings
            )
    why = Sentence("The holding statement is offered as a draft.")
    books.write_audit([AuditLine(now, VIGIE, "draft.offered", "draft", draft_id, why) for draft_id in drafts.values()])
    return drafts


def _restore(desk: Desk, books: Books, record: _Record, *, was_paused: bool) -> int:
    """Have automatic sending stand as before the crisis; how much of what was held back became drafts."""
    if was_paused:
        pause_within(books, by=record.by, clock=desk.clock)
        record.note("crisis.paused", Sentence("Automatic sending was paused before the crisis, and is paused."))
        return 0
    counts = resume_within(books, held={}, by=record.by, clock=desk.clock)
    return 0 if counts is None else counts[Held.DRAFT]


def _weigh_the_rest(desk: Desk) -> int:
    """Weigh what others weighed meanwhile by the switch as it stood before; how many complaints stand otherwise now."""
    with desk.store.begin() as books:
        books.wait_for_weighing()
    with desk.store.begin() as books:
        return books.weigh_complaints()


def _statement(desk: Desk) -> str | None:
    """The holding statement in the first language of the brand that it speaks, as it reads to nobody in particular."""
    response = desk.responses.get(HOLDING)
    if response is None:
        return None
    values = {"brand.name": desk.brand.name or None}
    fitting = [one for lang in desk.brand.languages for one in response.variants if one.lang == lang]
    made = [draft_from(response, variant, values) for variant in fitting or response.variants]
    return next((words.text for words in made if words.is_sendable), made[0].text)


def _latest(lines: list[tuple[int, AuditLine]]) -> tuple[Crisis, int, int | None]:
    """The latest crisis, with the numbers of the lines that began it and that ended it, if any has.

    Raises:
        NotFound: There is none.
    """
    begun = next(((number, line) for number, line in reversed(lines) if line.what == _STARTED), None)
    if begun is None:
        raise NotFound(Sentence("There has been no crisis yet."))
    first, started = begun
    ended = next(((number, line) for number, line in lines if number > first and line.what == _ENDED), None)
    crisis = Crisis(started.subject_id, started.actor, started.at, str(started.facts["why"]))
    if ended is None:
        return crisis, first, None
    last, ending = ended
    return replace(crisis, ended_by=ending.actor, ended_at=ending.at), first, last


def _offered(lines: list[tuple[int, AuditLine]], number: int) -> Mapping[str, Any]:
    """The drafts that were offered at the start of a crisis, and their conversations."""
    offers = (line.facts for _, line in lines if line.what == _OFFERED and line.subject_id == number)
    return next(offers, {"drafts": [], "conversations": []})


def _declared(by: Actor) -> Sentence:
    return Sentence("{person} has declared a crisis.", person=by.name)


def _runs_already(books: Books) -> Sentence:
    by = books.switch(CRISIS).by
    return Sentence(
        "A crisis runs already, declared by {person}. Look at it (crisis report), or end it first (crisis end).",
        person="?" if by is None else by.name,
    )
