"""The counter and the boards of a process: where teams ask, and where their cards stand."""

from __future__ import annotations

from collections.abc import Mapping

from app.brands import Brands, Place
from bot.board import HasBoards
from bot.commands.calling import Tools
from bot.commands.counter import Counter
from bot.commands.keeper import Keeper
from inbox.desk import Desk
from inbox.ports import Connection, Tell
from inbox.rates import RateLimiter
from inbox.stats import Stats


class Desks:
    """Finds the desk that a call belongs to, once the desks are open: a counter is made before them."""

    def __init__(self, teams: Mapping[Place, str]) -> None:
        self._teams = teams
        self._desks: Mapping[str, Desk] = {}
        self._brands: Brands | None = None

    def open(self, desks: Mapping[str, Desk], brands: Brands) -> None:
        """Answer for these desks from now on."""
        self._desks = desks
        self._brands = brands

    def find(self, channel: str, thread: str, place: str | None) -> Desk:
        """The desk of the team that sits in a thread; else that of the server or group around it."""
        assert self._brands is not None  # noqa: S101  # nobody calls before the channels are connected
        key = self._teams.get((channel, thread))
        return self._desks[key] if key is not None else self._brands.at(channel, place)


def build_counter(desks: Desks, *, tell: Tell, dark: bool = False) -> Counter:
    """Where teams ask; pictures are on a dark ground where that is wanted."""

    def draw(stats: Stats, lang: str | None) -> bytes:
        from app.pictures import stats_picture  # the drawing library is large, and few calls need it

        return stats_picture(stats, dark=dark, lang=lang, tell=tell)

    return Counter(desks.find, tell=tell, tools=Tools(draw_stats=draw))


def build_keepers(
    teams: Mapping[Place, str],
    desks: Mapping[str, Desk],
    connections: Mapping[str, Connection],
    counter: Counter,
    limiter: RateLimiter,
    *,
    lang: str,
) -> list[Keeper]:
    """What keeps the cards of each team; whoever asks for something has them looked at at once."""
    keepers = []
    for (channel, place), key in teams.items():
        connection, desk = connections[channel], desks[key]
        if isinstance(connection, HasBoards):
            board = connection.board(place, zone=desk.brand.hours.zone)
            keeper = Keeper(desk, board, lang=lang, limiter=limiter)
            counter.on_done(keeper.wake)
            keepers.append(keeper)
    return keepers
