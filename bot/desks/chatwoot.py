"""Tickets in Chatwoot, as conversations, over its Application API.

A ticket takes several calls: the contact, the conversation that carries our key, then its message, labels and priority.
The conversation is found again by its contact and the key; whatever is still missing of it is done then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.desks.answers import number_in, unreadable
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.errors import SendFailed
from inbox.sentences import Sentence
from inbox.tickets import Opened, Put, Ticket, TicketPriority, told

KEY = "vigie_key"
"""The attribute of a conversation that holds our key."""

_INCOMING = 0
_PRIORITIES: Mapping[TicketPriority, str] = {
    TicketPriority.LOW: "low",
    TicketPriority.NORMAL: "medium",
    TicketPriority.HIGH: "high",
    TicketPriority.URGENT: "urgent",
}


class ChatwootDesk:
    """One account of a Chatwoot.

    Args:
        name: What it is called in the settings.
        url: Where it stands, such as https://app.chatwoot.com.
        token: The access token of an agent who may see the inbox.
        account: The number of the account.
        inbox: The number of an inbox of the kind API.
        put: Puts our words into the language that is read there.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        token: str,
        *,
        account: int,
        inbox: int,
        put: Put,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._api = Api(name, url, headers={"api_access_token": token}, patience=patience)
        self._account = account
        self._base = f"/api/v1/accounts/{account}"
        self._inbox = inbox
        self._put = put

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Open a conversation of the contact, made where he is new, with all that belongs to it."""
        with unreadable(self._api.name):
            contact = await self._find_contact(ticket) or await self._make_contact(ticket)
            source = _source_in(contact.get("contact_inboxes") or [], self._inbox)
            if source is None:
                source = await self._let_in(contact, ticket)
            wanted = to_conversation(ticket, contact=int(contact["id"]), inbox=self._inbox, source=source)
            number = number_in(await self._api.post(f"{self._base}/conversations", wanted))
            return await self._complete(number, ticket)

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """The conversation that carries the key, completed where it was left half done."""
        with unreadable(self._api.name):
            contact = await self._find_contact(ticket)
            if contact is None:
                return None
            found = await self._api.get(f"{self._base}/contacts/{number_in(contact)}/conversations")
            for one in found["payload"]:
                if (one.get("custom_attributes") or {}).get(KEY) == ticket.key:
                    return await self._complete(number_in(one), ticket)
            return None

    async def examine(self) -> Sequence[Remark]:
        """Whether the token is good, and the inbox there."""
        with unreadable(self._api.name):
            found = await self._api.get(f"{self._base}/inboxes")
            names = {int(one["id"]): (str(one.get("name")), one.get("channel_type")) for one in found["payload"]}
        if self._inbox not in names:
            says = Sentence("there is no inbox {number} that this token may see", number=self._inbox)
            return [Remark(says)]
        name, kind = names[self._inbox]
        if kind != "Channel::Api":
            return [Remark(Sentence("the inbox {name} is not of the kind API: make one that is", name=name))]
        return [Remark(Sentence("reached, tickets go to the inbox {name}", name=name), is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def _find_contact(self, ticket: Ticket) -> Mapping[str, Any] | None:
        identifier = identifier_of(ticket)
        found = await self._api.get(f"{self._base}/contacts/search", q=identifier)
        return next((one for one in found["payload"] if one.get("identifier") == identifier), None)

    async def _make_contact(self, ticket: Ticket) -> Mapping[str, Any]:
        wanted = {"inbox_id": self._inbox, "name": ticket.customer, "identifier": identifier_of(ticket)}
        made = (await self._api.post(f"{self._base}/contacts", wanted))["payload"]
        # Their description has a list here; what they serve is the contact beside its place in the inbox.
        one: Mapping[str, Any] = made[0] if isinstance(made, list) else made.get("contact", made)
        return one

    async def _let_in(self, contact: Mapping[str, Any], ticket: Ticket) -> str:
        """Give a contact a place in the inbox; its id there."""
        wanted = {"inbox_id": self._inbox, "source_id": identifier_of(ticket)}
        place = await self._api.post(f"{self._base}/contacts/{number_in(contact)}/contact_inboxes", wanted)
        return str(place["source_id"])

    async def _complete(self, number: str, ticket: Ticket) -> Opened:
        """Give a conversation what it still lacks: done twice, it is the same."""
        place = f"{self._base}/conversations/{number}"
        try:
            there = await self._api.get(f"{place}/messages")
            if not any(one.get("message_type") == _INCOMING for one in there["payload"]):
                said = {"content": told(ticket, self._put), "message_type": "incoming", "private": False}
                await self._api.post(f"{place}/messages", said)
            await self._api.post(f"{place}/labels", {"labels": ["vigie", *ticket.topics]})
            await self._api.tell(f"{place}/toggle_priority", {"priority": _PRIORITIES[ticket.priority]})
        except SendFailed as error:
            # The conversation is there: whatever became of the rest, it is looked for before anything is done again.
            raise SendFailed(
                error.sentence, permanent=error.permanent, outcome_unknown=True, retry_after=error.retry_after
            ) from error
        return Opened(number, f"{self._api.url}/app/accounts/{self._account}/conversations/{number}")


def identifier_of(ticket: Ticket) -> str:
    """What names the contact of a ticket in Chatwoot."""
    return f"vigie:{ticket.channel}:{ticket.customer_id}"


def to_conversation(ticket: Ticket, *, contact: int, inbox: int, source: str) -> dict[str, Any]:
    """A ticket as Chatwoot takes a conversation; `source` is what names the contact in the inbox."""
    return {
        "source_id": source,
        "inbox_id": inbox,
        "contact_id": contact,
        "status": "open",
        "custom_attributes": {KEY: ticket.key},
        "additional_attributes": {"subject": ticket.subject, "link": ticket.permalink or ""},
    }


def _source_in(places: Iterable[Mapping[str, Any]], inbox: int) -> str | None:
    for place in places:
        if (place.get("inbox") or {}).get("id") == inbox:
            return str(place["source_id"])
    return None
