"""The place of the team in a chat: where cards stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Protocol, runtime_checkable
from zoneinfo import ZoneInfo

from bot.commands.views import View
from inbox.abilities import Bucket


class Board(Protocol):
    """The channel or group of the team on one channel."""

    @property
    def name(self) -> str:
        """The name of the channel it is on."""

    @property
    def buckets(self) -> Sequence[Bucket]:
        """The rates that a card falls under, the widest first."""

    @property
    def remembers(self) -> timedelta:
        """How long the channel knows under which key something was put up; no time where it knows no keys."""

    async def post(self, view: View, *, lang: str, key: str) -> str:
        """Put something up, and call whom it mentions; its id.

        What bears the same key is put up once, where the channel knows such keys.

        Raises:
            SendFailed: It is refused, for good or for now.
        """

    async def change(self, external_id: str, view: View, *, lang: str) -> bool:
        """Have what stands there read otherwise; False where it is gone.

        Raises:
            SendFailed: It is refused, for good or for now.
        """


@runtime_checkable
class HasBoards(Protocol):
    """A channel on which a team can sit."""

    def board(self, place: str, *, zone: ZoneInfo) -> Board:
        """The board of the team that sits in a channel or group; `zone` is where the clocks of the brand stand."""
