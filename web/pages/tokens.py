"""Tokens of programs: made by an administrator, shown once, revoked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from inbox.errors import BadInput, NotPossible
from inbox.people import Right
from inbox.programs import SCOPES, Scope
from inbox.sentences import Sentence
from inbox.tokens import list_tokens, make_token, revoke_token
from web.api.description import PREFIX
from web.visitor import Act, Visitor, acting, looking

router = APIRouter(prefix="/b/{brand}/tokens", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking(Right.STEER))]
Steering = Annotated[Act, Depends(acting(Right.STEER))]


@router.get("")
def show(who: Looking) -> HTMLResponse:
    """Show every token, with what it may be used for and when it was used last."""
    return _page(who)


@router.post("")
def make(act: Steering) -> HTMLResponse:
    """Make a token, and show its secret this once."""
    ticked = act.all("scope")
    name = act.text("name", "")
    if not set(ticked) <= set(Scope):
        raise BadInput(Sentence("There is no such act."))
    try:
        made, secret = make_token(act.desk, name, scopes=[Scope(one) for one in ticked], by=act.visitor.person.actor)
    except (BadInput, NotPossible) as error:
        return _page(act.visitor, status=422, wrong=error.sentence, name=name, ticked=ticked)
    return _page(act.visitor, status=201, made=made.name, secret=secret)


@router.post("/revoke")
def revoke(act: Steering) -> Response:
    """Have a token work no longer, at once."""
    revoke_token(act.desk, act.text("name"), by=act.visitor.person.actor)
    return act.back("tokens")


def _page(
    who: Visitor,
    *,
    status: int = 200,
    wrong: Sentence | None = None,
    name: str = "",
    ticked: list[str] | None = None,
    made: str = "",
    secret: str = "",
) -> HTMLResponse:
    tokens = list_tokens(who.desk)
    return who.page(
        "tokens.html.jinja",
        status=status,
        tokens=[one for one in tokens if one.revoked_at is None],
        revoked=[one for one in tokens if one.revoked_at is not None],
        scopes=SCOPES,
        wrong=wrong,
        name=name,
        ticked=ticked or [],
        made=made,
        secret=secret,
        api=f"{PREFIX}/",
    )
