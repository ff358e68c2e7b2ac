"""The board of the team on Discord: a channel in which cards are put up and changed in place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

import aiohttp
import discord
from discord.http import HTTPClient, MultipartParameters

from bot.channels.discord.refusals import NOT_FOUND, TROUBLES, UNKNOWN_MESSAGE, to_failure
from bot.channels.discord.rendering import to_components, to_content
from bot.channels.discord.words import nonce_of
from bot.commands.views import View
from inbox.abilities import Bucket
from inbox.outgoing import OutboxKind, Outgoing
from inbox.ports import Clock, Tell

T = TypeVar("T")
_SUPPRESS_EMBEDS = 1 << 2


class DiscordBoard:
    """A channel of the team.

    Args:
        channel_id: The channel.
        http: Gives what asks Discord, logged in.
        tell: Puts sentences into words.
        clock: Tells the time.
        name: The name of the channel it is on.
        patience: The longest that one thing may take.
    """

    def __init__(
        self,
        channel_id: str,
        http: Callable[[], Awaitable[HTTPClient]],
        *,
        tell: Tell,
        clock: Clock,
        name: str,
        patience: timedelta,
    ) -> None:
        self._channel_id = int(channel_id)
        self._http = http
        self._tell = tell
        self._clock = clock
        self._name = name
        self._patience = patience

    @property
    def name(self) -> str:
        """The name of the channel it is on."""
        return self._name

    @property
    def buckets(self) -> Sequence[Bucket]:
        """Five things in five seconds, as anywhere on Discord."""
        second = timedelta(seconds=1)
        return Bucket(self._name, 50, second), Bucket(f"{self._name}:{self._channel_id}", 5, 5 * second)

    @property
    def remembers(self) -> timedelta:
        """Discord knows a nonce again for a few minutes."""
        return timedelta(minutes=3)

    async def post(self, view: View, *, lang: str, key: str) -> str:
        """Put something up; its id.

        Raises:
            SendFailed: Discord refuses it, for good or for now.
        """
        payload = self._payload(view, lang) | {"nonce": nonce_of(key), "enforce_nonce": True}

        async def put_up(http: HTTPClient) -> str:
            said = await http.send_message(self._channel_id, params=_parameters(payload))
            return f"{self._channel_id}:{said['id']}"

        return await self._ask(put_up)

    async def change(self, external_id: str, view: View, *, lang: str) -> bool:
        """Have what stands there read otherwise; False where it is gone.

        Raises:
            SendFailed: Discord refuses it, for good or for now.
        """
        channel_id, _, message_id = external_id.rpartition(":")
        payload = self._payload(view, lang)

        async def put(http: HTTPClient) -> bool:
            try:
                await http.edit_message(int(channel_id), int(message_id), params=_parameters(payload))
            except discord.NotFound as error:
                if error.status == NOT_FOUND and error.code == UNKNOWN_MESSAGE:
                    return False
                raise
            return True

        return await self._ask(put)

    async def _ask(self, asking: Callable[[HTTPClient], Awaitable[T]]) -> T:
        went_out = False
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                http = await self._http()
                went_out = True
                return await asking(http)
        except (*TROUBLES, aiohttp.ClientError) as error:
            about = Outgoing(OutboxKind.REPLY, "card", str(self._channel_id), self._clock())
            raise to_failure(error, about, went_out=went_out) from error

    def _payload(self, view: View, lang: str) -> dict[str, Any]:
        return {
            "content": to_content(view, tell=self._tell, lang=lang),
            "components": to_components(view, tell=self._tell, lang=lang),
            "allowed_mentions": {"parse": [], "users": [*view.mentions.values()]},
            "flags": _SUPPRESS_EMBEDS,
        }


def _parameters(payload: dict[str, Any]) -> MultipartParameters:
    return MultipartParameters(payload=payload, multipart=None, files=None)
