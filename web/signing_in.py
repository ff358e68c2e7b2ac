"""Signing in and out, and the first administrator."""

from __future__ import annotations

import hmac
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from inbox import logins
from inbox.errors import BadInput, InboxError, NotAllowed, NotFound, NotPossible
from inbox.model import Actor
from inbox.people import Role
from inbox.sentences import Sentence
from inbox.sessions import LONGEST
from web.forms import form_of
from web.house import House
from web.safety import counted_as, is_exposed
from web.shelf import fill
from web.visitor import COOKIE, LANGUAGE, csrf_of, house_of, language_of, refuse_foreign, token_of, within

router = APIRouter(include_in_schema=False)

_SETTER_UP = Actor.vigie("page")


Filled = Annotated[FormData, Depends(form_of)]


@router.get("/")
def front(request: Request) -> Response:
    """Lead to the inbox of the first brand that this person works for."""
    return _led_to(request, "inbox")


@router.get("/account")
def account(request: Request) -> Response:
    """Lead to what somebody settles for himself."""
    return _led_to(request, "me")


def _led_to(request: Request, path: str) -> Response:
    """To something of the first brand that this person works for."""
    house = house_of(request)
    if house.served.open_to_all:
        return RedirectResponse(f"/b/{next(iter(house.desks))}/{path}", 303)
    token = token_of(request)
    session = logins.session_of(house.main.store, token, now=house.main.clock()) if token else None
    if session is None:
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    lang = language_of(request, house)
    for key, desk in house.desks.items():
        if logins.person_of(desk, session.login, lang=lang).role is not None:
            return RedirectResponse(f"/b/{key}/{path}", 303)
    raise NotAllowed(Sentence("You are in no team here. Ask an administrator."))


@router.get("/sign-in")
def ask(request: Request, next: str = "/") -> HTMLResponse:  # noqa: A002  # the name in the address
    """Ask for name and password."""
    return front_page(request, "sign_in.html.jinja", next=next)


@router.post("/sign-in")
def sign_in(request: Request, form: Filled) -> Response:
    """Open a session."""
    house = house_of(request)
    refuse_foreign(request.headers, form, csrf_of(house, ""))
    name, password, onward = (text_of(form, field) for field in ("name", "password", "next"))
    try:
        token = open_session(request, name, password)
    except InboxError as error:
        return front_page(request, "sign_in.html.jinja", status=403, next=onward, name=name, wrong=error.sentence)
    return signed_in(house, token, within(onward, "/"))


@router.post("/sign-out")
def sign_out(request: Request, form: Filled) -> Response:
    """End the session."""
    house, token = house_of(request), token_of(request)
    if token:
        refuse_foreign(request.headers, form, csrf_of(house, token))
        logins.sign_out(house.main.store, token)
    away = RedirectResponse("/sign-in", 303)
    away.delete_cookie(COOKIE)
    return away


@router.post("/language")
def choose_language(request: Request, form: Filled) -> Response:
    """Speak another language in this browser."""
    house = house_of(request)
    refuse_foreign(request.headers, form, csrf_of(house, token_of(request)))
    lang = text_of(form, "lang")
    back = RedirectResponse(within(text_of(form, "next"), "/"), 303)
    if lang in house.languages:
        back.set_cookie(
            LANGUAGE, lang, max_age=int(LONGEST.total_seconds()), samesite="lax", secure=house.served.is_private
        )
    return back


@router.get("/start")
def ask_first(request: Request, key: str = "") -> HTMLResponse:
    """Ask whoever started the program who the first administrator is."""
    _refuse_start(house_of(request), key)
    return front_page(request, "start.html.jinja", key=key)


@router.post("/start")
def make_first(request: Request, form: Filled) -> Response:
    """Make the first administrator, of every brand, and sign him in."""
    house = house_of(request)
    refuse_foreign(request.headers, form, csrf_of(house, ""))
    key, name, password = (text_of(form, field) for field in ("key", "name", "password"))
    _refuse_start(house, key)
    try:
        refuse_differing(password, text_of(form, "again"))
        made = logins.add_login(house.main, house.passwords, name, password, role=Role.ADMIN, by=_SETTER_UP)
    except (BadInput, NotPossible) as error:
        return front_page(request, "start.html.jinja", status=422, key=key, name=name, wrong=error.sentence)
    for desk in list(house.desks.values())[1:]:
        logins.let_in(desk, made, role=Role.ADMIN, by=_SETTER_UP)
    token = open_session(request, name, password)
    return signed_in(house, token, "/")


def refuse_differing(password: str, again: str) -> None:
    """See that a password was typed twice alike.

    Raises:
        BadInput: It was not.
    """
    if password != again:
        raise BadInput(Sentence("The two passwords differ."))


def is_new(house: House) -> bool:
    """Whether nobody can sign in yet."""
    with house.main.store.read() as books:
        return books.count_logins() == 0


def _refuse_start(house: House, key: str) -> None:
    if not hmac.compare_digest(key.encode(), house.start_key.encode()) or not is_new(house):
        raise NotFound(Sentence("There is no such page."))


def open_session(request: Request, name: str, password: str) -> str:
    """Sign somebody in from where a request comes; the token of his session.

    Raises:
        NotAllowed: Name and password do not go together, or there were too many attempts.
    """
    house = house_of(request)
    return logins.sign_in(
        house.main.store,
        house.passwords,
        name,
        password,
        address=counted_as(request.client.host) if request.client else "",
        browser=request.headers.get("user-agent", ""),
        now=house.main.clock(),
    )


def signed_in(house: House, token: str, onward: str) -> RedirectResponse:
    """Lead somebody on, with his session in the browser."""
    to = RedirectResponse(onward, 303)
    to.set_cookie(
        COOKIE,
        token,
        max_age=int(LONGEST.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=house.served.is_private,
    )
    return to


def text_of(form: FormData, name: str) -> str:
    """What was filled in under a name; empty where nothing was."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def front_page(request: Request, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for whoever is not signed in."""
    house = house_of(request)
    desk = house.main
    given = {"name": "", "wrong": None, "csrf": csrf_of(house, ""), "brand": desk.brand.name or "Vigie", **values}
    text = fill(
        template,
        tell=house.tell,
        lang=language_of(request, house),
        zone=desk.brand.hours.zone,
        now=desk.clock(),
        values={**given, "is_exposed": is_exposed(request.url)},
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})
