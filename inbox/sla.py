"""The promises of an escalation and how each stands: on track, due soon, breached, paused. Pure.

Three clocks run in the open hours of the brand. The first runs from the opening of the escalation until a person has
answered; a bot's words do not stop it, and nothing pauses it. The next runs from what the contact writes after that,
until a person has answered again. The last runs until the end of the matter. The last two stand still while the
conversation is pending or snoozed, and go on afterwards with what was left. A promise that was broken stays broken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from inbox.hours import OpeningHours
from inbox.model import SlaState, Status
from inbox.priority import BREACHED, DUE_SOON
from inbox.promises import PROMISES, Clock
from inbox.views import ConversationView, EscalationView, QueueItem

LEAST_NOTICE = timedelta(minutes=30)
"""A promise is due soon when a quarter of it is left, or this much; never while more than half of it is."""

_FAR = timedelta(days=1)
"""How long an escalation is left alone on which nothing is to come."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise that is not kept yet: until when, and how it stands."""

    clock: Clock
    due_at: datetime
    state: SlaState


@dataclass(frozen=True, slots=True)
class ChainStep:
    """Who is called when nobody has acknowledged an escalation `after` so much open time since it was opened.

    Without names, everybody of the team is. Where a `queue` is named, the conversation goes there.
    """

    after: timedelta
    call: tuple[str, ...] = ()
    queue: str | None = None


DEFAULT_CHAIN = (ChainStep(timedelta(minutes=15)),)
"""A quarter of an hour, then everybody who is there."""


