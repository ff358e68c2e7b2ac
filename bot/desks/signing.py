"""A web address of the operator's own that is told things: JSON, signed, under a key that makes repetition harmless."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import httpx

from bot.desks.answers import number_in
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Remark
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.tickets import Opened

TIMESTAMP, SIGNATURE, KEY = "X-Vigie-Timestamp", "X-Vigie-Signature", "Idempotency-Key"


class SignedAddress:
    """One address that is told things.

    Args:
        name: What it is called, for whoever reads of a failure.
        url: The address itself.
        secret: What both sides sign with.
        clock: When a call is made, which is signed with it.
        patience: How long one call may take.
    """

    def __init__(self, name: str, url: str, secret: str, *, clock: Clock, patience: timedelta = PATIENCE) -> None:
        self._api = Api(name, url, patience=patience)
        self._secret = secret.encode()
        self._clock = clock

    async def tell(self, told: Mapping[str, Any], *, key: str) -> Opened:
        """Tell it something; what that is called there: what the answer says, else the key.

        Raises:
            SendFailed: It refused, or did not answer: then it may have been done.
        """
        answer = await self._post(told, key=key)
        try:
            made = answer.json()
            url = made.get("url")
            return Opened(number_in(made), str(url) if url else None)
        except (AttributeError, KeyError, TypeError, ValueError):
            return Opened(key)

    async def examine(self) -> Sequence[Remark]:
        """Whether it takes a signed call that asks for nothing.

        Raises:
            SendFailed: It does not.
        """
        await self._post({"event": "ping"}, key="vigie-ping")
        return [Remark(Sentence("reached, it takes our signature"), is_well=True)]

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()

    async def _post(self, told: Mapping[str, Any], *, key: str) -> httpx.Response:
        body = json.dumps(told, ensure_ascii=False).encode()
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
