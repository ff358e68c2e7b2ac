"""The page, put together from the settings and the desks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.hooks import hooks_in
from app.page_models import PageModels
from app.response_files import BrandResponses
from app.settings_told import to_told
from app.wiring import for_brand, now
from app.words import LANGUAGES, spoken, tell_in
from web.app import create_app
from web.house import House, Served
from web.passwords import Argon2
from web.safety import is_loopback
from web.serving import serve, take_free_port, take_port
from web.signing_in import is_new

if TYPE_CHECKING:
    from app.settings import Settings
    from inbox.desk import Desk
    from inbox.kpis import Report

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def draw_report(report: Report, picture: str, *, dark: bool, lang: str) -> str:
    """A picture of a report as SVG."""
    from app.report_pictures import report_picture  # the drawing library is large, and few requests need it

    return report_picture(report, picture, dark=dark, lang=lang, tell=tell_in)


class Page:
    """The page over the desks of every brand.

    Args:
        settings: The settings.
        desks: A desk per brand, by its key.
        open_to_all: Whether nobody signs in: for the demo, on loopback alone, and on the next port that is free.

    Raises:
        NotPossible: The port cannot be had.
    """

    def __init__(self, settings: Settings, desks: Mapping[str, Desk], *, open_to_all: bool = False) -> None:
        web = settings.web
        self._host = "127.0.0.1" if open_to_all else web.host
        self._behind_proxy = web.behind_proxy
        self._taken = (take_free_port if open_to_all else take_port)(self._host, web.port)
        port = self._taken.getsockname()[1]
        self.is_elsewhere = web.port not in {0, port}
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
        self.house = House(
            desks,
            tell_in,
            LANGUAGES,
            Argon2(),
            served,
            hooks_in(settings),
            draw_report=draw_report,
            models=PageModels(settings),
            response_files={key: BrandResponses(for_brand(settings, key)) for key in desks},
            settings={
                key: to_told(for_brand(settings, key), today=desk.brand.day_of(now())) for key, desk in desks.items()
            },
        )

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
