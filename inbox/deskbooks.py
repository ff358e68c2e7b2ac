"""What tickets and their help desks ask of the store. `data/` has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from inbox.desk_news import DeskAnswer, TicketTurn, WatchedTicket
from inbox.findings import Finding
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Ticket


class DeskBooks(Protocol):
    """Tickets: opened, added to, asked after, answered."""

    def begin_ticket(self, send_id: int) -> Ticket | None:
        """What a help desk is told in a row of the outbox that opens a ticket; None for any other.

        What is said from now on is not in it, however often it has to be told: it is added later.
        """

    def mark_opened(self, send_id: int, opened: Opened, *, now: datetime) -> None:
        """Note that the ticket of a row of the outbox is open in its help desk, and queue what was said meanwhile."""

    def addition_of(self, send_id: int) -> Addition | None:
        """What a help desk is told in a row of the outbox that adds to a ticket, as it reads now; else None."""

    def keep_additions(self, conversation_id: int, *, now: datetime) -> None:
        """Queue what the contact has said since his open ticket was told. The caller has locked the conversation."""

    def tickets_to_ask(self, *, now: datetime, limit: int) -> int:
        """How many tickets are to be asked after, up to a number."""

    def claim_tickets(self, *, now: datetime, limit: int, lease: timedelta) -> list[WatchedTicket]:
        """The tickets that are to be asked after, kept from other processes for a while."""

    def ask_again(self, ticket_id: int, *, at: datetime | None, trouble: Sentence | None = None, now: datetime) -> None:
        """Note when a claimed ticket is to be asked after again, None for never, and why it could not be now.

        Where the help desk has called meanwhile, it is asked once more at once: what was read may be what was before.
        """

    def ask_now(self, ticket_id: int, *, now: datetime) -> None:
        """Have a ticket asked after at once."""

    def watched_ticket(self, desk: str, external_id: str) -> WatchedTicket | None:
        """A ticket by its help desk and the id, or our key, that it has there; None where it is not ours."""

    def keep_turn(self, ticket_id: int, turn: TicketTurn, *, now: datetime) -> None:
        """Write how a ticket stands now."""

    def offer_answer(
        self, ticket_id: int, answer: DeskAnswer, *, lang: str, findings: Sequence[Finding], now: datetime
    ) -> int | None:
        """Keep the words of an agent as a draft on the contact's latest message; its number, None where it is gone."""

    def waits_beyond(self, ticket_id: int, *, at: datetime) -> bool:
        """Whether the contact has said something that nobody has dealt with and the help desk did not know by then."""

    def end_escalation(self, escalation_id: int, *, now: datetime) -> None:
        """End an escalation, though its conversation stays open: the next one is another."""

    def resume_escalation(self, escalation_id: int) -> bool:
        """Have an escalation run again; False where it runs, or its conversation has another that does."""

    def is_prepared(self, conversation_id: int, response: str) -> bool:
        """Whether a response was prepared in a conversation, or sent there; one that was thrown away counts."""

    def remember_call(self, desk: str, mark: str, *, now: datetime) -> bool:
        """Remember a call of a help desk; False where it was taken before."""
