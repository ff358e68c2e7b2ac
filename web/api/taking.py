"""Messages that programs hand over: one, many, or a stream of lines; edits and deletions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, StreamingResponse

from inbox import changes, pipeline
from inbox.errors import BadInput
from inbox.incoming import Reading, RowRefused, read_row, to_message
from inbox.model import IncomingMessage
from inbox.programs import Scope, channel_called
from inbox.sentences import Sentence
from web.api.answers import BatchOut, ChangedOut, DeletedOut, LineOut, TakenOut
from web.api.door import Door, Program, holding
from web.api.shapes import BatchIn, ChannelName, DeletionIn, EditIn, MessageIn

router = APIRouter(route_class=Door, prefix="/channels/{channel}", tags=["Messages in"])

Writing = Annotated[Program, Depends(holding(Scope.MESSAGES_WRITE))]

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is refused without being kept in memory."""

_BATCH = 500
_PIECE = 1 << 16

_Line = tuple[int, IncomingMessage | Sentence]


@router.post("/messages", status_code=201, responses={200: {"model": TakenOut, "description": "It was here before."}})
def take_message(program: Writing, channel: ChannelName, message: MessageIn) -> TakenOut:
    """Take in one message, once."""
    row = message.model_dump(mode="json", exclude_none=True)
    try:
        said = to_message(row, _reading(program, channel))
    except RowRefused as refusal:
        raise BadInput(refusal.why) from None
    created = pipeline.receive(program.desk.store, [said], clock=program.desk.clock).created
    taken = TakenOut(external_id=said.external_id, channel=said.channel, status="created" if created else "skipped")
    return taken if created else JSONResponse(taken.model_dump())  # type: ignore[return-value]  # the other status


@router.post("/messages/batch")
def take_batch(program: Writing, channel: ChannelName, batch: BatchIn) -> BatchOut:
    """Take in up to 1,000 messages, each once; one that cannot be read stops no other. Lines count from 1."""
    how = _reading(program, channel)
    lines = [(number, _read(row, how)) for number, row in enumerate(batch.messages, start=1)]
    return _counted(list(_keep(program, lines)))


@router.post(
    "/messages/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/x-ndjson": {}}, "description": "A line per line, then the sum."}},
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}
    },
)
async def take_stream(program: Writing, channel: ChannelName, request: Request) -> StreamingResponse:
    """Take in any number of messages, a JSON object on each line, in constant memory.

    The answer has a line per line that is not empty, with its number, and begins once all has been read.
    What is cut off has been taken in as far as it came: send all again, and what was here is passed over.
    """
    how = _reading(program, channel)
    # Whoever sends everything before he reads anything would wait for us for ever if we answered meanwhile.
    answers: IO[bytes] = SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115  # closed once it has been told
    counts = {"created": 0, "skipped": 0, "refused": 0}
    waiting: list[_Line] = []

    async def keep() -> None:
        for line in await asyncio.to_thread(lambda: list(_keep(program, waiting))):
            counts[line.status] += 1
            answers.write(_to_line(line.model_dump(exclude_none=True)))
        waiting.clear()

    try:
        async for number, text in _lines(request):
            waiting.append((number, text if isinstance(text, Sentence) else _read_line(text, how)))
            if len(waiting) == _BATCH:
                await keep()
        await keep()
    except BaseException:
        answers.close()
        raise
    answers.write(_to_line(counts))
    return StreamingResponse(_told(answers), media_type="application/x-ndjson")


@router.post("/edits")
def take_edit(program: Writing, channel: ChannelName, edit: EditIn) -> ChangedOut:
    """Follow an edit: drafts on the old words are withdrawn, and the message is labelled anew."""
    desk = program.desk
    changed = changes.receive_edit(
        desk.store,
        channel_called(channel),
        edit.external_id,
        text=edit.text,
        edited_at=edit.edited_at,
        clock=desk.clock,
    )
    return ChangedOut(changed=changed)


@router.post("/deletions")
def take_deletion(program: Writing, channel: ChannelName, deletion: DeletionIn) -> DeletedOut:
    """Follow a deletion: nothing about the messages leaves any more. Those that are not known are passed over."""
    desk = program.desk
    gone = changes.receive_deletion(
        desk.store,
        channel_called(channel),
        deletion.external_ids,
        deleted_at=deletion.deleted_at,
        keep_text=desk.keep_deleted_text,
        clock=desk.clock,
    )
    return DeletedOut(deleted=gone)


def _reading(program: Program, channel: str) -> Reading:
    return Reading(channel_called(channel), program.desk.brand.hours.zone)


def _read(row: Mapping[str, Any], how: Reading) -> IncomingMessage | Sentence:
    try:
        return to_message(row, how)
    except RowRefused as refusal:
        return refusal.why


def _read_line(line: bytes, how: Reading) -> IncomingMessage | Sentence:
    try:
        return to_message(read_row(line.decode("utf-8")), how)
    except UnicodeDecodeError as error:
        return Sentence("byte {at} is not UTF-8; save the file as UTF-8", at=error.start + 1)
    except RowRefused as refusal:
        return refusal.why


def _keep(program: Program, lines: Sequence[_Line]) -> Iterator[LineOut]:
    """Take in what could be read, in one transaction, and say of each line what became of it."""
    said = [(number, one) for number, one in lines if isinstance(one, IncomingMessage)]
    now = program.desk.clock()
    ids: list[int | None] = []
    if said:
        with program.desk.store.begin() as books:
            ids = books.add_messages([one for _, one in said], now=now)
    kept = dict(zip((number for number, _ in said), ids, strict=True))
    for number, one in lines:
        if isinstance(one, Sentence):
            yield LineOut(line=number, status="refused", why=program.tell(one))
        else:
            status = "skipped" if kept[number] is None else "created"
            yield LineOut(line=number, status=status, external_id=one.external_id)


def _counted(lines: Sequence[LineOut]) -> BatchOut:
    counts = {status: sum(one.status == status for one in lines) for status in ("created", "skipped", "refused")}
    return BatchOut(results=list(lines), **counts)


async def _lines(request: Request) -> AsyncIterator[tuple[int, bytes | Sentence]]:
    """The lines of a body that are not empty, numbered from 1; of one that is too long only that it is."""
    held, number, overlong = bytearray(), 1, False
    async for piece in request.stream():
        begins = 0
        while (ends := piece.find(b"\n", begins)) >= 0:
            held += piece[begins:ends]
            begins = ends + 1
            if (line := _whole(held, number, overlong=overlong)) is not None:
                yield number, line
            held.clear()
            number, overlong = number + 1, False
        held += piece[begins:]
        if len(held) >= LONGEST_LINE:
            overlong = True
            held.clear()
    if (line := _whole(held, number, overlong=overlong)) is not None:
        yield number, line


def _whole(held: bytearray, number: int, *, overlong: bool) -> bytes | Sentence | None:
    if overlong or len(held) >= LONGEST_LINE:
        return Sentence("the line is longer than {most} bytes", most=LONGEST_LINE)
    line = bytes(held).removeprefix(b"\xef\xbb\xbf") if number == 1 else bytes(held)
    return line if line.strip() else None


def _to_line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _told(answers: IO[bytes]) -> Iterator[bytes]:
    with answers:
        answers.seek(0)
        while piece := answers.read(_PIECE):
            yield piece
