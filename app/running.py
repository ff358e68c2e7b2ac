"""Everything in one process: the console listens, triage and delivery work, until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from threading import Thread
from typing import TextIO

import structlog

from bot.channels import console
from inbox import pipeline
from inbox.desk import Desk
from inbox.errors import InboxError
from inbox.ports import Channels
from inbox.views import ConversationView

log = structlog.get_logger()

_IDLE_S = 0.5
_TROUBLE_S = 5.0

Tell = Callable[[ConversationView], None]


class Running:
    """The loops of one process. `tell` is shown each conversation of the console once it has been triaged."""

    def __init__(self, desk: Desk, channels: Channels, *, session: str, tell: Tell) -> None:
        self._desk = desk
        self._channels = channels
        self._session = session
        self._tell = tell
        self._unanswered: list[str] = []
        self._stopping = asyncio.Event()

    async def forever(self, typed: TextIO) -> None:
        """Listen and work until `stop`, or until a person at a terminal ends what he types."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows has no such handlers; there, Ctrl+C ends the loop itself
                loop.add_signal_handler(name, self.stop)
        listening = asyncio.create_task(self._listen(typed, stops=typed.isatty()))
        try:
            await asyncio.gather(self._work("triage", self._triage), self._work("delivery", self._deliver))
        finally:
            listening.cancel()

    async def until_done(self, typed: TextIO) -> None:
        """Take in all that is typed, deal with all that waits, send all that is due, and return."""
        await self._listen(typed, stops=False)
        while await self._triage() + await self._deliver():
            pass

    def stop(self) -> None:
        """Finish the batch in hand, then stop."""
        self._stopping.set()

    async def _work(self, name: str, step: Callable[[], Awaitable[int]]) -> None:
        while not self._stopping.is_set():
            wait_s = 0.0
            try:
                if not await step():
                    wait_s = _IDLE_S
            except InboxError as error:
                log.warning(f"{name}.trouble", error=str(error))
                wait_s = _TROUBLE_S
            if wait_s:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), wait_s)

    async def _triage(self) -> int:
        done = await asyncio.to_thread(pipeline.triage, self._desk)
        if done:
            log.info("triage.done", messages=done)
            for view in await asyncio.to_thread(self._answered):
                self._tell(view)
        return done

    async def _deliver(self) -> int:
        done = await pipeline.deliver(self._desk, self._channels)
        if done:
            log.info("delivery.done", rows=done)
        return done

    async def _listen(self, typed: TextIO, *, stops: bool) -> None:
        number = 0
        async for line in _lines(typed):
            number += 1
            message = console.to_message(line, number=number, session=self._session, now=self._desk.clock())
            if message is not None:
                await asyncio.to_thread(pipeline.receive, self._desk.store, [message], clock=self._desk.clock)
                self._unanswered.append(message.external_id)
        if stops:
            self.stop()

    def _answered(self) -> list[ConversationView]:
        """The conversations of console messages that have been triaged since the last time."""
        waiting, self._unanswered = self._unanswered, []
        found: dict[int, ConversationView] = {}
        with self._desk.store.read() as books:
            for external_id in waiting:
                message = books.find_message(console.NAME, external_id)
                view = books.conversation(message.conversation_id) if message else None
                if message is None or view is None:
                    continue
                if any(told.id == message.id and told.decision is not None for told in view.messages):
                    found[view.id] = view
                else:
                    self._unanswered.append(external_id)
        return list(found.values())


async def _lines(typed: TextIO) -> AsyncIterator[str]:
    """The lines of a blocking stream, read in a thread that does not keep the process alive."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def put(line: str | None) -> None:
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        for line in typed:
            put(line)
        put(None)

    Thread(target=read, daemon=True).start()
    while (line := await lines.get()) is not None:
        yield line
