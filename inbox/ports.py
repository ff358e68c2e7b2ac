"""What the heart asks of the world, each a small protocol. `app/wiring.py` hands over the objects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from inbox.audit import AuditLine, SealedLine
from inbox.decisions import Decision, Facts
from inbox.delivery import DueSend
from inbox.model import Actor, IncomingMessage, Prediction, StoredMessage, WaitingMessage
from inbox.outcome import Outcome
from inbox.responses import CannedResponse
from inbox.sentences import Sentence
from inbox.views import (
    ConversationView,
    DraftView,
    QueueFilter,
    QueueItem,
    SendState,
    SendView,
    Summary,
    SwitchState,
)


class Classifier(Protocol):
    """Text in, labels with confidence out."""

    @property
    def version(self) -> str:
        """The name of the model, as stored with every prediction."""

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        """One prediction per text, in order.

        Args:
            texts: As written; reading round tricks of spelling is the classifier's own business.
            hints: Per text the language its channel or contact suggests, used where the text is too short to tell.
            explain: Fill `reasons` for the labels that hold or are unsure.
        """


class RuleBook(Protocol):
    """The rules, read and checked."""

    @property
    def text(self) -> str:
        """The rule book as its author wrote it."""

    def decide(self, facts: Facts) -> Decision:
        """What to do about one message, and why."""


class Channel(Protocol):
    """One connected account of the outside world."""

    @property
    def name(self) -> str:
        """The name that messages carry as their `channel`."""

    async def send(self, thread: str, text: str, *, key: str) -> str:
        """Say something in a thread; the channel's id of what was said.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """

    async def find_sent(self, key: str) -> str | None:
        """The id of what was sent under an idempotency key, or None where nothing was, or the channel cannot tell."""


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

    def keep_outcomes(self, outcomes: Sequence[Outcome], *, rule_book_version: int, now: datetime) -> None:
        """Write all that was decided, and mark the messages triaged."""

    def count_waiting(self) -> int:
        """How many messages wait for triage."""

    def keep_rule_book(self, text: str, *, author: Actor, now: datetime) -> int:
        """The version number of this text, from 1; a new version unless the latest reads the same."""

    def keep_responses(self, responses: Sequence[CannedResponse], *, now: datetime) -> None:
        """Make the stored canned responses these."""


class OutboxBooks(Protocol):
    """What waits for a person, and what is on its way."""

    def draft(self, draft_id: int) -> DraftView | None:
        """One draft."""

    def approve(self, draft_id: int, *, text: str, by: Actor, not_before: datetime, now: datetime) -> int | None:
        """Put an open draft in the outbox; the id of the row, or None when somebody was first."""

    def discard(self, draft_id: int) -> bool:
        """Throw an open draft away; False when it was not open."""

    def send(self, send_id: int) -> SendView | None:
        """One row of the outbox."""

    def cancel(self, send_id: int, *, why: Sentence) -> bool:
        """Cancel a row that still waits, and reopen the draft it came from; False when it is too late."""

    def claim_due(self, *, now: datetime, limit: int, lease: timedelta, paused: bool) -> list[int]:
        """Claim rows that are due, the first of each conversation, oldest first.

        A row whose worker has not reported within its lease is due again. While `paused`, only what people send is
        claimed.
        """

    def due_send(self, send_id: int) -> DueSend | None:
        """A claimed row with the state of the world around it; None when it is no longer ours to send."""

    def mark_sent(self, send_id: int, *, external_id: str, now: datetime) -> None:
        """Note what was sent: the outgoing message joins its conversation; a person's reply makes it pending."""

    def mark_failed(self, send_id: int, *, error: Sentence, again_at: datetime | None, now: datetime) -> None:
        """Note a failure; without `again_at` it is given up and shown, and the conversation stays open."""

    def release(self, send_id: int) -> None:
        """Give a claimed row back unsent, as if it had not been claimed."""

    def refuse(self, send_id: int, *, why: Sentence, now: datetime) -> None:
        """Keep a row from being sent; its words become an open draft with the reason as a finding."""

    def waiting_automatic(self) -> list[SendView]:
        """What rules have put in the outbox and has not left, oldest first."""

    def list_sends(self, *, state: SendState, limit: int) -> list[SendView]:
        """Rows of the outbox in one state, newest first."""


class HouseBooks(Protocol):
    """Switches and the audit log."""

    def switch(self, name: str) -> SwitchState:
        """A switch; one never set is off."""

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

    def conversation(self, conversation_id: int) -> ConversationView | None:
        """One conversation, whole."""

    def summary(self) -> Summary:
        """Counts over the whole inbox."""


class Books(IntakeBooks, TriageBooks, OutboxBooks, HouseBooks, ReadBooks, Protocol):
    """The store inside one transaction, for one brand."""


class Store(Protocol):
    """The database of one brand."""

    def begin(self) -> AbstractContextManager[Books]:
        """A transaction: committed at the end of the block, rolled back when it raises."""

    def read(self) -> AbstractContextManager[Books]:
        """A transaction that only reads and waits for no writer."""


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Now, in UTC."""


Channels = Mapping[str, Channel]
"""The channels by name."""
