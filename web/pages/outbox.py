"""The outbox: what waits, what was given up and why, what a last look kept back; undone or tried again by a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox import dead_letters
from inbox.outboxbooks import OutboxFilter
from inbox.people import Right
from inbox.replies import undo_send
from inbox.sends_told import is_taken_back_alone, kind_said
from inbox.telling import channel_name
from inbox.views import SendState
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/outbox", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]

PAGE = 50
"""Rows on one page."""

_SHOWN = (SendState.WAITING, SendState.FAILED, SendState.REFUSED, SendState.CANCELLED, SendState.SENT)


@router.get("")
def show(who: Looking, state: str = "", channel: str = "", before: str = "") -> HTMLResponse:
    """Show what waits, or what of the rest is asked for; what was given up comes first where there is any."""
    with who.desk.store.read() as books:
        counts = books.outbox_counts()
        usual = SendState.FAILED if counts.failed else SendState.WAITING
        chosen = SendState(state) if state in _SHOWN else usual
        number = int(before) if before.isascii() and before.isdigit() and len(before) <= 18 else None
        wanted = OutboxFilter(chosen, channel or None, number, limit=PAGE + 1)
        found = books.outbox_lines(wanted)
        channels = [one.name for one in books.channels()]
    return who.page(
        "outbox.html.jinja",
        counts=counts,
        chosen=chosen,
        shown=[(one, _address({"state": one.value, "channel": channel})) for one in _SHOWN],
        channel=channel,
        channels=sorted({*channels, *([channel] if channel else [])}),
        lines=found[:PAGE],
        older=_address({"state": chosen.value, "channel": channel, "before": str(found[PAGE - 1].send.id)})
        if len(found) > PAGE and chosen is not SendState.WAITING
        else None,
        has_more=len(found) > PAGE,
        go_on=who.address,
        kind_said=kind_said,
        channel_name=channel_name,
        can_be_undone=is_taken_back_alone,
        SendState=SendState,
    )


@router.post("/{send}/undo")
def undo(act: Working, send: int) -> Response:
    """Take back words that have not left; they are a draft again."""
    undo_send(act.desk, send, by=act.visitor.person.actor)
    return act.back("outbox")


@router.post("/{send}/again")
def again(act: Working, send: int) -> Response:
    """Have something that was given up tried again at once."""
    dead_letters.replay(act.desk.store, send, by=act.visitor.person.actor, clock=act.desk.clock)
    return act.back("outbox")


@router.post("/{send}/leave")
def leave(act: Working, send: int) -> Response:
    """Have something that was given up wait for nobody any more; its words are a draft again."""
    dead_letters.set_aside(act.desk.store, send, by=act.visitor.person.actor, clock=act.desk.clock)
    return act.back("outbox")


@router.post("/again")
def all_again(act: Working) -> Response:
    """Have all that was given up tried again."""
    dead_letters.replay_all(act.desk.store, by=act.visitor.person.actor, clock=act.desk.clock)
    return act.back("outbox")


def _address(asked: Mapping[str, str]) -> str:
    return f"?{urlencode({name: value for name, value in asked.items() if value})}"
