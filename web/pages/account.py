"""What somebody settles for himself: his password, where he is signed in, the language he is spoken to in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from inbox import logins
from inbox.errors import BadInput, InboxError
from inbox.people import Right
from inbox.sentences import Sentence
from inbox.sessions import LONGEST
from inbox.team import speak
from web.pages.me import my_page, own_login
from web.signing_in import open_session, refuse_differing, signed_in
from web.visitor import LANGUAGE, Act, acting, token_of

router = APIRouter(prefix="/b/{brand}/me", include_in_schema=False)

Acting = Annotated[Act, Depends(acting(Right.LOOK))]


@router.post("/password")
def change_password(request: Request, act: Acting) -> Response:
    """Take another password, by showing that one knows the present one; every other session ends."""
    house, login = act.visitor.house, own_login(act.visitor)
    new = act.text("password", "")
    try:
        refuse_differing(new, act.text("again", ""))
        known = open_session(request, login.name, act.text("before", ""))
        try:
            logins.change_password(act.desk, house.passwords, login, new, by=act.visitor.person.actor)
        except BadInput:
            logins.sign_out(house.main.store, known)
            raise
    except InboxError as error:
        return my_page(request, act.visitor, status=422, wrong=error.sentence)
    return signed_in(house, open_session(request, login.name, new), act.visitor.url("me"))


@router.post("/sessions/end")
def end_sessions(request: Request, act: Acting) -> Response:
    """End one session of one's own, or all but this one."""
    login, by = own_login(act.visitor), act.visitor.person.actor
    if act.text("session", ""):
        logins.end_sessions(act.desk, login, by=by, only=act.number("session"))
    else:
        logins.end_sessions(act.desk, login, by=by, but=token_of(request))
    return act.back("me")


@router.post("/language")
def change_language(act: Acting) -> Response:
    """Be spoken to in a language, here and in the chat, by every brand."""
    lang, who = act.text("lang"), act.visitor
    if lang not in who.house.languages:
        raise BadInput(Sentence("There is no such language."))
    if not who.house.served.open_to_all:
        for brand in who.brands:
            desk = who.house.desk(brand)
            speak(desk, logins.person_of(desk, own_login(who), lang=None), lang)
    back = act.back("me")
    age = int(LONGEST.total_seconds())
    back.set_cookie(LANGUAGE, lang, max_age=age, samesite="lax", secure=who.house.served.is_private)
    return back
