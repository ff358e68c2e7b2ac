"""Leads to a web address of the operator's own, where a CRM takes them. `docs/leads.md` says what is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.desks.api import PATIENCE
from bot.desks.signing import SignedAddress
from inbox.abilities import Remark
from inbox.leads import Lead
from inbox.outgoing import CRM
from inbox.ports import Clock
from inbox.tickets import Opened


class WebhookCrm:
    """The address that is told how each lead of a brand stands.

    Args:
        url: The address itself.
        secret: What both sides sign with.
        brand: The key of the brand, which one address may be told several of.
        clock: When a call is made, which is signed with it.
        patience: How long one call may take.
    """

    def __init__(self, url: str, secret: str, *, brand: str, clock: Clock, patience: timedelta = PATIENCE) -> None:
        self._address = SignedAddress(CRM, url, secret, clock=clock, patience=patience)
        self._brand = brand

    async def tell_lead(self, lead: Lead, *, key: str) -> Opened:
        """Tell how a lead stands; it is called what the answer says, else by the key of the call."""
        return await self._address.tell(to_json(lead, brand=self._brand), key=key)

    async def examine(self) -> Sequence[Remark]:
        """Whether it takes a signed call that asks for nothing."""
        return await self._address.examine()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._address.close()


def to_json(lead: Lead, *, brand: str) -> dict[str, Any]:
    """A lead as plain data: all of it, so that whoever missed a change has it with the next."""
    return {
        "event": "lead.changed",
        "brand": brand,
        "lead": lead.key,
        "number": lead.id,
        "revision": lead.revision,
        "status": lead.status.value,
        "owner": lead.owner,
        "score": lead.score,
        "score_parts": dict(lead.score_parts),
        "contact": {"name": lead.contact, "id": lead.contact_external_id, "channel": lead.channel},
        "products": list(lead.products),
        "needs": list(lead.needs),
        "place": lead.place,
        "email": lead.email,
        "phone": lead.phone,
        "conversation": lead.conversation_id,
        "messages": [one.message_id for one in lead.sources],
        "created_at": lead.created_at.isoformat(),
        "updated_at": lead.updated_at.isoformat(),
    }
