"""Views of the inbox that are kept under a name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse

from inbox.keeping_views import remove_view, save_view
from inbox.people import Right
from web.going_on import filters_of
from web.visitor import Act, acting

router = APIRouter(prefix="/b/{brand}/views", include_in_schema=False)

Asking = Annotated[Act, Depends(acting(Right.LOOK))]


@router.post("")
def keep(act: Asking) -> RedirectResponse:
    """Keep the list that the form stands on under a name, for oneself or for all of the team."""
    query = filters_of(act).whole.query()
    save_view(act.desk, act.text("name"), query, for_all=bool(act.text("for_all", "")), by=act.visitor.person)
    return RedirectResponse(act.visitor.url("inbox") + query, 303)


@router.post("/{view}/remove")
def remove(act: Asking, view: int) -> RedirectResponse:
    """Keep a view no longer."""
    remove_view(act.desk, view, by=act.visitor.person)
    return act.back("inbox")
