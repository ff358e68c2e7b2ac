"""Keeping clear of the limit on refused requests: Discord shuts out an address that goes on asking in vain."""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta
from types import SimpleNamespace

import aiohttp

from inbox.errors import SendFailed
from inbox.ports import Clock
from inbox.sentences import Sentence

MOST = 5_000
"""Half of the 10,000 refused requests after which Discord shuts an address out."""

WITHIN = timedelta(minutes=10)
_COUNTED = frozenset({401, 403, 429})


class Guard:
    """Counts refused requests, and stops everything before there are too many."""

    def __init__(self, clock: Clock, *, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._refused: deque[datetime] = deque(maxlen=most)

    def trace(self) -> aiohttp.TraceConfig:
        """What makes a client report the answer to each of its requests here."""
        trace = aiohttp.TraceConfig()
        trace.on_request_end.append(self._on_answer)
        return trace

    def check(self) -> None:
        """Let a request pass.

        Raises:
            SendFailed: Too many have been refused lately.
        """
        if len(self._refused) < self._most:
            return
        wait = self._refused[0] + WITHIN - self._clock()
        if wait > timedelta():
            minutes = math.ceil(wait / timedelta(minutes=1))
            raise SendFailed(
                Sentence(
                    "Discord has refused {n} requests within ten minutes, and shuts out whoever goes on. Nothing is"
                    " asked of it for {minutes} minutes. Run vigie doctor to see what it refuses.",
                    n=self._most,
                    minutes=minutes,
                ),
                permanent=False,
                retry_after=wait,
            )

    async def _on_answer(
        self,
        session: aiohttp.ClientSession,  # noqa: ARG002  # the shape of a hook
        context: SimpleNamespace,  # noqa: ARG002  # likewise
        answer: aiohttp.TraceRequestEndParams,
    ) -> None:
        if answer.response.status in _COUNTED:
            self._refused.append(self._clock())
