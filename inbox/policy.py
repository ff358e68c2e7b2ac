"""What a brand has settled about moderation: what warnings lead to, how reports and appeals are taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """At `points` or more that have not faded, a contact is silenced for `timeout`; None leaves it to a person."""

    points: int
    timeout: timedelta | None


@dataclass(frozen=True, slots=True)
class Policy:
    """How a brand moderates.

    `ladder` is in order of points; no step bans. `fade_after` is how long the points of a warning count. `appeal_url`
    is where people may appeal besides writing to the bot. `reports_an_hour` is how many reports one member may make.
    """

    ladder: tuple[Step, ...] = (Step(3, timedelta(hours=1)), Step(5, timedelta(days=1)), Step(8, None))
    fade_after: timedelta = timedelta(days=30)
    appeal_url: str = ""
    reports_an_hour: int = 10


@dataclass(frozen=True, slots=True)
class Bulletin:
    """When the report of the week is put up: on a day of the week, 0 for Monday, at an hour by the brand's clocks."""

    weekday: int = 0
    hour: int = 8
