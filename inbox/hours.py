"""When a brand works and when it wants quiet, and clocks that run only while it is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_LONGEST_LOOK = timedelta(days=366)


def _never(day: date) -> bool:  # noqa: ARG001  # the shape of what says which days are closed
    return False


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When a brand works, in its own time zone.

    `slots` maps a weekday (Monday is 0) to its slots, in order and apart from each other; a slot that ends at
    midnight ends at `time.max`. No slot at all means always open. On a day that is `closed` nobody works, whatever
    its weekday, such as a public holiday.
    """

    zone: ZoneInfo
    slots: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    closed: Callable[[date], bool] = _never

    @property
    def is_always_open(self) -> bool:
        """Whether no hours were set."""
        return not any(self.slots.values())

    def is_open(self, moment: datetime) -> bool:
        """Whether the brand works at a moment."""
        if self.is_always_open:
            return True
        local = moment.astimezone(self.zone)
        return any(opens <= moment < closes for opens, closes in self._on(local.date()))

    def add_open_time(self, start: datetime, duration: timedelta) -> datetime:
        """The moment, in UTC, by which `duration` of open time has passed since `start`.

        Real time is counted, so an hour that a clock change repeats or skips is an hour. Where a year holds less open
        time than that, the last closing of the year, or `start + duration` if that is later.
        """
        moment, left = start.astimezone(UTC), duration
        if self.is_always_open:
            return moment + duration
        for opens, closes in self._from(moment):
            begins = max(opens, moment)
            if closes < begins:
                continue
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
            moment = closes
        return max(moment, start.astimezone(UTC) + duration)

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How much open time passes from `start` to `end`; none where `end` is not later. A year is looked at."""
        begins, ends = start.astimezone(UTC), end.astimezone(UTC)
        if self.is_always_open:
            return max(ends - begins, timedelta())
        total = timedelta()
        for opens, closes in self._from(begins):
            if opens >= ends:
                break
            total += max(min(closes, ends) - max(opens, begins), timedelta())
        return total

    def closed_since(self, moment: datetime) -> datetime | None:
        """When the brand closed for the closure that a moment falls into; None where it is open then.

        Where it has been closed for a year, a year before.
        """
        if self.is_open(moment):
            return None
        day = moment.astimezone(self.zone).date()
        for back in range(_LONGEST_LOOK.days + 1):
            ends = [closes for _, closes in self._on(day - timedelta(days=back)) if closes <= moment]
            if ends:
                return max(ends)
        return moment.astimezone(UTC) - _LONGEST_LOOK

    def _from(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = start.astimezone(self.zone).date()
        last = day + _LONGEST_LOOK
        while day <= last:
            yield from self._on(day)
            day += timedelta(days=1)

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        if self.closed(day):
            return
        for opens, closes in self.slots.get(day.weekday(), ()):
            ends = datetime.combine(day + timedelta(days=1), time(), self.zone) if closes == time.max else None
            yield (
                datetime.combine(day, opens, self.zone).astimezone(UTC),
                (ends or datetime.combine(day, closes, self.zone)).astimezone(UTC),
            )


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody of the team is to be called, by the clock of the brand: spans of the day.

    The end of a span is not within. One that ends before it begins reaches over midnight. Where clocks are put forward,
    a span ends when its end would have come; where they are put back, an hour that comes twice is quiet twice.
    """

    zone: ZoneInfo
    spans: tuple[tuple[time, time], ...] = ()

    def is_quiet(self, moment: datetime) -> bool:
        """Whether a moment is within a span."""
        now = moment.astimezone(self.zone).time()
        return any(
            begins <= now < ends if begins < ends else now >= begins or now < ends for begins, ends in self.spans
        )
