"""Pause and crisis: what every process reads before it acts, and what is unusual, steered in one place."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox import crisis, crisis_report, raids, switches, watching
from inbox.alerts import Alert, AlertKind, Raid, Spike
from inbox.books import Books
from inbox.crisis import CrisisReport
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.people import Right
from inbox.samples import Sample, samples_of
from inbox.sentences import Sentence
from inbox.spikes import usual_told
from inbox.switches import Held
from inbox.telling import HIDDEN, channel_name
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/sending", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]
Moderating = Annotated[Act, Depends(acting(Right.MODERATE))]

_LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert as the page tells it: in a sentence, beside what is usual, with messages and words that show it.

    `slows` is until when threads are slowed down for it, where they are.
    """

    alert: Alert
    says: Sentence
    usual: Sentence | None
    words: Sequence[str]
    samples: Sequence[Sample]
    slowed: Raid | None = None


@router.get("")
def show(who: Looking) -> HTMLResponse:
    """Show what is paused and held back, the crisis that runs or the last one, and what is unusual."""
    found = watching.unusual(who.desk)
    with who.desk.store.read() as books:
        held = books.waiting_automatic()
        notices = [_notice(books, one) for one in found.alerts]
    return who.page(
        "switches.html.jinja",
        held=held,
        report=_last_crisis(who),
        Held=Held,
        notices=notices,
        readings=found.readings,
        watched_said=watching.watched_said,
        channel_name=channel_name,
        hidden=HIDDEN,
        about=lambda line: crisis_report.about(line, who.tell),
    )


@router.get("/crisis.md")
def timeline(who: Looking) -> Response:
    """Hand out the timeline of the crisis that runs, or of the last one, as a page to send on."""
    told = crisis.report(who.desk)
    text = crisis_report.to_markdown(told, who.tell, zone=who.desk.brand.hours.zone)
    return _file(text, f"crisis-{told.crisis.number}.md", "text/markdown; charset=utf-8")


@router.get("/crisis.json")
def timeline_for_machines(who: Looking) -> Response:
    """Hand out the same timeline as data."""
    told = crisis.report(who.desk)
    text = json.dumps(crisis_report.to_json(told, who.tell), ensure_ascii=False, indent=1, default=str)
    return _file(text, f"crisis-{told.crisis.number}.json", "application/json")


@router.post("/pause")
def pause(act: Working) -> Response:
    """Stop all automatic sending at once; no question is asked."""
    switches.pause(act.desk.store, by=act.visitor.person.actor, clock=act.desk.clock)
    return act.back("sending")


@router.post("/resume")
def resume(act: Moderating) -> Response:
    """Let automatic sending go on, with what becomes of each thing held back; a draft where nothing is said."""
    with act.desk.store.read() as books:
        held = {send.id: _choice(act.text(f"held-{send.id}", Held.DRAFT)) for send in books.waiting_automatic()}
    if not switches.resume(act.desk.store, held=held, by=act.visitor.person.actor, clock=act.desk.clock):
        raise NotPossible(Sentence("It is not paused."))
    return act.back("sending")


@router.post("/crisis")
def declare(act: Moderating) -> Response:
    """Declare a crisis: automation stops, complaints come first, the team is called."""
    crisis.start(act.desk, by=act.visitor.person.actor, why=act.text("why", "")[:_LONGEST_WHY])
    return act.back("sending")


@router.post("/crisis/end")
def end(act: Moderating) -> Response:
    """End the crisis: what was before it stands again."""
    crisis.end(act.desk, by=act.visitor.person.actor)
    return act.back("sending")


@router.post("/alerts/{alert}/seen")
def seen(act: Working, alert: int) -> Response:
    """Say that one has seen an alert and looks into it."""
    watching.see(act.desk, alert, by=act.visitor.person.actor)
    return act.back("sending")


@router.post("/alerts/{alert}/calm")
def calm(act: Moderating, alert: int) -> Response:
    """End the slow mode that a raid has led to."""
    raids.calm(act.desk, alert, by=act.visitor.person.actor)
    return act.back("sending")


def _choice(word: str) -> Held:
    if word not in set(Held):
        raise BadInput(Sentence("There is no such act."))
    return Held(word)


def _last_crisis(who: Visitor) -> CrisisReport | None:
    try:
        return crisis.report(who.desk)
    except NotFound:
        return None


def _notice(books: Books, alert: Alert) -> Notice:
    says = watching.in_short(alert)
    if alert.kind is AlertKind.SPIKE:
        spike = Spike.from_facts(alert.facts)
        return Notice(alert, says, usual_told(spike), spike.words, samples_of(books, spike.samples))
    raid = Raid.from_facts(alert.facts)
    slowed = raid if raid.slowed and raid.calmed_by is None else None
    return Notice(alert, says, None, (), samples_of(books, raid.samples), slowed)


def _file(text: str, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(text.encode(), media_type=media_type, headers=headers)
