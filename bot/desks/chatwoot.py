"""Tickets in Chatwoot, as conversations, over its Application API.

A ticket takes several calls: the contact, the conversation that carries our key, then its message, labels and priority.
The conversation is found again by its contact and the key; whatever is still missing of it is done then.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.desks.answers import moment_in, number_in, unreadable
from bot.desks.api import PATIENCE, Api
from bot.desks.calls import Caller, read_call
from inbox.abilities import Remark
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.errors import SendFailed
from inbox.sentences import Sentence
from inbox.tickets import Addition, Opened, Put, Ticket, TicketPriority, told, told_more
from inbox.views import TicketStatus

KEY = "vigie_key"
"""The attribute of a conversation, and of a message, that holds our key."""

_INCOMING, _OUTGOING = 0, 1
_PAGE, _MOST_PAGES = 100, 20
_STATUSES = {
    "pending": TicketStatus.PENDING,
    "snoozed": TicketStatus.PENDING,
    "resolved": TicketStatus.SOLVED,
}
"""What its statuses mean; any other is open."""

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
        hook_secret: What its webhooks are signed with; without it none is taken.
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
        hook_secret: str | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._api = Api(name, url, headers={"api_access_token": token}, patience=patience)
        self._caller = Caller(name, "chatwoot", hook_secret)
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

    async def add(self, addition: Addition) -> Opened:
        """Add a message of the contact; an attribute of it has the key, by which it is found again."""
        with unreadable(self._api.name):
            said = {
                "content": told_more(addition, self._put),
                "message_type": "incoming",
                "private": False,
                "content_attributes": {KEY: addition.key},
            }
            return Opened(number_in(await self._api.post(f"{self._place(addition.ticket)}/messages", said)))

    async def find_added(self, addition: Addition) -> Opened | None:
        """The message with the key as its attribute."""
        with unreadable(self._api.name):
            async for one in self._said(addition.ticket, after=0):
                if (one.get("content_attributes") or {}).get(KEY) == addition.key:
                    return Opened(number_in(one))
            return None

    async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
        """How a conversation stands, and what agents have said in it that is not private."""
        with unreadable(self._api.name):
            found = await self._api.get(self._place(external_id))
            known = [int(one) for one in told if one.isdigit()]
            said = [one async for one in self._said(external_id, after=max(known, default=0))]
            moments = [found.get("updated_at"), found.get("last_activity_at"), *(one["created_at"] for one in said)]
            assignee = (found.get("meta") or {}).get("assignee") or {}
            return DeskNews(
                external_id,
                _STATUSES.get(str(found["status"]), TicketStatus.OPEN),
                max(moment_in(moment) for moment in moments if moment),
                str(assignee["name"]) if assignee.get("name") else None,
                tuple(_answer(one) for one in said if _is_answer(one) and str(one["id"]) not in told),
            )

    def read_call(self, headers: Mapping[str, str], body: bytes, *, now: datetime) -> DeskCall:
        """What a call of it says, once it has proved who makes it."""
        return read_call(self._caller, headers, body, now=now)

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

    def _place(self, number: str) -> str:
        return f"{self._base}/conversations/{number}"

    async def _said(self, number: str, *, after: int) -> AsyncIterator[Mapping[str, Any]]:
        """The messages of a conversation after one, oldest first."""
        for _ in range(_MOST_PAGES):
            page = (await self._api.get(f"{self._place(number)}/messages", after=after))["payload"]
            for one in page:
                yield one
            if len(page) < _PAGE:
                return
            after = int(page[-1]["id"])

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
        place = self._place(number)
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


def _is_answer(message: Mapping[str, Any]) -> bool:
    """Whether an agent has said it to the contact: a bot and a template say nothing for them."""
    is_bot = str((message.get("sender") or {}).get("type") or "").lower() == "agent_bot"
    return message["message_type"] == _OUTGOING and message["private"] is False and not is_bot


def _answer(message: Mapping[str, Any]) -> DeskAnswer:
    who = str((message.get("sender") or {}).get("name") or "")
    return DeskAnswer(str(message["id"]), who, moment_in(message["created_at"]), str(message.get("content") or ""))


def _source_in(places: Iterable[Mapping[str, Any]], inbox: int) -> str | None:
    for place in places:
        if (place.get("inbox") or {}).get("id") == inbox:
            return str(place["source_id"])
    return None
