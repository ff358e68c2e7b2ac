"""What changes in the conversations of a brand, for all who watch: one look at the store, however many they are."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from inbox.desk import Desk
from inbox.errors import InboxError

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
BEAT_S = 10.0
"""After so long without news something is written all the same: proxies keep it open, and the session is looked at."""

MOST = 500
"""How many may watch one brand at once in one process."""

_KEPT = 300
"""How many looks that found something are kept, for whoever was away for a moment or reads slowly."""

_LINES = 2_000
"""How many lines of the audit log are read at once."""


@dataclass(frozen=True, slots=True)
class News:
    """The conversations that have changed up to a place in the audit log.

    `is_behind` says that so much has changed since that it is not told one by one.
    """

    place: int
    conversations: tuple[int, ...] = ()
    is_behind: bool = False


class Feed:
    """What changes in one brand. The store is looked at only as long as somebody watches.

    Nothing is kept per watcher but the place up to which he knows: one who reads slowly finds more at once, and costs
    no memory.

    Args:
        desk: The brand.
        look_every_s: How long to wait between two looks.
    """

    def __init__(self, desk: Desk, *, look_every_s: float = LOOK_EVERY_S) -> None:
        self._desk = desk
        self._look_every_s = look_every_s
        self._kept: deque[News] = deque(maxlen=_KEPT)
        self._reaches = 0
        self._place: int | None = None
        self._watchers = 0
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._is_closed = False

    @property
    def watchers(self) -> int:
        """How many watch."""
        return self._watchers

    @property
    def is_closed(self) -> bool:
        """Whether there will be no more news."""
        return self._is_closed

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Watch as long as the block runs."""
        self._watchers += 1
        if self._looking is None:
            # What happened while nobody watched is read for whoever asks for it, not told to all.
            self._kept.clear()
            self._place = None
            self._looking = asyncio.create_task(self._look_on())
        try:
            yield
        finally:
            self._watchers -= 1
            if not self._watchers:
                self._looking.cancel()
                self._looking = None

    async def here(self) -> int:
        """The place up to which all is told."""
        if self._place is None:
            self._begin(await asyncio.to_thread(self._last))
        return self._place or 0

    async def news(self, after: int, *, patience_s: float = BEAT_S) -> News | None:
        """What has changed after a place, as soon as something has; None where nothing does for a while."""
        try:
            async with asyncio.timeout(patience_s):
                while not self._is_closed:
                    changed = self._changed
                    if after < await self.here():
                        return self._since(after) or await asyncio.to_thread(self._read_since, after)
                    await changed.wait()
        except TimeoutError:
            pass
        return None

    def close(self) -> None:
        """Send everybody away: the program ends."""
        self._is_closed = True
        self._wake()

    def _begin(self, place: int) -> None:
        if self._place is None:
            self._place = self._reaches = place

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _look_on(self) -> None:
        while True:
            try:
                self._keep(await asyncio.to_thread(self._look, await self.here()))
            except InboxError as error:
                log.warning("live.trouble", error=str(error))
            await asyncio.sleep(self._look_every_s)

    def _keep(self, news: News) -> None:
        """Have news told. Lines that are about no conversation move the place on, and wake nobody."""
        if news.conversations:
            if len(self._kept) == _KEPT:
                self._reaches = self._kept[0].place
            self._kept.append(news)
            self._place = news.place
            self._wake()
        else:
            self._place = max(self._place or 0, news.place)

    def _since(self, after: int) -> News | None:
        """What is kept since a place; None where it does not reach back so far."""
        if after < self._reaches or self._place is None:
            return None
        met = {one for news in self._kept if news.place > after for one in news.conversations}
        return News(self._place, tuple(sorted(met)))

    def _look(self, after: int) -> News:
        with self._desk.store.read() as books:
            is_waiting = books.count_unsealed() > 0
        if is_waiting:
            with self._desk.store.begin() as books:
                books.seal_audit()
        with self._desk.store.read() as books:
            place, conversations = books.changed_since(after, limit=_LINES)
        return News(place, tuple(conversations))

    def _read_since(self, after: int) -> News:
        up_to = self._place or 0
        with self._desk.store.read() as books:
            place, conversations = books.changed_since(after, limit=_LINES)
        if place < up_to:
            return News(up_to, is_behind=True)
        return News(place, tuple(conversations))

    def _last(self) -> int:
        with self._desk.store.read() as books:
            return books.last_sealed()


class Live:
    """The feed of every brand of a house."""

    def __init__(self, desks: Mapping[str, Desk]) -> None:
        self._feeds = {brand: Feed(desk) for brand, desk in desks.items()}

    def feed(self, brand: str) -> Feed:
        """What changes in a brand."""
        return self._feeds[brand]

    def close(self) -> None:
        """Send everybody away: the program ends."""
        for feed in self._feeds.values():
            feed.close()
