"""How many messages are usual at an hour of the week, and how many are far more than that. Pure.

A week is compared with the same time of the weeks before it, by the clocks of the brand. The middle of them is what is
usual, so that one week that was out of the ordinary changes little. What three of eight weeks reach within half an hour
of this time is familiar: a promotion every Tuesday at six is no news, though it begins a little earlier today.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import fmean, median, pvariance
from zoneinfo import ZoneInfo

from inbox.model import Label

SLOT = timedelta(minutes=5)
"""In which steps messages are counted."""

HOUR = timedelta(hours=1) // SLOT
"""So many slots make an hour."""

WEEKS, LEAST_WEEKS = 8, 3
"""How many weeks are looked back, and how many there must be to say what is usual."""

LENGTHS = (timedelta(minutes=10), timedelta(minutes=30), timedelta(minutes=60))
"""Over which times messages are counted to find a spike, the quickest first."""

AROUND = 6
"""How many slots before and after a time belong to its neighbourhood."""

ALL = "all"
"""Under which every message is counted, whatever its labels."""

WATCHED = (Label.COMPLAINT.value, Label.OFFENSIVE.value, ALL)
"""What is counted, the most telling first."""

LEAST: Mapping[str, int] = {Label.COMPLAINT.value: 8, Label.OFFENSIVE.value: 6, ALL: 30}
"""Fewer than these are never a spike: three people on a quiet night are no crowd."""

LEAST_UNKNOWN: Mapping[str, int] = {Label.COMPLAINT.value: 25, Label.OFFENSIVE.value: 20, ALL: 200}
"""What takes their place where it is not known what is usual."""

_CHANCE = 1e-4
"""How likely it may be at the most that an ordinary time brings as many."""

_DOUBT = 4.0
"""How many messages the doubt weighs that none at all leaves."""

_LEAST_SLOTS = 3 * HOUR
_OVER_FAMILIAR = 1.5
_STILL_HIGH = 2.0
_GREW = 2.5
_FAMILIAR_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual over a time.

    `expected` is how many messages; `familiar` how many an unremarkable week reaches around it; `spread` by how much
    the rate itself varies, as the square of its coefficient of variation; `weeks` how many it was learnt from, 0 where
    it is only how much came within the last day.
    """

    expected: float
    familiar: float
    spread: float
    weeks: int


def slot_of(at: datetime) -> datetime:
    """The beginning of the slot that a moment is in."""
    return datetime.fromtimestamp(at.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), UTC)


def same_time_before(at: datetime, *, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The same weekday and time of the clock in each of the last weeks, the latest first, in UTC."""
    local = at.astimezone(zone)
    return tuple((local - timedelta(weeks=week)).astimezone(UTC) for week in range(1, WEEKS + 1))


def usual_of(weeks: Sequence[Sequence[int]], *, span: float) -> Usual | None:
    """What is usual over `span` slots; None where too few weeks are known.

    Args:
        weeks: Per week the counts of consecutive slots, from `AROUND` slots before the time to `AROUND` after it.
        span: How long the time is, in slots; its last slot may not be over.

    Source: a negative binomial with the moments of the weeks, the three highest left out where there are eight, and the
    doubt about a mean that was counted: Gelman and others, "Bayesian Data Analysis", section 2.6.
    """
    if len(weeks) < LEAST_WEEKS:
        return None
    share = span / len(weeks[0])
    totals = sorted(sum(week) for week in weeks)
    whole = max(1, math.ceil(span))
    busiest = sorted(max(_sums(week, whole)) * span / whole for week in weeks)
    place = int(_FAMILIAR_SHARE * (len(weeks) - 1))
    ordinary = totals[: place + 1]
    mean = fmean(ordinary)
    varies = max(0.0, pvariance(ordinary) - mean) / mean**2 if mean else 0.0
    return Usual(
        expected=median(totals) * share,
        familiar=busiest[place],
        spread=varies + 1 / (sum(ordinary) + _DOUBT),
        weeks=len(weeks),
    )


def usual_lately(day: Sequence[int], *, span: float) -> Usual | None:
    """What comes as a rule over `span` slots, by the last day alone; None where less than some hours are known.

    Args:
        day: The counts of consecutive slots, up to a day of them.
        span: How long the time is, in slots.
    """
    if len(day) < _LEAST_SLOTS:
        return None
    return Usual(expected=fmean(day) * span, familiar=0.0, spread=1.0, weeks=0)


def is_far_more(count: int, usual: Usual | None, *, label: str, factor: float) -> bool:
    """Whether so many messages are a spike.

    Args:
        count: How many there were.
        usual: What is usual over the same time; None where nobody knows.
        label: What they are, one of `WATCHED`.
        factor: How many times the usual they must be at least.
    """
    if usual is None:
        return count >= LEAST_UNKNOWN[label]
    if not usual.weeks:
        return count >= max(LEAST_UNKNOWN[label], factor * usual.expected)
    return (
        count >= LEAST[label]
        and count >= factor * usual.expected
        and count >= _OVER_FAMILIAR * usual.familiar
        and chance_of(count, usual.expected, spread=usual.spread) <= _CHANCE
    )


def is_still_high(count: int, usual: Usual | None, *, label: str) -> bool:
    """Whether a spike that was noticed goes on."""
    if usual is None:
        return count >= LEAST_UNKNOWN[label] / 2
    least = LEAST[label] if usual.weeks else LEAST_UNKNOWN[label]
    return count >= max(least / 2, _STILL_HIGH * usual.expected)


def has_grown(per_minute: float, *, before: float) -> bool:
    """Whether a spike is so much higher than when it was told that it has to be told again."""
    return per_minute >= _GREW * before


def chance_of(count: int, expected: float, *, spread: float) -> float:
    """How likely it is that at least so many come, from 0 to 1.

    Args:
        count: How many.
        expected: How many are usual; counted as half a message at least.
        spread: By how much the rate itself varies; nearly 0 gives the law of Poisson.
    """
    if count <= 0:
        return 1.0
    mean = max(expected, 0.5)
    size = 1 / max(spread, 1e-6)
    log_rest, log_more = math.log(size / (size + mean)), math.log(mean / (size + mean))
    here = math.lgamma(count + size) - math.lgamma(size) - math.lgamma(count + 1)
    term = math.exp(here + size * log_rest + count * log_more)
    if count <= mean:
        return min(1.0, 1 - _below(count, size, log_rest, log_more))
    total, number = 0.0, count
    while term > total * 1e-12 and term > 0:
        total += term
        term *= (number + size) / (number + 1) * math.exp(log_more)
        number += 1
    return min(1.0, total)


def _below(count: int, size: float, log_rest: float, log_more: float) -> float:
    return math.fsum(
        math.exp(math.lgamma(one + size) - math.lgamma(size) - math.lgamma(one + 1) + size * log_rest + one * log_more)
        for one in range(count)
    )


def _sums(week: Sequence[int], length: int) -> list[int]:
    return [sum(week[start : start + length]) for start in range(max(1, len(week) - length + 1))]
