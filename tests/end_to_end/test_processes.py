"""The channels in one process and triage in another, over both databases."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.end_to_end.shell import Shell
from tests.end_to_end.test_channels_kill import Kept
from tests.end_to_end.worlds import OnDiscord, OnTelegram

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PATIENCE_S = 60


@pytest.fixture
async def discord() -> AsyncIterator[OnDiscord]:
    async with OnDiscord() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[OnTelegram]:
    async with OnTelegram() as server:
        yield server


async def test_a_gateway_takes_in_and_answers_what_a_worker_decides(
    discord: OnDiscord, telegram: OnTelegram, database_url: str, tmp_path: Path
):
    environment = {**discord.environment, **telegram.environment}
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": database_url, "VIGIE_HOLD_SECONDS": "0", **environment})
    with (
        closing(Kept(database_url)) as kept,
        shell.start("gateway", **QUIET) as gateway,
        shell.start("worker", **QUIET) as worker,
    ):
        await asyncio.gather(discord.until_heard(1), telegram.until_heard(1))
        discord.now = telegram.now = datetime.now(UTC)
        discord.say("Merci beaucoup, super équipe !")
        telegram.say("Toujours pas de colis, trois semaines de retard")
        await kept.until(2, "triaged_at IS NOT NULL")
        sent = await asyncio.to_thread(shell.vigie, "send", "1")
        async with asyncio.timeout(PATIENCE_S):
            while not discord.replies() + telegram.replies():
                await asyncio.sleep(0.02)
        for process in (worker, gateway):
            process.terminate()
            assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0

    assert sent.code == 0
    assert len(discord.replies() + telegram.replies()) == 1


def test_a_gateway_without_a_token_says_what_to_set(tmp_path: Path):
    told = Shell(tmp_path).vigie("gateway")

    assert (told.code, told.err) == (
        1,
        "vigie: No channel has a token. Set discord.token or telegram.token, then try again.\n",
    )
