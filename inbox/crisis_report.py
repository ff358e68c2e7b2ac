"""The timeline of a crisis to keep or to send on: as a page of Markdown, and as plain data. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from inbox.audit import AuditLine
from inbox.crisis import Crisis, CrisisReport
from inbox.sentences import Sentence
from inbox.wording import subject_said

Told = Callable[[Sentence], str]
"""Puts a sentence into the language of whoever reads."""


def about(act: AuditLine, tell: Told) -> str:
    """What an act was about, in the reader's words; nothing where its own words say so."""
    subject = subject_said(act)
    return "" if subject is None else tell(subject)


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


def to_json(report: CrisisReport, tell: Told) -> dict[str, Any]:
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


def to_markdown(report: CrisisReport, tell: Told, *, zone: ZoneInfo) -> str:
    """The whole timeline as a page, by the clocks of the brand."""
    return "\n".join(_page(report, tell, zone)) + "\n"


def _page(report: CrisisReport, tell: Told, zone: ZoneInfo) -> Iterator[str]:
    crisis = report.crisis
    yield f"# {tell(Sentence('Crisis {number}', number=crisis.number))}"
    yield ""
    if crisis.why:
        yield f"> {_cell(crisis.why)}"
        yield ""
    begun = Sentence(
        "Declared by {person}, {moment}.", person=_cell(crisis.by.name), moment=_moment(crisis.since, zone)
    )
    yield tell(begun)
    if crisis.ended_at is None or crisis.ended_by is None:
        yield tell(Sentence("It runs."))
    else:
        ended_at = _moment(crisis.ended_at, zone)
        yield tell(Sentence("Ended by {person}, {moment}.", person=_cell(crisis.ended_by.name), moment=ended_at))
    yield tell(Sentence("Moments are those of {zone}.", zone=zone.key))
    yield ""
    columns = (Sentence("When"), Sentence("Who"), Sentence("What"), Sentence("About"))
    yield f"| {' | '.join(tell(one) for one in columns)} |"
    yield "|---|---|---|---|"
    for act in report.acts:
        told = f"{_cell(act.actor.name)} | {_cell(tell(act.reason))} | {about(act, tell)}"
        yield f"| {_moment(act.at, zone)} | {told} |"
    if report.by_itself:
        yield ""
        yield tell(Sentence("Done by Vigie and the rules:"))
        yield ""
        yield from (f"- `{what}`: {count}" for what, count in report.by_itself.items())


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _cell(text: str) -> str:
    """Words in a cell of a table: on one line, and nothing in them that ends it."""
    return " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|")
