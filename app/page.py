"""The page, put together from the settings and the desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.hooks import hooks_in
from app.words import LANGUAGES, spoken, tell_in
from web.app import create_app
from web.house import House, Served
from web.passwords import Argon2
from web.safety import is_loopback
from web.serving import serve, take_port
from web.signing_in import is_new

if TYPE_CHECKING:
    from app.settings import Settings
    from inbox.desk import Desk

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Page:
    """The page over the desks of every brand.

    Args:
        settings: The settings.
        desks: A desk per brand, by its key.
        open_to_all: Whether nobody signs in: for the demo, on loopback alone.

    Raises:
        NotPossible: The port cannot be had.
    """

    def __init__(self, settings: Settings, desks: Mapping[str, Desk], *, open_to_all: bool = False) -> None:
        web = settings.web
        self._host = "127.0.0.1" if open_to_all else web.host
        self._behind_proxy = web.behind_proxy
        self._taken = take_port(self._host, web.port)
        port = self._taken.getsockname()[1]
        address = None if open_to_all else web.address
        address = address or f"http://{self._host if is_loopback(self._host) else 'localhost'}:{port}"
        named = frozenset({urlsplit(address).hostname or "", *(one.casefold() for one in web.hosts)}) | LOOPBACK
        if open_to_all:
            named = LOOPBACK
        elif web.address is None and not is_loopback(self._host):
            named = frozenset()  # whoever set no address is found under any
        served = Served(
            address=address,
            hosts=LOOPBACK
            if open_to_all
            else named | LOOPBACK
            if is_loopback(self._host) or web.address
            else frozenset(),
            open_to_all=open_to_all,
            language=spoken(),
            asks_per_minute=web.asks_per_minute,
        )
        self.house = House(desks, tell_in, LANGUAGES, Argon2(), served, hooks_in(settings))

    @property
    def address(self) -> str:
        """Where it is found."""
        return self.house.served.address

    @property
    def start_address(self) -> str | None:
        """Where the first administrator is made; None once somebody can sign in."""
        if self.house.served.open_to_all or not is_new(self.house):
            return None
        return f"{self.address}/start?key={self.house.start_key}"

    @property
    def is_exposed(self) -> bool:
        """Whether it is reached from elsewhere without encryption."""
        return not is_loopback(self._host) and not self.house.served.is_private

    async def serve(self) -> None:
        """Serve until cancelled."""
        await serve(create_app(self.house), self._taken, behind_proxy=self._behind_proxy)
