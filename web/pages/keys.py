"""The keys of the page, to be read and to be switched off in this browser."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from inbox.people import Right
from inbox.sessions import LONGEST
from web.keys import OFF
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/keys", include_in_schema=False)


@router.get("")
def show(request: Request, who: Annotated[Visitor, Depends(looking())]) -> HTMLResponse:
    """Show which keys there are, and whether they do something."""
    return who.page("keys.html.jinja", are_on=request.cookies.get(OFF) != "off")


@router.post("")
def switch(act: Annotated[Act, Depends(acting(Right.LOOK))]) -> Response:
    """Have single keys do something in this browser, or nothing."""
    back = act.back("keys")
    wanted = "off" if act.text("keys", "on") == "off" else "on"
    seconds = int(LONGEST.total_seconds())
    # The script reads it: it is no secret.
    back.set_cookie(OFF, wanted, max_age=seconds, samesite="lax", secure=act.visitor.house.served.is_private)
    return back
