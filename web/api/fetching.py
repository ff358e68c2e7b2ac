"""What is laid out for a program that delivers on a channel of its own: fetched, done, acknowledged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from inbox.errors import NotFound
from inbox.programs import Scope, channel_called
from inbox.sentences import Sentence
from web.api.answers import FetchedOut, OutboxOut
from web.api.door import Door, Program, holding
from web.api.shapes import AcknowledgeIn, ChannelName, Id, OutboxAsked

router = APIRouter(route_class=Door, prefix="/channels/{channel}/outbox", tags=["Your channel"])

Fetching = Annotated[Program, Depends(holding(Scope.OUTBOX_READ))]


@router.get("")
def fetch(program: Fetching, channel: ChannelName, asked: Annotated[OutboxAsked, Query()]) -> OutboxOut:
    """Fetch what is to be done on your channel and was not acknowledged, in order.

    It is told again until you acknowledge it. Do what has a `key` that you know once only.
    """
    with program.desk.store.read() as books:
        found = books.outgoing_after(channel_called(channel), asked.after, limit=asked.limit)
    return OutboxOut(outgoing=[FetchedOut.model_validate(one) for one in found])


@router.post("/{number}/ack", status_code=204)
def acknowledge(program: Fetching, channel: ChannelName, number: Id, done: AcknowledgeIn) -> None:
    """Say that it is done. Its words are forgotten here; to say it twice does no harm."""
    with program.desk.store.begin() as books:
        name, now = channel_called(channel), program.desk.clock()
        if not books.acknowledge_outgoing(name, number, external_id=done.external_id, now=now):
            raise NotFound(Sentence("There is no number {id} in the outbox.", id=number))
