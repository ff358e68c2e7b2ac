"""The place of a team on Discord and on Telegram: who sits there, what they type and tap, what they see.

The real client libraries are connected to servers on loopback; what is told here holds for both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any, Protocol, Self

from app.words import tell_in
from bot.channels.discord.channel import DiscordChannel
from bot.channels.discord.options import DiscordOptions
from bot.channels.discord.options import Patience as DiscordPatience
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import Patience as TelegramPatience
from bot.channels.telegram.options import TelegramOptions
from bot.commands.counter import Counter
from inbox.people import Role
from inbox.ports import Clock, Connection
from tests.end_to_end.worlds import SECOND, OnDiscord, OnTelegram
from tests.fakes.discord import OWNER_ROLE, READING_ROLE, STAFF, SUPPORT_ROLE, Asked

TEAM = -1009
LEA, OMAR, PAULE, INES, CAMILLE = "Léa", "Omar", "Paule", "Inès", "Camille"
"""An agent, a viewer, an administrator, a moderator; and a contact, who is nobody of the team."""

_CALLED = {CAMILLE: "Camille Rousseau"}
_IDS = {CAMILLE: 7, INES: 8, LEA: 21, OMAR: 22, PAULE: 23}


def _name(number: int) -> str:
    return next(name for name, one in _IDS.items() if one == number)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody is answered: its words, what can be tapped, whether only he sees it, the message behind it.

    `sent` are the words as they went over the wire, with their marks.
    """

    text: str
    buttons: tuple[str, ...] = ()
    is_whispered: bool = True
    asks: str | None = None
    sent: str = ""
    picture: bool = False
    raw: Any = None


class Chat(Protocol):
    """One chat with a team in it."""

    name: str
    lang: str

    @property
    def roles(self) -> Mapping[str, Role]: ...
    @property
    def team(self) -> str: ...
    def connect(self, clock: Clock, counter: Counter) -> Connection: ...
    def say(self, text: str, *, author: int = 7) -> Any: ...
    def say_as(self, number: int, text: str) -> Any: ...
    def still_there(self, said: Any) -> bool: ...
    def replies(self) -> list[str]: ...
    def notices(self) -> list[str]: ...
    def cards(self) -> list[Seen]: ...
    def called(self) -> list[list[str]]: ...
    async def ask(self, who: str, name: str, /, *, about: Any = None, **given: Any) -> Seen: ...
    async def tap(self, seen: Seen, label: str, who: str) -> Seen: ...
    async def forge(self, seen: Seen, press: str, who: str) -> Seen: ...
    async def fill(self, seen: Seen, text: str, who: str) -> Seen: ...
    def button(self, seen: Seen, verb: str) -> str: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *told: object) -> None: ...


