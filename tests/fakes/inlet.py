"""An inlet that keeps what a channel hands over in memory, for tests to look at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from inbox.events import Event
from inbox.model import IncomingMessage
from inbox.sentences import Sentence

PATIENCE = 5.0
"""Seconds after which something that a test waits for is taken to never come."""


class ListeningInlet:
    """Keeps events in the order in which they were handed over.

    `answer` is what whoever acted is told; `marks` is what `heard_until` says. `gate` holds every `take` back while it
    is clear: as a store that takes its time to commit. `trouble` is raised by every `take`, as by a store that is out.
    """

    def __init__(self, *, answer: Sentence | None = None, marks: Mapping[str, datetime] | None = None) -> None:
        self.events: list[Event] = []
        self.answer = answer
        self.marks: dict[str, datetime] = dict(marks or {})
        self.gate = asyncio.Event()
        self.gate.set()
        self.trouble: Exception | None = None
        self.times_opened = 0
        self._changed = asyncio.Condition()

    @property
    def messages(self) -> list[IncomingMessage]:
        """The messages among the events."""
        return [event for event in self.events if isinstance(event, IncomingMessage)]

    @property
    def texts(self) -> list[str]:
        """The texts of the messages."""
        return [message.text for message in self.messages]

    async def take(self, event: Event) -> Sentence | None:
        """Keep one event."""
        if self.trouble is not None:
            raise self.trouble
        self.events.append(event)
        async with self._changed:
            self._changed.notify_all()
        await self.gate.wait()
        return self.answer

    def opened(self) -> None:
        """Count that the connection stands."""
        self.times_opened += 1

    async def heard_until(self) -> Mapping[str, datetime]:
        """The marks, with what was taken since."""
        for message in self.messages:
            self.marks[message.thread] = max(message.sent_at, self.marks.get(message.thread, message.sent_at))
        return dict(self.marks)

    async def until(self, n_events: int) -> list[Event]:
        """The events, once there are this many."""
        async with self._changed, asyncio.timeout(PATIENCE):
            await self._changed.wait_for(lambda: len(self.events) >= n_events)
        return self.events
