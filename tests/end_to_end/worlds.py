"""Discord and Telegram as one world each: people who write, and a look at what has become of it there.

The real client libraries are connected to servers on loopback; what is told here holds for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol, Self

from bot.channels.discord.channel import DiscordChannel
from bot.channels.discord.options import DiscordOptions
from bot.channels.discord.options import Patience as DiscordPatience
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import Patience as TelegramPatience
from bot.channels.telegram.options import TelegramOptions
from inbox.ports import Clock, Connection
from inbox.sentences import in_english
from tests.fakes.discord import GENERAL, FakeDiscord, person
from tests.fakes.telegram import FakeTelegram

SECOND = timedelta(seconds=1)
GROUP = -1001
CONTACT, MODERATOR = 7, 8


class World(Protocol):
    """One channel's outside world."""

    name: str
    token: str
    now: datetime

    @property
    def environment(self) -> Mapping[str, str]: ...

    def channel(self, clock: Clock) -> Connection: ...
    async def until_heard(self, times: int) -> None: ...
    def say(self, text: str, *, author: int = CONTACT) -> Any: ...
    def answer(self, said: Any, text: str, *, author: int = MODERATOR) -> Any: ...
    def edit(self, said: Any, text: str) -> None: ...
    def still_there(self, said: Any) -> bool: ...
    def replies(self) -> list[str]: ...
    def notices(self) -> list[str]: ...
    def silenced(self) -> list[bool]: ...
    def refuse_reply(self, *, retry_after: float) -> None: ...
    def fail_reply(self) -> None: ...
    def lose_answer(self) -> None: ...
    def close_private_messages(self) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *told: object) -> None: ...


class OnTelegram(FakeTelegram):
    """A supergroup with one administrator."""

    name = "telegram"

    def __init__(self) -> None:
        super().__init__()
        self.administrators[GROUP] = [{"id": MODERATOR, "is_bot": False, "first_name": "Inès"}]

    @property
    def environment(self) -> Mapping[str, str]:
        return {"VIGIE_TELEGRAM__TOKEN": self.token, "VIGIE_TELEGRAM__BASE_URL": self.url}

    async def until_heard(self, times: int) -> None:
        """Return once somebody has begun to listen this often."""
        await self.until_called("deleteWebhook", times)

    def channel(self, clock: Clock) -> Connection:
        options = TelegramOptions(base_url=self.url, patience=TelegramPatience(poll=2 * SECOND, answer=5 * SECOND))
        return TelegramChannel(self.token, options=options, tell=in_english, clock=clock)

    def say_as(self, number: int, text: str) -> None:
        """One of many people writes."""
        self.say(text, author=number, name=f"Contact {number}")

    def answer(self, said: Any, text: str, *, author: int = MODERATOR) -> Any:
        return self.say(text, author=author, name="Inès Martin", reply_to_message=said)

    def still_there(self, said: Any) -> bool:
        return (said["chat"]["id"], said["message_id"]) in self.messages

    def replies(self) -> list[str]:
        return [said["text"] for said in self.sent if said["chat"]["id"] < 0]

    def notices(self) -> list[str]:
        return [said["text"] for said in self.sent if said["chat"]["id"] > 0]

    def silenced(self) -> list[bool]:
        return [not call["permissions"]["can_send_messages"] for call in self.calls("restrictChatMember")]

    def refuse_reply(self, *, retry_after: float) -> None:
        self.fail_next("sendMessage", status=429, says="Too Many Requests", retry_after=int(retry_after))

    def fail_reply(self) -> None:
        self.fail_next("sendMessage", status=502, says="Bad Gateway")

    def lose_answer(self, method: str = "sendMessage") -> None:
        super().lose_answer(method)

    def close_private_messages(self) -> None:
        self.fail_next("sendMessage", status=403, says="Forbidden: bot was blocked by the user")


class OnDiscord(FakeDiscord):
    """A server with one moderator."""

    name = "discord"

    @property
    def environment(self) -> Mapping[str, str]:
        return {"VIGIE_DISCORD__TOKEN": self.token, "VIGIE_DISCORD__API_URL": self.api_url}

    async def until_heard(self, times: int) -> None:
        """Return once somebody has begun to listen this often."""
        await self.until_ready(times)

    def channel(self, clock: Clock) -> Connection:
        patience = DiscordPatience(servers=SECOND / 20, identify=timedelta(), outage=5 * SECOND, act=10 * SECOND)
        options = DiscordOptions(api_url=self.api_url, patience=patience)
        return DiscordChannel(self.token, options=options, tell=in_english, clock=clock)

    def say(self, text: str, *, author: Any = CONTACT, **more: Any) -> Any:
        return super().say(text, author=self.members[author] if isinstance(author, int) else author, **more)

    def say_as(self, number: int, text: str) -> None:
        """One of many people writes."""
        self.say(text, author=person(number, f"Contact {number}"))

    def answer(self, said: Any, text: str, *, author: int = MODERATOR) -> Any:
        return self.say(text, author=author, answers=said)

    def still_there(self, said: Any) -> bool:
        return int(said["id"]) in self.messages[int(said["channel_id"])]

    def replies(self) -> list[str]:
        return [said["content"] for said in self.said_by_bot if int(said["channel_id"]) == GENERAL]

    def notices(self) -> list[str]:
        return [said["content"] for said in self.said_by_bot if int(said["channel_id"]) != GENERAL]

    def silenced(self) -> list[bool]:
        calls = self.calls("PATCH", f"/members/{CONTACT}")
        return [call["communication_disabled_until"] is not None for call in calls]

    def refuse_reply(self, *, retry_after: float) -> None:
        # The library waits out what is short: this is more than it is let wait.
        self.fail_next("POST", "/messages", status=429, retry_after=max(retry_after, 31.0))

    def fail_reply(self) -> None:
        self.fail_next("POST", "/messages", status=502)

    def lose_answer(self, method: str = "POST", path: str = "/messages") -> None:
        super().lose_answer(method, path)

    def close_private_messages(self) -> None:
        self.fail_next("POST", "/messages", status=403, code=50007)
