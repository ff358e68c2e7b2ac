"""Tickets in Freshdesk, over its API v2.

A ticket carries our key as a tag, and is found again among those of its customer: its search lags minutes behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape
from typing import Any

from bot.desks.answers import number_in, unreadable
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.sentences import Sentence
from inbox.tickets import Opened, Put, Ticket, TicketPriority, told

_OPEN = 2
_BY_PORTAL = 2
_LONGEST_TAG = 32
_PRIORITIES: Mapping[TicketPriority, int] = {
    TicketPriority.LOW: 1,
    TicketPriority.NORMAL: 2,
    TicketPriority.HIGH: 3,
    TicketPriority.URGENT: 4,
}


class FreshdeskDesk:
    """One Freshdesk.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://acme.freshdesk.com.
        token: The API key of an agent.
        put: Puts our words into the language that is read there.
        patience: How long one call may take.
    """

    def __init__(self, name: str, url: str, token: str, *, put: Put, patience: timedelta = PATIENCE) -> None:
        self._api = Api(name, url, auth=(token, "X"), patience=patience)
        self._put = put

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Open a ticket, with its customer where he is new."""
        with unreadable(self._api.name):
            return self._opened(await self._api.post("/api/v2/tickets", to_freshdesk(ticket, self._put)))

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """The ticket of the customer that carries the key as a tag."""
        with unreadable(self._api.name):
            customers = await self._api.get("/api/v2/contacts", unique_external_id=customer_of(ticket))
            for customer in customers:
                newest = await self._api.get(
                    "/api/v2/tickets",
                    requester_id=number_in(customer),
                    order_by="created_at",
                    order_type="desc",
                    per_page=100,
                )
                for one in newest:
                    if ticket.key in one["tags"]:
                        return self._opened(one)
            return None

    async def examine(self) -> Sequence[Remark]:
        """Whether the key is good."""
        with unreadable(self._api.name):
            me = await self._api.get("/api/v2/agents/me")
            reached = Sentence("reached, as {name}", name=str(me["contact"]["name"]))
        return [Remark(reached, is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    def _opened(self, told_back: Mapping[str, Any]) -> Opened:
        number = number_in(told_back)
        return Opened(number, f"{self._api.url}/a/tickets/{number}")


def customer_of(ticket: Ticket) -> str:
    """What names the customer of a ticket in Freshdesk."""
    return f"vigie:{ticket.channel}:{ticket.customer_id}"


def to_freshdesk(ticket: Ticket, put: Put) -> dict[str, Any]:
    """A ticket as Freshdesk takes it: it reads descriptions as HTML."""
    tags = (ticket.key, "vigie", *ticket.topics)
    return {
        "subject": ticket.subject,
        "description": escape(told(ticket, put)).replace("\n", "<br>"),
        "unique_external_id": customer_of(ticket),
        "name": ticket.customer,
        "status": _OPEN,
        "priority": _PRIORITIES[ticket.priority],
        "source": _BY_PORTAL,
        "tags": [tag[:_LONGEST_TAG] for tag in tags],
    }
