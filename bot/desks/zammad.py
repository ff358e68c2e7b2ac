"""Tickets in Zammad, over its REST API.

Customer, ticket, tags and article go in by one call, in one transaction of theirs. It is found again by a tag, asked of
their database and not of their search index, which lags behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from bot.desks.answers import moment_in, number_in, plain, unreadable
from bot.desks.api import PATIENCE, Api
from bot.desks.calls import Caller, read_call
from inbox.abilities import Remark
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Put, Ticket, TicketPriority, told, told_more
from inbox.views import TicketStatus

_PRIORITIES: Mapping[TicketPriority, str] = {
    TicketPriority.LOW: "1 low",
    TicketPriority.NORMAL: "2 normal",
    TicketPriority.HIGH: "3 high",
    TicketPriority.URGENT: "3 high",
}
"""Zammad knows three out of the box; an urgent ticket has a tag besides."""

_STATUSES = {
    "pending reminder": TicketStatus.PENDING,
    "pending close": TicketStatus.PENDING,
    "closed": TicketStatus.SOLVED,
}
"""What its states mean. Any other is open: so is one that was merged, for the other ticket goes on."""

_NOBODY = 1
"""The owner of what nobody has."""


class ZammadDesk:
    """One Zammad.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://help.example.org.
        token: An access token with the permission ticket.agent.
        group: The group that tickets go to.
        put: Puts our words into the language that is read there.
        hook_secret: What its webhooks are signed with; without it none is taken.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        token: str,
        *,
        group: str,
        put: Put,
        hook_secret: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._api = Api(name, url, headers={"Authorization": f"Token token={token}"}, patience=patience)
        self._group = group
        self._put = put
        self._caller = Caller(name, "zammad", hook_secret)
        self._names: dict[int, str] = {}

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

    async def add(self, addition: Addition) -> Opened:
        """Add an article; its subject ends with the key, by which it is found again."""
        with unreadable(self._api.name):
            return Opened(number_in(await self._api.post("/api/v1/ticket_articles", to_article(addition, self._put))))

    async def find_added(self, addition: Addition) -> Opened | None:
        """The article whose subject ends with the key."""
        with unreadable(self._api.name):
            for one in await self._api.get(f"/api/v1/ticket_articles/by_ticket/{addition.ticket}"):
                if str(one.get("subject") or "").endswith(f"[{addition.key}]"):
                    return Opened(number_in(one))
            return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """How a ticket stands, and what agents have said in articles that are not internal."""
        with unreadable(self._api.name):
            ticket = await self._api.get(f"/api/v1/tickets/{external_id}", expand="true")
            articles = await self._api.get(f"/api/v1/ticket_articles/by_ticket/{external_id}", expand="true")
            return DeskNews(
                external_id,
                _STATUSES.get(str(ticket["state"]).lower(), TicketStatus.OPEN),
                moment_in(ticket["updated_at"]),
                await self._owner(ticket),
                tuple(_answer(one) for one in articles if _is_answer(one) and str(one["id"]) not in told),
            )

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

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

    async def _owner(self, ticket: Mapping[str, Any]) -> str | None:
        """Who has a ticket, by name."""
        owner = int(ticket.get("owner_id") or _NOBODY)
        if owner == _NOBODY:
            return None
        if owner not in self._names:
            user = await self._api.get(f"/api/v1/users/{owner}")
            named = " ".join(str(user.get(part) or "") for part in ("firstname", "lastname")).strip()
            self._names[owner] = named or str(user.get("login") or owner)
        return self._names[owner]

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


def to_article(addition: Addition, put: Put) -> dict[str, Any]:
    """An addition as Zammad takes an article: a note of the customer, which is sent to nobody."""
    return {
        "ticket_id": int(addition.ticket),
        "subject": f"{addition.subject} [{addition.key}]",
        "body": told_more(addition, put),
        "content_type": "text/plain",
        "type": "note",
        "sender": "Customer",
        "internal": False,
    }


def _is_answer(article: Mapping[str, Any]) -> bool:
    return article["sender"] == "Agent" and article["internal"] is False


def _answer(article: Mapping[str, Any]) -> DeskAnswer:
    body = str(article["body"])
    text = plain(body) if "html" in str(article.get("content_type")) else body.strip()
    who = str(article.get("from") or article.get("created_by") or "")
    return DeskAnswer(str(article["id"]), parseaddr(who)[0] or who, moment_in(article["created_at"]), text)
