"""Tickets to a web address of the operator's own; `docs/escalation-desks.md` says what is sent, and how signed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.desks.api import PATIENCE
from bot.desks.calls import Caller, read_call
from bot.desks.signing import SignedAddress
from inbox.abilities import Remark
from inbox.desk_news import DeskCall, DeskNews
from inbox.ports import Clock
from inbox.tickets import Addition, Opened, Put, Ticket, told, told_more


class WebhookDesk:
    """One address that takes tickets.

    Args:
        name: What it is called in the settings.
        url: The address itself.
        secret: What both sides sign with.
        put: Puts our words into the language that is read there.
        clock: When a call is made, which is signed with it.
        hook_secret: What its own calls are signed with; without it none is taken.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        *,
        put: Put,
        clock: Clock,
        hook_secret: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._address = SignedAddress(name, url, secret, clock=clock, patience=patience)
        self._put = put
        self._caller = Caller(name, "webhook", hook_secret)

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Tell of a ticket; it is called what the answer says, else by its key."""
        return await self._address.tell(to_json(ticket, self._put), key=ticket.key)

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """None: it cannot be asked. What is told again has the same key, and is to be passed over there."""
        del ticket
        return None

    async def add(self, addition: Addition) -> Opened:
        """Tell of a later message of the customer."""
        return await self._address.tell(to_more_json(addition, self._put), key=addition.key)

    async def find_added(self, addition: Addition) -> Opened | None:
        """None, as for a ticket: what is told again has the same key."""
        del addition
        return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """None: it cannot be asked. Its own calls say all there is to know."""
        del external_id, told
        return None

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

    async def examine(self) -> Sequence[Remark]:
        """Whether it takes a signed call that asks for nothing."""
        return await self._address.examine()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._address.close()


def to_json(ticket: Ticket, put: Put) -> dict[str, Any]:
    """A ticket as plain data."""
    return {
        "event": "ticket.opened",
        "key": ticket.key,
        "subject": ticket.subject,
        "text": told(ticket, put),
        "customer": {"name": ticket.customer, "id": ticket.customer_id, "channel": ticket.channel},
        "conversation": ticket.conversation_id,
        "queue": ticket.queue,
        "severity": ticket.severity.value,
        "priority": ticket.priority.value,
        "first_response_due_at": ticket.first_response_due_at.isoformat(),
        "labels": [label.value for label in ticket.labels],
        "tags": list(ticket.tags),
        "link": ticket.permalink,
        "messages": [
            {
                "at": line.said_at.isoformat(),
                "by": line.who,
                "ours": line.is_ours,
                "text": line.text,
                "files": list(line.files),
            }
            for line in ticket.lines
        ],
    }


def to_more_json(addition: Addition, put: Put) -> dict[str, Any]:
    """An addition as plain data."""
    line = addition.line
    return {
        "event": "ticket.message",
        "key": addition.key,
        "ticket": addition.ticket,
        "ticket_key": addition.ticket_key,
        "text": told_more(addition, put),
        "customer": {"name": addition.customer, "id": addition.customer_id, "channel": addition.channel},
        "link": addition.permalink,
        "message": {"at": line.said_at.isoformat(), "by": line.who, "text": line.text, "files": list(line.files)},
    }
