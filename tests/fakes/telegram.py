"""A Bot API server on loopback: chats, members and messages that change, long polling that waits, failures to stage.

    async with FakeTelegram() as telegram:
        telegram.say("Bonjour", chat=-1001)                 # somebody writes; the bot hears it when it asks
        channel = TelegramChannel(telegram.token, options=TelegramOptions(base_url=telegram.url, …), …)
        …
        telegram.sent                                       # what the bot has said, newest last
        telegram.calls("deleteMessage")                     # the parameters of each call of a method
        telegram.fail_next("sendMessage", status=429, retry_after=7)
        telegram.lose_answer("sendMessage")                 # it is done, but nobody hears so

A group is any negative id; `administrators` names its team, `linked` the channel whose posts it discusses, `allowed`
whether its members may write. The bot's own id is 4242. Buttons, menus and pictures: see `telegram_staff`.
"""

from __future__ import annotations

import asyncio
import json
import socket
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web

from tests.fakes.telegram_staff import PLAIN, Staff
from tests.fakes.telegram_staff import Refused as _Refused

BOT = {"id": 4242, "is_bot": True, "first_name": "Vigie", "username": "vigie_bot"}
BAD_GATEWAY = "<html><body><h1>502 Bad Gateway</h1></body></html>"
"""What stands before Telegram's servers says when they are away: a page, not JSON."""

_HANG_UP_S = 0.05


