"""Being called by Telegram with what is new, behind a proxy that speaks TLS."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.listening import KINDS, Keep
from bot.channels.telegram.options import TelegramOptions
from bot.channels.telegram.reading import UNREADABLE
from bot.channels.telegram.refusals import to_trouble
from inbox.errors import ChannelTrouble
from inbox.sentences import Sentence

log = structlog.get_logger()

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LARGEST = 1_000_000
_LAST_CALLS_S = 1.0
"""How long, at the end, a call may still take to be kept. Telegram calls again with what was not."""


async def serve(bot: Bot, keep: Keep, *, url: str, options: TelegramOptions, on_opened: Callable[[], None]) -> None:
    """Take Telegram's calls until cancelled.

    A call is answered once what it brings is committed; where it cannot be kept, Telegram is told so and calls again.

    Raises:
        ChannelTrouble: The port is taken, or Telegram refuses us or is out of reach.
    """
    secret = options.secret_token or secrets.token_urlsafe(32)
    app = web.Application(client_max_size=_LARGEST)
    app.router.add_post(urlsplit(url).path or "/", _Caller(bot, keep, secret).answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_LAST_CALLS_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, options.webhook_host, options.webhook_port).start()
        await bot.set_webhook(url, secret_token=secret, allowed_updates=KINDS)
        on_opened()
        await asyncio.Event().wait()
    except TelegramError as error:
        raise to_trouble(error) from error
    except OSError as error:
        taken = Sentence(
            "Telegram's calls cannot be taken on {host}:{port}: {why}. Set telegram.webhook_port to a free one.",
            host=options.webhook_host,
            port=options.webhook_port,
            why=error.strerror or str(error),
        )
        raise ChannelTrouble(taken, permanent=True) from error
    finally:
        await runner.cleanup()


class _Caller:
    """Who calls, and with what."""

    def __init__(self, bot: Bot, keep: Keep, secret: str) -> None:
        self._bot = bot
        self._keep = keep
        self._secret = secret.encode()

    async def answer(self, request: web.Request) -> web.Response:
        """Keep what one call brings."""
        told = request.headers.get(HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(told, self._secret):
            return web.Response(status=403)
        try:
            update = Update.de_json(await request.json(), self._bot)
        except UNREADABLE as error:
            # Called again with the same it would not read any better.
            log.warning("telegram.unreadable", error=type(error).__name__)
            return web.Response(status=200)
        await self._keep([update])
        return web.Response(status=200)
