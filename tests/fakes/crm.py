"""A CRM on loopback: it checks the signature, passes over a key it has seen, and keeps the newest of each lead.

async with FakeCrm() as crm:
    told = WebhookCrm(crm.url, crm.token, brand="main", clock=clock)
    …
    crm.leads        # by their keys, as they stand there
    crm.effects      # one for each call that changed something
    crm.on_told = …  # called when a lead has been taken, before the answer
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.desks import FakeDesk, RefusedHere


class FakeCrm(FakeDesk):
    """An address that is told of leads."""

    def __init__(self) -> None:
        super().__init__()
        self.leads: dict[str, Any] = {}
        self.effects: list[Any] = []
        self.on_told: Callable[[], None] = lambda: None
        self._keys: set[str] = set()

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return True

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        signs = hmac.new(self.token.encode(), headers["X-Vigie-Timestamp"].encode() + b"." + self.raw, hashlib.sha256)
        if not hmac.compare_digest(headers["X-Vigie-Signature"], f"sha256={signs.hexdigest()}"):
            raise RefusedHere(403, {"error": "Bad signature"})
        if body["event"] == "ping":
            return 204, None
        key = headers["Idempotency-Key"]
        known = self.leads.get(body["lead"])
        if key not in self._keys and (known is None or known["revision"] < body["revision"]):
            self.leads[body["lead"]] = body
            self.effects.append(body)
        self._keys.add(key)
        self.on_told()
        return 200, {"id": f"C-{list(self.leads).index(body['lead']) + 1}"}
