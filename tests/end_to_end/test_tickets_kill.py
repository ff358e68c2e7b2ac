"""kill -9 between a help desk's making something and our noting it, then start again: none is lost, none doubled."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from data.engine import make_engine
from tests.end_to_end.helpdesks import OnChatwoot, OnFreshdesk, OnZammad, OnZendesk
from tests.end_to_end.shell import Shell, a_row

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
PATIENCE_S = 60
KINDS = (OnZammad, OnChatwoot, OnZendesk, OnFreshdesk)
ADDING = {
    "zammad": ("POST", "/ticket_articles"),
    "chatwoot": ("POST", "/messages"),
    "zendesk": ("PUT", ".json"),
    "freshdesk": ("POST", "/notes"),
}
NEEDS: dict[str, Callable[[Any], str]] = {
    "zammad": lambda world: f'group = "{world.group}"',
    "chatwoot": lambda world: f"account = {world.account}\ninbox = {world.inbox}",
    "zendesk": lambda world: f'email = "{world.email}"',
    "freshdesk": lambda _: "",
}


class House:
    """A real installation beside a help desk."""

    def __init__(self, folder: Path, url: str, world: Any) -> None:
        self.world = world
        self.url = url
        (folder / "vigie.toml").write_text(
            f'hold_seconds = 0\n[desks.support]\nkind = "{world.name}"\nurl = "{world.url}"\n'
            f'queues = ["customer-service"]\n{NEEDS[world.name](world)}\n',
            encoding="utf-8",
        )
        environment = {"VIGIE_DATABASE_URL": url, "VIGIE_DESKS__SUPPORT__TOKEN": world.token}
        self.shell = Shell(folder, environment)

    async def vigie(self, *words: str) -> None:
        assert (await asyncio.to_thread(self.shell.vigie, *words)).code == 0

    async def hear(self, number: int, words: str) -> None:
        row = a_row(1, words) | {"external_id": f"c-{number}", "sent_at": f"2026-11-01T09:{number:02}:00Z"}
        file = self.shell.write("said.jsonl", [row])
        await self.vigie("import", str(file), "--channel", "instagram")

    async def killed_while(self, call: tuple[str, str]) -> None:
        """Let a process run until the help desk has done what it was asked, and kill it before it hears so."""
        self.world.reached.clear()
        self.world.pause(*call)
        process = self.shell.start("run", "--until-done", **QUIET)
        try:
            await asyncio.wait_for(self.world.reached.wait(), PATIENCE_S)
        finally:
            process.kill()
            await asyncio.to_thread(process.wait)

    def forget_leases(self) -> None:
        """Let the time pass after which another process may look at what the killed one had in hand."""
        engine = make_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE outbox SET lease_until = not_before WHERE state = 'sending'"))
        engine.dispose()


@pytest.fixture
async def house(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> AsyncIterator[House]:
    async with request.param() as world:
        yield House(tmp_path, database_url, world)


@pytest.mark.parametrize("house", KINDS, ids=lambda world: world.name, indirect=True)
async def test_f68_a_process_killed_after_the_help_desk_made_the_ticket_and_its_additions_doubles_nothing(
    house: House,
):
    await house.hear(1, "Toujours rien reçu, trois semaines de retard")
    await house.killed_while(house.world.creating)
    house.forget_leases()
    await house.vigie("run", "--until-done")

    await house.hear(2, "Je suis toujours là.")
    await house.killed_while(ADDING[house.world.name])
    house.forget_leases()
    await house.vigie("run", "--until-done")

    assert len(house.world.filed()) == 1
    (added,) = house.world.told_later()
    assert "Je suis toujours là." in added