@dataclass(frozen=True, slots=True)
class ClockRow:
    """An open escalation with all that its clocks go by.

    `unanswered_since` is when the first message was sent that nobody has dealt with. `told` are the states that were
    told of each clock, the last of them. `climbed` counts the steps of the chain that were taken.
    """

    escalation: EscalationView
    conversation_id: int
    status: Status
    waiting_since: datetime
    unanswered_since: datetime | None = None
    snooze_until: datetime | None = None
    told: Mapping[Clock, SlaState] | None = None
    climbed: int = 0
    look_at: datetime | None = None

    def told_of(self, clock: Clock) -> SlaState | None:
        """What was told of a clock last."""
        return (self.told or {}).get(clock)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a look at an escalation comes to: how it stands now, what is to be told, which steps are to be taken."""

    row: ClockRow
    tell: tuple[Promise, ...] = ()
    steps: tuple[ChainStep, ...] = ()

    @property
    def breaks(self) -> bool:
        """Whether a promise is found broken."""
        return any(one.state is SlaState.BREACHED for one in self.tell)


def rests(status: Status, *, snooze_until: datetime | None = None, now: datetime) -> bool:
    """Whether a conversation is pending or snoozed, so that clocks stand still."""
    if status is Status.SNOOZED:
        return snooze_until is None or snooze_until > now
    return status is Status.PENDING


def promises(escalation: EscalationView, *, resting: bool, now: datetime, hours: OpeningHours) -> tuple[Promise, ...]:
    """The promises of an open escalation that are not kept yet: an answer, then the end of the matter.

    Args:
        escalation: The escalation; one that is resolved has none.
        resting: Whether its conversation is pending or snoozed.
        now: When it is.
        hours: When the brand works.
    """
    if escalation.resolved_at is not None:
        return ()
    found = []
    for clock, due_at in _due(escalation):
        pauses = clock is not Clock.FIRST and (resting or escalation.paused_at is not None)
        seen_at = (escalation.paused_at or now) if pauses else now
        found.append(Promise(clock, due_at, _state(escalation, clock, due_at, seen_at, hours, pauses=pauses)))
    return tuple(found)


def most_pressing(found: Iterable[Promise]) -> Promise | None:
    """The promise in the worst state; of several, the one that is due first."""
    return min(found, key=_pressure, default=None)


def stands(item: QueueItem | ConversationView, *, now: datetime, hours: OpeningHours) -> tuple[Promise, ...]:
    """The promises to a conversation that are not kept yet, the most pressing first; none where it is not escalated."""
    if item.escalation is None or item.status is Status.RESOLVED:
        return ()
    resting = rests(item.status, snooze_until=item.snooze_until, now=now)
    found = promises(item.escalation, resting=resting, now=now, hours=hours)
    return tuple(sorted(found, key=_pressure))


def turn(row: ClockRow, *, now: datetime, hours: OpeningHours, chain: Sequence[ChainStep] = ()) -> Turn:
    """Look at an escalation: pause or resume its clocks, find what became due soon or was broken, and whom to call."""
    resting = rests(row.status, snooze_until=row.snooze_until, now=now)
    row = _with_next(_resumed(_paused(row, now=now) if resting else row, resting=resting, now=now, hours=hours), hours)
    open_promises = promises(row.escalation, resting=resting, now=now, hours=hours)
    news = tuple(
        one
        for one in open_promises
        if one.state >= SlaState.DUE_SOON and one.state > (row.told_of(one.clock) or SlaState.ON_TRACK)
    )
    told = {**(row.told or {}), **{one.clock: one.state for one in news}}
    steps = _steps(row, now=now, hours=hours, chain=chain) if row.status is Status.OPEN else ()
    row = replace(row, told=told, climbed=row.climbed + len(steps))
    look_at = _next_look(row, open_promises, now=now, hours=hours, chain=chain)
    return Turn(replace(row, look_at=look_at), news, steps)


def margin(promised: timedelta) -> timedelta:
    """How much open time is left of a promise from when on it is due soon."""
    return min(max(promised / 4, LEAST_NOTICE), promised / 2)


def priority_part(told: Iterable[SlaState | None]) -> Mapping[str, int]:
    """What promises add to the priority of a conversation, by the worst that was told of them."""
    worst = max((one for one in told if one is not None), default=SlaState.ON_TRACK)
    if worst is SlaState.BREACHED:
        return {worst.value: BREACHED}
    return {worst.value: DUE_SOON} if worst is SlaState.DUE_SOON else {}


def running(escalation: EscalationView) -> tuple[Clock, ...]:
    """The clocks of an open escalation that count: one for an answer where one is due, and that of the whole."""
    if escalation.acknowledged_at is None:
        return Clock.FIRST, Clock.RESOLUTION
    return (Clock.NEXT, Clock.RESOLUTION) if escalation.next_response_due_at is not None else (Clock.RESOLUTION,)


def _pressure(one: Promise) -> tuple[int, datetime]:
    return -one.state.rank, one.due_at


def _due(escalation: EscalationView) -> Iterable[tuple[Clock, datetime]]:
    for clock in running(escalation):
        match clock:
            case Clock.FIRST:
                yield clock, escalation.first_response_due_at
            case Clock.NEXT if escalation.next_response_due_at is not None:
                yield clock, escalation.next_response_due_at
            case _:
                yield clock, escalation.resolution_due_at


def _state(
    escalation: EscalationView, clock: Clock, due_at: datetime, seen_at: datetime, hours: OpeningHours, *, pauses: bool
) -> SlaState:
    if due_at <= seen_at:
        return SlaState.BREACHED
    if pauses:
        return SlaState.PAUSED
    is_soon = hours.open_time(seen_at, due_at) <= margin(_promised(escalation, clock, due_at, hours))
    return SlaState.DUE_SOON if is_soon else SlaState.ON_TRACK


def _promised(escalation: EscalationView, clock: Clock, due_at: datetime, hours: OpeningHours) -> timedelta:
    """How long the promise is: what its severity has, or what a rule has made less of it."""
    answer, whole = PROMISES[escalation.severity]
    if clock is Clock.NEXT:
        return escalation.answer_within or answer
    usual = answer if clock is Clock.FIRST else whole
    return min(usual, hours.open_time(escalation.opened_at, due_at))


def _paused(row: ClockRow, *, now: datetime) -> ClockRow:
    """A conversation rests: its clocks stand still from when a person has answered, or put it off."""
    escalation = row.escalation
    if row.status is Status.PENDING:
        # Nothing is left to be answered; what comes next has a promise of its own.
        escalation = replace(escalation, next_response_due_at=None)
        row = _forgotten(row)
    if escalation.paused_at is None:
        since = min(row.waiting_since, now) if row.status is Status.PENDING else now
        escalation = replace(escalation, paused_at=max(since, escalation.opened_at))
    return replace(row, escalation=escalation)


def _resumed(row: ClockRow, *, resting: bool, now: datetime, hours: OpeningHours) -> ClockRow:
    """A conversation needs us again: what was left of each promise when the clocks stopped is left of it now."""
    stopped_at = row.escalation.paused_at
    if resting or stopped_at is None:
        return row
    over = row.snooze_until if row.status is Status.SNOOZED and row.snooze_until is not None else now
    if row.status is Status.OPEN and stopped_at < row.waiting_since <= now:
        over = row.waiting_since  # the contact wrote then

    def moved(due_at: datetime) -> datetime:
        if due_at <= stopped_at:
            return due_at
        return hours.add_open_time(max(over, stopped_at), hours.open_time(stopped_at, due_at))

    escalation = row.escalation
    following = escalation.next_response_due_at
    return replace(
        row,
        escalation=replace(
            escalation,
            paused_at=None,
            resolution_due_at=moved(escalation.resolution_due_at),
            next_response_due_at=None if following is None else moved(following),
        ),
    )


def _with_next(row: ClockRow, hours: OpeningHours) -> ClockRow:
    """The promise for what the contact has written since he was answered; none where nothing waits for an answer."""
    escalation = row.escalation
    waits = row.unanswered_since is not None and escalation.acknowledged_at is not None
    if row.status is Status.OPEN and waits and escalation.next_response_due_at is None:
        assert row.unanswered_since is not None  # noqa: S101  # asked above
        within = escalation.answer_within or PROMISES[escalation.severity][0]
        due_at = hours.add_open_time(row.unanswered_since, within)
    elif escalation.next_response_due_at is not None and not waits:
        due_at = None
    else:
        return row
    return _forgotten(replace(row, escalation=replace(escalation, next_response_due_at=due_at)))


def _forgotten(row: ClockRow) -> ClockRow:
    """What was told of the last answer is not told of the next."""
    told: dict[Clock, SlaState] = {clock: one for clock, one in (row.told or {}).items() if clock != Clock.NEXT}
    return replace(row, told=told)


def _steps(row: ClockRow, *, now: datetime, hours: OpeningHours, chain: Sequence[ChainStep]) -> tuple[ChainStep, ...]:
    """The steps of the chain whose time has come; nobody is called outside open hours."""
    if not waits_for_somebody(row.escalation) or not hours.is_open(now):
        return ()
    passed = hours.open_time(row.escalation.opened_at, now)
    return tuple(step for step in chain[row.climbed :] if step.after <= passed)


def passed_over(chain: Sequence[ChainStep], escalation: EscalationView, *, now: datetime, hours: OpeningHours) -> int:
    """How many steps of a chain are behind an escalation that comes into it now: those whose time has come."""
    passed = hours.open_time(escalation.opened_at, now)
    return sum(step.after <= passed for step in chain)


def waits_for_somebody(escalation: EscalationView) -> bool:
    """Whether nobody has acknowledged an escalation, nor answered in it.

    What was late when it came in is history, such as an import: it stands high in the queue, and nobody is called.
    """
    is_history = escalation.first_response_due_at <= escalation.opened_at
    settled = (escalation.accepted_at, escalation.acknowledged_at, escalation.resolved_at)
    return not is_history and all(one is None for one in settled)


def _next_look(
    row: ClockRow, found: Sequence[Promise], *, now: datetime, hours: OpeningHours, chain: Sequence[ChainStep]
) -> datetime:
    """When the next thing comes that no event announces."""
    moments: list[datetime] = []
    for one in found:
        if one.state is SlaState.ON_TRACK:
            left = hours.open_time(now, one.due_at) - margin(_promised(row.escalation, one.clock, one.due_at, hours))
            moments.append(hours.add_open_time(now, left))
        elif one.state is SlaState.DUE_SOON:
            moments.append(one.due_at)
    if row.status is Status.SNOOZED and row.snooze_until is not None and row.snooze_until > now:
        moments.append(row.snooze_until)
    if row.status is Status.OPEN and waits_for_somebody(row.escalation) and row.climbed < len(chain):
        comes_at = max(hours.add_open_time(row.escalation.opened_at, chain[row.climbed].after), now)
        # What falls on closing time waits for the next opening.
        moments.append(comes_at if hours.is_open(comes_at) else hours.add_open_time(comes_at, timedelta(seconds=1)))
    return min(moments, default=now + _FAR)
