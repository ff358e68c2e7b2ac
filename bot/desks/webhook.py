"""Tickets to a web address of the operator's own: JSON, signed, with a key that makes a repetition harmless.

`docs/escalation-desks.md` says what is sent and how the signature is checked.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import httpx

from bot.desks.answers import number_in
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.tickets import Opened, Put, Ticket, told

TIMESTAMP, SIGNATURE, KEY = "X-Vigie-Timestamp", "X-Vigie-Signature", "Idempotency-Key"


class WebhookDesk:
    """One address that takes tickets.

    Args:
        name: What it is called in the settings.
        url: The address itself.
        secret: What both sides sign with.
        put: Puts our words into the language that is read there.
        clock: When a call is made, which is signed with it.
        patience: How long one call may take.
    """

    def __init__(
        self, name: str, url: str, secret: str, *, put: Put, clock: Clock, patience: timedelta = PATIENCE
    ) -> None:
        self._api = Api(name, url, patience=patience)
        self._secret = secret.encode()
        self._put = put
        self._clock = clock

    async def open_ticket(self, ticket: Ticket) -> Opened:
        """Tell of a ticket; it is called what the answer says, else by its key."""
        answer = await self._tell(to_json(ticket, self._put), key=ticket.key)
        try:
            made = answer.json()
            url = made.get("url")
            return Opened(number_in(made), str(url) if url else None)
        except (AttributeError, KeyError, TypeError, ValueError):
            return Opened(ticket.key)

    async def find_ticket(self, ticket: Ticket) -> Opened | None:
        """None: it cannot be asked. What is told again has the same key, and is to be passed over there."""
        del ticket
        return None

    async def examine(self) -> Sequence[Remark]:
        """Whether it takes a signed call that asks for nothing."""
        await self._tell({"event": "ping"}, key="vigie-ping")
        return [Remark(Sentence("reached, it takes our signature"), is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def _tell(self, told_there: dict[str, Any], *, key: str) -> httpx.Response:
        body = json.dumps(told_there, ensure_ascii=False).encode()
        at = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            TIMESTAMP: at,
            SIGNATURE: f"sha256={signed(self._secret, at, body)}",
            KEY: key,
        }
        return await self._api.post_raw(body, headers=headers)


def signed(secret: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a full stop and the bytes of the body, in hexadecimal."""
    return hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


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
