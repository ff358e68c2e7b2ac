"""What the card of a contact asks of the store, a small protocol. `data/` has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from inbox.contacts import ContactCard, ContactLine


class ContactBooks(Protocol):
    """Who is who, on whatever channel he writes."""

    def contact_card(self, contact_id: int) -> ContactCard | None:
        """All that is known of a person, by any of the contacts that he is; None where there is none."""

    def find_contacts(self, text: str, *, limit: int) -> list[ContactLine]:
        """The people who are called so or whose accounts are, whatever case and accents, who wrote last first."""

    def merge_contacts(self, contact_id: int, other_id: int) -> bool:
        """Have two people be one, under the name of the first; False where they are one already, or one is unknown.

        Nothing moves: each keeps what is his. Conversations stand anew in the queue where one is a VIP.
        """

    def unmerge_contact(self, contact_id: int) -> bool:
        """Let a contact, with those that were merged into it, be himself again; False where he is."""

    def set_vip(self, contact_id: int, *, is_vip: bool) -> bool:
        """Mark a person as one who comes first, or not; False where it stands so already. His conversations follow."""

    def add_contact_note(self, contact_id: int, *, author: str, text: str, now: datetime) -> int:
        """Keep a note about a contact; its number."""

    def same_person(self, contact_id: int) -> Sequence[int]:
        """The contacts that are the same person, this one among them; only this one where he is nobody else."""
