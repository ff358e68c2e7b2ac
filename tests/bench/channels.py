"""Messages at a steady rate through each real client library into the inbox: from arrival to decision, and memory.

Vigie runs as a process of its own; the server on loopback that people write to runs here, so both cores are busy.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from rich.table import Table
from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError

from data.engine import make_engine
from tests.end_to_end.worlds import OnDiscord, OnTelegram

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
CONTACTS = 500


async def steady(
    world: OnDiscord | OnTelegram, folder: Path, texts: list[str], *, rate: int, seconds: int
) -> tuple[list[float], list[float]]:
    """Milliseconds from arrival to decision of each message, and memory in MB once a second."""
    database = folder / f"{world.name}.db"
    ours = {"VIGIE_DATABASE_URL": f"sqlite:///{database}", "VIGIE_WEB__ON": "false", "PYTHONPATH": str(ROOT)}
    settings = {**ours, **world.environment}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli.main", "run"],
        cwd=folder,
        env=os.environ | settings,
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
    )
    try:
        await _listening(database)
        arrived: dict[str, datetime] = {}
        memory: list[float] = []
        began = perf_counter()
        for number in range(rate * seconds):
            await asyncio.sleep(max(0.0, began + number / rate - perf_counter()))
            world.now = datetime.now(UTC)
            words = f"{texts[number % len(texts)]} ({number})"
            arrived[words.strip()] = world.now
            world.say_as(100 + number % CONTACTS, words)
            if number % rate == 0:
                memory.append(_memory_mb(process.pid))
        decided = await _decided(database, len(arrived))
        return [(at - arrived[words]).total_seconds() * 1000 for words, at in decided.items()], memory
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


async def _listening(database: Path) -> None:
    """Wait until the channel is heard: a channel that has just been connected asks what there is first."""
    wanted = text("SELECT count(*) FROM channel_account WHERE state = 'well'")
    async with asyncio.timeout(PATIENCE_S):
        while not database.exists() or not await asyncio.to_thread(_count, database, wanted):
            await asyncio.sleep(0.1)


def _count(database: Path, wanted: TextClause) -> int:
    engine = make_engine(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            return int(connection.execute(wanted).scalar_one())
    except DBAPIError:
        return 0  # its tables are being made
    finally:
        engine.dispose()


async def _decided(database: Path, count: int) -> dict[str, datetime]:
    engine = make_engine(f"sqlite:///{database}")
    wanted = text("SELECT m.text, d.decided_at FROM message m JOIN decision d ON d.message_id = m.id")
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with engine.connect() as connection:
                    rows = connection.execute(wanted).all()
                if len(rows) >= count:
                    return {row[0]: datetime.fromisoformat(row[1]).replace(tzinfo=UTC) for row in rows}
                await asyncio.sleep(0.1)
    finally:
        engine.dispose()


def _memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS:"))


async def _measure(folder: Path, texts: list[str], *, rate: int, seconds: int) -> Table:
    table = Table(
        title=f"{rate} messages a second for {seconds} s through each client, SQLite, one process for all of Vigie",
        title_justify="left",
    )
    for column in ("", "kept and decided", "median", "p99", "longest", "memory after 10 s", "at the end"):
        table.add_column(column, justify="right" if column else "left")
    for made in (OnDiscord, OnTelegram):
        async with made() as world:
            took, memory = await steady(world, folder, texts, rate=rate, seconds=seconds)
        took.sort()
        early = memory[min(10, len(memory) - 1)]
        table.add_row(
            made.name,
            f"{len(took):,}",
            f"{took[len(took) // 2]:.0f} ms",
            f"{took[int(len(took) * 0.99)]:.0f} ms",
            f"{took[-1]:.0f} ms",
            f"{early:.0f} MB",
            f"{memory[-1]:.0f} MB",
        )
    return table


def measure(folder: Path, texts: list[str], *, rate: int, seconds: int) -> Table:
    """Both channels, one after the other."""
    return asyncio.run(_measure(folder, texts, rate=rate, seconds=seconds))
