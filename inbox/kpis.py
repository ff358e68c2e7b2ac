"""Reports: the figures of a period beside those of the period before it. Pure, but for asking the store."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.cases import CaseAct
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.sentences import Sentence
from inbox.stats import LONGEST, DayStats, ResponseTimes, days_between, kinds_of, response_times, waited
from inbox.tallies import KpiTallies, SaidOn

DAY = timedelta(days=1)
LAST_MOMENT = timedelta(microseconds=1)
"""How far before the next day a day ends: moments are kept to the microsecond."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days by a brand's clocks, from the first to the last, both of them included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """As many days, up to the day before the first."""
        return Period(self.first - self.days * DAY, self.first - DAY)

    def starts(self, zone: ZoneInfo) -> dict[date, datetime]:
        """Each day with its first moment."""
        return days_between(_midnight(self.first, zone), _midnight(self.last, zone), zone=zone)

    def until(self, zone: ZoneInfo) -> datetime:
        """The last moment."""
        return _midnight(self.last + DAY, zone) - LAST_MOMENT


@dataclass(frozen=True, slots=True)
class Share:
    """So many of a whole."""

    part: int
    whole: int

    @property
    def of_one(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Kpis:
    """The figures of one period.

    `kinds` counts messages under each of `inbox.stats.KINDS`, `channels` the same per channel, with all of them under
    `messages`. `hours` has a row per day of the week from Monday on, with the messages of each hour from 0 to 23 by the
    brand's clocks. `resolutions` tells how long contacts had waited when their conversation was closed. `prepared` are
    the replies of people that were a prepared answer; `agreement` are the messages a person has judged, and those of
    them where he said what the model says. `first_answers` and `resolved` are the promises that fell due, and those
    kept. `acts` counts what was done about messages and people and still stands.
    """

    days: tuple[DayStats, ...]
    messages: int
    kinds: Mapping[str, int]
    channels: Mapping[str, Mapping[str, int]]
    hours: tuple[tuple[int, ...], ...]
    responses: ResponseTimes
    resolutions: ResponseTimes
    automation: Share
    prepared: Share
    agreement: Share
    first_answers: Share
    resolved: Share
    acts: Mapping[CaseAct, int]
    leads: int
    won: int

    @property
    def by_people(self) -> int:
        """How many replies people sent."""
        return self.prepared.whole

    @property
    def busiest(self) -> tuple[int, int] | None:
        """The day of the week, from 0 for Monday, and the hour with the most messages; the first among equals."""
        most = max(max(row) for row in self.hours)
        if not most:
            return None
        return next((day, row.index(most)) for day, row in enumerate(self.hours) if most in row)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period and of the one before it, which ends at the same time of day where this one goes on."""

    brand: str
    zone: str
    period: Period
    until: datetime
    is_over: bool
    now: Kpis
    before: Kpis


def last_days(days: int, *, now: datetime, zone: ZoneInfo) -> Period:
    """So many days, today among them."""
    today = now.astimezone(zone).date()
    return Period(today - (days - 1) * DAY, today)


def last_week(*, now: datetime, zone: ZoneInfo) -> Period:
    """The last week that is over, from Monday to Sunday."""
    today = now.astimezone(zone).date()
    monday = today - (today.weekday() + 7) * DAY
    return Period(monday, monday + 6 * DAY)


def to_report(desk: Desk, period: Period) -> Report:
    """The report of a period.

    Raises:
        NotPossible: The period ends before it begins, is longer than a year, or begins after today.
    """
    now, zone = desk.clock(), desk.brand.hours.zone
    if not timedelta(0) < period.days * DAY <= LONGEST:
        raise NotPossible(Sentence("A report is of a day at least, and of a year at most."))
    if period.first > now.astimezone(zone).date():
        raise NotPossible(Sentence("This period has not begun yet."))
    is_over = period.until(zone) <= now
    until = min(period.until(zone), now)
    then = period.before()
    # By the clock on the wall, so that a change of the clocks in between moves nothing.
    then_until = then.until(zone) if is_over else _earlier(until, days=period.days, zone=zone)
    starts = {day: at for day, at in period.starts(zone).items() if at <= until}
    starts_then = {day: at for day, at in then.starts(zone).items() if at <= then_until}
    with desk.store.read() as books:
        tallies = books.read_kpis(days=list(starts.values()), until=until)
        tallies_then = books.read_kpis(days=list(starts_then.values()), until=then_until)
    return Report(
        brand=desk.brand.name,
        zone=zone.key,
        period=period,
        until=until,
        is_over=is_over,
        now=to_kpis(tallies, starts=starts, zone=zone),
        before=to_kpis(tallies_then, starts=starts_then, zone=zone),
    )


def to_kpis(tallies: KpiTallies, *, starts: Mapping[date, datetime], zone: ZoneInfo) -> Kpis:
    """The figures of what was counted; `starts` are the days in order, each with its first moment."""
    moments = list(starts.values())
    waits: dict[int, list[timedelta]] = defaultdict(list)
    for one in tallies.answered:
        waits[bisect_right(moments, one.answered_at) - 1].append(waited(one))
    said: dict[int, list[SaidOn]] = defaultdict(list)
    channels: dict[str, list[SaidOn]] = defaultdict(list)
    for group in tallies.said:
        said[group.day].append(group)
        channels[group.channel].append(group)
    replies = tallies.replies_by_people
    return Kpis(
        days=tuple(
            DayStats(day, _all(said[place]), kinds_of(said[place]), response_times(waits[place]))
            for place, day in enumerate(starts)
        ),
        messages=_all(tallies.said),
        kinds=kinds_of(tallies.said),
        channels={name: {"messages": _all(groups), **kinds_of(groups)} for name, groups in sorted(channels.items())},
        hours=_hours(tallies.slots, zone=zone),
        responses=response_times(waited(one) for one in tallies.answered),
        resolutions=response_times(waited(one) for one in tallies.closed),
        automation=Share(tallies.replies_automatic, tallies.replies_automatic + replies),
        prepared=Share(tallies.prepared, replies),
        agreement=Share(tallies.confirmed, tallies.judged),
        first_answers=Share(tallies.first_answers.kept, tallies.first_answers.due),
        resolved=Share(tallies.resolutions.kept, tallies.resolutions.due),
        acts={CaseAct(act): n for act, n in tallies.acts.items()},
        leads=tallies.leads,
        won=tallies.won,
    )


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _earlier(moment: datetime, *, days: int, zone: ZoneInfo) -> datetime:
    """The same time of day some days before."""
    at = moment.astimezone(zone)
    return datetime.combine(at.date() - days * DAY, at.time(), zone).astimezone(UTC)


def _hours(slots: Iterable[tuple[datetime, int]], *, zone: ZoneInfo) -> tuple[tuple[int, ...], ...]:
    counted: Counter[tuple[int, int]] = Counter()
    for moment, messages in slots:
        at = moment.astimezone(zone)
        counted[at.weekday(), at.hour] += messages
    return tuple(tuple(counted[day, hour] for hour in range(24)) for day in range(7))


def _all(groups: Iterable[SaidOn]) -> int:
    return sum(one.messages for one in groups)
