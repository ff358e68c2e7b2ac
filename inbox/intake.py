"""Keeping what connected channels hand over: in order, many in a transaction, and never half."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from inbox import changes, pipeline
from inbox.appeals import receive_appeal
from inbox.desk import Desk
from inbox.errors import InboxError
from inbox.events import Appealed, Deleted, Edited, Event, Joined, Moved, Reported
from inbox.model import IncomingMessage
from inbox.raids import receive_arrivals
from inbox.reports import receive_report
from inbox.sentences import Sentence

BATCH = 500
"""The most events that are kept at a time."""

_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.5, 30.0

FindDesk = Callable[[Event], Desk]


@dataclass(frozen=True, slots=True)
class _Handed:
    event: Event
    kept: asyncio.Future[Sentence | None]


class Intake:
    """Takes events from any number of channels and keeps them in the order in which they came.

    Args:
        desk_of: The desk that an event belongs to.
        on_kept: Told once events have been kept, on the loop that `run` runs on.
        on_trouble: Told why the store takes nothing for now, or why one event could not be kept.
    """

    def __init__(
        self,
        desk_of: FindDesk,
        *,
        on_kept: Callable[[Sequence[Event]], None],
        on_trouble: Callable[[Event, Exception], None],
    ) -> None:
        self._desk_of = desk_of
        self._on_kept = on_kept
        self._on_trouble = on_trouble
        # Without a limit of its own, so that no call overtakes one before it: channels bound what they hand over.
        self._waiting: asyncio.Queue[_Handed] = asyncio.Queue()

    async def take(self, event: Event) -> Sentence | None:
        """Keep one event; returns once it is committed, with what to tell whoever acted, or None.

        Raises:
            InboxError, or what else went wrong: This one event cannot be kept; those after it are.
        """
        handed = _Handed(event, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(handed)
        return await handed.kept

    async def run(self) -> None:
        """Keep what is handed over, until cancelled. While the store is out of reach, all waits and is tried again."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < BATCH and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._keep(batch)

    async def _keep(self, batch: Sequence[_Handed]) -> None:
        for is_said, group in groupby(batch, key=lambda handed: isinstance(handed.event, IncomingMessage)):
            together = [*group]
            for some in [together] if is_said else [[one] for one in together]:
                await self._keep_some(some)

    async def _keep_some(self, some: Sequence[_Handed]) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                told = await asyncio.to_thread(self._write, [handed.event for handed in some])
            except InboxError as error:
                self._on_trouble(some[0].event, error)
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            except Exception as error:  # noqa: BLE001  # whatever one event does wrong must not stop the next
                if len(some) > 1:
                    for one in some:
                        await self._keep_some([one])
                    return
                self._on_trouble(some[0].event, error)
                with suppress(asyncio.InvalidStateError):
                    some[0].kept.set_exception(error)
                return
            else:
                for handed in some:
                    if not handed.kept.done():
                        handed.kept.set_result(told)
                self._on_kept([handed.event for handed in some])
                return

    def _write(self, events: Sequence[Event]) -> Sentence | None:
        first = events[0]
        desk = self._desk_of(first)
        match first:
            case IncomingMessage():
                by_desk: dict[int, tuple[Desk, list[IncomingMessage]]] = {}
                for event in events:
                    its = self._desk_of(event)
                    if isinstance(event, IncomingMessage):
                        by_desk.setdefault(id(its), (its, []))[1].append(event)
                for its, said in by_desk.values():
                    pipeline.receive(its.store, said, clock=its.clock)
            case Edited(channel, external_id, text, edited_at):
                changes.receive_edit(desk.store, channel, external_id, text=text, edited_at=edited_at, clock=desk.clock)
            case Deleted(channel, external_ids, deleted_at):
                keep = desk.keep_deleted_text
                changes.receive_deletion(
                    desk.store, channel, external_ids, deleted_at=deleted_at, keep_text=keep, clock=desk.clock
                )
            case Moved():
                changes.receive_move(desk.store, first, clock=desk.clock)
            case Reported():
                return receive_report(desk.store, first, policy=desk.policy, clock=desk.clock)
            case Appealed():
                return receive_appeal(desk.store, first, clock=desk.clock)
            case Joined():
                receive_arrivals(desk.store, first)
        return None


class ChannelInlet:
    """The intake as one channel sees it.

    Args:
        intake: Where events go.
        desks: Every desk that the channel may bring events for.
        channel: Its name.
        on_opened: Told that the connection stands.
    """

    def __init__(
        self, intake: Intake, desks: Sequence[Desk], channel: str, *, on_opened: Callable[[], None] = lambda: None
    ) -> None:
        self._intake = intake
        self._desks = desks
        self._channel = channel
        self._on_opened = on_opened

    def opened(self) -> None:
        """Note that the connection stands: what comes from now on is heard."""
        self._on_opened()

    async def take(self, event: Event) -> Sentence | None:
        """Keep one event; returns once it is committed, with what to tell whoever acted, or None."""
        return await self._intake.take(event)

    async def heard_until(self) -> Mapping[str, datetime]:
        """Per thread of the channel, when the last message that we know of was sent."""
        return await asyncio.to_thread(self._heard_until)

    def _heard_until(self) -> Mapping[str, datetime]:
        heard: dict[str, datetime] = {}
        for desk in self._desks:
            with desk.store.read() as books:
                for thread, at in books.heard_until(self._channel).items():
                    heard[thread] = max(at, heard.get(thread, at))
        return heard
