"""What help desks say back about tickets, and what follows from it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from inbox.views import TicketStatus

SOONEST = timedelta(minutes=1)
LATEST = timedelta(hours=1)
"""How soon, and how late at the latest, a help desk is asked again how a ticket stands."""

WATCHED_AFTER = timedelta(days=14)
"""How long a solved ticket is still asked after: it may be opened again."""

_QUIET = 8
"""A ticket is asked after again when an eighth of the time for which it has been quiet has passed."""


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """What an agent said to the customer, by the id that it has in the help desk. An internal note is none."""

    id: str
    by: str
    said_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class DeskNews:
    """How a ticket, by the id it has in its help desk, stood there at `changed_at`, by the clock of the help desk.

    `assignee` is who has it, None where nobody does. `answers` are of agents to the customer, oldest first: all of
    them, or those that are new.
    """

    ticket: str
    status: TicketStatus
    changed_at: datetime
    assignee: str | None = None
    answers: tuple[DeskAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class DeskCall:
    """What a help desk has called us with, once the call has proved who makes it.

    `ticket` is the one that it is about, None where it is about none. `mark` tells this call from every other, None
    where the help desk signs nothing that does. `news` are all there is to know, where the call says it; else the help
    desk is asked.
    """

    ticket: str | None
    mark: str | None
    news: DeskNews | None = None


@dataclass(frozen=True, slots=True)
class WatchedTicket:
    """A ticket that is open in its help desk, or was, as we know it.

    `told` are the ids of the agents' answers that we have. `is_current` says whether its escalation still runs.
    """

    id: int
    conversation_id: int
    escalation_id: int
    desk: str
    external_id: str
    status: TicketStatus
    assignee: str | None
    changed_at: datetime | None
    opened_at: datetime
    told: frozenset[str]
    is_current: bool


@dataclass(frozen=True, slots=True)
class TicketTurn:
    """What news change about a ticket; `answers` are those that we did not have."""

    status: TicketStatus
    assignee: str | None
    changed_at: datetime | None
    answers: tuple[DeskAnswer, ...] = ()
    is_told: bool = False
    solves: bool = False
    reopens: bool = False


def turn(ticket: WatchedTicket, news: DeskNews) -> TicketTurn:
    """What news change: nothing where they are known, and of older ones only the answers that we did not have.

    `is_told` says whether the status or the assignee is another than before.
    """
    answers: dict[str, DeskAnswer] = {}
    for answer in news.answers:
        if answer.id not in ticket.told and answer.text.strip():
            answers.setdefault(answer.id, answer)
    new = tuple(sorted(answers.values(), key=lambda one: one.said_at))
    if ticket.changed_at is not None and news.changed_at < ticket.changed_at:
        return TicketTurn(ticket.status, ticket.assignee, ticket.changed_at, new)
    was_solved, is_solved = (one.status is TicketStatus.SOLVED for one in (ticket, news))
    return TicketTurn(
        news.status,
        news.assignee,
        news.changed_at,
        new,
        is_told=(news.status, news.assignee) != (ticket.status, ticket.assignee),
        solves=is_solved and not was_solved,
        reopens=was_solved and not is_solved,
    )


def next_look(quiet_since: datetime, status: TicketStatus, *, now: datetime) -> datetime | None:
    """When to ask again about a ticket that last changed at a moment; None where it has been solved for long."""
    quiet = now - quiet_since
    if status is TicketStatus.SOLVED and quiet > WATCHED_AFTER:
        return None
    return now + min(max(quiet / _QUIET, SOONEST), LATEST)
