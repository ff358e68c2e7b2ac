"""What the heart asks of the store, each a small protocol. `data/` has them all."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from inbox.alertbooks import AlertBooks, BulletinBooks, CrowdBooks, RateBooks
from inbox.audit import AuditLine, SealedLine
from inbox.auditbooks import LookBooks
from inbox.background import Background, Needs
from inbox.bulk import BulkBooks
from inbox.cases import AppealView, CaseView, NewAct, NewCase, Subject, Verdict
from inbox.contactbooks import ContactBooks
from inbox.delivery import DueSend
from inbox.deskbooks import DeskBooks
from inbox.doorbooks import DoorBooks
from inbox.events import Reported
from inbox.fired import Fired, SentByRule
from inbox.leadbooks import LeadBooks
from inbox.learning import ChannelLessons, CorrectedExample, Labelled, SpamExample
from inbox.model import Actor, Attachment, IncomingMessage, Label, StoredMessage, WaitingMessage
from inbox.outboxbooks import OutboxPageBooks
from inbox.outcome import Outcome
from inbox.outgoing import OutboxKind
from inbox.pagebooks import LoginBooks, ModelBooks
from inbox.past import Past, PastCount
from inbox.replybooks import ReplyBooks
from inbox.response_books import ResponseBooks
from inbox.responses import CannedResponse
from inbox.rulebooks import RuleBookVersion
from inbox.saved_views import SavedViewBooks
from inbox.sentences import Sentence
from inbox.tallies import KpiTallies, Tallies
from inbox.variety import Neighbourhood
from inbox.views import (
    ChannelState,
    ChannelView,
    ConversationView,
    DraftView,
    QueueFilter,
    QueueItem,
    SendState,
    SendView,
    Summary,
    SwitchState,
)
from inbox.workbooks import CardBooks, ClockBooks, CrisisBooks, PeopleBooks, WorkBooks


class IntakeBooks(Protocol):
    """Keeping what comes in."""

    def add_messages(self, said: Sequence[IncomingMessage], *, now: datetime) -> list[int | None]:
        """Keep messages once; per message its id, or None when the channel has delivered it before.

        Contacts and conversations are made as needed; a new message reopens a conversation that was resolved or
        pending.
        """

    def find_message(self, channel: str, external_id: str) -> StoredMessage | None:
        """A message by the channel's name and id for it; None where it is not known."""

    def add_version(self, message_id: int, *, text: str, edited_at: datetime) -> None:
        """Keep the former text as a version, take the new one, and have the message triaged anew."""

    def keep_answer(self, said: IncomingMessage, *, now: datetime) -> int | None:
        """Keep what one of the team has said to a contact by himself on the channel; the conversation it answers.

        None when it answers nobody that we know of, or was kept before.
        """

    def is_being_removed(self, channel: str, external_id: str) -> bool:
        """Whether it was us who took a message away, or are about to."""

    def move_place(self, channel: str, place: str, new_place: str) -> int:
        """Let what was in one group go on in another: threads, cases, what waits; how many conversations moved."""

    def moved_places(self, channel: str) -> Mapping[str, str]:
        """Where groups of a channel went on: the last id of each by each id it had before."""

    def heard_until(self, channel: str) -> Mapping[str, datetime]:
        """Per thread of a channel, when the last message that is kept was sent."""

    def keep_files(self, channel: str, external_id: str, files: Sequence[Attachment]) -> None:
        """Note where the copies of a message's files lie."""

    def mark_deleted(self, message_id: int, *, deleted_at: datetime, keep_text: bool) -> None:
        """Note that the author took a message back; unless `keep_text`, blank it and its former texts."""

    def withdraw(self, message_id: int, *, why: Sentence, now: datetime) -> int:
        """Withdraw the open drafts on a message and cancel what waits to be sent; how many there were."""

    def reopen(self, conversation_id: int, *, why: Sentence) -> bool:
        """Open a conversation again; False where it was open."""


