"""The loops of one process: triage, delivery, the console; each optional, all until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import TextIO

import structlog

from bot.channels import console
from inbox import bulletin, clocks, following, pipeline, watching, work
from inbox.breaker import Breaker
from inbox.desk import Desk
from inbox.errors import InboxError
from inbox.ports import Channels
from inbox.rates import RateLimiter
from inbox.views import ConversationView

log = structlog.get_logger()

_IDLE_S = 0.5
_TROUBLE_S = 5.0

Tell = Callable[[ConversationView], None]
Step = Callable[[], Awaitable[int]]


class Running:
    """Triage and delivery for every brand.

    Args:
        desks: One per brand.
        channels: Where delivery goes; None where this process only triages.
        triages: Whether this process triages.
    """

    def __init__(self, desks: Sequence[Desk], channels: Channels | None, *, triages: bool = True) -> None:
        self._desks = desks
        self._channels = channels
        self._triages = triages
        self._limiter = RateLimiter()
        self._breakers = [Breaker() for _ in desks]
        self._stopping = asyncio.Event()
        self._arrived = asyncio.Event()
        self.on_triaged: Step | None = None
        self.on_changed: list[Callable[[], None]] = []

    async def forever(self) -> None:
        """Work until `stop`."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows has no such handlers; there, Ctrl+C ends the loop itself
                loop.add_signal_handler(name, self.stop)
        works = []
        if self._triages:
            works += [self._work("triage", self.triage, woken=True), self._work("clocks", self.wake_up)]
        if self._channels is not None:
            works += [self._work("delivery", self.deliver), self._work("tickets", self.follow)]
        await asyncio.gather(*works, self._stopping.wait())

    async def until_done(self) -> None:
        """Deal with all that waits, do outside all that is due, and return."""
        while await self.triage() + await self.deliver() + await self.follow():
            pass

    def stop(self) -> None:
        """Finish the batch in hand, then stop."""
        self._stopping.set()
        self._arrived.set()

    def wake(self) -> None:
        """Say that something new has been kept: it is triaged at once."""
        self._arrived.set()

    async def triage(self) -> int:
        """Triage one batch of each brand; how many messages."""
        done = 0
        for desk in self._desks:
            done += await self._triage(desk)
        if done:
            self._tell_of_change()
            log.info("triage.done", messages=done)
            if self.on_triaged is not None:
                await self.on_triaged()
        return done

    @property
    def limiter(self) -> RateLimiter:
        """What has left lately on each channel."""
        return self._limiter

    @staticmethod
    async def _triage(desk: Desk) -> int:
        try:
            return await asyncio.to_thread(pipeline.triage, desk)
        except InboxError:
            raise
        except Exception:
            log.exception("triage.fault")
        return await asyncio.to_thread(pipeline.triage, desk, one_by_one=True)

    async def wake_up(self) -> int:
        """Look at the clocks of escalations, open again what was put off until now, and watch for what is unusual.

        The report of the week comes here, too. How many conversations, alerts and reports were dealt with.
        """
        done = 0
        for desk in self._desks:
            # In this order: a clock that stood still until now goes on from the moment that was named, not from here.
            done += await asyncio.to_thread(clocks.watch, desk)
            done += await asyncio.to_thread(work.wake, desk)
            done += await asyncio.to_thread(watching.look, desk)
            done += await asyncio.to_thread(bulletin.look, desk)
        if done:
            self._tell_of_change()
        return done

    async def deliver(self) -> int:
        """Do outside what is due of each brand; how many rows."""
        done = 0
        for desk, breaker in zip(self._desks, self._breakers, strict=True):
            done += await pipeline.deliver(desk, self._channels or {}, self._limiter, breaker)
        if done:
            self._tell_of_change()
            log.info("delivery.done", rows=done)
        return done

    async def follow(self) -> int:
        """Ask help desks how tickets stand whose time has come; how many."""
        done = 0
        for desk in self._desks:
            done += await following.follow(desk, self._limiter)
        if done:
            self._tell_of_change()
        return done

    def _tell_of_change(self) -> None:
        for tell in self.on_changed:
            tell()

    async def _work(self, name: str, step: Step, *, woken: bool = False) -> None:
        while not self._stopping.is_set():
            wait_s = 0.0
            if woken:
                self._arrived.clear()
            try:
                if not await step():
                    wait_s = _IDLE_S
            except InboxError as error:
                log.warning(f"{name}.trouble", error=str(error))
                wait_s = _TROUBLE_S
            except Exception:  # a fault in one step must not end the others, nor this one for good
                log.exception(f"{name}.fault")
                wait_s = _TROUBLE_S
            if wait_s:
                # A stop that came while the step was on its way has set both.
                waited_for = self._arrived if woken and not self._stopping.is_set() else self._stopping
                with suppress(TimeoutError):
                    await asyncio.wait_for(waited_for.wait(), wait_s)


class Typed:
    """What a person types at the console, and what he is told of it once it has been triaged."""

    def __init__(self, desk: Desk, *, session: str, tell: Tell) -> None:
        self._desk = desk
        self._session = session
        self._tell = tell
        self._unanswered: list[str] = []

    async def listen(self, typed: TextIO, *, on_kept: Callable[[], None] = lambda: None) -> None:
        """Take in each line, until they end."""
        number = 0
        async for line in _lines(typed):
            number += 1
            message = console.to_message(line, number=number, session=self._session, now=self._desk.clock())
            if message is not None:
                await asyncio.to_thread(pipeline.receive, self._desk.store, [message], clock=self._desk.clock)
                self._unanswered.append(message.external_id)
                on_kept()

    async def answer(self) -> int:
        """Show what has become of what was typed; of how many conversations."""
        views = await asyncio.to_thread(self._answered)
        for view in views:
            self._tell(view)
        return len(views)

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
