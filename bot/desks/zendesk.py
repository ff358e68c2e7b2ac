"""Tickets in Zendesk, over its Ticketing API.

They are found again by their external id, asked of its list and not of its search, which lags behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.desks.answers import number_in, unreadable
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.sentences import Sentence
from inbox.tickets import Opened, Put, Ticket, told


class ZendeskDesk:
    """One Zendesk.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://acme.zendesk.com.
        token: An API token.
        email: The address of the agent in whose name tickets are opened.
        put: Puts our words into the language that is read there.
        patience: How long one call may take.
    """

    def __init__(
        self, name: str, url: str, token: str, *, email: str, put: Put, patience: timedelta = PATIENCE
    ) -> None:
        self._api = Api(name, url, auth=(f"{email}/token", token), patience=patience)
        self._put = put

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
