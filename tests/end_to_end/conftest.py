"""A team's place on each platform, for every test that asks for one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from data.store import open_store
from tests.end_to_end.chats import Chat, DiscordChat, TelegramChat
from tests.end_to_end.rooms import Room


@pytest.fixture(params=[DiscordChat, TelegramChat], ids=["discord", "telegram"])
async def chat(request: pytest.FixtureRequest) -> AsyncIterator[Chat]:
    async with request.param() as server:
        yield server


@pytest.fixture
def room(sqlite_url: str, chat: Chat) -> Iterator[Room]:
    with open_store(sqlite_url, brand="main") as store:
        yield Room(store, chat)
