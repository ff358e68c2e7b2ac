"""A channel of somebody else's program: what leaves is told to its address, signed, or laid out for it to fetch.

To the address each thing is told under its idempotency key as `webhook-id`. Whether it was done when the answer is
lost, only the program knows: where it passes over an id that it has seen (`knows_repeats`), it is told again under the
same one; else what is in doubt is left to a person. What is fetched is laid out once per key, which we can look up.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from bot.desks.answers import number_in
from bot.desks.api import PATIENCE, Api
from inbox.abilities import Abilities, Bucket
from inbox.books import Store
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.ports import Clock
from inbox.programs import API, channel_called
from inbox.sentences import Sentence
from inbox.webhooks import headers_for


def abilities_of(acts: Collection[OutboxKind], *, longest: int) -> Abilities:
    """What a program says that its channel can do."""
    return Abilities(acts=frozenset(acts), longest=longest)


def to_call(outgoing: Outgoing) -> dict[str, Any]:
    """One thing to do as plain data."""
    return {
        "type": f"outgoing.{outgoing.kind.value}",
        "timestamp": outgoing.queued_at.isoformat(),
        "data": {
            "key": outgoing.key,
            "kind": outgoing.kind.value,
            "thread": outgoing.thread,
            "text": outgoing.text,
            "target": outgoing.target,
            "contact": outgoing.contact,
            "until": None if outgoing.until is None else outgoing.until.isoformat(),
        },
    }


class _Named:
    """What both ways to a program have: its name, what it can do, and a clock."""

    def __init__(self, name: str, *, abilities: Abilities, clock: Clock) -> None:
        self._name = channel_called(name)
        self._abilities = abilities
        self._clock = clock

    @property
    def name(self) -> str:
        """The name that messages carry as their `channel`."""
        return self._name

    @property
    def abilities(self) -> Abilities:
        """What the settings say that it can do."""
        return self._abilities


class HookChannel(_Named):
    """A program that is told at an address of its own.

    Args:
        name: What the settings call it.
        url: The address.
        secret: What both sides sign with.
        abilities: What it can do.
        clock: When it is told, which is signed with it.
        knows_repeats: Whether it passes over an id that it has seen.
        patience: How long one call may take.
    """

    def __init__(
        self,
        name: str,
        url: str,
        secret: str,
        *,
        abilities: Abilities,
        clock: Clock,
        knows_repeats: bool = False,
        patience: timedelta = PATIENCE,
    ) -> None:
        super().__init__(name, abilities=abilities, clock=clock)
        self._api = Api(self._name, url, patience=patience)
        self._secret = secret
        self._knows_repeats = knows_repeats

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:  # noqa: ARG002  # the shape of the protocol
        """It says itself when it is told too often (429, `Retry-After`)."""
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        """Tell it what to do; its id of what was done where the answer names one, else the key.

        Raises:
            SendFailed: It refused, or did not answer.
        """
        body = json.dumps(to_call(outgoing), ensure_ascii=False).encode()
        proof = headers_for(self._secret, outgoing.key, body, now=self._clock())
        answer = await self._api.post_raw(body, headers={"Content-Type": "application/json", **proof})
        try:
            return number_in(answer.json())
        except (AttributeError, KeyError, TypeError, ValueError):
            return outgoing.key

    async def find_sent(self, outgoing: Outgoing) -> str | None:  # noqa: ARG002  # the shape of the protocol
        """None: it cannot be asked, and passes over what it is told again.

        Raises:
            SendFailed: It does not, so that it is not told again.
        """
        if self._knows_repeats:
            return None
        says = Sentence(
            "Nobody knows whether {channel} has done it: look there, then send it again.", channel=self._name
        )
        raise SendFailed(says, permanent=True, outcome_unknown=True)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._api.close()


class LaidOutChannel(_Named):
    """A program that fetches what is laid out for it, and says when it has done it.

    Args:
        name: What the settings call it.
        store: The store of its brand.
        abilities: What it can do.
        clock: When something is laid out.
    """

    def __init__(self, name: str, store: Store, *, abilities: Abilities, clock: Clock) -> None:
        super().__init__(name, abilities=abilities, clock=clock)
        self._store = store

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:  # noqa: ARG002  # the shape of the protocol
        """It fetches as fast as it likes."""
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        """Lay it out; `api:` and the number that it is fetched under."""
        return await asyncio.to_thread(self._put, outgoing)

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """The same where it was laid out before, else None."""
        return await asyncio.to_thread(self._find, outgoing.key)

    async def close(self) -> None:
        """Nothing is held open."""

    def _put(self, outgoing: Outgoing) -> str:
        with self._store.begin() as books:
            return f"{API}{books.put_outgoing(self._name, outgoing, now=self._clock())}"

    def _find(self, key: str) -> str | None:
        with self._store.read() as books:
            number = books.find_outgoing(key)
        return None if number is None else f"{API}{number}"
