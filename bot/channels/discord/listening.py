"""Hearing Discord: what comes live, and before it what was written while nobody listened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import discord
import structlog

from bot.channels.discord.commands import Commands
from bot.channels.discord.guard import Guard
from bot.channels.discord.members import with_roles
from bot.channels.discord.options import DiscordOptions
from bot.channels.discord.outlet import Outlet
from bot.channels.discord.reading import Eyes, to_arrival, to_deletion, to_edit, to_message
from bot.channels.discord.staff import Staff
from inbox.events import Event
from inbox.ports import Clock, Inlet, Tell

log = structlog.get_logger()

GuildPlace = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
Readable = GuildPlace | discord.DMChannel
_TICK = timedelta(milliseconds=1)
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError)
"""What the library raises over something of Discord's that it does not know yet."""


def wanted_intents() -> discord.Intents:
    """What Discord is asked to tell: servers, messages everywhere, and their words."""
    intents = discord.Intents.none()
    intents.guilds = intents.guild_messages = intents.dm_messages = intents.message_content = True
    return intents


class Ears(discord.Client):
    """One connection to Discord. Live events are held back until what was missed has been handed over.

    What is stored of a thread therefore never has a gap, and its last message says where to go on next time.
    """

    def __init__(
        self,
        inlet: Inlet,
        *,
        options: DiscordOptions,
        tell: Tell,
        clock: Clock,
        name: str,
        guard: Guard,
        staff: Staff | None = None,
    ) -> None:
        super().__init__(
            intents=wanted_intents(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=options.patience.servers.total_seconds(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            http_trace=guard.trace(),
        )
        self._inlet = inlet
        self._options = options
        self._tell = tell
        self._clock = clock
        self._name_of_channel = name
        self._staff = staff
        self._outlet = Outlet(inlet)
        self._outlet.hold()
        self._standing = asyncio.Event()
        self._lost = asyncio.Event()
        self._is_connected = self._is_caught_up = False
        self._catching_up: asyncio.Task[None] | None = None
        self._trouble: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._eyes = Eyes(name, 0)

    async def lost_for_good(self) -> None:
        """Return once a lost connection has not come back within the patience that was given.

        Raises:
            discord.DiscordException, aiohttp.ClientError, OSError, InboxError: What was missed cannot be had.
        """
        outage = asyncio.create_task(self._outage())
        try:
            await asyncio.wait({outage, self._trouble}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            outage.cancel()
        if self._trouble.done():
            self._trouble.result()

    async def _outage(self) -> None:
        while True:
            await self._lost.wait()
            try:
                async with asyncio.timeout(self._options.patience.outage.total_seconds()):
                    await self._standing.wait()
            except TimeoutError:
                return

    async def close(self) -> None:
        """End the connection; what is not kept yet is caught up with next time."""
        self._outlet.close()
        if self._staff is not None:
            self._staff.close()
        self._stop_catching_up()
        await super().close()

    async def setup_hook(self) -> None:
        """Know who we are, and make the commands known."""
        us = self.user.id if self.user else 0
        options = self._options
        self._eyes = Eyes(self._name_of_channel, us, options.staff_roles, options.exempt_roles, options.staff_channels)
        commands = Commands(
            self, outlet=self._outlet, tell=self._tell, clock=self._clock, eyes=self._eyes, staff=self._staff
        )
        await commands.make_known()

    async def before_identify_hook(
        self,
        shard_id: int | None,  # noqa: ARG002  # the shape of the library's hook
        *,
        initial: bool = False,
    ) -> None:
        """Wait before a second session is asked for."""
        if not initial:
            await asyncio.sleep(self._options.patience.identify.total_seconds())

    # --- what the library tells ---

    def dispatch(self, event: str, /, *args: Any, **more: Any) -> None:
        """Hear events at once, in their order.

        The library runs listeners some time later, when it may have changed a message after an edit that followed.
        """
        match event:
            case "connect":
                self._begin_anew()
            case "ready":
                self._catch_up_again()
            case "guild_available" if self._is_caught_up:  # a server that was out: what was said there is missing
                self._catch_up_again()
            case "disconnect":
                self._is_connected = False
                self._standing.clear()
                self._lost.set()
            case "resumed":  # Discord has told again what was missed meanwhile
                self._is_connected = True
                self._stand()
            case _:
                self._hear(event, args)
        super().dispatch(event, *args, **more)

    def _hear(self, event: str, told: tuple[Any, ...]) -> None:
        heard: Event | None = None
        if event == "interaction":
            if self._staff is not None:
                self._staff.hear(told[0])
            return
        try:
            if event == "message":
                heard = to_message(told[0], self._eyes) or to_arrival(told[0], self._eyes)
            elif event == "raw_message_edit":
                heard = to_edit(told[0], self._eyes)
            elif event in {"raw_message_delete", "raw_bulk_message_delete"}:
                heard = to_deletion(told[0], self._eyes, now=self._clock())
        except _UNREADABLE as error:
            log.warning("discord.unreadable_event", event_kind=event, error=type(error).__name__)
        if heard is not None:
            self._outlet.put(heard)

    def _begin_anew(self) -> None:
        """Hold back what comes: a new session tells nothing of what was missed before it."""
        self._is_connected = True
        self._stop_catching_up()
        self._outlet.hold()

    def _catch_up_again(self) -> None:
        self._stop_catching_up()
        self._outlet.hold()
        self._catching_up = asyncio.create_task(self._catch_up_and_go_on())

    def _stop_catching_up(self) -> None:
        self._is_caught_up = False
        if self._catching_up is not None:
            self._catching_up.cancel()
            self._catching_up = None

    async def _catch_up_and_go_on(self) -> None:
        try:
            known = await self._catch_up()
        except Exception as error:  # noqa: BLE001  # whatever it was, held events must not pass over what is missing
            log.warning("discord.not_caught_up", error=type(error).__name__)
            if not self._trouble.done():
                self._trouble.set_exception(error)
                self._trouble.exception()  # seen: nobody may be waiting any more
            return
        self._outlet.let_go(known=known)
        self._is_caught_up = True
        self._stand()

    def _stand(self) -> None:
        """Note that all is heard again; a connection that was resumed may still have to catch up."""
        if self._is_connected and self._is_caught_up:
            self._lost.clear()
            self._standing.set()
            self._inlet.opened()

    # --- what was missed ---

    async def _catch_up(self) -> frozenset[str]:
        """Hand over what was written since the last message of each thread; the ids of all that was."""
        marks = await self._inlet.heard_until()
        if not marks:
            return frozenset()  # nobody has listened before: what was said then was not said to us
        known: set[str] = set()
        async for place in self._readable(marks):
            known |= await self._catch_up_on(place, since=marks.get(str(place.id)))
        return frozenset(known)

    async def _readable(self, marks: Mapping[str, datetime]) -> AsyncIterator[Readable]:
        """Every channel and thread that we may read, and the private ones that we know of."""
        seen: set[str] = set()
        for guild in self.guilds:
            places: list[GuildPlace] = [
                *guild.text_channels,
                *guild.voice_channels,
                *guild.stage_channels,
                *guild.threads,
            ]
            for place in places:
                seen.add(str(place.id))
                may = place.permissions_for(guild.me)
                if may.view_channel and may.read_message_history:
                    yield place
                else:
                    log.info("discord.unreadable", thread=place.id)
        for thread in marks.keys() - seen:
            if not thread.isdigit():
                continue
            try:
                found = await self.fetch_channel(int(thread))
            except (discord.NotFound, discord.Forbidden, discord.InvalidData):
                continue
            if isinstance(found, discord.DMChannel | discord.Thread):
                yield found

    async def _catch_up_on(self, place: Readable, *, since: datetime | None) -> set[str]:
        oldest = self._clock() - self._options.catch_up
        after = max(since - _TICK, oldest) if since is not None else oldest
        most = self._options.catch_up_most
        known: set[str] = set()
        authors: dict[int, discord.Member | None] = {}
        last = None if isinstance(place, discord.DMChannel) else place.last_message_id
        if last is not None and discord.utils.snowflake_time(last) < after:
            return known
        read = 0
        try:
            async for said in place.history(after=after, limit=most, oldest_first=True):
                read += 1
                if said.author.id not in authors:
                    authors[said.author.id] = await with_roles(said)
                message = to_message(said, self._eyes, member=authors[said.author.id])
                if message is not None:
                    known.add(message.external_id)
                    self._outlet.put_missed(message)
        except (discord.Forbidden, discord.NotFound, *_UNREADABLE) as error:
            log.info("discord.unreadable", thread=place.id, error=type(error).__name__)
        if read == most:
            log.warning("discord.catch_up_cut", thread=place.id, messages=read)
        return known
