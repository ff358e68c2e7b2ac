"""The door that every request of a program goes through: who it is, how often, what it brings, and whether again."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, cast

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from inbox import repeats
from inbox.desk import Desk
from inbox.errors import InboxError
from inbox.model import Actor
from inbox.programs import Scope, Token
from inbox.repeats import LONGEST_KEY, KeptAnswer
from inbox.sentences import Sentence
from inbox.tokens import token_of
from web.api.limits import Buckets
from web.house import House
from web.problems import Refused, writable
from web.visitor import house_of, language_of

KEY = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
STREAM = frozenset({"application/x-ndjson", "application/jsonl", "application/ndjson"})
"""The media types of a stream of lines."""

_KEY = re.compile("[!-~]+")
_JSON = frozenset({"application/json"})
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Program:
    """A program that has proved its token, at the desk of its brand."""

    house: House
    desk: Desk
    token: Token
    lang: str

    @property
    def actor(self) -> Actor:
        """Whom the audit log names."""
        return self.token.actor

    def tell(self, sentence: Sentence) -> str:
        """A sentence in its language."""
        return writable(self.house.tell(sentence, self.lang))


class Door(APIRoute):
    """A route of the API: nothing behind it is reached without a token that works."""

    def get_route_handler(self) -> Answer:
        """Answer a request once it may be."""
        answer = super().get_route_handler()
        takes = STREAM if self.name.endswith("_stream") else _JSON if self.body_field is not None else frozenset()

        async def through(request: Request) -> Response:
            program = await asyncio.to_thread(_prove, request)
            request.state.program = program
            if takes and _media_type(request) not in takes:
                known = ", ".join(sorted(takes))
                raise Refused(415, Sentence("Send this as {known}.", known=known))
            key = request.headers.get(KEY)
            if key is None or request.method not in _WRITES or takes is STREAM:
                return await answer(request)
            return await _once(request, program, _fit(key), answer)

        return through


def holding(scope: Scope) -> Callable[[Request], Program]:
    """Let a program go on whose token has a scope; `Annotated[Program, Depends(holding(Scope.…))]`.

    Raises:
        Refused: It has not.
    """

    def let_in(request: Request) -> Program:
        program = cast(Program, request.state.program)
        if scope not in program.token.scopes:
            says = Sentence("This takes a token with the scope {scope}.", scope=scope.value)
            raise Refused(403, says, scope=scope.value)
        return program

    return let_in


def known(request: Request) -> Program:
    """Whichever program asks, whatever its token may be used for."""
    return cast(Program, request.state.program)


def _prove(request: Request) -> Program:
    """Find out whose token it is, and let him ask no more often than he may.

    Raises:
        Refused: There is no token, or none that works; or it is used too often.
    """
    house = house_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    now = house.main.clock()
    token = token_of(house.main.store, secret.strip(), now=now) if scheme.casefold() == "bearer" else None
    # The brand of a token may be one that this process does not serve.
    desk = None if token is None else house.desks.get(token.brand)
    if token is None or desk is None:
        says = Sentence("This takes a token that works: Authorization: Bearer vg_…")
        raise Refused(401, says, headers={"WWW-Authenticate": 'Bearer realm="vigie"'})
    buckets: Buckets = request.app.state.buckets
    if wait := buckets.take(token.id):
        seconds = max(1, math.ceil(wait))
        says = Sentence("This token asks too often. Ask again in {seconds} s.", seconds=seconds)
        raise Refused(429, says, headers={"Retry-After": str(seconds)})
    return Program(house, desk, token, language_of(request, house))


async def _once(request: Request, program: Program, key: str, answer: Answer) -> Response:
    """Answer the first request under a key, and give its answer again to every later one.

    A refusal changes nothing, so it is not kept: what is asked again is tried again.
    """
    asked = f"{request.url.path}?{request.url.query}"
    digest = repeats.digest_of(request.method, asked, await request.body())
    store, token_id = program.desk.store, program.token.id
    first = await asyncio.to_thread(repeats.begin, store, token_id, key, digest, now=program.desk.clock())
    if first is not None:
        again = Response(first.body or None, first.status, media_type="application/json" if first.body else None)
        again.headers[REPLAYED] = "true"
        return again
    try:
        made = await answer(request)
    except (InboxError, Refused, HTTPException, RequestValidationError):
        # After any other fault nobody knows what was done: the key stays taken for a while.
        await asyncio.to_thread(repeats.drop, store, token_id, key)
        raise
    kept = KeptAnswer(made.status_code, bytes(made.body).decode())
    await asyncio.to_thread(repeats.end, store, token_id, key, answer=kept)
    return made


def _fit(key: str) -> str:
    if len(key) > LONGEST_KEY or not _KEY.fullmatch(key):
        says = Sentence(
            "An Idempotency-Key has 1 to {most} letters, digits and signs, without blanks.", most=LONGEST_KEY
        )
        raise Refused(422, says)
    return key


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()
