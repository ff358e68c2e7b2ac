"""How often a program may ask: a bucket per token that fills steadily, kept in this process alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

_BURST = 6
"""Which part of a minute's requests may come at once."""


class Buckets:
    """A bucket per token, in this process: several processes let through as many times as much.

    Args:
        per_minute: How many requests one token may make in a minute; a sixth of them at once.
        clock: Seconds that only grow.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_minute / 60
        self._most = max(1.0, per_minute / _BURST)
        self._clock = clock
        self._held: dict[int, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, token_id: int) -> float:
        """Take one request out of a token's bucket; 0 where there was one, else how many seconds until there is."""
        with self._lock:
            now = self._clock()
            held, since = self._held.get(token_id, (self._most, now))
            held = min(self._most, held + (now - since) * self._rate)
            if held < 1:
                self._held[token_id] = (held, now)
                return (1 - held) / self._rate
            self._held[token_id] = (held - 1, now)
            return 0.0
