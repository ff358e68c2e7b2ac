"""A process that watches over the clocks of a brand and calls its team, minute by minute; made to be killed.

Run as `python -m tests.end_to_end.climbing URL FOLDER FORGETS`. What it puts up stands in a file of the folder, as it
would in a chat: written before its id is returned. It says each minute that it has come through.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.commands.pinger import Pinger
from bot.commands.views import View
from data.store import open_store
from inbox.abilities import Bucket
from inbox.brand import Brand
from inbox.clocks import watch
from inbox.desk import Desk
from inbox.rates import RateLimiter
from inbox.sla import ChainStep
from routing.rulebook import read_rule_book
from tests.builders import AClock
from tests.inbox.builders import ALWAYS_OPEN, NOON

NAMES = ("Ada", "Bea", "Cléo", "Dora", "Elsa", "Fanny")
MINUTE = timedelta(minutes=1)
CHAIN = tuple(ChainStep((place + 1) * MINUTE, (name,)) for place, name in enumerate(NAMES))
MINUTES = len(CHAIN) + 6
"""Long enough for what was in hand when the process was killed to be looked at again."""


class FileBoard:
    """A room whose messages are the lines of a file; unless it `forgets`, one key is put up once."""

    name = "room"
    buckets: Sequence[Bucket] = ()

    def __init__(self, file: Path, *, forgets: bool) -> None:
        self._file = file
        self.remembers = timedelta() if forgets else timedelta(minutes=3)

    async def post(self, view: View, *, lang: str, key: str) -> str:
        del lang
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        if self.remembers and any(json.loads(one)["key"] == key for one in lines):
            return key
        with self._file.open("a", encoding="utf-8") as written:
            written.write(json.dumps({"key": key, "says": repr(view.lines)}) + "\n")
            written.flush()
            os.fsync(written.fileno())
        await asyncio.sleep(0.02)  # the answer is on its way: here most kills hit
        return key

    async def change(self, external_id: str, view: View, *, lang: str) -> bool:
        del external_id, view, lang
        return True


def main(url: str, folder: Path, *, forgets: bool) -> None:
    """Go on from the minute that was reached, until all that can come has come."""
    reached = folder / "minute"
    nothing: Any = None
    clock = AClock()
    with open_store(url, brand="Loriot") as store:
        brand = Brand("Loriot", ALWAYS_OPEN, teams={"customer-service": {}})
        desk = Desk(brand, store, nothing, read_rule_book(""), 1, {}, clock, chain=CHAIN, catch_after=None)
        board = FileBoard(folder / "room.jsonl", forgets=forgets)
        for minute in range(int(reached.read_text() or 0) if reached.exists() else 0, MINUTES + 1):
            reached.write_text(str(minute))
            clock.now = NOON + minute * MINUTE
            sys.stdout.write(f"{minute}\n")
            sys.stdout.flush()
            watch(desk)
            asyncio.run(Pinger(desk, board, lang="fr", limiter=RateLimiter()).step())


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), forgets=sys.argv[3] == "forgets")
