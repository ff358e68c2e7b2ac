"""The API as OpenAPI 3.1 describes it to programs, and as a plain page does to people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.routing import BaseRoute, compile_path

from inbox.programs import SCOPES
from web.api import acting, fetching, reading, taking, trying
from web.api.door import KEY
from web.api.limits import Buckets
from web.shelf import fill
from web.visitor import house_of, language_of

PREFIX = "/api/v1"

_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457). `type` is for programs, `detail` for people.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:vigie:problem:collision"]},
        "title": {"type": "string", "examples": ["Conflict"]},
        "status": {"type": "integer", "examples": [409]},
        "detail": {"type": "string", "examples": ["Léa has answered already: Nous cherchons votre colis."]},
        "answer": {"type": ["string", "null"], "description": "The words of the colleague who was first."},
        "draft": {"type": "integer", "description": "The draft in which refused words are kept."},
        "findings": {"type": "array", "items": {"type": "string"}, "description": "What the checks find."},
        "may_insist": {"type": "boolean", "description": "Whether a person may send the words all the same."},
        "scope": {"type": "string", "description": "The scope that is missing."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "why"],
                "properties": {"where": {"type": "string"}, "why": {"type": "string"}},
            },
        },
    },
}

_ERRORS = {
    400: "The body cannot be read.",
    401: "There is no token, or none that works.",
    403: "The token has not the scope.",
    404: "There is no such thing, or none of your brand.",
    409: "Not now, or no longer; a colleague was first; the checks keep the words; the key is in use.",
    413: "This is too much at once.",
    415: "This is another media type than is taken here.",
    422: "What was sent does not hold together, or the key belongs to another request.",
    429: "The token asks too often; `Retry-After` says for how many seconds.",
    500: "A fault of ours.",
    503: "The database is out of reach.",
}

_ABOUT = """The API of Vigie. Each act calls the very function that the page and the chat call, and stands in the
audit log under `api/` and the name of the token.

A request that writes may carry an `Idempotency-Key`: repeated within 24 hours with the same body, it gets the answer of
the first one, with `Idempotent-Replayed: true`, and nothing is done twice; with another body it is refused (422). A
stream needs none: messages are known by their `external_id`."""

router = APIRouter(prefix=PREFIX, include_in_schema=False)


def add_api(app: FastAPI, *, per_minute: int) -> None:
    """Have the API answered, and described."""
    app.state.buckets = Buckets(per_minute)
    for part in (taking, reading, acting, trying, fetching):
        app.include_router(part.router, prefix=PREFIX)
    app.include_router(router)
    app.state.described = Described(app.routes)


@router.get("/openapi.json")
def show_openapi(request: Request) -> JSONResponse:
    """Describe the API to programs."""
    return JSONResponse(describe(request.app))


@router.get("/")
def show_page(request: Request) -> HTMLResponse:
    """Describe the API to people."""
    house = house_of(request)
    lang = language_of(request, house)
    told = describe(request.app)
    text = fill(
        "api.html.jinja",
        tell=house.tell,
        lang=lang,
        zone=house.main.brand.hours.zone,
        now=house.main.clock(),
        values={"api": told, "scopes": SCOPES, "prefix": PREFIX, "address": house.served.address},
    )
    return HTMLResponse(text)


class Described:
    """The API as OpenAPI has it, worked out when it is first asked for: it takes longer than all else of a start."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes

    @cached_property
    def told(self) -> dict[str, Any]:
        """The whole description."""
        return _describe(self._routes)

    @cached_property
    def addresses(self) -> Sequence[tuple[re.Pattern[str], str]]:
        """Per path the pattern of its addresses, and the methods that it takes."""
        return [
            (compile_path(path)[0], ", ".join(sorted(method.upper() for method in acts)))
            for path, acts in self.told["paths"].items()
        ]


def describe(app: FastAPI) -> dict[str, Any]:
    """The description of the API of an application."""
    described: Described = app.state.described
    return described.told


def _describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    told = get_openapi(title="Vigie", version="1", openapi_version="3.1.0", description=_ABOUT, routes=routes)
    parts = told.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer", "description": "`vg_…`, as it was made."}}
    told["security"] = [{"token": []}]
    for path, acts in told["paths"].items():
        for method, act in acts.items():
            _complete(act, method=method, has_id="{" in path)
    return told


def _complete(act: dict[str, Any], *, method: str, has_id: bool) -> None:
    """Add to one act what all of them share: the key of a repetition, and the problems."""
    takes_body = "requestBody" in act
    if method in {"post", "put", "patch", "delete"} and "stream" not in act["operationId"]:
        described = "Makes a repetition harmless."
        schema = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"}
        key = {"name": KEY, "in": "header", "required": False, "description": described, "schema": schema}
        act.setdefault("parameters", []).append(key)
    statuses = [401, 403, 422, 429, 500, 503]
    statuses += [404] if has_id else []
    statuses += [400, 413, 415] if takes_body else []
    statuses += [409] if method != "get" else []
    for status in sorted(statuses):
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        act["responses"][str(status)] = {"description": _ERRORS[status], "content": content}
