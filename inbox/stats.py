"""The figures of the last days: what came in, how soon people answered."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.model import Label
from inbox.sentences import Sentence
from inbox.tallies import Answered, Said, SaidOn, Tallies

OTHER, UNSURE = "other", "unsure"
KINDS: tuple[str, ...] = (*(label.value for label in Label), OTHER, UNSURE)
"""What messages are counted under: the labels; `other` where no label holds and nothing is unsure; `unsure`."""

LONGEST = timedelta(days=366)
"""How far back figures can be asked for."""


@dataclass(frozen=True, slots=True)
class ResponseTimes:
    """How long contacts waited for a person: from the first message of a run to the first reply after it.

    Half of them waited no longer than `median`, nine in ten no longer than `p90`; both are None when `count` is 0.
    """

    count: int = 0
    median: timedelta | None = None
    p90: timedelta | None = None


@dataclass(frozen=True, slots=True)
class DayStats:
    """One day by the brand's clocks.

    `kinds` counts its messages under each of `KINDS`: one with several labels counts under each of them, one that
    nobody has read yet under none. Response times are those of the replies that left on this day.
    """

    day: date
    messages: int
    kinds: Mapping[str, int]
    responses: ResponseTimes


@dataclass(frozen=True, slots=True)
class Stats:
    """The figures of a period: whole days of the brand, up to the moment they were asked for.

    `messages` are what contacts said; `unanswered` are those of them that no person has dealt with, by an answer or by
    closing the conversation, and that are still there. `replies_by_people` left from here or were written on the
    channel by one of the team.
    """

    since: datetime
    until: datetime
    days: tuple[DayStats, ...]
    messages: int
    kinds: Mapping[str, int]
    unanswered: int
    responses: ResponseTimes
    replies_by_people: int
    replies_automatic: int
    cases_opened: int


def stats(desk: Desk, *, length: timedelta) -> Stats:
    """The figures from the start of the brand's day `length` ago until now.

    Raises:
        NotPossible: `length` is longer than `LONGEST`.
    """
    if length > LONGEST:
        raise NotPossible(Sentence("Figures go back a year at most."))
    now = desk.clock()
    days = days_between(now - length, now, zone=desk.brand.hours.zone)
    with desk.store.read() as books:
        tallies = books.read_stats(days=list(days.values()), until=now)
    return to_stats(tallies, days=days, until=now)


def days_between(since: datetime, until: datetime, *, zone: ZoneInfo) -> dict[date, datetime]:
    """The days of a zone from the one that `since` is in to that of `until`, each with its first moment in UTC."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: datetime.combine(day, time(), zone).astimezone(UTC) for day in days}


def to_stats(tallies: Tallies, *, days: Mapping[date, datetime], until: datetime) -> Stats:
    """The figures of what was counted; `days` are in order, each with its first moment."""
    starts = list(days.values())
    waits: list[list[timedelta]] = [[] for _day in days]
    for one in tallies.answered:
        waits[bisect_right(starts, one.answered_at) - 1].append(waited(one))
    said: list[list[Said]] = [[] for _day in days]
    for group in tallies.said:
        said[group.day].append(group)
    return Stats(
        since=starts[0],
        until=until,
        days=tuple(
            DayStats(day, sum(one.messages for one in groups), kinds_of(groups), response_times(lengths))
            for day, groups, lengths in zip(days, said, waits, strict=True)
        ),
        messages=sum(one.messages for one in tallies.said),
        kinds=kinds_of(tallies.said),
        unanswered=sum(one.unanswered for one in tallies.said),
        responses=response_times([wait for waited in waits for wait in waited]),
        replies_by_people=tallies.replies_by_people,
        replies_automatic=tallies.replies_automatic,
        cases_opened=tallies.cases_opened,
    )


def response_times(lengths: Iterable[timedelta]) -> ResponseTimes:
    """What is told of how long each waited, in any order."""
    in_order = sorted(lengths)
    if not in_order:
        return ResponseTimes()
    return ResponseTimes(len(in_order), percentile(in_order, 0.5), percentile(in_order, 0.9))


def percentile(in_order: Sequence[timedelta], share: float) -> timedelta:
    """The value that a share of the values, from 0 to 1, do not exceed; between two values, on the line between them.

    Source: Hyndman and Fan, "Sample Quantiles in Statistical Packages", definition 7; at 0.5 it is the median.

    Raises:
        IndexError: There is no value.
    """
    place = (len(in_order) - 1) * share
    below = int(place)
    above = min(below + 1, len(in_order) - 1)
    return in_order[below] + (in_order[above] - in_order[below]) * (place - below)


def waited(one: Answered) -> timedelta:
    """How long a contact waited."""
    # The clock of a channel may be ahead of ours.
    return max(one.answered_at - one.asked_at, timedelta(0))


def kinds_of(groups: Iterable[Said | SaidOn]) -> dict[str, int]:
    """How many messages there are under each of `KINDS`."""
    found: Counter[str] = Counter()
    for one in groups:
        if one.labels is None:
            continue
        words = [*(label.value for label in one.labels), *([UNSURE] if one.is_unsure else [])]
        for word in words or [OTHER]:
            found[word] += one.messages
    return {kind: found[kind] for kind in KINDS}