class TriageBooks(Protocol):
    """From waiting messages to outcomes."""

    def claim_waiting(self, limit: int) -> list[WaitingMessage]:
        """Up to `limit` messages that wait, oldest first, kept from other workers until the transaction ends."""

    def backgrounds(
        self, messages: Sequence[WaitingMessage], needs: Needs, *, past: bool = False
    ) -> Mapping[int, Background]:
        """Per message what surrounds it, as far as it is needed; nothing where nothing is.

        With `past`, whether a crisis ran is told of the moment when each message was sent, else of now.
        """

    def keep_outcomes(self, outcomes: Sequence[Outcome], *, rule_book_version: int, now: datetime) -> None:
        """Write all that was decided, and mark the messages triaged."""

    def count_waiting(self) -> int:
        """How many messages wait for triage."""

    def keep_rule_book(self, text: str, *, author: Actor, now: datetime) -> int:
        """The version number of this text, from 1; a new version unless the latest reads the same."""

    def rule_books(self) -> list[RuleBookVersion]:
        """Every version of the rule book that was in force, the first one first."""

    def latest_rule_book(self) -> RuleBookVersion | None:
        """The version put on record last; None where there is none yet."""

    def why_rule_books(self) -> Mapping[int, Sentence]:
        """Per version of the rule book why it was put in force, where that is on record."""

    def keep_responses(self, responses: Sequence[CannedResponse], *, now: datetime) -> None:
        """Make the stored canned responses these."""


class OutboxBooks(Protocol):
    """What waits for a person, and what is on its way."""

    def draft(self, draft_id: int) -> DraftView | None:
        """One draft."""

    def channel_of(self, conversation_id: int) -> str:
        """The name of the channel of a conversation that exists."""

    def approve(
        self,
        draft_id: int,
        *,
        parts: Sequence[str],
        by: Actor,
        not_before: datetime,
        now: datetime,
        thread: str | None = None,
    ) -> int | None:
        """Put an open draft in the outbox, in as many parts as it takes; the id of the first row.

        `thread` is where it is said, when that is not the thread of the conversation. None when somebody was first.
        """

    def change_sent(
        self, send_id: int, *, kind: OutboxKind, text: str, by: Actor, not_before: datetime, now: datetime
    ) -> int:
        """Put the change of a reply that has left, or its taking back, in the outbox; the id of the new row."""

    def discard(self, draft_id: int) -> bool:
        """Throw an open draft away; False when it was not open."""

    def send(self, send_id: int) -> SendView | None:
        """One row of the outbox."""

    def cancel(self, send_id: int, *, why: Sentence) -> bool:
        """Cancel a row that still waits, with its other parts, and reopen its draft; False when it is too late."""

    def claim_due(
        self, *, now: datetime, limit: int, lease: timedelta, paused: bool, resting: Collection[str] = ()
    ) -> list[int]:
        """Claim rows that are due, the first of each conversation, oldest first.

        A row whose worker has not reported within its lease is due again. While `paused`, only what people send is
        claimed. What goes to a channel or help desk that is `resting` is not.
        """

    def due_send(self, send_id: int, *, lately: datetime | None) -> DueSend | None:
        """A claimed row with the state of the world around it; None when it is no longer ours to send.

        Automatic replies are counted from `lately` on; None leaves out what stands around the row.
        """

    def mark_sent(self, send_id: int, *, external_id: str, now: datetime) -> None:
        """Note what was done, and what follows: a reply joins its conversation; a person's makes it pending."""

    def mark_failed(
        self,
        send_id: int,
        *,
        error: Sentence,
        again_at: datetime | None,
        outcome_unknown: bool = False,
        now: datetime,
    ) -> None:
        """Note a failure; without `again_at` it is given up and shown, and the conversation stays open."""

    def alert_loop(self, conversation_id: int) -> bool:
        """Mark a conversation as a loop that was stopped, and open it; False when it is marked already."""

    def alert_flood(self, conversation_id: int, *, why: Sentence, since: datetime) -> bool:
        """Open a conversation because the brand sends too much by itself; False where that was told after `since`."""

    def neighbourhood(self, *, now: datetime) -> Neighbourhood:
        """What was said lately in public or is about to be, and what is drafted."""

    def note_attempt(self, send_id: int, *, disclosure: str | None = None) -> None:
        """Note that a claimed row is about to be done: from now on it may have got through without our hearing so.

        `disclosure` is the line that stands above its words from now on.
        """

    def release(self, send_id: int, *, until: datetime | None = None, in_doubt: bool | None = None) -> None:
        """Give a claimed row back as if it had not been claimed; with `until`, its turn comes then.

        `in_doubt` says whether it may have got through, None that nothing has been learnt about it.
        """

    def refuse(self, send_id: int, *, why: Sentence, now: datetime) -> None:
        """Keep a row from being sent; its words become an open draft with the reason as a finding."""

    def waiting_automatic(self) -> list[SendView]:
        """What rules have put in the outbox for somebody outside and has not left, oldest first."""

    def replay(self, send_id: int, *, now: datetime) -> bool:
        """Have a row that was given up tried again, with what was taken back with it; False where it cannot be."""

    def adopt(self, send_id: int, *, by: Actor) -> None:
        """Have a row that waits leave in a person's name."""

    def list_sends(self, *, state: SendState, limit: int) -> list[SendView]:
        """Rows of the outbox in one state, newest first."""


