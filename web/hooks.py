"""Calls from outside, of help desks and of channels. Who makes one is proved by its bytes, so nobody signs in here."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from inbox import called_in
from inbox.errors import CallRefused, NotFound, Refusal
from inbox.following import take_call
from inbox.sentences import Sentence
from web.problems import writable
from web.visitor import house_of

router = APIRouter(include_in_schema=False)

log = structlog.get_logger()

STATUSES: Mapping[Refusal, int] = {
    Refusal.UNPROVEN: 401,
    Refusal.OLD: 403,
    # Not 409, at which Zendesk calls again.
    Refusal.REPEATED: 403,
    Refusal.UNREADABLE: 422,
}


@router.post("/hooks/desks/{name}")
async def take(name: str, request: Request) -> JSONResponse:
    """Take the call of one help desk, by its name in the settings."""
    house = house_of(request)
    desks = [desk for desk in house.desks.values() if name in desk.help_desks]
    if not desks:
        raise NotFound(Sentence("There is no such page."))
    body = await request.body()
    try:
        call = desks[0].help_desks[name].read_call(request.headers, body, now=desks[0].clock())
        ours = await asyncio.to_thread(take_call, desks, name, call)
    except CallRefused as error:
        log.warning("hook.refused", desk=name, why=error.why.value)
        return JSONResponse({"taken": False, "why": str(error)}, STATUSES[error.why])
    log.info("hook.taken", desk=name, ours=ours)
    return JSONResponse({"taken": True, "ours": ours})


@router.post("/hooks/in/{name}")
async def take_in(name: str, request: Request) -> JSONResponse:
    """Take what a program tells of its channel, by its name in the settings."""
    house = house_of(request)
    hook = house.hooks.get(name)
    if hook is None or hook.brand not in house.desks:
        raise NotFound(Sentence("There is no such page."))
    body, desk = await request.body(), house.desks[hook.brand]
    try:
        call_id, told = called_in.read(hook, request.headers, body, desk=desk)
        new = await asyncio.to_thread(called_in.take, desk, hook, call_id, told)
    except CallRefused as error:
        log.warning("hook.refused", hook=name, why=error.why.value)
        status = 409 if error.why is Refusal.REPEATED else STATUSES[error.why]
        return JSONResponse({"taken": False, "why": writable(str(error))}, status)
    log.info("hook.taken", hook=name, new=new)
    return JSONResponse({"taken": True, "new": new})
