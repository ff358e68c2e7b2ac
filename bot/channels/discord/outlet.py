"""Handing events over in order, without waiting for one to be kept before the next is handed over."""

from __future__ import annotations

import asyncio
from collections import deque

import structlog

from inbox.events import Event
from inbox.model import IncomingMessage
from inbox.ports import Inlet
from inbox.sentences import Sentence

log = structlog.get_logger()

_UNDER_WAY = 1_000
"""The most events handed over and not yet kept. The rest waits here, where nothing can overtake it."""


class Outlet:
    """Hands events over one after the other. While it is held, what is live waits behind what was missed."""

    def __init__(self, inlet: Inlet) -> None:
        self._inlet = inlet
        self._held: list[tuple[Event, asyncio.Future[Sentence | None]]] | None = None
        self._waiting: deque[tuple[Event, asyncio.Future[Sentence | None]]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    def put(self, event: Event) -> asyncio.Future[Sentence | None]:
        """Hand over something live; what is told once it is kept."""
        kept: asyncio.Future[Sentence | None] = asyncio.get_running_loop().create_future()
        if self._held is not None:
            self._held.append((event, kept))
        else:
            self._hand_over(event, kept)
        return kept

    def put_missed(self, event: Event) -> None:
        """Hand over something from before whatever is held."""
        self._hand_over(event, asyncio.get_running_loop().create_future())

    def hold(self) -> None:
        """Keep what is live back from now on."""
        if self._held is None:
            self._held = []

    def let_go(self, *, known: frozenset[str]) -> None:
        """Hand over what was held, without the messages that are `known` by their ids: they were among the missed."""
        held, self._held = self._held or [], None
        for event, kept in held:
            if isinstance(event, IncomingMessage) and event.external_id in known:
                kept.set_result(None)
            else:
                self._hand_over(event, kept)

    def close(self) -> None:
        """Drop what is not kept yet: it is caught up with next time."""
        for task in self._under_way:
            task.cancel()
        for _, kept in [*self._waiting, *(self._held or [])]:
            kept.cancel()
        self._waiting.clear()
        self._held = None

    def _hand_over(self, event: Event, kept: asyncio.Future[Sentence | None]) -> None:
        self._waiting.append((event, kept))
        self._go_on()

    def _go_on(self) -> None:
        # Tasks begin in the order of their making, and `take` keeps the order of its calls.
        while self._waiting and len(self._under_way) < _UNDER_WAY:
            task = asyncio.create_task(self._take(*self._waiting.popleft()))
            self._under_way.add(task)
            task.add_done_callback(self._is_done)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            self._go_on()

    async def _take(self, event: Event, kept: asyncio.Future[Sentence | None]) -> None:
        try:
            told = await self._inlet.take(event)
        except Exception as error:  # noqa: BLE001  # whatever one event does wrong must not stop the next
            log.warning("discord.not_kept", event_kind=type(event).__name__, error=type(error).__name__)
            told = None
            if not kept.done():
                kept.set_exception(error)
                kept.exception()  # noted: nobody may be waiting for it
        if not kept.done():
            kept.set_result(told)
