"""A ticket: the record of an escalation in somebody's help desk, and the words that it holds. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from inbox.model import Actor, Label, Severity
from inbox.sentences import Sentence
from inbox.text import excerpt
from inbox.views import ConversationView, EscalationView, TicketStatus
from inbox.wording import said

LONGEST_SUBJECT = 120

MOST_LINES = 200
"""How many messages a transcript holds at the most: the latest."""

Put = Callable[[Sentence], str]
"""Puts a sentence into the language that a help desk reads."""


class TicketPriority(StrEnum):
    """How pressing a ticket is, in the steps that help desks know."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


PRIORITIES = {
    Severity.LOW: TicketPriority.LOW,
    Severity.MEDIUM: TicketPriority.NORMAL,
    Severity.HIGH: TicketPriority.HIGH,
    Severity.CRITICAL: TicketPriority.URGENT,
}
"""What the severity of an escalation means there."""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket to open in a help desk, by its name in the settings, at the earliest at `not_before`."""

    desk: str
    by: Actor
    not_before: datetime


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One message of the transcript; `files` are the names of what came with it."""

    said_at: datetime
    who: str
    is_ours: bool
    text: str
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a help desk is told of an escalation.

    `key` names this ticket and no other, in this inbox and in any: by it a help desk finds it again. `customer_id` is
    the channel's id of the customer. `lines` are what was said, oldest first. `permalink` leads to what the customer
    wrote last that has an address. `earlier` is how many messages came before `lines`.
    """

    key: str
    customer: str
    customer_id: str
    channel: str
    conversation_id: int
    queue: str
    severity: Severity
    first_response_due_at: datetime
    lines: tuple[TicketLine, ...]
    labels: tuple[Label, ...] = ()
    tags: tuple[str, ...] = ()
    permalink: str | None = None
    earlier: int = 0

    @property
    def subject(self) -> str:
        """Who says what, on one line."""
        words = next((line.text for line in self.lines if not line.is_ours and line.text.strip()), "")
        return excerpt(f"{self.customer} ({self.channel}): {words}".rstrip(" :"), LONGEST_SUBJECT)

    @property
    def priority(self) -> TicketPriority:
        """How pressing it is."""
        return PRIORITIES[self.severity]

    @property
    def topics(self) -> tuple[str, ...]:
        """The words that it is filed under: the channel, the labels that hold, the tags."""
        return tuple(dict.fromkeys((self.channel, *(label.value for label in self.labels), *self.tags)))


@dataclass(frozen=True, slots=True)
class Opened:
    """What stands outside now, by the id it has there; `url` is where people look at it."""

    external_id: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """A later message of the customer, for his ticket that is open.

    `key` names this addition and no other; `ticket` is the ticket by the id it has there, `ticket_key` by ours.
    `status` is how the ticket stands. `is_gone` says that the author has taken the message back.
    """

    key: str
    ticket: str
    ticket_key: str
    status: TicketStatus
    customer: str
    customer_id: str
    channel: str
    line: TicketLine
    permalink: str | None = None
    is_gone: bool = False

    @property
    def subject(self) -> str:
        """Who says what, on one line."""
        return excerpt(f"{self.customer} ({self.channel}): {self.line.text}".rstrip(" :"), LONGEST_SUBJECT)

    @property
    def against(self) -> Sentence | None:
        """What speaks against adding it now; None where nothing does."""
        if self.is_gone:
            return Sentence("The author has deleted the message.")
        if self.status is TicketStatus.SOLVED:
            return Sentence("Ticket {id} is solved: what comes later is for a new escalation.", id=self.ticket)
        return None


def to_ticket(
    view: ConversationView, escalation: EscalationView, *, key: str, customer_id: str, told_to: int | None = None
) -> Ticket:
    """What a help desk is told of an escalation of a conversation, up to a message where one is named, as it reads now.

    Words that are gone are not passed on, and notes of the team never are.
    """
    messages = [one for one in view.messages if told_to is None or one.id <= told_to]
    said_by_contact = [one for one in messages if not one.is_ours]
    links = [one.permalink for one in said_by_contact if one.permalink is not None and one.deleted_at is None]
    lines = tuple(
        TicketLine(
            one.sent_at,
            one.author if one.is_ours else view.contact,
            one.is_ours,
            one.text,
            tuple(file.name for file in one.attachments),
        )
        for one in messages
        if one.deleted_at is None and (one.text.strip() or one.attachments)
    )
    return Ticket(
        key=key,
        customer=view.contact,
        customer_id=customer_id,
        channel=view.channel,
        conversation_id=view.id,
        queue=escalation.queue,
        severity=escalation.severity,
        first_response_due_at=escalation.first_response_due_at,
        lines=lines[-MOST_LINES:],
        earlier=max(0, len(lines) - MOST_LINES),
        labels=tuple(dict.fromkeys(label for one in said_by_contact for label in one.labels)),
        tags=view.tags,
        permalink=links[-1] if links else None,
    )


def told(ticket: Ticket, put: Put) -> str:
    """A ticket as plain text: what an agent has to know, then the transcript."""
    facts = [
        Sentence(
            "Customer: {name} ({id} on {channel})",
            name=ticket.customer,
            id=ticket.customer_id,
            channel=ticket.channel,
        ),
        Sentence("Severity: {severity}", severity=said(ticket.severity)),
        Sentence("First answer due: {at}", at=_moment(ticket.first_response_due_at)),
    ]
    if ticket.labels:
        facts.append(Sentence("Labels: {labels}", labels=", ".join(put(said(label)) for label in ticket.labels)))
    if ticket.permalink is not None:
        facts.append(Sentence("Message: {link}", link=ticket.permalink))
    facts.append(Sentence("In Vigie: conversation {id}, queue {queue}", id=ticket.conversation_id, queue=ticket.queue))
    return "\n".join([*(put(fact) for fact in facts), "", *transcript(ticket, put)])


def told_more(addition: Addition, put: Put) -> str:
    """An addition as plain text: its link, then the words."""
    link = [] if addition.permalink is None else [put(Sentence("Message: {link}", link=addition.permalink)), ""]
    return "\n".join([*link, *_line_told(addition.line, put)])


def transcript(ticket: Ticket, put: Put) -> list[str]:
    """What was said, oldest first: a line of who and when, then the words, set in."""
    lines = [put(Sentence("{n} earlier messages are in Vigie.", n=ticket.earlier))] if ticket.earlier else []
    for one in ticket.lines:
        lines += _line_told(one, put)
    return lines


def _line_told(line: TicketLine, put: Put) -> list[str]:
    who = put(Sentence("{name} (for the brand)", name=line.who)) if line.is_ours else line.who
    return [
        f"{_moment(line.said_at)} · {who}",
        *(f"    {part}" for part in line.text.splitlines()),
        *(put(Sentence("    [file: {name}]", name=name)) for name in line.files),
    ]


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")
