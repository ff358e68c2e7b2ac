"""The audit log on the page: who did what, on what, why; whether its chain holds; and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from inbox.audit import AuditLine, Verdict
from inbox.auditfilter import AuditEntry, AuditFilter
from inbox.auditing import BROKEN, last_verdict, note_export, verify_log
from inbox.cells import BOM, harmless
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.text import fold
from inbox.wording import subject_said
from web.days import begin_of, day_in, end_of
from web.jobs import JobState, Watch
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/audit", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Steering = Annotated[Act, Depends(acting(Right.STEER))]

VERIFYING = "verify"
PAGE = 60
"""Lines on one page."""

_CHUNK, _MOST_READ = 1_000, 10_000
"""Lines that are read at once, and at most for one page where words are looked for: what is told is searched, and
that is put into words line by line."""

_COLUMNS = ("line", "at", "who", "kind", "what", "subject", "subject_id", "why", "facts", "hash")

PARTS: Mapping[str, Sentence] = {
    "rules": Sentence("Rules"),
    "rule": Sentence("Calls by rules"),
    "message": Sentence("Messages"),
    "conversation": Sentence("Conversations"),
    "draft": Sentence("Drafts"),
    "outbox": Sentence("Sending"),
    "escalation": Sentence("Escalations"),
    "case": Sentence("Moderation"),
    "contact": Sentence("Contacts"),
    "leads": Sentence("Exports of leads"),
    "lead": Sentence("Leads"),
    "team": Sentence("Team"),
    "alert": Sentence("Alerts"),
    "spike": Sentence("Spikes"),
    "raid": Sentence("Raids"),
    "appeal": Sentence("Appeals"),
    "crisis": Sentence("Crisis"),
    "switch": Sentence("Pause"),
    "channel": Sentence("Channels"),
    "ticket": Sentence("Tickets"),
    "model": Sentence("Models"),
    "audit": Sentence("Audit log"),
    "bulk": Sentence("Acts on many"),
    "view": Sentence("Views"),
    "token": Sentence("Tokens"),
    "responses": Sentence("Prepared answers"),
}
"""The parts of what is on record, by what stands before the dot of an event."""

SUBJECTS: Mapping[str, Sentence] = {
    "conversation": Sentence("a conversation"),
    "message": Sentence("a message"),
    "draft": Sentence("a draft"),
    "outbox": Sentence("a sending"),
    "escalation": Sentence("an escalation"),
    "case": Sentence("a case"),
    "contact": Sentence("a contact"),
    "lead": Sentence("a lead"),
    "rule_book": Sentence("the rules"),
    "moderator": Sentence("one of the team"),
    "login": Sentence("a password"),
    "alert": Sentence("an alert"),
    "crisis": Sentence("a crisis"),
    "switch": Sentence("the pause"),
    "channel": Sentence("a channel"),
    "ticket": Sentence("a ticket"),
    "model": Sentence("a model"),
    "brand": Sentence("the brand"),
    "audit": Sentence("the audit log"),
    "bulk": Sentence("an act on many"),
    "view": Sentence("a view"),
    "token": Sentence("a token"),
    "response_book": Sentence("the prepared answers"),
}
"""What a line may be about, in words."""

_NAMES: Mapping[str, Sentence] = {
    "rule_book": Sentence("version {id} of the rules"),
    "contact": Sentence("contact {id}"),
    "escalation": Sentence("escalation {id}"),
    "case": Sentence("case {id}"),
    "lead": Sentence("lead {id}"),
    "ticket": Sentence("ticket {id}"),
    "note": Sentence("note {id}"),
}
_PLACES = {"contact": "contacts/{id}", "rule_book": "rules/versions/{id}"}
_WHOLE = {"switch": "sending", "crisis": "sending"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; an empty word asks for nothing. The days are those of the brand's clock."""

    actor: str = ""
    what: str = ""
    subject: str = ""
    id: str = ""
    since: str = ""
    until: str = ""
    q: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """What an address asks for; what cannot be read is passed over."""
        known = {one.name: given[one.name].strip()[:200] for one in fields(cls) if one.name in given}
        found = cls(**known)
        return cls(
            found.actor,
            found.what,
            found.subject,
            found.id if found.id.isascii() and found.id.isdigit() and len(found.id) <= 18 else "",
            found.since if day_in(found.since) else "",
            found.until if day_in(found.until) else "",
            found.q,
        )

    def wanted(self, zone: ZoneInfo) -> AuditFilter:
        """What to ask the store for; words are looked for in what is told."""
        return AuditFilter(
            actor=self.actor or None,
            what=self.what or None,
            subject=self.subject or None,
            subject_id=int(self.id) if self.id else None,
            since=begin_of(self.since, zone),
            until=end_of(self.until, zone),
        )

    def query(self, **more: object) -> str:
        """The part of an address after the `?`, with something more; empty where nothing is asked."""
        asked = {one.name: value for one in fields(self) if (value := getattr(self, one.name))}
        asked |= {name: str(value) for name, value in more.items() if value}
        return f"?{urlencode(asked)}" if asked else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A line as it is told: what it is about in words, and the address of that; None where there is none."""

    entry: AuditEntry
    about: str
    url: str | None


@router.get("")
def show(request: Request, who: Looking) -> HTMLResponse:
    """Show the lines that are asked for, the latest first."""
    asked = Asked.of(request.query_params)
    before = request.query_params.get("before", "")
    entries, further = _page_of(who, asked, int(before) if before.isdecimal() and len(before) <= 18 else None)
    with who.desk.store.read() as books:
        choices, waiting, sealed = books.audit_choices(), books.count_unsealed(), books.last_sealed()
        about = books.conversations_about([one.line for one in entries])
    parts = sorted({one.partition(".")[0] for one in choices.whats})
    return who.page(
        "audit.html.jinja",
        asked=asked,
        rows=[_told(who, one, about) for one in entries],
        further=None if further is None else asked.query(before=further),
        is_later=bool(before),
        choices=choices,
        parts_of_log=[(one, PARTS.get(one, Sentence.of_name(one))) for one in parts],
        subjects=[(one, SUBJECTS.get(one, Sentence.of_name(one))) for one in choices.subjects],
        sealed=sealed,
        waiting=waiting,
        verdict=last_verdict(who.desk.store),
        BROKEN=BROKEN,
        query=asked.query(),
    )


@router.post("/verify")
def verify(act: Steering) -> Response:
    """Begin to read the whole log and see whether every line fits."""
    who, desk = act.visitor, act.desk

    def work(watch: Watch) -> Verdict:
        return verify_log(desk.store, by=who.person.actor, clock=desk.clock, watch=watch)

    job = who.house.jobs.start(work, kind=VERIFYING, brand=who.brand, owner=who.person.name)
    return RedirectResponse(who.url(f"audit/verifying/{job.id}"), 303)


@router.get("/verifying/{number}")
def show_verdict(who: Looking, number: str) -> HTMLResponse:
    """Show how far it is, or what was found."""
    job = who.house.jobs.find(number, kind=VERIFYING, brand=who.brand).stands()
    return who.page("audit_verdict.html.jinja", job=job, JobState=JobState, verdict=job.result)


@router.post("/export")
def export(act: Steering) -> Response:
    """The lines that are asked for as CSV, the first one first; that they leave is on record."""
    who = act.visitor
    asked = Asked.of({name: act.text(name, "") for name in (one.name for one in fields(Asked))})
    note_export(act.desk.store, by=who.person.actor, clock=act.desk.clock)
    name = f"audit-{who.now():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_csv(who, asked), media_type="text/csv; charset=utf-8", headers=headers)


def _page_of(who: Visitor, asked: Asked, before: int | None) -> tuple[Sequence[AuditEntry], int | None]:
    """The lines of one page, and where the next one begins; None where there is none."""
    wanted, read = asked.wanted(who.desk.brand.hours.zone), 0
    found: list[AuditEntry] = []
    size = _CHUNK if asked.q else PAGE + 1
    with who.desk.store.read() as books:
        while read < _MOST_READ:
            chunk = books.audit_before(wanted, before=before, limit=size)
            for entry in chunk:
                if _holds(who, entry, asked.q):
                    if len(found) == PAGE:
                        return found, found[-1].id
                    found.append(entry)
            if len(chunk) < size:
                return found, None
            before, read = chunk[-1].id, read + len(chunk)
    return found, before


def _holds(who: Visitor, entry: AuditEntry, words: str) -> bool:
    """Whether a line holds some words as it is told to the visitor, whatever their accents and capitals."""
    if not words:
        return True
    line = entry.line
    return fold(words) in fold(f"{who.tell(line.reason)} {line.actor.name} {line.what}")


def _told(who: Visitor, entry: AuditEntry, about: Mapping[tuple[str, int], int]) -> Told:
    line = entry.line
    return Told(entry, _about(who, line), _url(who, line, about))


def _about(who: Visitor, line: AuditLine) -> str:
    if not line.subject_id:
        return ""
    named = subject_said(line)
    if named is None and line.subject in _NAMES:
        named = _NAMES[line.subject].filled(id=line.subject_id)
    if named is None:
        return f"{who.tell(SUBJECTS.get(line.subject, Sentence.of_name(line.subject)))} ({line.subject_id})"
    return who.tell(named)


def _url(who: Visitor, line: AuditLine, about: Mapping[tuple[str, int], int]) -> str | None:
    conversation = about.get((line.subject, line.subject_id))
    if conversation is not None:
        return who.url(f"inbox/{conversation}")
    if line.subject in _PLACES and line.subject_id:
        return who.url(_PLACES[line.subject].format(id=line.subject_id))
    return who.url(_WHOLE[line.subject]) if line.subject in _WHOLE else None


def _csv(who: Visitor, asked: Asked) -> Iterator[str]:
    """The lines as RFC 4180 has it, in pieces; no cell is taken for a formula."""
    yield BOM
    yield _row(_COLUMNS)
    with who.desk.store.read() as books:
        for entry in books.audit_stream(asked.wanted(who.desk.brand.hours.zone)):
            if _holds(who, entry, asked.q):
                yield _row(_cells(who, entry))


def _cells(who: Visitor, entry: AuditEntry) -> Sequence[str]:
    line = entry.line
    return (
        "" if entry.seq is None else str(entry.seq),
        line.at.isoformat(),
        line.actor.name,
        line.actor.kind,
        line.what,
        line.subject,
        str(line.subject_id),
        who.tell(line.reason),
        json.dumps(line.facts, ensure_ascii=False),
        entry.hash or "",
    )


def _row(cells: Sequence[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow([harmless(cell) for cell in cells])
    return out.getvalue()
