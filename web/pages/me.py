"""Whoever is signed in: his role, whether he is there or who stands in for him, where he is signed in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from inbox import logins
from inbox.people import ROLE_NAMES, Right
from inbox.sentences import Sentence
from inbox.sessions import Login
from inbox.team import come_back, go_away, list_members
from web.visitor import Act, Visitor, acting, looking, token_of

router = APIRouter(prefix="/b/{brand}/me", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]
Working = Annotated[Act, Depends(acting(Right.WORK))]


@router.get("")
def show(request: Request, who: Looking) -> HTMLResponse:
    """Show who one is to the brand, and let him say that he is away."""
    return my_page(request, who)


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


def my_page(request: Request, who: Visitor, *, status: int = 200, wrong: Sentence | None = None) -> HTMLResponse:
    """What somebody sees and settles for himself; `wrong` says why something he asked for was not done."""
    members = list_members(who.desk)
    me = next((one for one in members if one.name == who.person.name), None)
    there = [one.name for one in members if one.absent_since is None and one.name != who.person.name]
    role = None if who.person.role is None else ROLE_NAMES[who.person.role]
    sessions, this = [], None
    if not who.house.served.open_to_all:
        sessions = logins.sessions_of(who.desk.store, own_login(who), now=who.now())
        this = logins.session_of(who.desk.store, token_of(request), now=who.now())
    return who.page(
        "me.html.jinja", status=status, me=me, there=there, role=role, sessions=sessions, this=this, wrong=wrong
    )


def own_login(who: Visitor) -> Login:
    """The login of whoever asks.

    Raises:
        NotFound: Nobody has to sign in here.
    """
    return logins.find_login(who.desk.store, who.person.caller.external_id)
