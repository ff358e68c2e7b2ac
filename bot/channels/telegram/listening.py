"""Asking Telegram for what is new. It is acknowledged only once it has been kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import structlog
from telegram import Bot, Update
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.reading import UNREADABLE
from bot.channels.telegram.refusals import to_trouble, wait_of

log = structlog.get_logger()

KINDS = (
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.BUSINESS_CONNECTION,
    Update.BUSINESS_MESSAGE,
    Update.EDITED_BUSINESS_MESSAGE,
    Update.DELETED_BUSINESS_MESSAGES,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
    Update.CALLBACK_QUERY,
)
"""The updates that are read."""

Keep = Callable[[Sequence[Update]], Awaitable[None]]


async def poll(bot: Bot, keep: Keep, *, patience: timedelta, on_opened: Callable[[], None]) -> None:
    """Ask for what is new and have it kept, until cancelled.

    The library's own updater asks for the next before the last has been kept, and by asking acknowledges it: what a
    killed process had not kept would be gone.

    Args:
        bot: The account.
        keep: Returns once all of a batch is committed.
        patience: How long Telegram may wait for something new.
        on_opened: Told once Telegram has answered.

    Raises:
        ChannelTrouble: Telegram refuses us, or is out of reach.
    """
    offset: int | None = None
    opened = False
    try:
        await bot.delete_webhook(drop_pending_updates=False)
        while True:
            wait = timedelta() if not opened else patience
            try:
                updates, after = await _ask(bot, offset, wait=wait)
            except RetryAfter as error:
                log.info("telegram.told_to_wait", seconds=wait_of(error).total_seconds())
                await asyncio.sleep(wait_of(error).total_seconds())
                continue
            if not opened:
                opened = True
                on_opened()
            if updates:
                await keep(updates)
            offset = after
    except TelegramError as error:
        raise to_trouble(error) from error


async def _ask(bot: Bot, offset: int | None, *, wait: timedelta) -> tuple[Sequence[Update], int | None]:
    """What is new, and the offset that acknowledges it."""
    try:
        updates = await bot.get_updates(offset, timeout=wait, allowed_updates=KINDS)
    except UNREADABLE:
        # The library reads all of them or none: the same would come again for ever.
        return await _ask_one_by_one(bot, offset)
    return updates, updates[-1].update_id + 1 if updates else offset


async def _ask_one_by_one(bot: Bot, offset: int | None) -> tuple[Sequence[Update], int | None]:
    answer = await bot.request.retrieve(f"{bot.base_url}/getUpdates?offset={offset or 0}")
    updates: list[Update] = []
    for told in json.loads(answer)["result"]:
        offset = int(told["update_id"]) + 1
        try:
            updates.append(Update.de_json(told, bot))
        except UNREADABLE as error:
            log.warning("telegram.unreadable", update=told["update_id"], error=type(error).__name__)
    return updates, offset
