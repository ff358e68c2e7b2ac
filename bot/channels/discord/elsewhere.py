"""A server that speaks as Discord does, in the place of Discord."""

from __future__ import annotations

import aiohttp
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL


class Elsewhere:
    """Points the library at another server, and back.

    The library knows one server for the whole program, so two channels cannot be on different ones.
    """

    def __init__(self, api_url: str | None) -> None:
        self._api_url = api_url
        self._before: tuple[str, URL] | None = None

    def point(self) -> None:
        """Have requests go there from now on; nothing to do for Discord itself."""
        if self._api_url is not None and self._before is None:
            self._before = (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)
            Route.BASE = self._api_url.rstrip("/")

    async def find_gateway(self) -> None:
        """Have connections go to the address that the server gives for them; nothing to do for Discord itself.

        Raises:
            aiohttp.ClientError, OSError, KeyError, ValueError: The server is out of reach, or gives none.
        """
        if self._api_url is None:
            return
        self.point()
        async with aiohttp.ClientSession(raise_for_status=True) as session, session.get(f"{Route.BASE}/gateway") as got:
            DiscordWebSocket.DEFAULT_GATEWAY = URL((await got.json(content_type=None))["url"])

    def put_back(self) -> None:
        """Have all go where it went before."""
        if self._before is not None:
            Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = self._before
            self._before = None
