"""Sales leads: who asked for what, where each stands and whose it is; as a list, one by one, and as a file."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox.errors import BadInput
from inbox.leadfile import write_csv
from inbox.leads import PARTS_SAID, LeadStatus
from inbox.leadwork import change_lead, export_leads, find_lead, list_leads
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.telling import channel_name
from web.opened import team_of
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/leads", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]

PAGE = 100
"""Leads on the page: those that are open first, and the highest score first."""


@router.get("")
def show_list(who: Looking, status: str = "", owner: str = "") -> HTMLResponse:
    """Show the leads, all of them or those that stand so or are somebody's."""
    members = [one.name for one in team_of(who)]
    stands = LeadStatus(status) if status in set(LeadStatus) else None
    has_it = owner if owner in members else None
    found = list_leads(who.desk.store, status=stands, owner=has_it, limit=PAGE + 1)
    return who.page(
        "leads.html.jinja",
        leads=found[:PAGE],
        has_more=len(found) > PAGE,
        stands=stands,
        owner=has_it,
        members=members,
        LeadStatus=LeadStatus,
        channel_name=channel_name,
        go_on=who.address,
    )


@router.get("/{lead}")
def show(who: Looking, lead: int) -> HTMLResponse:
    """Show one lead: what was asked, what was given, the parts of its score."""
    return who.page(
        "lead.html.jinja",
        lead=find_lead(who.desk.store, lead),
        members=[one.name for one in team_of(who)],
        parts_said=PARTS_SAID,
        LeadStatus=LeadStatus,
        channel_name=channel_name,
        go_on=who.address,
    )


@router.post("/export")
def export(act: Working) -> Response:
    """Hand the leads out as a CSV file, which is put on record; with `bom` for Excel."""
    status, owner = act.text("status", ""), act.text("owner", "")
    leads = export_leads(
        act.desk.store,
        status=_status(status) if status else None,
        owner=owner or None,
        by=act.visitor.person.actor,
        clock=act.desk.clock,
    )
    file = io.StringIO(newline="")
    write_csv(leads, file, bom=bool(act.text("bom", "")))
    headers = {
        "Content-Disposition": f'attachment; filename="leads-{act.desk.brand.day_of(act.desk.clock()):%Y-%m-%d}.csv"',
        "Cache-Control": "no-store",
    }
    return Response(file.getvalue().encode(), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/{lead}")
def change(act: Working, lead: int) -> Response:
    """Say where a lead stands and whose it is; what is as before is left alone."""
    before = find_lead(act.desk.store, lead)
    status, owner = _status(act.text("status")), act.text("owner", "")
    if status is not before.status or owner != (before.owner or ""):
        change_lead(
            act.desk,
            lead,
            status=None if status is before.status else status,
            owner=None if owner == (before.owner or "") else owner,
            by=act.visitor.person.actor,
        )
    return act.back("leads")


def _status(text: str) -> LeadStatus:
    if text not in set(LeadStatus):
        raise BadInput(Sentence("There is no such act."))
    return LeadStatus(text)