class DiscordChat(OnDiscord):
    """A server with a channel of the team."""

    def __init__(self, lang: str = "en") -> None:
        super().__init__()
        self.lang = lang
        self._asked: list[Asked] = []
        self._people = {LEA: self.lea, OMAR: self.omar, PAULE: self.paule, INES: self.ines, CAMILLE: self.camille}

    team = str(STAFF)
    roles: Mapping[str, Role] = {
        f"discord/{SUPPORT_ROLE}": Role.AGENT,
        f"discord/{READING_ROLE}": Role.VIEWER,
        f"discord/{OWNER_ROLE}": Role.ADMIN,
        "discord/moderates": Role.MODERATOR,
    }

    def connect(self, clock: Clock, counter: Counter) -> Connection:
        patience = DiscordPatience(servers=SECOND / 20, identify=timedelta(), outage=5 * SECOND, act=10 * SECOND)
        options = DiscordOptions(api_url=self.api_url, patience=patience, staff_channels=frozenset({self.team}))
        return DiscordChannel(self.token, options=options, tell=tell_in, clock=clock, counter=counter)

    def cards(self) -> list[Seen]:
        mine = [said for said in self.messages[STAFF].values() if not said.get("webhook_id")]
        return [self._seen(said) for said in mine if said["author"]["id"] == "42"]

    async def ask(self, who: str, name: str, /, *, about: Any = None, **given: Any) -> Seen:
        values = {one: self._people.get(value, value) if one == "user" else value for one, value in given.items()}
        if about is not None:
            asked = self.menu(about[0], about[1], by=self._people[who], locale=self.lang)
        else:
            asked = self.command(name, values, by=self._people[who], locale=self.lang)
        return await self._answered(asked)

    async def tap(self, seen: Seen, label: str, who: str) -> Seen:
        asked = self.press(seen.raw, label, by=self._people[who], locale=self.lang)
        return await self._answered(asked)

    def button(self, seen: Seen, verb: str) -> str:
        """The id of the first button of this verb."""
        ids = [one["custom_id"] for row in seen.raw.get("components") or () for one in row["components"]]
        return str(next(one for one in ids if one.partition(":")[0] == verb))

    async def forge(self, seen: Seen, press: str, who: str) -> Seen:
        asked = self.interactions.forge(seen.raw, press, by=self._people[who], locale=self.lang)
        return await self._answered(asked)

    async def fill(self, seen: Seen, text: str, who: str) -> Seen:
        asked = self.submit(seen.raw, {"text": text}, by=self._people[who])
        return await self._answered(asked)

    def slowest_acknowledgement(self) -> float:
        """How many seconds the slowest first answer to anybody took."""
        return max(one.took or 0.0 for one in self._asked)

    def called(self) -> list[list[str]]:
        """Who was called by each message in the place of the team that called somebody, in their order."""
        bodies = self.calls("POST", f"channels/{STAFF}/messages")
        numbers = [(body["content"], body.get("allowed_mentions", {}).get("users", [])) for body in bodies]
        names = [[_name(int(one)) for one in users if f"<@{one}>" in text] for text, users in numbers]
        return [one for one in names if one]

    async def _answered(self, asked: Asked) -> Seen:
        self._asked.append(asked)
        await asked.until(lambda: asked.modal is not None or asked.answers)
        if asked.modal is not None:
            return Seen(asked.modal["title"], asks=asked.modal["title"], raw=asked)
        return self._seen(asked.answers[-1])

    @staticmethod
    def _seen(said: Mapping[str, Any]) -> Seen:
        buttons = [one["label"] for row in said.get("components") or () for one in row["components"]]
        whispered = bool(said.get("flags", 0) & 64)
        shown = re.sub(r"\\([_*~`|>#-])", r"\1", re.sub(r"(?<!\\)[*`]+", "", said["content"]))
        picture = bool(said.get("attachments"))
        return Seen(shown, tuple(buttons), whispered, sent=said["content"], picture=picture, raw=said)


