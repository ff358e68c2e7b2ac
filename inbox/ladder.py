"""The ladder of warnings: points that fade, and the step that they lead to. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from inbox.cases import CaseAct, CaseView
from inbox.model import Actor
from inbox.policy import Step

LADDER = Actor.vigie("ladder")
"""Who opens the case of an automatic timeout."""


def warnings_now(cases: Iterable[CaseView], *, now: datetime, fade_after: timedelta) -> list[CaseView]:
    """The warnings that count at a moment: given, not undone, not faded."""
    return [
        case
        for case in cases
        if case.act is CaseAct.WARN and case.stands and case.opened_at <= now < case.opened_at + fade_after
    ]


def points_now(cases: Iterable[CaseView], *, now: datetime, fade_after: timedelta) -> int:
    """The points that a contact has at a moment; all of a warning's fade together, `fade_after` it was given."""
    return sum(case.points for case in warnings_now(cases, now=now, fade_after=fade_after))


def next_step(points_before: int, points_after: int, ladder: Sequence[Step]) -> Step | None:
    """The highest step that is newly reached; None where none is."""
    reached = [step for step in ladder if points_before < step.points <= points_after]
    return max(reached, key=lambda step: step.points, default=None)


def deserved(points: int, ladder: Sequence[Step]) -> timedelta | None:
    """The longest timeout that so many points lead to; None for none."""
    return max((step.timeout for step in ladder if step.timeout and step.points <= points), default=None)


def no_longer_deserved(
    cases: Sequence[CaseView], *, now: datetime, fade_after: timedelta, ladder: Sequence[Step]
) -> list[CaseView]:
    """The automatic timeouts that still run although the warnings that stand would not have led to them."""
    left = []
    for case in cases:
        if case.act is not CaseAct.TIMEOUT or case.by != LADDER or case.until is None or not case.runs(now):
            continue
        timeout = deserved(points_now(cases, now=case.opened_at, fade_after=fade_after), ladder)
        if timeout is None or timeout < case.until - case.opened_at:
            left.append(case)
    return left
