"""The page and the API as one application, put together from their parts."""

from __future__ import annotations

from importlib.resources import files

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Scope

from web import hooks, signing_in
from web.api.description import add_api
from web.house import House
from web.live import Live
from web.pages import (
    account,
    approving,
    audit,
    bulk,
    contact,
    conversation,
    hints,
    inbox,
    joining,
    keys,
    leads,
    live,
    me,
    model,
    moderating,
    outbox,
    people,
    prepared,
    replying,
    reports,
    rule_editing,
    rule_trying,
    rule_versions,
    rules,
    settings,
    switches,
    tokens,
    views,
)
from web.safety import Headed, Readable, Safety
from web.troubles import add_troubles

RULES = (rules, rule_editing, rule_trying, rule_versions)
"""The pages about rules."""


class _Kept(StaticFiles):
    """Files that a browser keeps: for good where the address names what they hold, else until it has asked again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        is_named = scope["query_string"].startswith(b"v=")
        answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if is_named else "no-cache"
        return answer


class _Page(FastAPI):
    """The application with our headers on each of its answers; only so that of a fault has them, too."""

    def build_middleware_stack(self) -> ASGIApp:
        house: House = self.state.house
        return Headed(Readable(super().build_middleware_stack()), is_private=house.served.is_private)


def create_app(house: House) -> FastAPI:
    """The application over the desks of a house."""
    app = _Page(title="Vigie", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.house = house
    app.state.live = Live(house.desks)
    add_troubles(app)
    app.add_middleware(Safety, hosts=house.served.hosts)
    app.mount("/static", _Kept(directory=str(files("web") / "static")), name="static")
    for part in (
        signing_in,
        hooks,
        inbox,
        conversation,
        replying,
        moderating,
        bulk,
        contact,
        me,
        switches,
        leads,
        outbox,
        hints,
        reports,
        model,
        *RULES,
        audit,
        account,
        joining,
        people,
        prepared,
        settings,
        tokens,
        live,
        keys,
        views,
        approving,
    ):
        app.include_router(part.router)
    add_api(app, per_minute=house.served.asks_per_minute)
    return app
