"""Telegram calling us: the same call many times at once is one item, triaged once (row F06)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from zoneinfo import ZoneInfo

import aiohttp

from app.brands import Brands
from app.gateway import Gateway
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import TelegramOptions
from bot.channels.telegram.webhook import HEADER
from classifiers.model import load_model
from data.store import open_store
from inbox import pipeline
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.hours import OpeningHours
from inbox.sentences import in_english
from routing.responses import load_responses
from routing.rulebook import STARTER, read_rule_book
from tests.builders import AClock
from tests.data.steps import the_conversation, the_queue
from tests.fakes.telegram import FakeTelegram, free_port

SECRET = "s3cret"


async def test_f06_the_same_call_fifty_times_at_once_is_one_item_and_one_triage(database_url: str):
    clock, responses = AClock(), load_responses()
    rules = read_rule_book(STARTER.read_text(encoding="utf-8"))
    port = free_port()
    async with FakeTelegram() as telegram:
        options = TelegramOptions(
            base_url=telegram.url, webhook_url="https://example.org/hook", webhook_port=port, secret_token=SECRET
        )
        channel = TelegramChannel(telegram.token, options=options, tell=in_english, clock=clock)
        call = {"update_id": 1, "message": telegram.message("Trois semaines et toujours pas de colis !")}
        with open_store(database_url, brand="main") as store:
            brand = Brand("Loriot", OpeningHours(ZoneInfo("Europe/Paris")))
            desk = Desk(brand, store, load_model(), rules, 1, responses, clock)
            running = asyncio.create_task(Gateway({"telegram": channel}, Brands({"main": desk}, {})).run())
            await telegram.until_called("setWebhook")

            async def post(client: aiohttp.ClientSession) -> int:
                async with client.post(f"http://127.0.0.1:{port}/hook", json=call, headers={HEADER: SECRET}) as answer:
                    return answer.status

            async with aiohttp.ClientSession() as client:
                statuses = await asyncio.gather(*(post(client) for _ in range(50)))
            triaged = [pipeline.triage(desk), pipeline.triage(desk)]
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await channel.close()

            assert statuses == [200] * 50
            assert triaged == [1, 0]
            assert [item.messages for item in the_queue(store)] == [1]
            assert [line.what for line in the_conversation(store).audit] == ["message.triaged"]
