"""What goes wrong, told to whoever asked: a page for people, problem details (RFC 9457) for programs."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from inbox.errors import BadInput, Collision, InboxError, NotAllowed, NotFound, NotPossible, StoreTrouble
from inbox.sentences import Sentence
from web.shelf import fill
from web.visitor import SignInNeeded, house_of, language_of

log = structlog.get_logger()

API = "/api/"
"""Where programs ask."""

_STATUS: tuple[tuple[type[InboxError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Collision, 409),
    (NotPossible, 409),
    (BadInput, 422),
    (StoreTrouble, 503),
)


def add_troubles(app: FastAPI) -> None:
    """Have every error told."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(InboxError, _ours)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def status_of(error: InboxError) -> int:
    """The HTTP status of an error of ours."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def told(request: Request, status: int, sentence: Sentence) -> Response:
    """A trouble, as whoever asked can read it."""
    house = house_of(request)
    lang = language_of(request, house)
    says = house.tell(sentence, lang)
    if request.url.path.startswith(API):
        problem = {"type": "about:blank", "title": says, "status": status}
        return JSONResponse(problem, status, media_type="application/problem+json")
    desk = house.main
    text = fill(
        "trouble.html.jinja",
        tell=house.tell,
        lang=lang,
        zone=desk.brand.hours.zone,
        now=desk.clock(),
        values={"says": sentence, "status": status},
    )
    return HTMLResponse(text, status, headers={"Cache-Control": "no-store"})


def _sign_in(request: Request, error: Exception) -> Response:  # noqa: ARG001  # the shape of a handler
    address = cast(SignInNeeded, error).address
    return RedirectResponse(f"/sign-in?{urlencode({'next': address})}", 303)


def _ours(request: Request, error: Exception) -> Response:
    ours = cast(InboxError, error)
    return told(request, status_of(ours), ours.sentence)


def _unreadable(request: Request, error: Exception) -> Response:
    found = cast(RequestValidationError, error).errors()
    where = ".".join(str(part) for part in found[0]["loc"]) if found else "?"
    # A path that cannot be an address of ours is not found; only what was sent can be unreadable.
    if found and found[0]["loc"][:1] == ("path",):
        return told(request, 404, Sentence("There is no such page."))
    return told(request, 422, Sentence("{where} cannot be read: {why}.", where=where, why=str(found[0]["msg"])))


def _http(request: Request, error: Exception) -> Response:
    status = cast(HTTPException, error).status_code
    says = {
        404: Sentence("There is no such page."),
        405: Sentence("This page cannot be asked so."),
        413: Sentence("This is more than Vigie takes at once: 10 MB."),
    }.get(status, Sentence("This cannot be answered."))
    return told(request, status, says)


def _fault(request: Request, error: Exception) -> Response:
    log.error("page.fault", path=request.url.path, error=type(error).__name__)
    return told(request, 500, Sentence("A fault of ours. It is in the log; what was kept before is safe."))
