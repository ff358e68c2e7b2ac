"""Copying files that come with messages while their links live."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import structlog

from inbox.desk import Desk
from inbox.errors import ChannelTrouble, InboxError
from inbox.model import Attachment, IncomingMessage
from inbox.ports import Connection

log = structlog.get_logger()

_WAITING_MOST = 1_000
_LONGEST_ENDING = 10


class Copier:
    """Copies files one after the other, beside everything else; what fails is noted and left.

    Args:
        folder: Where copies lie, each under the hash of what it holds: the same file twice is one.
        most: Bytes of the largest file to copy.
    """

    def __init__(self, folder: Path, *, most: int) -> None:
        self._folder = folder
        self._most = most
        self._waiting: asyncio.Queue[tuple[IncomingMessage, Connection, Desk]] = asyncio.Queue(_WAITING_MOST)

    def copy(self, message: IncomingMessage, connection: Connection, desk: Desk) -> None:
        """Have the files of a message copied when their turn comes."""
        try:
            self._waiting.put_nowait((message, connection, desk))
        except asyncio.QueueFull:
            log.warning("attachments.left_out", channel=message.channel, message=message.external_id)

    async def run(self) -> None:
        """Copy what waits, until cancelled."""
        while True:
            message, connection, desk = await self._waiting.get()
            try:
                files = [await self._copied(file, message, connection) for file in message.attachments]
                if any(file.path for file in files):
                    await asyncio.to_thread(self._note, desk, message, files)
            except InboxError as error:
                log.warning("attachments.not_noted", channel=message.channel, error=type(error).__name__)
            except Exception:  # a fault with one file must not end the channels beside it
                log.exception("attachments.fault", channel=message.channel)

    async def _copied(self, file: Attachment, message: IncomingMessage, connection: Connection) -> Attachment:
        if file.size is not None and file.size > self._most:
            log.info("attachments.too_large", channel=message.channel, message=message.external_id, size=file.size)
            return file
        try:
            content = await connection.fetch(file, most=self._most)
            path = await asyncio.to_thread(self._write, file, content)
        except (ChannelTrouble, OSError) as error:
            log.warning("attachments.not_copied", channel=message.channel, error=type(error).__name__)
            return file
        return replace(file, path=path)

    def _write(self, file: Attachment, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        ending = Path(file.name).suffix
        safe = ending if 1 < len(ending) <= _LONGEST_ENDING and ending[1:].isalnum() else ""
        path = Path(digest[:2]) / f"{digest}{safe}"
        target = self._folder / path
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            partly = target.with_suffix(".part")
            partly.write_bytes(content)
            partly.replace(target)
        return path.as_posix()

    @staticmethod
    def _note(desk: Desk, message: IncomingMessage, files: list[Attachment]) -> None:
        with desk.store.begin() as books:
            books.keep_files(message.channel, message.external_id, files)
