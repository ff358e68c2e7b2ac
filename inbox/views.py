"""What people are shown: the queue, one conversation with its trace, the state of the house. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from inbox.audit import AuditLine
from inbox.findings import Finding
from inbox.model import (
    Actor,
    Attachment,
    Kind,
    Label,
    Prediction,
    Severity,
    SlaState,
    Status,
    Visibility,
    WaitingMessage,
)
from inbox.sentences import Sentence


class DraftState(StrEnum):
    """Where a draft stands: awaiting a person; on its way; thrown away; overtaken by an edit or a deletion."""

    OPEN = "open"
    APPROVED = "approved"
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"


class SendState(StrEnum):
    """Where a thing to send stands.

    waiting: not due yet, or held by a pause; sending: claimed by a worker; sent; failed: given up, a person must look;
    refused: the check at the moment of sending said no, its words became a draft; cancelled: undone or withdrawn.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class ChannelState(StrEnum):
    """How the connection of a channel stands.

    off: nobody listens; well; down: out of reach, tried again by itself; broken: refused until its settings change.
    """

    OFF = "off"
    WELL = "well"
    DOWN = "down"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class ChannelView:
    """A channel as stored: how its connection stands, since when and why, and whether its messages may train."""

    name: str
    state: ChannelState
    why: Sentence | None
    since: datetime | None
    may_train: bool


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the order of the queue: that of a conversation as it stood when it was shown."""

    priority: int
    waiting_since: datetime
    conversation_id: int

    def is_before(self, other: Spot) -> bool:
        """Whether it comes first in the queue."""
        return (-self.priority, self.waiting_since, self.conversation_id) < (
            -other.priority,
            other.waiting_since,
            other.conversation_id,
        )


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which conversations to list; None asks nothing.

    `label` is a label or `unsure`. `sla` is how the worst promise to it stands, as it was told: due soon or breached.
    `text` is looked for in all that was said, whatever its case and accents: one message has to hold all of its words,
    each by how it begins. `kind` is that of any message of the contact. `since` and `until` are about the last message;
    `until` itself is past the end. With `is_free`, nobody has it. `after` goes on behind a place in the queue. `among`
    are the conversations that are looked at.
    """

    label: str | None = None
    status: Status | None = None
    channel: str | None = None
    queue: str | None = None
    assignee: str | None = None
    text: str | None = None
    limit: int = 50
    sla: SlaState | None = None
    tag: str | None = None
    kind: Kind | None = None
    visibility: Visibility | None = None
    lang: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_free: bool = False
    after: Spot | None = None
    among: tuple[int, ...] | None = None


class TicketStatus(StrEnum):
    """Where a ticket stands: waiting to be opened in its help desk; there open, pending (put off), or solved."""

    WAITING = "waiting"
    OPEN = "open"
    PENDING = "pending"
    SOLVED = "solved"


@dataclass(frozen=True, slots=True)
class TicketView:
    """The record of an escalation in a help desk, by its name in the settings; without an id until it is open there.

    `assignee` is who has it there, and `since` when it came to stand as it does, as the help desk told last; `trouble`
    is why it could not be asked.
    """

    desk: str
    status: TicketStatus
    external_id: str | None
    url: str | None
    assignee: str | None = None
    since: datetime | None = None
    trouble: Sentence | None = None


