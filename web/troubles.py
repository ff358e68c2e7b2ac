"""What goes wrong, told to whoever asked: a page for people, problem details (RFC 9457) for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from inbox.errors import InboxError
from inbox.sentences import Sentence
from web.problems import Refused, allowed_at, facts_of, is_program, problem, status_of, word_of, writable
from web.shelf import fill
from web.visitor import SignInNeeded, house_of, language_of

log = structlog.get_logger()


def add_troubles(app: FastAPI) -> None:
    """Have every error told."""
    app.add_exception_handler(SignInNeeded, _sign_in)
    app.add_exception_handler(InboxError, _ours)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def told(request: Request, status: int, sentence: Sentence) -> Response:
    """A trouble, as whoever asked can read it."""
    if is_program(request):
        return problem(request, status, sentence)
    house = house_of(request)
    lang = language_of(request, house)
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
    status = status_of(ours)
    if is_program(request):
        return problem(request, status, ours.sentence, word=word_of(ours), **facts_of(ours))
    return told(request, status, ours.sentence)


def _refused(request: Request, error: Exception) -> Response:
    refused = cast(Refused, error)
    return problem(
        request, refused.status, refused.sentence, word=refused.word, headers=refused.headers, **refused.more
    )


def _unreadable(request: Request, error: Exception) -> Response:
    found = cast(RequestValidationError, error).errors()
    where = ".".join(str(part) for part in found[0]["loc"]) if found else "?"
    # A path that cannot be an address of ours is not found; only what was sent can be unreadable.
    if found and found[0]["loc"][:1] == ("path",):
        return told(request, 404, Sentence("There is no such page."))
    if is_program(request) and found:
        says = Sentence("{where} cannot be read: {why}.", where=where, why=str(found[0]["msg"]))
        return problem(request, 422, says, errors=[_fault_in(one) for one in found])
    return told(request, 422, Sentence("{where} cannot be read: {why}.", where=where, why=str(found[0]["msg"])))


def _fault_in(found: Mapping[str, Any]) -> dict[str, str]:
    return {"where": writable(".".join(str(part) for part in found["loc"])), "why": writable(str(found["msg"]))}


def _http(request: Request, error: Exception) -> Response:
    http = cast(HTTPException, error)
    status = http.status_code
    says = {
        400: Sentence("The body cannot be read."),
        404: Sentence("There is no such page."),
        405: Sentence("This page cannot be asked so."),
        413: Sentence("This is more than Vigie takes at once: 10 MB."),
    }.get(status, Sentence("This cannot be answered."))
    answer = told(request, status, says)
    for name, value in (http.headers or {}).items():
        answer.headers[name] = value
    # The framework names the methods of one of several functions that have an address between them.
    if status == 405 and (methods := allowed_at(request)) is not None:
        answer.headers["Allow"] = methods
    return answer


def _fault(request: Request, error: Exception) -> Response:
    log.error("page.fault", path=request.url.path, error=type(error).__name__)
    return told(request, 500, Sentence("A fault of ours. It is in the log; what was kept before is safe."))
