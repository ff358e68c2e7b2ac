"""`/pause` during a burst: nothing leaves by itself any more, on no channel and from no process (row F58)."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.end_to_end.chats import DiscordChat, TelegramChat
from tests.end_to_end.shell import Shell
from tests.end_to_end.test_channels_kill import Kept

BURST = 500
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique ! ({number})"
RULES = """
[[rule]]
name = "thank"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"
"""
QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PATIENCE_S, LONG_ENOUGH_S = 90, 7
"""The second is longer than the rates of both channels keep anything waiting."""


@pytest.fixture
async def discord() -> AsyncIterator[DiscordChat]:
    async with DiscordChat() as server:
        yield server


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramChat]:
    async with TelegramChat() as server:
        yield server


async def test_f58_a_pause_in_a_burst_of_500_messages_stops_all_channels_and_processes_within_a_second(
    discord: DiscordChat, telegram: TelegramChat, database_url: str, tmp_path: Path
):
    (tmp_path / "rules.toml").write_text(RULES, encoding="utf-8")
    teams = {"VIGIE_DISCORD__STAFF_CHANNEL": discord.team, "VIGIE_TELEGRAM__STAFF_CHAT": telegram.team}
    shell = Shell(
        tmp_path,
        {
            "VIGIE_DATABASE_URL": database_url,
            "VIGIE_HOLD_SECONDS": "0",
            "VIGIE_BRAND__NAME": "Loriot",
            **teams,
            **discord.environment,
            **telegram.environment,
        },
    )
    with (
        closing(Kept(database_url)) as kept,
        shell.start("gateway", **QUIET) as gateway,
        shell.start("worker", **QUIET) as worker,
    ):
        await asyncio.gather(discord.until_heard(1), telegram.until_heard(1))
        discord.now = telegram.now = datetime.now(UTC)
        for number in range(BURST // 2):
            discord.say_as(100 + number, THANKS.format(number=number))
            telegram.say_as(100 + number, THANKS.format(number=number))
            if number % 25 == 0:
                await asyncio.sleep(0.05)
        async with asyncio.timeout(PATIENCE_S):
            while not (discord.replies() and telegram.replies()):
                await asyncio.sleep(0.02)
        paused = await telegram.ask("Paule", "pause")
        await asyncio.sleep(1)
        then = len(discord.replies()), len(telegram.replies())
        await kept.until(BURST, "triaged_at IS NOT NULL AND is_ours = false")
        await asyncio.sleep(LONG_ENOUGH_S)
        after = len(discord.replies()), len(telegram.replies())
        for process in (worker, gateway):
            process.terminate()
            assert await asyncio.to_thread(process.wait, PATIENCE_S) == 0

    assert "Automatic sending is paused by Paule." in paused.text
    assert sum(then) < BURST
    assert after == then
