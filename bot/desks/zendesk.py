"""Tickets in Zendesk, over its Ticketing API.

They are found again by their external id, asked of its list and not of its search, which lags behind.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.desks.answers import moment_in, number_in, unreadable
from bot.desks.api import PATIENCE, Api
from bot.desks.calls import Caller, read_call
from inbox.abilities import Remark
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Put, Ticket, told, told_more
from inbox.views import TicketStatus

KEY = "vigie_key"
"""What holds our key in the metadata of an update."""

_STATUSES = {
    "pending": TicketStatus.PENDING,
    "hold": TicketStatus.PENDING,
    "solved": TicketStatus.SOLVED,
    "closed": TicketStatus.SOLVED,
}
"""What its statuses mean; any other is open."""

_TEAM = frozenset({"agent", "admin"})
_MOST_PAGES = 20


class ZendeskDesk:
    """One Zendesk.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://acme.zendesk.com.
        token: An API token.
        email: The address of the agent in whose name tickets are opened.
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
        email: str,
        put: Put,
        hook_secret: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._api = Api(name, url, auth=(f"{email}/token", token), patience=patience)
        self._put = put
        self._caller = Caller(name, "zendesk", hook_secret)

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Open a ticket of the customer, who is made where he is new."""
        with unreadable(self._api.name):
            customer = {
                "external_id": f"vigie:{ticket.channel}:{ticket.customer_id}",
                "name": ticket.customer,
                "skip_verify_email": True,
            }
            user = (await self._api.post("/api/v2/users/create_or_update.json", {"user": customer}))["user"]
            wanted = to_zendesk(ticket, int(user["id"]), self._put)
            made = await self._api.post(
                "/api/v2/tickets.json", {"ticket": wanted}, headers={"Idempotency-Key": ticket.key}
            )
            return self._opened(made["ticket"])

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """The ticket with the key as its external id."""
        with unreadable(self._api.name):
            found = (await self._api.get("/api/v2/tickets.json", external_id=ticket.key))["tickets"]
            return self._opened(found[0]) if found else None

    async def add(self, addition: Addition) -> Opened:
        """Add a comment that is not public; the metadata of the update has the key, by which it is found again."""
        with unreadable(self._api.name):
            wanted = {"comment": {"body": told_more(addition, self._put), "public": False}}
            told_so = {"ticket": {**wanted, "metadata": {KEY: addition.key}}}
            return Opened(number_in((await self._api.put(_ticket(addition.ticket), told_so))["audit"]))

    async def find_added(self, addition: Addition) -> Opened | None:
        """The update whose metadata has the key."""
        with unreadable(self._api.name):
            after = ""
            for _ in range(_MOST_PAGES):
                page: dict[str, str | int] = {"page[size]": 100} | ({"page[after]": after} if after else {})
                found = await self._api.get(f"/api/v2/tickets/{addition.ticket}/audits.json", **page)
                for one in found["audits"]:
                    if ((one.get("metadata") or {}).get("custom") or {}).get(KEY) == addition.key:
                        return Opened(number_in(one))
                if not found["meta"]["has_more"]:
                    return None
                after = str(found["meta"]["after_cursor"])
            return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """How a ticket stands, and what agents have said in comments that are public: the latest hundred."""
        with unreadable(self._api.name):
            found = await self._api.get(_ticket(external_id), include="users")
            ticket, names = found["ticket"], {one["id"]: str(one["name"]) for one in found["users"]}
            said = await self._api.get(
                f"/api/v2/tickets/{external_id}/comments.json", include="users", sort_order="desc", per_page=100
            )
            team = {one["id"]: str(one["name"]) for one in said["users"] if one["role"] in _TEAM}
            assignee = ticket.get("assignee_id")
            return DeskNews(
                external_id,
                _STATUSES.get(str(ticket["status"]).lower(), TicketStatus.OPEN),
                moment_in(ticket["updated_at"]),
                None if assignee is None else names.get(assignee, str(assignee)),
                tuple(
                    DeskAnswer(
                        str(one["id"]),
                        team[one["author_id"]],
                        moment_in(one["created_at"]),
                        str(one.get("plain_body") or one["body"]).strip(),
                    )
                    for one in reversed(said["comments"])
                    if one["public"] is True and one["author_id"] in team and str(one["id"]) not in told
                ),
            )

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

    async def examine(self) -> Sequence[Remark]:
        """Whether the token is good: Zendesk lets a stranger ask, and says that he is one."""
        with unreadable(self._api.name):
            me = (await self._api.get("/api/v2/users/me.json"))["user"]
            if not me.get("id") or me.get("role") not in {"agent", "admin"}:
                return [Remark(Sentence("the address and the token are not those of an agent"))]
            return [Remark(Sentence("reached, as {name}", name=str(me["name"])), is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    def _opened(self, told_back: Mapping[str, Any]) -> Opened:
        number = number_in(told_back)
        return Opened(number, f"{self._api.url}/agent/tickets/{number}")


def _ticket(external_id: str) -> str:
    return f"/api/v2/tickets/{external_id}.json"


def to_zendesk(ticket: Ticket, customer: int, put: Put) -> dict[str, Any]:
    """A ticket as Zendesk takes it. Its comment is not public: nothing is sent to anybody by it."""
    return {
        "subject": ticket.subject,
        "comment": {"body": told(ticket, put), "public": False},
        "requester_id": customer,
        "external_id": ticket.key,
        "priority": ticket.priority.value,
        # Blanks part them.
        "tags": ["_".join(tag.split()) for tag in ("vigie", *ticket.topics)],
    }
