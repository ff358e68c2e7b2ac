"""Which brand an event belongs to, where several servers and groups are served by one process."""

from __future__ import annotations

from collections.abc import Mapping

from inbox.appeals import is_about
from inbox.desk import Desk
from inbox.events import Appealed, Event, Moved

Place = tuple[str, str]
"""A channel, and the server or group on it."""


class Brands:
    """The desks of all brands. What belongs to none by its place belongs to the main one, the first.

    Args:
        desks: By key, the main one first.
        places: The key of the brand that each place belongs to.
    """

    def __init__(self, desks: Mapping[str, Desk], places: Mapping[Place, str]) -> None:
        self._desks = desks
        self._main = next(iter(desks.values()))
        self._keys = dict(places)
        for channel, place in places:
            key = places[channel, place]
            with desks[key].store.read() as books:
                moved = books.moved_places(channel)
            if place in moved:
                self._keys[channel, moved[place]] = key

    @property
    def all(self) -> list[Desk]:
        """Every desk, the main one first."""
        return list(self._desks.values())

    def at(self, channel: str, place: str | None) -> Desk:
        """The desk that a server or group belongs to."""
        key = self._keys.get((channel, place)) if place is not None else None
        return self._main if key is None else self._desks[key]

    def of(self, event: Event) -> Desk:
        """The desk that an event belongs to; an appeal in private, to the brand that has the case."""
        if isinstance(event, Moved):
            key = self._keys.get((event.channel, event.place))
            if key is not None:
                self._keys[event.channel, event.new_place] = key
            return self._main if key is None else self._desks[key]
        if isinstance(event, Appealed) and event.place is None:
            return next((desk for desk in self.all if is_about(desk.store, event)), self._main)
        return self.at(event.channel, event.place)
