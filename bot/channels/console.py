"""The console: people type, Vigie prints. The smallest whole channel, and the one to copy.

What was said is noted in a transcript, one JSON object a line with its idempotency key, so that a restart finds what
had been said before the answer was lost.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TextIO

from inbox.abilities import Abilities, Bucket
from inbox.errors import SendFailed
from inbox.model import IncomingMessage, Kind, Visibility
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence

NAME = "console"
_LONGEST_AUTHOR = 40


def to_message(line: str, *, number: int, session: str, now: datetime) -> IncomingMessage | None:
    """Read one typed line as an inbox message; None when it carries no words.

    Args:
        line: `Marie: where is my parcel?`, or just the words.
        number: Which line of this session it is.
        session: Tells the lines of one run of the program from those of another.
        now: When it was typed.
    """
    author, colon, words = line.partition(": ")
    if not colon or len(author) > _LONGEST_AUTHOR or not words.strip():
        author, words = "visitor", line
    text = "".join(letter for letter in words.strip() if letter != "\0" and not "\ud800" <= letter <= "\udfff")
    if not text:
        return None
    return IncomingMessage(
        channel=NAME,
        external_id=f"{session}:{number}",
        text=text,
        author=author.strip().casefold(),
        author_name=author.strip(),
        thread=author.strip().casefold(),
        sent_at=now,
        kind=Kind.DM,
        visibility=Visibility.PRIVATE,
    )


CONSOLE = Abilities()
"""What a console can do: say things, of any length."""


class ConsoleChannel:
    """Prints replies, and notes each in the transcript."""

    def __init__(self, out: TextIO, transcript: Path) -> None:
        self._out = out
        self._transcript = transcript

    @property
    def name(self) -> str:
        """The name that messages carry as their `channel`."""
        return NAME

    @property
    def abilities(self) -> Abilities:
        """It only speaks."""
        return CONSOLE

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:  # noqa: ARG002  # the shape of the protocol
        """A console has no limits."""
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        """Print a reply; its id is its place in the transcript.

        Raises:
            SendFailed: The transcript cannot be written, so nothing was said; or it is not words.
        """
        if outgoing.kind is not OutboxKind.REPLY:
            raise SendFailed(Sentence("A console can only be spoken to."), permanent=True)
        return await asyncio.to_thread(self._say, outgoing.thread, outgoing.text, outgoing.key)

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """The id of what was said under a key, or None."""
        return await asyncio.to_thread(self._find, outgoing.key)

    def _say(self, thread: str, text: str, key: str) -> str:
        try:
            self._transcript.parent.mkdir(parents=True, exist_ok=True)
            with self._transcript.open("a+b") as kept:
                if kept.tell() and not _ends_a_line(kept):
                    kept.write(b"\n")
                place = kept.tell()
                said = {"key": key, "thread": thread, "text": text}
                kept.write(json.dumps(said, ensure_ascii=False).encode() + b"\n")
                kept.flush()
                os.fsync(kept.fileno())
        except OSError as error:
            file = str(self._transcript)
            why = Sentence("The transcript {file} cannot be written: {why}.", file=file, why=str(error))
            raise SendFailed(why, permanent=False) from error
        self._out.write(f"→ {thread}: {text}\n")
        self._out.flush()
        return f"{NAME}:{place}"

    def _find(self, key: str) -> str | None:
        place = 0
        for line in self._read():
            try:
                said = json.loads(line)
            except ValueError:
                said = None
            if isinstance(said, dict) and said.get("key") == key:
                return f"{NAME}:{place}"
            place += len(line)
        return None

    def _read(self) -> Iterator[bytes]:
        try:
            with self._transcript.open("rb") as kept:
                yield from kept
        except FileNotFoundError:
            return


def _ends_a_line(kept: BinaryIO) -> bool:
    """Whether a file's last byte ends a line: a crash may have cut the last one off."""
    kept.seek(-1, os.SEEK_END)
    return kept.read(1) == b"\n"
