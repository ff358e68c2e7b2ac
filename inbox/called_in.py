"""What a signed call of any other channel tells: messages, edits, deletions; read strictly, taken once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inbox import changes, pipeline
from inbox.desk import Desk
from inbox.errors import CallRefused, Refusal
from inbox.events import Deleted, Edited
from inbox.incoming import Reading, RowRefused, to_message
from inbox.model import IncomingMessage
from inbox.programs import channel_called
from inbox.sentences import Sentence
from inbox.webhooks import prove

CREATED, EDITED, DELETED = "message.created", "message.edited", "message.deleted"
MOST = 1_000
"""Messages in one call."""

Told = IncomingMessage | Edited | Deleted


@dataclass(frozen=True, slots=True)
class Hook:
    """Whoever may call: the name of his channel, the brand it belongs to, and what he signs with."""

    name: str
    brand: str
    secret: str

    @property
    def mark(self) -> str:
        """Under which his calls are remembered."""
        return f"hook/{self.name}"


def read(hook: Hook, headers: Mapping[str, str], body: bytes, *, desk: Desk) -> tuple[str, Sequence[Told]]:
    """The id of a call, and what it tells, once it has proved who makes it; nothing where it tells of something else.

    Raises:
        CallRefused: It proves nothing, is too old, or cannot be read: then nothing of it is taken.
    """
    small = {name.lower(): value for name, value in headers.items()}
    call_id = prove(hook.name, hook.secret, small, body, now=desk.clock())
    try:
        return call_id, _told(hook, json.loads(body), desk)
    except RowRefused as refusal:
        says = Sentence("A call to {desk} cannot be read: {why}.", desk=hook.name, why=refusal.why)
        raise CallRefused(Refusal.UNREADABLE, says) from None
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError) as error:
        says = Sentence("A call to {desk} cannot be read.", desk=hook.name)
        raise CallRefused(Refusal.UNREADABLE, says) from error


def take(desk: Desk, hook: Hook, call_id: str, told: Sequence[Told]) -> int:
    """Take what a call tells, and remember the call; how much of it was new.

    What is told is taken before the call is remembered: cut off between the two, it comes again and changes nothing.

    Raises:
        CallRefused: It was taken before.
    """
    repeated = CallRefused(Refusal.REPEATED, Sentence("This call to {desk} was taken before.", desk=hook.name))
    with desk.store.read() as books:
        if books.knows_call(hook.mark, call_id):
            raise repeated
    new = _take(desk, told)
    with desk.store.begin() as books:
        if not books.remember_call(hook.mark, call_id, now=desk.clock()):
            raise repeated
    return new


def _take(desk: Desk, told: Sequence[Told]) -> int:
    new = 0
    said = [one for one in told if isinstance(one, IncomingMessage)]
    if said:
        new += pipeline.receive(desk.store, said, clock=desk.clock).created
    for one in told:
        if isinstance(one, Edited):
            new += changes.receive_edit(
                desk.store, one.channel, one.external_id, text=one.text, edited_at=one.edited_at, clock=desk.clock
            )
        elif isinstance(one, Deleted):
            new += changes.receive_deletion(
                desk.store,
                one.channel,
                one.external_ids,
                deleted_at=one.deleted_at,
                keep_text=desk.keep_deleted_text,
                clock=desk.clock,
            )
    return new


def _told(hook: Hook, said: Mapping[str, Any], desk: Desk) -> Sequence[Told]:
    channel, kind = channel_called(hook.name), said["type"]
    if kind not in {CREATED, EDITED, DELETED}:
        return ()
    data = said["data"]
    if kind == CREATED:
        rows = data if isinstance(data, list) else [data]
        if not 0 < len(rows) <= MOST or not all(isinstance(row, dict) for row in rows):
            raise ValueError("no rows")
        how = Reading(channel, desk.brand.hours.zone)
        return [to_message(row, how) for row in rows]
    if kind == EDITED:
        return [Edited(channel, _text(data["external_id"]), _text(data["text"]), _moment(data["edited_at"]))]
    ids = tuple(_text(one) for one in data["external_ids"])
    if not 0 < len(ids) <= MOST:
        raise ValueError("no ids")
    return [Deleted(channel, ids, _moment(data["deleted_at"]))]


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= one <= "\udfff" for one in value):
        raise ValueError("no text")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment
