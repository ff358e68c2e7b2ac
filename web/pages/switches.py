"""Pause and crisis: what every process reads before it acts, steered in one place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox import crisis, switches
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.switches import Held
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/sending", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]
Moderating = Annotated[Act, Depends(acting(Right.MODERATE))]

_LONGEST_WHY = 500


@router.get("")
def show(who: Looking) -> HTMLResponse:
    """Show what is paused, what that holds back, and the crisis that runs or the last one."""
    with who.desk.store.read() as books:
        held = books.waiting_automatic()
    try:
        told = crisis.report(who.desk)
    except NotFound:
        told = None
    return who.page("switches.html.jinja", held=held, report=told, Held=Held)


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


def _choice(word: str) -> Held:
    if word not in set(Held):
        raise BadInput(Sentence("There is no such act."))
    return Held(word)
