"""Answers that wait for a colleague to approve them: the list, and giving one back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse

from inbox.approval import awaiting, decline
from web.acts import Working, back, draft_of
from web.visitor import Visitor, looking

router = APIRouter(prefix="/b/{brand}", include_in_schema=False)


@router.get("/approvals")
def show(who: Annotated[Visitor, Depends(looking())]) -> HTMLResponse:
    """Show what waits for an approval."""
    return who.page("approvals.html.jinja", found=awaiting(who.desk))


@router.post("/c/{conversation}/decline")
def give_back(act: Working, conversation: int) -> RedirectResponse:
    """Give an answer back to whoever wrote it, with the reason."""
    decline(act.desk, draft_of(act, conversation), by=act.visitor.person.actor, why=act.text("why", ""))
    return back(act, conversation)
