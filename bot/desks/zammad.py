"""Tickets in Zammad, over its REST API.

Customer, ticket, tags and article go in by one call, in one transaction of theirs. It is found again by a tag, asked of
their database and not of their search index, which lags behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.desks.answers import number_in, unreadable
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.sentences import Sentence
from inbox.tickets import Opened, Put, Ticket, TicketPriority, told

_PRIORITIES: Mapping[TicketPriority, str] = {
    TicketPriority.LOW: "1 low",
    TicketPriority.NORMAL: "2 normal",
    TicketPriority.HIGH: "3 high",
    TicketPriority.URGENT: "3 high",
}
"""Zammad knows three out of the box; an urgent ticket has a tag besides."""


class ZammadDesk:
    """One Zammad.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://help.example.org.
        token: An access token with the permission ticket.agent.
        group: The group that tickets go to.
        put: Puts our words into the language that is read there.
        patience: How long one call may take.
    """

    def __init__(
        self, name: str, url: str, token: str, *, group: str, put: Put, patience: timedelta = PATIENCE
    ) -> None:
        self._api = Api(name, url, headers={"Authorization": f"Token token={token}"}, patience=patience)
        self._group = group
        self._put = put

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Open a ticket, with its customer where he is new."""
        with unreadable(self._api.name):
            return self._opened(await self._api.post("/api/v1/tickets", to_zammad(ticket, self._group, self._put)))

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """The ticket that carries the key as a tag."""
        condition = {"ticket.tags": {"operator": "contains all", "value": ticket.key}}
        with unreadable(self._api.name):
            found = await self._api.post("/api/v1/tickets/search", {"condition": condition, "limit": 1, "expand": True})
            return self._opened(found[0]) if found else None

    async def examine(self) -> Sequence[Remark]:
        """Whether the token is good, may open tickets, and in this group."""
        with unreadable(self._api.name):
            me = await self._api.get("/api/v1/users/me", expand="true")
            await self._api.get("/api/v1/tickets", per_page=1)
            reached = Sentence("reached, as {name}", name=str(me.get("login") or me["id"]))
        return [Remark(reached, is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    def _opened(self, told_back: Mapping[str, Any]) -> Opened:
        number = number_in(told_back)
        return Opened(number, f"{self._api.url}/#ticket/zoom/{number}")


def to_zammad(ticket: Ticket, group: str, put: Put) -> dict[str, Any]:
    """A ticket as Zammad takes it. The article is a note: nothing is sent to anybody by it."""
    tags = [ticket.key, "vigie", *ticket.topics]
    if ticket.priority is TicketPriority.URGENT:
        tags.append(TicketPriority.URGENT.value)
    return {
        "title": ticket.subject,
        "group": group,
        "customer": {
            "login": f"vigie-{ticket.channel}-{ticket.customer_id}".lower(),
            "firstname": ticket.customer,
            "note": f"{ticket.channel}: {ticket.customer_id}",
        },
        "priority": _PRIORITIES[ticket.priority],
        # Commas part them.
        "tags": ",".join(tag.replace(",", " ") for tag in tags),
        "article": {
            "subject": ticket.subject,
            "body": told(ticket, put),
            "content_type": "text/plain",
            "type": "note",
            "sender": "Customer",
            "internal": False,
        },
    }