@dataclass(frozen=True, slots=True)
class EscalationView:
    """An escalation as stored.

    `acknowledged_at` is when a person first answered the contact; `accepted_at` when `accepted_by` said that he has
    seen it, so that nobody else is called. While `paused_at` is set, all clocks but the first stand still. Each further
    message is to be answered within `answer_within` of open time; None leaves that to the severity.
    """

    id: int
    queue: str
    severity: Severity
    rule: str | None
    opened_at: datetime
    first_response_due_at: datetime
    resolution_due_at: datetime
    acknowledged_at: datetime | None
    next_response_due_at: datetime | None = None
    paused_at: datetime | None = None
    resolved_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None
    ticket: TicketView | None = None
    answer_within: timedelta | None = None


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One conversation as the queue shows it.

    Labels, and how often members have reported it, are those of its messages that nobody has dealt with yet. `offends`
    is how bad an offence the `text` itself is, if one.
    """

    conversation_id: int
    channel: str
    kind: Kind
    visibility: Visibility
    contact: str
    text: str
    lang: str | None
    labels: tuple[Label, ...]
    scores: Mapping[Label, float]
    unsure: bool
    severity: Severity | None
    status: Status
    priority: int
    priority_parts: Mapping[str, int]
    queue: str | None
    tags: tuple[str, ...]
    messages: int
    open_drafts: int
    due_at: datetime | None
    last_message_at: datetime
    reports: int = 0
    assignee: str | None = None
    claimed_by: str | None = None
    claim_until: datetime | None = None
    offends: Severity | None = None
    escalation: EscalationView | None = None
    snooze_until: datetime | None = None
    waiting_since: datetime | None = None

    @property
    def spot(self) -> Spot:
        """Its place in the order of the queue."""
        return Spot(self.priority, self.waiting_since or self.last_message_at, self.conversation_id)


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as stored; `desk` is the help desk whose agent has written it, by its name in the settings.

    While it is open and there is an `asked_by`, it waits for a colleague to approve what he wants to send,
    `asked_privately` to the contact alone.
    """

    id: int
    conversation_id: int
    message_id: int
    text: str
    lang: str
    response: str | None
    rule: str | None
    state: DraftState
    findings: tuple[Finding, ...]
    created_at: datetime
    desk: str | None = None
    asked_by: str | None = None
    asked_privately: bool = False

    @property
    def awaits_approval(self) -> bool:
        """Whether a colleague has to approve it."""
        return self.state is DraftState.OPEN and self.asked_by is not None


