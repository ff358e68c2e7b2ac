"""Tickets in Freshdesk, over its API v2.

A ticket carries our key as a tag, and is found again among those of its customer: its search lags minutes behind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from bot.desks.answers import moment_in, number_in, unreadable
from bot.desks.api import PATIENCE, Api
from bot.desks.calls import Caller, read_call
from inbox.abilities import Remark
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Put, Ticket, TicketPriority, told, told_more
from inbox.views import TicketStatus

_OPEN = 2
_BY_PORTAL = 2
_LONGEST_TAG = 32
_PAGE, _MOST_PAGES = 100, 10
_STATUSES = {
    3: TicketStatus.PENDING,
    4: TicketStatus.SOLVED,
    5: TicketStatus.SOLVED,
    6: TicketStatus.PENDING,
    7: TicketStatus.PENDING,
}
"""What its numbers mean: pending, resolved, closed, waiting on the customer, on a third party; any other is open."""

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
        hook_secret: What its webhooks carry; without it none is taken.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        token: str,
        *,
        put: Put,
        hook_secret: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._api = Api(name, url, auth=(token, "X"), patience=patience)
        self._put = put
        self._caller = Caller(name, "freshdesk", hook_secret)
        self._names: dict[int, str] = {}

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

    async def add(self, addition: Addition) -> Opened:
        """Add a private note; it ends with the key, by which it is found again."""
        with unreadable(self._api.name):
            note = {"body": to_note(addition, self._put), "private": True}
            return Opened(number_in(await self._api.post(f"/api/v2/tickets/{addition.ticket}/notes", note)))

    async def find_added(self, addition: Addition) -> Opened | None:
        """The note that ends with the key."""
        with unreadable(self._api.name):
            async for one in self._said(addition.ticket):
                if str(one.get("body_text") or "").strip().endswith(addition.key):
                    return Opened(number_in(one))
            return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """How a ticket stands, and what agents have said that is not private."""
        with unreadable(self._api.name):
            ticket = await self._api.get(f"/api/v2/tickets/{external_id}")
            agent = ticket.get("responder_id")
            answers = [
                DeskAnswer(
                    str(one["id"]),
                    await self._name(int(one["user_id"])),
                    moment_in(one["created_at"]),
                    str(one["body_text"]).strip(),
                )
                async for one in self._said(external_id)
                if one["private"] is False and one["incoming"] is False and str(one["id"]) not in told
            ]
            return DeskNews(
                external_id,
                _STATUSES.get(int(ticket["status"]), TicketStatus.OPEN),
                moment_in(ticket["updated_at"]),
                None if agent is None else await self._name(int(agent)),
                tuple(answers),
            )

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

    async def examine(self) -> Sequence[Remark]:
        """Whether the key is good."""
        with unreadable(self._api.name):
            me = await self._api.get("/api/v2/agents/me")
            reached = Sentence("reached, as {name}", name=str(me["contact"]["name"]))
        return [Remark(reached, is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def _said(self, ticket: str) -> AsyncIterator[Mapping[str, Any]]:
        for page in range(1, _MOST_PAGES + 1):
            found = await self._api.get(f"/api/v2/tickets/{ticket}/conversations", per_page=_PAGE, page=page)
            for one in found:
                yield one
            if len(found) < _PAGE:
                return

    async def _name(self, agent: int) -> str:
        if agent not in self._names:
            self._names[agent] = str((await self._api.get(f"/api/v2/agents/{agent}"))["contact"]["name"])
        return self._names[agent]

    def _opened(self, told_back: Mapping[str, Any]) -> Opened:
        number = number_in(told_back)
        return Opened(number, f"{self._api.url}/a/tickets/{number}")


def customer_of(ticket: Ticket) -> str:
    """What names the customer of a ticket in Freshdesk."""
    return f"vigie:{ticket.channel}:{ticket.customer_id}"


def to_note(addition: Addition, put: Put) -> str:
    """An addition as Freshdesk takes a note, with the key as its last line."""
    return escape(f"{told_more(addition, put)}\n\n{addition.key}").replace("\n", "<br>")


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