class CaseBooks(Protocol):
    """The records of moderation: cases, reports, appeals."""

    def take_turn(self) -> None:
        """Wait for whoever else moderates; until the transaction ends, nobody else does."""

    def find_subject(self, message_id: int) -> Subject | None:
        """A message with what has to be known to act on it; None where there is none."""

    def keep_case(self, new: NewCase, *, now: datetime) -> CaseView:
        """Open a case under the next number of the brand; the transaction has taken its turn."""

    def queue_acts(self, case: CaseView, acts: Sequence[NewAct], *, now: datetime) -> None:
        """Put what is to be done for a case in the outbox, in this order."""

    def find_case(self, number: int) -> CaseView | None:
        """One case."""

    def list_cases(self, *, conversation_id: int | None = None, limit: int) -> list[CaseView]:
        """Cases, newest first: all, or those of the contact of a conversation."""

    def cases_of(self, contact_id: int) -> list[CaseView]:
        """Every case of a contact, newest first."""

    def mark_undone(self, number: int, *, by: Actor, why: str, now: datetime) -> None:
        """Note that a case was undone."""

    def change_reason(self, number: int, *, reason: str) -> None:
        """Give a case another reason."""

    def call_attention(self, conversation_id: int, *, why: Sentence) -> None:
        """Have a conversation open, with this as the reason, whatever its status was."""

    def is_ours(self, channel: str, external_id: str) -> bool:
        """Whether a message, by the channel's name and id for it, is one that we sent."""

    def has_reported(self, message_id: int, reporter: str) -> bool:
        """Whether a member has reported a message."""

    def reports_by(self, channel: str, reporter: str, *, since: datetime) -> list[datetime]:
        """When a member has reported messages, after a moment."""

    def keep_report(self, message_id: int, event: Reported) -> int:
        """Keep a report, tag its conversation and weigh it anew; how many members have reported the message."""

    def contact_of(self, channel: str, author: str) -> int | None:
        """A contact by the channel's own id; None where it is not known."""

    def open_appeal(self, case_id: int, *, text: str, now: datetime) -> bool:
        """Keep an appeal against a case; False where one is open."""

    def judge_appeal(self, appeal_id: int, verdict: Verdict, *, why: str, by: Actor, now: datetime) -> bool:
        """Close an appeal; False where it is closed already."""

    def list_appeals(self, *, open_only: bool, limit: int) -> list[AppealView]:
        """Appeals, oldest first: those that wait, or all."""


class LearningBooks(Protocol):
    """What people say of labels, and what of it may be learnt from."""

    def labels_of(self, message_id: int) -> Labelled | None:
        """The labels of a contact's message as it reads now: the model's, and a person's; None where there is none."""

    def keep_correction(self, message_id: int, *, after: Sequence[Label], why: str, by: Actor, now: datetime) -> bool:
        """Keep what a person says a message is, as it reads now; its conversation then stands in the queue by that.

        To say the same as the model is to confirm it. False when the message is unknown, no model has read it as it
        is now, or a person has said the same.
        """

    def drop_correction(self, message_id: int, *, now: datetime) -> bool:
        """Let the model's labels stand again; False when nobody has corrected the message as it reads now."""

    def withdraw_automatic(self, message_id: int, *, why: Sentence) -> int:
        """Cancel the replies to a message that rules have put in the outbox and have not left; how many there were."""

    def set_may_train(self, channel: str, *, allowed: bool) -> bool:
        """Let models learn from a channel, or not; one that is new is made. False when it stood so already."""

    def corrected_examples(self, *, languages: Sequence[str]) -> Iterator[CorrectedExample]:
        """What people have said of messages and may be learnt from, the latest first; never what a model said."""

    def mark_spam(self, message_id: int, *, is_spam: bool, by: Actor, now: datetime) -> bool:
        """Keep a person's word on whether a message is spam; False when it is unknown, or he has said the same."""

    def spam_examples(self, *, languages: Sequence[str]) -> Iterator[SpamExample]:
        """What people have said is spam, or is none, and may be learnt from, the latest first."""

    def count_corrections(self, *, languages: Sequence[str]) -> list[ChannelLessons]:
        """Per channel with corrections how many may be learnt from, and how many not and why; by name."""


