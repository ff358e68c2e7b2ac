"""Keeping the channels connected: each on its own, tried again while it is down, shown where it is broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import structlog

from app.attachments import Copier
from app.brands import Brands
from inbox.errors import ChannelTrouble, InboxError
from inbox.events import Event
from inbox.intake import ChannelInlet, Intake
from inbox.model import IncomingMessage
from inbox.ports import Connection
from inbox.sentences import Sentence
from inbox.views import ChannelState

log = structlog.get_logger()

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 300.0
LAST_NOTE_S = 5.0
"""How long a channel that ends waits for the store to take in how it stood."""


class Gateway:
    """The connections of one process, and the intake behind them.

    Args:
        connections: By the name of the channel.
        brands: Where events go.
        copier: Copies files that come with messages; None where the operator does not want it.
        on_kept: Told after something has been kept.
    """

    def __init__(
        self,
        connections: Mapping[str, Connection],
        brands: Brands,
        *,
        copier: Copier | None = None,
        on_kept: Callable[[], None] = lambda: None,
    ) -> None:
        self._connections = connections
        self._brands = brands
        self._copier = copier
        self._wake = on_kept
        self._intake = Intake(brands.of, on_kept=self._kept, on_trouble=_not_kept)

    async def run(self) -> None:
        """Listen on every channel until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._intake.run())
            if self._copier is not None:
                tasks.create_task(self._copier.run())
            for name, connection in self._connections.items():
                tasks.create_task(self._keep(name, connection))

    async def _keep(self, name: str, connection: Connection) -> None:
        """Listen on one channel; while it cannot be had, wait longer each time, unless waiting is in vain."""
        wait_s = FIRST_WAIT_S

        def opened() -> None:
            nonlocal wait_s
            wait_s = FIRST_WAIT_S
            log.info("channel.opened", channel=name)
            states.put_nowait((ChannelState.WELL, None))

        states: asyncio.Queue[tuple[ChannelState, Sentence | None]] = asyncio.Queue()
        noting = asyncio.create_task(self._note_states(name, states))
        inlet = ChannelInlet(self._intake, self._brands.all, name, on_opened=opened)
        try:
            while True:
                try:
                    await connection.listen(inlet)
                    trouble = ChannelTrouble(
                        Sentence("{channel} has ended the connection.", channel=name), permanent=False
                    )
                except ChannelTrouble as error:
                    trouble = error
                except Exception as error:  # a fault in one channel must not end the others
                    log.exception("channel.fault", channel=name)
                    fault = Sentence("A fault of our own: {why}. It is tried again.", why=type(error).__name__)
                    trouble = ChannelTrouble(fault, permanent=False)
                state = ChannelState.BROKEN if trouble.permanent else ChannelState.DOWN
                log.warning("channel.trouble", channel=name, state=state.value, error=str(trouble))
                states.put_nowait((state, trouble.sentence))
                if trouble.permanent:
                    return
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        finally:
            with suppress(TimeoutError):
                await asyncio.wait_for(states.join(), LAST_NOTE_S)
            noting.cancel()

    async def _note_states(self, name: str, states: asyncio.Queue[tuple[ChannelState, Sentence | None]]) -> None:
        while True:
            state, why = await states.get()
            try:
                await asyncio.to_thread(self._note_state, name, state, why)
            except InboxError as error:
                log.warning("channel.not_noted", channel=name, error=str(error))
                await asyncio.sleep(FIRST_WAIT_S)
                if states.empty():
                    states.put_nowait((state, why))
            except Exception:  # what is left unnoted must not keep the channel from ending
                log.exception("channel.not_noted", channel=name)
            finally:
                states.task_done()

    def _note_state(self, name: str, state: ChannelState, why: Sentence | None) -> None:
        for desk in self._brands.all:
            with desk.store.begin() as books:
                books.set_channel_state(name, state, why=why, now=desk.clock())

    def _kept(self, events: Sequence[Event]) -> None:
        self._wake()
        if self._copier is None:
            return
        for event in events:
            if isinstance(event, IncomingMessage) and event.attachments:
                self._copier.copy(event, self._connections[event.channel], self._brands.of(event))


def _not_kept(event: Event, error: Exception) -> None:
    """One line for what could not be kept: which, never its words."""
    log.error("intake.trouble", channel=event.channel, event_kind=type(event).__name__, error=type(error).__name__)
