"""Keeping to the rates that channels allow: how long each thing has to wait for its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from inbox.abilities import Bucket

NONE = timedelta()
_SWEEP = timedelta(minutes=1)


class RateLimiter:
    """What has left lately, bucket by bucket. It tells the time by what it is given, never by a clock of its own."""

    def __init__(self) -> None:
        self._left: dict[str, deque[datetime]] = {}
        self._per: dict[str, timedelta] = {}
        self._blocked: dict[str, datetime] = {}
        self._last = datetime.min.replace(tzinfo=UTC)
        self._swept = self._last

    def take(self, buckets: Sequence[Bucket], *, now: datetime) -> timedelta:
        """How long something under these buckets has to wait; zero when it may leave now, and is then counted."""
        if now < self._last:
            self._turn_back(now)
        self._last = now
        if now - self._swept >= _SWEEP:
            self._forget(now)
        wait = max((self._wait(bucket, now) for bucket in buckets), default=NONE)
        if wait <= NONE:
            for bucket in buckets:
                self._left.setdefault(bucket.name, deque()).append(now)
                self._per[bucket.name] = bucket.per
            return NONE
        return wait

    def give_back(self, buckets: Sequence[Bucket]) -> None:
        """Uncount what was counted last under these buckets: it did not leave after all."""
        for bucket in buckets:
            if left := self._left.get(bucket.name):
                left.pop()

    def block(self, buckets: Sequence[Bucket], *, until: datetime) -> None:
        """Let nothing leave under the narrowest of these buckets, the last, before a moment: the channel said so."""
        if buckets:
            name = buckets[-1].name
            self._blocked[name] = max(until, self._blocked.get(name, until))

    def _turn_back(self, now: datetime) -> None:
        """The clock was put back: count what left later than now as leaving now, or all would wait for the old time."""
        back = self._last - now
        self._left = {name: deque(min(at, now) for at in left) for name, left in self._left.items()}
        self._blocked = {name: until - back for name, until in self._blocked.items()}
        self._swept = min(self._swept, now)

    def _forget(self, now: datetime) -> None:
        """Let go of buckets in which nothing counts any more: there is one for each chat that was ever spoken to."""
        self._swept = now
        self._left = {name: left for name, left in self._left.items() if left and left[-1] > now - self._per[name]}
        self._per = {name: per for name, per in self._per.items() if name in self._left}
        self._blocked = {name: until for name, until in self._blocked.items() if until > now}

    def _wait(self, bucket: Bucket, now: datetime) -> timedelta:
        left = self._left.get(bucket.name) or deque()
        while left and left[0] <= now - bucket.per:
            left.popleft()
        until = self._blocked.get(bucket.name, now)
        if until <= now:
            self._blocked.pop(bucket.name, None)
        if len(left) >= bucket.most:
            until = max(until, left[len(left) - bucket.most] + bucket.per)
        return max(until - now, NONE)
