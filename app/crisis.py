"""A crisis and its timeline, for machines and as a page to send on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.words import _, tell
from inbox.audit import AuditLine
from inbox.crisis import Crisis, CrisisReport
from inbox.views import SwitchState
from inbox.watching import Unusual, in_short
from inbox.wording import subject_said


def crisis_to_json(crisis: Crisis) -> dict[str, Any]:
    """A crisis for machines, without what its start or end did."""
    return {
        "number": crisis.number,
        "runs": crisis.runs,
        "why": crisis.why,
        "by": str(crisis.by),
        "since": crisis.since,
        "ended_by": None if crisis.ended_by is None else str(crisis.ended_by),
        "ended_at": crisis.ended_at,
    }


def done_to_json(crisis: Crisis) -> dict[str, Any]:
    """A crisis for machines, with what its start or end did."""
    return crisis_to_json(crisis) | {
        "was_paused": crisis.was_paused,
        "held": crisis.held,
        "offered": crisis.offered,
        "complaints": crisis.complaints,
        "people": list(crisis.people),
    }


def report_to_json(report: CrisisReport) -> dict[str, Any]:
    """The whole timeline for machines."""
    return crisis_to_json(report.crisis) | {
        "acts": [
            {
                "at": act.at,
                "by": str(act.actor),
                "what": act.what,
                "subject": act.subject,
                "subject_id": act.subject_id,
                "says": tell(act.reason),
            }
            for act in report.acts
        ],
        "by_itself": dict(report.by_itself),
    }


def status_to_json(runs: SwitchState, found: Unusual) -> dict[str, Any]:
    """Whether a crisis runs and what is unusual, for machines."""
    return {
        "runs": runs.is_on,
        "by": str(runs.by) if runs.is_on else None,
        "since": runs.since if runs.is_on else None,
        "alerts": [
            {
                "id": alert.id,
                "kind": alert.kind.value,
                "about": alert.subject,
                "raised_at": alert.raised_at,
                "seen_by": alert.seen_by,
                "says": tell(in_short(alert)),
                "facts": dict(alert.facts),
            }
            for alert in found.alerts
        ],
        "last_hour": [
            {
                "channel": one.channel,
                "label": one.label,
                "count": one.count,
                "minutes": round(one.minutes, 1),
                "usual": None if one.usual is None else round(one.usual, 1),
                "weeks": one.weeks,
            }
            for one in found.readings
        ],
    }


def report_to_markdown(report: CrisisReport, *, zone: ZoneInfo) -> str:
    """The whole timeline as a page, by the clocks of the brand."""
    return "\n".join(_page(report, zone)) + "\n"


def _page(report: CrisisReport, zone: ZoneInfo) -> Iterator[str]:
    crisis = report.crisis
    yield f"# {_('Crisis {number}').format(number=crisis.number)}"
    yield ""
    if crisis.why:
        yield f"> {_cell(crisis.why)}"
        yield ""
    begun = _("Declared by {person}, {moment}.")
    yield begun.format(person=_cell(crisis.by.name), moment=_moment(crisis.since, zone))
    if crisis.ended_at is None or crisis.ended_by is None:
        yield _("It runs.")
    else:
        over = _("Ended by {person}, {moment}.")
        yield over.format(person=_cell(crisis.ended_by.name), moment=_moment(crisis.ended_at, zone))
    yield _("Moments are those of {zone}.").format(zone=zone.key)
    yield ""
    yield f"| {_('When')} | {_('Who')} | {_('What')} | {_('About')} |"
    yield "|---|---|---|---|"
    for act in report.acts:
        yield f"| {_moment(act.at, zone)} | {_cell(act.actor.name)} | {_cell(tell(act.reason))} | {about(act)} |"
    if report.by_itself:
        yield ""
        yield f"{_('Done by Vigie and the rules:')}"
        yield ""
        yield from (f"- `{what}`: {count}" for what, count in report.by_itself.items())


def about(act: AuditLine) -> str:
    """What an act was about, in the reader's words; nothing where its own words say so."""
    subject = subject_said(act)
    return "" if subject is None else tell(subject)


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _cell(text: str) -> str:
    """Words in a cell of a table: on one line, and nothing in them that ends it."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