class FakeTelegram:
    """The server. Times are given by `now`, which tests may set."""

    token = "4242:TEST"

    def __init__(self) -> None:
        self.reads_all = True
        self.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
        self.administrators: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.linked: dict[int, int] = {}
        self.allowed = True
        self.messages: dict[tuple[int, int], dict[str, Any]] = {}
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.tells_sizes = True
        self.webhook: dict[str, Any] = {}
        self.acknowledged = 0
        self._calls: list[tuple[str, dict[str, Any]]] = []
        self._failures: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._updates: list[dict[str, Any]] = []
        self._update_id = 100
        self._message_ids: dict[int, int] = defaultdict(int)
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.url = ""
        self.staff = Staff(self, BOT)
        self.press, self.reply_to, self.kept = self.staff.press, self.staff.reply_to, self.staff.kept
        self.menus, self.creators, self.until = self.staff.menus, self.staff.creators, self.staff.until

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/{path:.*}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_HANG_UP_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what people do ---

    def say(self, text: str | None, **more: Any) -> dict[str, Any]:
        """Somebody writes; the message as Telegram has it. `more` is as `message` takes it."""
        said = self.message(text, **more)
        kind = "business_message" if "business_connection_id" in more else "message"
        self.update({kind: said})
        return said

    def message(
        self, text: str | None, *, chat: Any = -1001, author: Any = 7, name: Any = "Camille Rousseau", **more: Any
    ) -> dict[str, Any]:
        """A message that nobody has been told of yet; `more` are fields of it, such as `reply_to_message`."""
        self._message_ids[chat] += 1
        first, _, last = name.partition(" ")
        said: dict[str, Any] = {
            "message_id": self._message_ids[chat],
            "date": int(self.now.timestamp()),
            "chat": self.chat(chat),
            "from": {"id": author, "is_bot": False, "first_name": first, "last_name": last, "language_code": "fr"},
        }
        if text is not None:
            said["text"] = text
        said |= more
        self.messages[chat, said["message_id"]] = said
        return said

    def edit(self, said: Mapping[str, Any], text: str) -> None:
        """The author gives a message another text."""
        changed = {**said, "text": text, "edit_date": int(self.now.timestamp())}
        self.messages[said["chat"]["id"], said["message_id"]] = changed
        self.update({"edited_message": changed})

    def migrate(self, chat: int, to: int) -> None:
        """A group becomes a supergroup: two service messages, as Telegram sends them."""
        self.say(None, chat=chat, migrate_to_chat_id=to)
        self.say(None, chat=to, migrate_from_chat_id=chat)

    def update(self, told: Mapping[str, Any]) -> int:
        """Have the bot told of something; the number of the update."""
        self._update_id += 1
        self._updates.append({"update_id": self._update_id, **told})
        asyncio.get_running_loop().create_task(self._notify())  # it ends at once
        return self._update_id

    @staticmethod
    def chat(chat: int) -> dict[str, Any]:
        """A chat by its id: people's are positive."""
        if chat > 0:
            return {"id": chat, "type": "private", "first_name": "Camille"}
        kind = "supergroup" if str(chat).startswith("-100") else "group"
        return {"id": chat, "type": kind, "title": "Les amis de Loriot"}

    # --- what goes wrong ---

    def fail_next(self, method: str, *, status: int = 400, says: str = "Bad Request", **parameters: Any) -> None:
        """Refuse the next call of a method; `retry_after` and `migrate_to_chat_id` go along."""
        self._failures[method].append({"status": status, "says": says, "parameters": parameters})

    def lose_answer(self, method: str) -> None:
        """Do what the next call of a method asks, and hang up without a word."""
        self._failures[method].append({"lost": True})

    def hold_next(self, method: str) -> asyncio.Event:
        """Answer the next call of a method no sooner than the event is set."""
        held = asyncio.Event()
        self._failures[method].append({"held": held})
        return held

    # --- what the bot did ---

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The parameters of each call of a method, refused ones too."""
        return [given for called, given in self._calls if called == method]

    async def until_called(self, method: str, times: int = 1) -> list[dict[str, Any]]:
        """The calls of a method, once there are this many."""
        async with self._changed, asyncio.timeout(20):
            await self._changed.wait_for(lambda: len(self.calls(method)) >= times)
        return self.calls(method)

    @property
    def pending(self) -> list[int]:
        """Numbers of updates that have not been acknowledged."""
        return [update["update_id"] for update in self._updates]

    # --- the protocol ---

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        given = {
            name: value if name in PLAIN else _value(value)
            for name, value in {**request.query, **await request.post()}.items()
        }
        self._calls.append((method, given))
        await self._notify()
        if request.match_info["token"] != self.token:
            return _refusal(401, "Unauthorized", {})
        staged = self._failures[method].pop(0) if self._failures[method] else {}
        if staged.get("says") == BAD_GATEWAY:
            return web.Response(status=staged["status"], text=BAD_GATEWAY, content_type="text/html")
        if "held" in staged:
            await staged["held"].wait()
        if "status" in staged:
            return _refusal(staged["status"], staged["says"], staged["parameters"])
        handle = self.staff.handlers.get(method) or getattr(self, f"_{method}", None)
        try:
            result = await handle(given) if handle is not None else True
        except _Refused as refused:
            return _refusal(400, str(refused), {})
        finally:
            await self._notify()
        if staged.get("lost") and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, "result": result})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["path"]])

    async def _getMe(self, given: dict[str, Any]) -> Any:
        return {**BOT, "can_read_all_group_messages": self.reads_all, "can_join_groups": True}

    async def _getUpdates(self, given: dict[str, Any]) -> Any:
        offset = int(given.get("offset", 0))
        if offset:
            self.acknowledged = max(self.acknowledged, offset - 1)
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates and float(given.get("timeout", 0)):
            async with self._changed:
                try:
                    async with asyncio.timeout(float(given["timeout"])):
                        await self._changed.wait_for(lambda: bool(self._updates))
                except TimeoutError:
                    pass
        return self._updates[:100]

    async def _setWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = given
        return True

    async def _deleteWebhook(self, given: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def _getWebhookInfo(self, given: dict[str, Any]) -> Any:
        return {"url": self.webhook.get("url", ""), "has_custom_certificate": False, "pending_update_count": 0}

    async def _unbanChatMember(self, given: dict[str, Any]) -> Any:
        if self.chat(int(given["chat_id"]))["type"] == "group":
            raise _Refused("Bad Request: method is available for supergroup and channel chats only")
        return True

    async def _getChat(self, given: dict[str, Any]) -> Any:
        allowed = ("can_send_messages", "can_send_photos", "can_send_polls", "can_send_other_messages")
        chat = int(given["chat_id"])
        return {
            **self.chat(chat),
            **({"linked_chat_id": self.linked[chat]} if chat in self.linked else {}),
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
                False,
            ),
            "permissions": dict.fromkeys(allowed, self.allowed),
        }

    async def _deleteMessage(self, given: dict[str, Any]) -> Any:
        said = self._find(given, "Bad Request: message to delete not found")
        del self.messages[said["chat"]["id"], said["message_id"]]
        return True

    async def _getFile(self, given: dict[str, Any]) -> Any:
        path = f"files/{given['file_id']}"
        if path not in self.files:
            raise _Refused("Bad Request: wrong file_id or the file is temporarily unavailable")
        return {
            "file_id": given["file_id"],
            "file_unique_id": "u",
            "file_path": path,
            **({"file_size": len(self.files[path])} if self.tells_sizes else {}),
        }

    def _find(self, given: Mapping[str, Any], otherwise: str) -> dict[str, Any]:
        found = self.messages.get((int(given["chat_id"]), int(given["message_id"])))
        if found is None:
            raise _Refused(otherwise)
        return found


def _refusal(status: int, says: str, parameters: Mapping[str, Any]) -> web.Response:
    told = {"ok": False, "error_code": status, "description": says, "parameters": dict(parameters)}
    return web.json_response(told, status=status)


def _value(given: Any) -> Any:
    """Nested values come as JSON inside a form; plain text as it is."""
    if isinstance(given, str) and given[:1] in {"{", "["}:
        return json.loads(given)
    return given


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