@dataclass(frozen=True, slots=True)
class SendView:
    """A row of the outbox as stored."""

    id: int
    conversation_id: int
    message_id: int | None
    channel: str
    kind: str
    text: str
    actor: Actor
    state: SendState
    not_before: datetime
    attempts: int
    external_id: str | None
    error: Sentence | None


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as stored; `actions`, `trace` and `notes` are the plain data kept with it."""

    rule_book_version: int
    because: tuple[str, ...]
    actions: tuple[Mapping[str, Any], ...]
    notes: tuple[Sentence, ...]
    trace: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class NoteView:
    """What one of the team wrote for the others; `mentions` are names of people it is for. It never leaves."""

    id: int
    author: str
    text: str
    written_at: datetime
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody of the team has said to a contact since he last wrote, or is about to; `send_id` is its row."""

    by: str
    text: str
    at: datetime
    send_id: int | None = None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A message of a contact that nobody has answered, with its language and the queue of its conversation."""

    message: WaitingMessage
    lang: str | None
    queue: str | None


@dataclass(frozen=True, slots=True)
class ContextLine:
    """A message around another: who said it, of us or not, its words, and how bad an offence it is, if one."""

    author: str
    is_ours: bool
    text: str
    sent_at: datetime
    offends: Severity | None = None


@dataclass(frozen=True, slots=True)
class MessageView:
    """A message with what was thought and decided of it; `former_texts` oldest first.

    `parent` is the message that it answers, as far as it is known. `visibility` may differ from the conversation's: a
    public comment can be answered to its author alone.
    """

    id: int
    is_ours: bool
    author: str
    text: str
    kind: Kind
    sent_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    former_texts: tuple[str, ...]
    prediction: Prediction | None
    decision: DecisionView | None
    external_id: str | None = None
    permalink: str | None = None
    parent: ContextLine | None = None
    attachments: tuple[Attachment, ...] = ()
    corrected: tuple[Label, ...] | None = None
    visibility: Visibility = Visibility.PUBLIC

    @property
    def labels(self) -> tuple[Label, ...]:
        """The labels that stand: a person's where there are any, else the model's."""
        if self.corrected is not None:
            return self.corrected
        return self.prediction.labels if self.prediction else ()

    @property
    def is_unsure(self) -> bool:
        """Whether the model is in doubt and no person has spoken."""
        return self.corrected is None and self.prediction is not None and self.prediction.is_unsure

    @property
    def severity(self) -> Severity | None:
        """How bad an offence is, where it is one."""
        return self.prediction.severity if self.prediction and Label.OFFENSIVE in self.labels else None


def _gravity_then_moment(message: MessageView) -> tuple[int, datetime, int]:
    labels = message.labels
    if Label.OFFENSIVE in labels:
        gravity = 10 + (message.severity.rank if message.severity else 0)
    elif Label.COMPLAINT in labels:
        gravity = 3
    elif Label.SALES_LEAD in labels:
        gravity = 2
    else:
        gravity = int(message.is_unsure)
    return gravity, message.sent_at, message.id


@dataclass(frozen=True, slots=True)
class ConversationView:
    """One conversation, whole: messages oldest first, and everything that hangs on them.

    `context` is what was said last in the thread before the latest message, by anybody, oldest first. Until
    `claim_until` it is in the hands of `claimed_by`. `known_since` is when the contact first wrote to the brand,
    `cases` how many moderation cases he has.
    """

    id: int
    channel: str
    thread: str
    contact: str
    visibility: Visibility
    status: Status
    status_reason: Sentence | None
    priority: int
    priority_parts: Mapping[str, int]
    queue: str | None
    tags: tuple[str, ...]
    messages: tuple[MessageView, ...]
    drafts: tuple[DraftView, ...]
    sends: tuple[SendView, ...]
    escalations: tuple[EscalationView, ...]
    audit: tuple[AuditLine, ...]
    place: str | None = None
    context: tuple[ContextLine, ...] = ()
    reports: int = 0
    assignee: str | None = None
    claimed_by: str | None = None
    claim_until: datetime | None = None
    snooze_until: datetime | None = None
    resolved_at: datetime | None = None
    notes: tuple[NoteView, ...] = ()
    known_since: datetime | None = None
    cases: int = 0
    contact_id: int = 0

    @property
    def last(self) -> MessageView | None:
        """The contact's latest message."""
        return next((message for message in reversed(self.messages) if not message.is_ours), None)

    @property
    def subject(self) -> MessageView | None:
        """What has to be seen of it: of what the contact has said since we last spoke, the gravest; the latest of such.

        An insult comes before a complaint, a complaint before a lead, those before what is in doubt, and all of them
        before the rest. Where nothing was said since, it is the latest message.
        """
        spoken = [place for place, message in enumerate(self.messages) if message.is_ours]
        since = self.messages[spoken[-1] + 1 :] if spoken else self.messages
        waiting = [message for message in since if message.deleted_at is None]
        return max(waiting, key=_gravity_then_moment, default=self.last)

    @property
    def escalation(self) -> EscalationView | None:
        """The escalation that is open, if there is one."""
        return next((one for one in reversed(self.escalations) if one.resolved_at is None), None)

    @property
    def open_drafts(self) -> tuple[DraftView, ...]:
        """The drafts that wait for a person, newest first."""
        return tuple(draft for draft in reversed(self.drafts) if draft.state is DraftState.OPEN)

    @property
    def offered(self) -> DraftView | None:
        """The latest answer of a help desk that waits to be sent, where nothing was said since; whatever the status."""
        spoke_at = max((one.sent_at for one in self.messages if one.is_ours), default=None)
        offers = (draft for draft in self.open_drafts if draft.desk is not None)
        return next((draft for draft in offers if spoke_at is None or spoke_at <= draft.created_at), None)

    def to_waiting(self, message: MessageView) -> WaitingMessage:
        """One of its messages as triage is handed it, to find words for it."""
        return WaitingMessage(
            id=message.id,
            conversation_id=self.id,
            contact_id=self.contact_id,
            contact_name=self.contact,
            channel=self.channel,
            thread=self.thread,
            text=message.text,
            kind=message.kind,
            visibility=self.visibility,
            lang_hint=None,
            sent_at=message.sent_at,
        )

    def held_by(self, now: datetime) -> str | None:
        """In whose hands it is now, if in anybody's."""
        return self.claimed_by if self.claim_until is not None and self.claim_until > now else None


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the whole inbox.

    `messages` are what contacts said. `labels` counts them per label, and under `other` those with no label and nothing
    unsure; `channels` counts the same words per channel, with `unsure` and `messages`. `actions` counts drafts,
    escalations, proposals and the like by the action's word; `rules` counts messages by the first rule that held. What
    a message was before its author edited it is not counted.
    """

    messages: int
    waiting: int
    conversations: int
    labels: Mapping[str, int]
    unsure: int
    languages: Mapping[str, int]
    channels: Mapping[str, Mapping[str, int]]
    actions: Mapping[str, int]
    queues: Mapping[str, int]
    rules: Mapping[str, int]
    sends: Mapping[SendState, int]
    drafts_open: int
    drafts_blocked: int


@dataclass(frozen=True, slots=True)
class SwitchState:
    """A switch that every process reads before it acts."""

    name: str
    is_on: bool
    by: Actor | None = None
    since: datetime | None = None