class HouseBooks(Protocol):
    """Switches, the state of channels, and the audit log."""

    def set_channel_state(self, channel: str, state: ChannelState, *, why: Sentence | None, now: datetime) -> bool:
        """Note how the connection of a channel stands; False when it stood so already."""

    def channels(self) -> list[ChannelView]:
        """The channels that have been connected or written from, by name."""

    def switch(self, name: str) -> SwitchState:
        """A switch; one never set is off."""

    def switches_on(self, prefix: str) -> list[SwitchState]:
        """The switches that are on and whose name begins so, by name."""

    def set_switch(self, name: str, *, on: bool, by: Actor, now: datetime) -> bool:
        """Set a switch; False when it stood so already."""

    def write_audit(self, lines: Sequence[AuditLine]) -> None:
        """Append lines to the audit log."""

    def seal_audit(self, limit: int = 10_000) -> int:
        """Give committed lines their place in the chain; how many. 0 when another process is at it."""

    def read_audit(self) -> Iterator[SealedLine]:
        """The sealed lines in order, streaming."""

    def count_unsealed(self) -> int:
        """How many lines wait to be sealed."""


class ReadBooks(Protocol):
    """What people are shown."""

    def queue(self, wanted: QueueFilter) -> list[QueueItem]:
        """Conversations, the highest priority first and the oldest first among equals."""

    def count_queue(self, wanted: QueueFilter) -> int:
        """How many conversations are asked for, but no more than the limit."""

    def conversation(self, conversation_id: int, *, with_context: bool = True) -> ConversationView | None:
        """One conversation, whole; what others said around it only `with_context`."""

    def summary(self) -> Summary:
        """Counts over the whole inbox."""


class StatsBooks(Protocol):
    """Counting what happened."""

    def read_stats(self, *, days: Sequence[datetime], until: datetime) -> Tallies:
        """What is counted from the first of `days` (the first moment of each, in order) until a moment."""

    def read_kpis(self, *, days: Sequence[datetime], until: datetime) -> KpiTallies:
        """What a report counts from the first of `days` (the first moment of each, in order) until a moment."""


class PastBooks(Protocol):
    """The past, to try rules on."""

    def count_past(self, *, since: datetime, until: datetime, channel: str | None = None) -> PastCount:
        """How many messages contacts sent from one moment until before another, and how many cannot be replayed."""

    def read_past(self, *, since: datetime, until: datetime, channel: str | None = None) -> Iterator[Sequence[Past]]:
        """Those that can be replayed, the one kept first coming first, in chunks that stream from the database."""


class RecordBooks(Protocol):
    """What rules did lately."""

    def read_fired(self, rules: Collection[str], *, since: datetime) -> Iterator[Sequence[Fired]]:
        """The messages that one of these rules held for since a moment, by what was decided last, in streaming chunks.

        Other rules are not told of.
        """

    def sent_by_rules(self, *, since: datetime, within: timedelta) -> list[SentByRule]:
        """What rules have queued since a moment and was sent, or refused by the last look.

        `within` is how long after a reply what its contact says is counted against it.
        """


class Books(
    IntakeBooks,
    TriageBooks,
    OutboxBooks,
    CaseBooks,
    LearningBooks,
    HouseBooks,
    ReadBooks,
    StatsBooks,
    PastBooks,
    RecordBooks,
    PeopleBooks,
    WorkBooks,
    CardBooks,
    ClockBooks,
    DeskBooks,
    CrisisBooks,
    RateBooks,
    CrowdBooks,
    AlertBooks,
    BulletinBooks,
    LeadBooks,
    LoginBooks,
    BulkBooks,
    SavedViewBooks,
    ModelBooks,
    ContactBooks,
    OutboxPageBooks,
    LookBooks,
    ResponseBooks,
    DoorBooks,
    ReplyBooks,
    Protocol,
):
    """The store inside one transaction, for one brand."""


class Store(Protocol):
    """The database of one brand."""

    def begin(self) -> AbstractContextManager[Books]:
        """A transaction: committed at the end of the block, rolled back when it raises."""

    def read(self) -> AbstractContextManager[Books]:
        """A transaction that only reads and waits for no writer."""
