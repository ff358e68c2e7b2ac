"""Keeping to the rates that channels allow: how long each thing has to wait for its turn."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from inbox.abilities import Bucket

NONE = timedelta()


class RateLimiter:
    """What has left lately, bucket by bucket. It tells the time by what it is given, never by a clock of its own."""

    def __init__(self) -> None:
        self._left: dict[str, deque[datetime]] = defaultdict(deque)
        self._blocked: dict[str, datetime] = {}

    def take(self, buckets: Sequence[Bucket], *, now: datetime) -> timedelta:
        """How long something under these buckets has to wait; zero when it may leave now, and is then counted."""
        wait = max((self._wait(bucket, now) for bucket in buckets), default=NONE)
        if wait <= NONE:
            for bucket in buckets:
                self._left[bucket.name].append(now)
            return NONE
        return wait

    def block(self, buckets: Sequence[Bucket], *, until: datetime) -> None:
        """Let nothing leave under the narrowest of these buckets, the last, before a moment: the channel said so."""
        if buckets:
            name = buckets[-1].name
            self._blocked[name] = max(until, self._blocked.get(name, until))

    def _wait(self, bucket: Bucket, now: datetime) -> timedelta:
        left = self._left[bucket.name]
        while left and left[0] <= now - bucket.per:
            left.popleft()
        until = self._blocked.get(bucket.name, now)
        if until <= now:
            self._blocked.pop(bucket.name, None)
        if len(left) >= bucket.most:
            until = max(until, left[len(left) - bucket.most] + bucket.per)
        return max(until - now, NONE)
