"""What leads ask of the store, as a small protocol. `data/leads.py` has it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from inbox.leads import Lead, LeadStatus, NewSource
from inbox.model import Actor


@dataclass(frozen=True, slots=True)
class LeadChange:
    """A lead before and after something was kept of it; `before` is None where it was made."""

    before: Lead | None
    after: Lead


class LeadBooks(Protocol):
    """Leads, and what messages give to them."""

    def with_open_lead(self, contacts: Collection[int]) -> set[int]:
        """Those of these contacts who have an open lead."""

    def lead_messages(self, messages: Collection[int]) -> set[int]:
        """Those of these messages that give something to a lead."""

    def keep_sources(self, new: Sequence[NewSource], *, now: datetime) -> list[LeadChange]:
        """Keep what messages give, each to the lead that it is in, else to the open one of its contact, else to a new.

        A lead without an owner gets whoever has its conversation. Leads that stand as they did are not among the
        changes. Nobody else changes leads of the brand until the transaction ends.
        """

    def forget_sources(self, messages: Collection[int], *, now: datetime) -> list[LeadChange]:
        """Empty what messages have given to leads: their authors have taken them back."""

    def set_lead(
        self, lead_id: int, *, status: LeadStatus | None = None, owner: str | None = None, now: datetime
    ) -> LeadChange | None:
        """Give a lead another status or owner ("" for nobody); None where it stands so, or there is no such lead.

        Raises:
            NotPossible: It is to be open again, and its contact has another open lead.
        """

    def tell_leads(self, leads: Sequence[Lead], *, by: Actor, not_before: datetime, now: datetime) -> None:
        """Put the telling of leads in the outbox, unless one that has not begun is there: it tells how they stand."""

    def tell_leads_again(self, leads: Sequence[Lead], *, by: Actor, now: datetime) -> None:
        """Have those of these leads told at once that were told before, or are about to be."""

    def lead_told_in(self, send_id: int) -> Lead | None:
        """The lead that a row of the outbox tells of, as it stands now."""

    def lead(self, lead_id: int) -> Lead | None:
        """One lead."""

    def lead_of(self, conversation_id: int) -> Lead | None:
        """The lead of the contact of a conversation: the open one, else the latest; None where he has none."""

    def list_leads(
        self, *, status: LeadStatus | None = None, owner: str | None = None, limit: int | None = None
    ) -> list[Lead]:
        """Leads, those that are open first and the highest score first; of one status or owner where it is named."""
