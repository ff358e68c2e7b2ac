"""Putting the hints of the demo away, and asking for them again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import RedirectResponse

from inbox.people import Right
from web.hints import put_away
from web.visitor import Act, acting

router = APIRouter(prefix="/b/{brand}/hints", include_in_schema=False)


@router.post("")
def change(act: Annotated[Act, Depends(acting(Right.LOOK))]) -> RedirectResponse:
    """Put the hints away, or with `show` have them again."""
    return put_away(act.back("inbox"), away=not act.text("show", ""))
