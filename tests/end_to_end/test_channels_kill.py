"""kill -9 of a running Vigie, again and again, while people go on writing: none missing, none doubled (row F06)."""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from data.engine import make_engine
from tests.end_to_end.shell import Shell
from tests.end_to_end.worlds import OnDiscord, OnTelegram, World

ROUNDS, A_ROUND = 4, 40
PATIENCE_S = 90


@pytest.fixture(params=[OnDiscord, OnTelegram], ids=["discord", "telegram"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    async with request.param() as server:
        yield server


class Kept:
    """What a database holds, seen from outside."""

    def __init__(self, url: str) -> None:
        self._engine = make_engine(url)

    def texts(self, where: str = "is_ours = false") -> Counter[str]:
        with self._engine.connect() as connection:
            return Counter(connection.scalars(text(f"SELECT text FROM message WHERE {where}")))

    def close(self) -> None:
        self._engine.dispose()

    async def until(self, count: int, where: str = "is_ours = false") -> None:
        async with asyncio.timeout(PATIENCE_S):
            while sum((await asyncio.to_thread(self.texts, where)).values()) < count:
                await asyncio.sleep(0.02)


async def test_f06_nothing_is_lost_or_doubled_when_vigie_is_killed_while_people_write(
    world: World, sqlite_url: str, tmp_path: Path
):
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url, **world.environment})
    said: list[str] = []

    def say(number: int) -> None:
        world.now = datetime.now(UTC)
        said.extend(f"message {len(said) + place}" for place in range(number))
        for words in said[-number:]:
            world.say(words)

    with closing(Kept(sqlite_url)) as kept:
        for turn in range(ROUNDS):
            with shell.start("run", **quiet) as process:
                # The first start takes in nothing old: it has to be there before people write.
                await world.until_heard(turn + 1)
                say(A_ROUND)
                await kept.until(len(said) - A_ROUND // 2)
                process.send_signal(signal.SIGKILL)
            say(A_ROUND)
        with shell.start("run", **quiet) as process:
            await kept.until(len(said), "is_ours = false AND triaged_at IS NOT NULL")
            process.terminate()
            # The server that it takes its leave of runs on this loop.
            assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0

        assert await asyncio.to_thread(kept.texts) == Counter(said)