class TelegramChat(OnTelegram):
    """A group of members, and one of the team."""

    def __init__(self, lang: str = "en") -> None:
        super().__init__()
        self.lang = lang
        self.administrators[TEAM] = [
            {"id": 23, "is_bot": False, "first_name": PAULE},
            {"id": 8, "is_bot": False, "first_name": INES},
        ]
        self.creators[TEAM] = 23

    team = str(TEAM)
    roles: Mapping[str, Role] = {
        "telegram/owner": Role.ADMIN,
        "telegram/moderates": Role.MODERATOR,
        "telegram/21": Role.AGENT,
        "telegram/22": Role.VIEWER,
    }

    def connect(self, clock: Clock, counter: Counter) -> Connection:
        options = TelegramOptions(
            base_url=self.url,
            patience=TelegramPatience(poll=2 * SECOND, answer=5 * SECOND),
            staff_chats=frozenset({self.team}),
        )
        return TelegramChannel(self.token, options=options, tell=tell_in, clock=clock, counter=counter)

    def replies(self) -> list[str]:
        return [said["text"] for said in self.sent if said["chat"]["id"] not in {TEAM, *_IDS.values()}]

    def cards(self) -> list[Seen]:
        sent = [said for said in self.sent if said["chat"]["id"] == TEAM and "reply_parameters" not in said["given"]]
        kept = [self.messages[TEAM, said["message_id"]] for said in sent if (TEAM, said["message_id"]) in self.messages]
        return [self._seen(said) for said in kept]

    async def ask(self, who: str, name: str, /, *, about: Any = None, **given: Any) -> Seen:
        words = [f"@{_CALLED.get(value, value)}" if one == "user" else str(value) for one, value in given.items()]
        number = len(self.sent)
        more: dict[str, Any] = {} if about is None else {"reply_to_message": about[1]}
        chat = TEAM if about is None or about[1]["chat"]["id"] == TEAM else about[1]["chat"]["id"]
        self.say(" ".join([f"/{name}", *words]), chat=chat, author=_IDS[who], name=who, **self._from(who), **more)
        return await self._next(number)

    async def tap(self, seen: Seen, label: str, who: str) -> Seen:
        number = len(self.sent)
        pressed = self.press(seen.raw, label, by=_IDS[who], name=who, lang=self.lang)
        return await self._pressed(pressed, number)

    def button(self, seen: Seen, verb: str) -> str:
        """What the first button of this verb says."""
        rows: Sequence[Any] = (seen.raw.get("reply_markup") or {}).get("inline_keyboard", ())
        found = [one for row in rows for one in row if one["callback_data"].partition(":")[0] == verb]
        return str(found[0]["text"])

    async def forge(self, seen: Seen, press: str, who: str) -> Seen:
        number = len(self.sent)
        pressed = self.press(seen.raw, by=_IDS[who], name=who, lang=self.lang, data=press)
        return await self._pressed(pressed, number)

    async def fill(self, seen: Seen, text: str, who: str) -> Seen:
        number = len(self.sent)
        self.reply_to(seen.raw, text, by=_IDS[who], name=who, **self._from(who))
        return await self._next(number)

    async def _pressed(self, pressed: Any, number: int) -> Seen:
        await pressed.until_answered()
        if pressed.note:
            return Seen(pressed.note)
        return await self._next(number)

    async def _next(self, number: int) -> Seen:
        await self.until(
            lambda: any("reply_parameters" in one["given"] or one["chat"]["id"] > 0 for one in self.sent[number:])
        )
        answer = next(one for one in self.sent[number:] if "reply_parameters" in one["given"] or one["chat"]["id"] > 0)
        return self._seen(answer)

    def called(self) -> list[list[str]]:
        """Who was called by each message in the place of the team that called somebody, in their order."""
        texts = [said["given"].get("text", "") for said in self.sent if said["chat"]["id"] == TEAM]
        names = [[_name(int(one)) for one in re.findall(r"tg://user\?id=(\d+)", text)] for text in texts]
        return [one for one in names if one]

    def _from(self, who: str) -> dict[str, Any]:
        return {"from": {"id": _IDS[who], "is_bot": False, "first_name": who, "language_code": self.lang}}

    @staticmethod
    def _seen(said: Mapping[str, Any]) -> Seen:
        rows: Sequence[Any] = (said.get("reply_markup") or {}).get("inline_keyboard", ())
        buttons = [one["text"] for row in rows for one in row]
        given = said.get("given", {})
        asks = said.get("text") if (given.get("reply_markup") or {}).get("force_reply") else None
        shown = (
            unescape(re.sub(r"<[^>]+>", "", given.get("caption") or "")) if "photo" in said else said.get("text", "")
        )
        whispered = said["chat"]["id"] > 0
        sent = given.get("text") or given.get("caption") or said.get("text", "")
        return Seen(shown, tuple(buttons), whispered, asks=asks, sent=sent, picture="photo" in said, raw=dict(said))
