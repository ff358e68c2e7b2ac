"""What it costs to keep many open pages up to date while much comes in: `python -m tests.bench.page_live`.

One process serves the page, another takes messages in, a third holds the pages: each follows the stream, and asks for
the rows that changed as often as the script of the page does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import httpx

from data.migrate import upgrade
from data.store import open_store
from inbox.model import IncomingMessage, Kind, Visibility
from inbox.pipeline import receive, triage
from tests.web.sites import LATE, THANKS, Site

_PAUSE_S = (1.5, 2.5)
"""How long a page gathers changes, as in web/static/live.js."""

_SHOWN = 50


def serve(url: str) -> None:
    """Serve the page until the end of what comes in."""
    site = Site(url, open_to_all=True)
    with site.served():
        _say(site.address)
        sys.stdin.read()


def fill(url: str, *, per_s: int, seconds: int) -> None:
    """Have messages come in at a rate, and be triaged."""
    site = Site(url)
    with open_store(url, brand="loriot") as store:
        desk, began = site._desk("Loriot", store), monotonic()
        for tick in range(seconds * 5):
            some = [_message(tick * per_s // 5 + number, site) for number in range(per_s // 5)]
            receive(store, some, clock=desk.clock)
            while triage(desk):
                pass
            sleep(max(0.0, began + (tick + 1) / 5 - monotonic()))
        _say(f"{monotonic() - began:.1f}")


def _message(number: int, site: Site) -> IncomingMessage:
    return IncomingMessage(
        channel="instagram",
        external_id=f"live-{number}",
        text=LATE if number % 2 else THANKS,
        author=f"contact-{number % 400}",
        author_name=f"contact-{number % 400}",
        thread=f"post-{number % 400}",
        sent_at=site.clock(),
        kind=Kind.COMMENT,
        visibility=Visibility.PUBLIC,
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class Agent:
    """A page that somebody has open."""

    def __init__(self, client: httpx.AsyncClient, chance: Random) -> None:
        self._client, self._chance = client, chance
        self._changed: set[int] = set()
        self.events = 0
        self.took_ms: list[float] = []

    async def watch(self) -> None:
        """Follow the stream."""
        async with self._client.stream("GET", "/b/loriot/live") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: "):
                    self.events += 1
                    self._changed.update(int(one) for one in line[6:].split() if one != "-")

    async def ask(self) -> None:
        """Ask for the rows that have changed, again and again."""
        while True:
            await asyncio.sleep(self._chance.uniform(*_PAUSE_S))
            ids, self._changed = sorted(self._changed)[-150:], set()
            if not ids:
                continue
            began = monotonic()
            asked = {"shown": ids[:_SHOWN], "new": ids[_SHOWN:]}
            (await self._client.get("/b/loriot/rows", params=asked)).raise_for_status()
            self.took_ms.append((monotonic() - began) * 1000)


async def _hold(address: str, *, agents: int, seconds: int) -> list[Agent]:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, timeout=None, limits=limits) as client:
        pages = [Agent(client, Random(number)) for number in range(agents)]
        tasks = [asyncio.create_task(one()) for page in pages for one in (page.watch, page.ask)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return pages


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure(*, agents: int, per_s: int, seconds: int) -> str:
    """A line that says what it took."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'vigie.db'}"
        upgrade(url)
        again = [sys.executable, "-m", "tests.bench.page_live", "--url", url]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        with subprocess.Popen([*again, "--serve"], **pipes) as server:  # type: ignore[call-overload]  # named above
            address = server.stdout.readline().strip()
            quiet = _rss_mb(server.pid)
            how = ["--fill", "--per-s", str(per_s), "--seconds", str(seconds)]
            with subprocess.Popen([*again, *how], **pipes) as writer:  # type: ignore[call-overload]  # named above
                cpu, began = _cpu_s(server.pid), monotonic()
                pages = asyncio.run(_hold(address, agents=agents, seconds=seconds))
                took = monotonic() - began
                share, held = (_cpu_s(server.pid) - cpu) / took, _rss_mb(server.pid)
                lasted = writer.communicate()[0].strip()
            server.communicate("")
    times = [one for page in pages for one in page.took_ms]
    events = [page.events for page in pages]
    return (
        f"{agents} pages, {per_s} messages/s for {seconds} s (taken in within {lasted} s): "
        f"{min(events)} to {max(events)} events each; "
        f"{len(times)} requests for rows, median {sorted(times)[len(times) // 2]:.0f} ms, "
        f"p95 {quantiles(times, n=20)[-1]:.0f} ms; "
        f"server {share:.0%} of a core, {quiet:.0f} MB before, {held:.0f} MB after"
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--url")
    asked.add_argument("--serve", action="store_true")
    asked.add_argument("--fill", action="store_true")
    asked.add_argument("--agents", type=int, default=50)
    asked.add_argument("--per-s", type=int, default=50)
    asked.add_argument("--seconds", type=int, default=30)
    given = asked.parse_args()
    if given.serve:
        serve(given.url)
    elif given.fill:
        fill(given.url, per_s=given.per_s, seconds=given.seconds)
    else:
        _say(measure(agents=given.agents, per_s=given.per_s, seconds=given.seconds))
