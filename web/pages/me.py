"""Whoever is signed in: his role, and whether he is there or who stands in for him."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox.people import ROLE_NAMES, Right
from inbox.team import come_back, go_away, list_members
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/me", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]


@router.get("")
def show(who: Looking) -> HTMLResponse:
    """Show who one is to the brand, and let him say that he is away."""
    members = list_members(who.desk)
    me = next((one for one in members if one.name == who.person.name), None)
    there = [one.name for one in members if one.absent_since is None and one.name != who.person.name]
    role = None if who.person.role is None else ROLE_NAMES[who.person.role]
    return who.page("me.html.jinja", me=me, there=there, role=role)


@router.post("/away")
def away(act: Working) -> Response:
    """Be away: what is his and not resolved goes to his deputy, where he names one."""
    name = act.visitor.person.name
    go_away(act.desk, name, deputy=act.text("deputy", "") or None, by=act.visitor.person.actor)
    return act.back("me")


@router.post("/back")
def present(act: Working) -> Response:
    """Be there again."""
    come_back(act.desk, act.visitor.person.name, by=act.visitor.person.actor)
    return act.back("me")
