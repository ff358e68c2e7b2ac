"""Joining by a link: whoever was invited chooses his password, and is signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from inbox import joining
from inbox.errors import BadInput
from web.signing_in import Filled, front_page, open_session, refuse_differing, signed_in, text_of
from web.visitor import csrf_of, house_of, refuse_foreign

router = APIRouter(prefix="/join", include_in_schema=False)


@router.get("")
def ask(request: Request, name: str = "", key: str = "") -> HTMLResponse:
    """Ask for a password."""
    main = house_of(request).main
    login = joining.find_invited(main.store, name, key, clock=main.clock)
    return front_page(request, "join.html.jinja", name=login.name, key=key)


@router.post("")
def join(request: Request, form: Filled) -> Response:
    """Keep the password, and sign in."""
    house = house_of(request)
    refuse_foreign(request.headers, form, csrf_of(house, ""))
    name, key, password = (text_of(form, field) for field in ("name", "key", "password"))
    try:
        refuse_differing(password, text_of(form, "again"))
        login = joining.join(house.main, house.passwords, name, key, password)
    except BadInput as error:
        return front_page(request, "join.html.jinja", status=422, name=name, key=key, wrong=error.sentence)
    return signed_in(house, open_session(request, login.name, password), "/")
