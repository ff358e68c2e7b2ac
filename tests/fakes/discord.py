"""A Discord on loopback: REST and gateway, one server with channels, a thread, a forum post and people.

    async with FakeDiscord() as discord:
        channel = DiscordChannel(discord.token, options=DiscordOptions(api_url=discord.api_url, …), …)
        …                                             # once it listens:
        await discord.until_ready()
        discord.say("Bonjour", author=discord.camille)
        discord.said_by_bot                            # what the bot has said, newest last
        discord.calls("PATCH", "/guilds/{guild}/members/7")
        discord.fail_next("POST", "/messages", status=403, code=50013)
        discord.lose_answer("POST", "/messages")       # it is done, but nobody hears so
        await discord.drop()                           # the socket is gone; the next one resumes
    asked = discord.command("next", by=discord.lea)   # and menus, buttons, forms: see `discord_interactions`

Paths of staged failures are endings. While `hold_history` is clear, histories are not answered. Times are given by
`now`, which tests may set.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.fakes.discord_interactions import Asked, Interactions, shown
from tests.fakes.discord_values import (
    APPLICATION,
    BOT,
    FORUM,
    GENERAL,
    GUILD,
    OWNER_ROLE,
    POST,
    READING_ROLE,
    STAFF,
    STAFF_ROLE,
    SUPPORT_ROLE,
    THREAD,
    VIP_ROLE,
    Refused,
    person,
)
from tests.fakes.discord_values import as_json as _json
from tests.fakes.discord_values import unknown as _unknown

__all__ = (
    "APPLICATION",
    "BOT",
    "EVERYTHING",
    "FORUM",
    "GENERAL",
    "GUILD",
    "MANAGE_MESSAGES",
    "MESSAGE_CONTENT",
    "MODERATE",
    "OWNER_ROLE",
    "POST",
    "READING_ROLE",
    "READ_AND_WRITE",
    "STAFF",
    "STAFF_ROLE",
    "SUPPORT_ROLE",
    "THREAD",
    "VIP_ROLE",
    "Asked",
    "FakeDiscord",
    "person",
)

EPOCH_MS = 1_420_070_400_000
READ_AND_WRITE = 1 << 10 | 1 << 11 | 1 << 16 | 1 << 38
MANAGE_MESSAGES, MODERATE = 1 << 13, 1 << 40
EVERYTHING = READ_AND_WRITE | MANAGE_MESSAGES | MODERATE | 1 << 1 | 1 << 2 | 1 << 4
MESSAGE_CONTENT = 1 << 15


class FakeDiscord:
    """The server."""

    token = "TEST.discord"

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
        self.camille = person(7, "Camille Rousseau")
        self.ines = person(8, "Inès", STAFF_ROLE)
        self.vip = person(9, "Max", VIP_ROLE)
        self.robot = person(10, "Rose", bot=True)
        self.lea = person(21, "Léa", SUPPORT_ROLE)
        self.omar = person(22, "Omar", READING_ROLE)
        self.paule = person(23, "Paule", OWNER_ROLE)
        people = (self.camille, self.ines, self.vip, self.robot, self.lea, self.omar, self.paule)
        self.members = {int(one["user"]["id"]): one for one in people}
        self.private: dict[int, int] = {}
        self.messages: dict[int, dict[int, dict[str, Any]]] = {place: {} for place in (GENERAL, THREAD, POST, STAFF)}
        self.banned: set[int] = set()
        self.intents_allowed = self.gateway_is_up = True
        self.hold_history = asyncio.Event()
        self.hold_history.set()
        self.may_read_content = True
        self.commands: list[dict[str, Any]] = []
        self.rights = EVERYTHING
        self.files: dict[str, bytes] = {}
        self.identified = self.resumed = 0
        self._numbers = count(1)
        self._calls: list[tuple[str, str, Any]] = []
        self._staged: list[dict[str, Any]] = []
        self._history: list[dict[str, Any]] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""
        self.interactions = Interactions(self)
        self.command, self.menu = self.interactions.command, self.interactions.menu
        self.press, self.choose, self.submit = (
            self.interactions.press,
            self.interactions.choose,
            self.interactions.submit,
        )

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/gw", self._gateway)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_route("*", "/api/v10/{path:.*}", self._rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._sockets:
            await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What `discord.api_url` is set to."""
        return f"{self.url}/api/v10"

    # --- what people do ---

    def say(
        self,
        text: str,
        *,
        author: Mapping[str, Any] | None = None,
        channel: int = GENERAL,
        answers: Mapping[str, Any] | None = None,
        unheard: bool = False,
        **more: Any,
    ) -> dict[str, Any]:
        """Somebody writes; `more` are fields of the message. `unheard`: only the history tells of it."""
        said = self._message(text, author or self.camille, channel, **more)
        if answers is not None:
            said["type"] = 19
            said["message_reference"] = {"channel_id": answers["channel_id"], "message_id": answers["id"], "type": 0}
            said["referenced_message"] = dict(answers)
        self.messages[channel][int(said["id"])] = said
        if not unheard:
            self.tell("MESSAGE_CREATE", self._as_event(said, author or self.camille))
        return said

    def say_privately(self, text: str, *, author: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Somebody writes to the bot alone."""
        return self.say(text, author=author, channel=self.open_private(int((author or self.camille)["user"]["id"])))

    def open_private(self, whom: int) -> int:
        """The private channel with a person."""
        channel = self.private.setdefault(whom, 9_000 + whom)
        self.messages.setdefault(channel, {})
        return channel

    def edit(self, said: Mapping[str, Any], text: str) -> None:
        """The author gives a message another text."""
        kept = self.messages[int(said["channel_id"])][int(said["id"])]
        kept |= {"content": text, "edited_timestamp": self.now.isoformat()}
        self.tell("MESSAGE_UPDATE", self._as_event(kept, self.camille))

    def unfurl(self, said: Mapping[str, Any]) -> None:
        """A link in a message gets its preview: an update that is no edit."""
        kept = self.messages[int(said["channel_id"])][int(said["id"])]
        self.tell("MESSAGE_UPDATE", self._as_event(kept | {"embeds": [{"title": "Loriot"}]}, self.camille))

    def delete(self, *gone: Mapping[str, Any]) -> None:
        """Messages of one channel are deleted, several at once in bulk."""
        channel = int(gone[0]["channel_id"])
        ids = [said["id"] for said in gone]
        for one in ids:
            del self.messages[channel][int(one)]
        place = {"channel_id": str(channel), **({} if channel in self.private.values() else {"guild_id": str(GUILD)})}
        if len(ids) == 1:
            self.tell("MESSAGE_DELETE", {"id": ids[0], **place})
        else:
            self.tell("MESSAGE_DELETE_BULK", {"ids": ids, **place})

    def report(self, said: Mapping[str, Any], *, by: Mapping[str, Any], locale: str = "fr") -> Asked:
        """A member chooses «Report» in the menu of a message."""
        return self.menu("Report", said, by=by, locale=locale)

    def appeal(self, text: str, *, by: Mapping[str, Any], case: int | None = None, locale: str = "fr") -> Asked:
        """A member uses /appeal."""
        return self.command("appeal", by=by, channel=GENERAL, locale=locale, text=text, case=case)

    # --- what goes wrong ---

    def fail_next(
        self, method: str, path: str, *, status: int, code: int = 0, says: str = "refused", **body: Any
    ) -> None:
        """Refuse the next request of this kind; for a 429 give `retry_after`."""
        self._staged.append(
            {"method": method, "path": path, "status": status, "body": {"code": code, "message": says, **body}}
        )

    def lose_answer(self, method: str, path: str) -> None:
        """Do what the next request of this kind asks, and hang up without a word."""
        self._staged.append({"method": method, "path": path, "lost": True})

    def come_back(self) -> None:
        """The server is there again after an outage at Discord."""
        self.tell("GUILD_CREATE", self._guild() | {"unavailable": False})

    async def drop(self, code: int = 1001) -> None:
        """The connection breaks; what is told meanwhile is told again when it is resumed."""
        for socket in [*self._sockets]:
            await socket.close(code=code)

    # --- what the bot did ---

    def calls(self, method: str, path: str) -> list[Any]:
        """The bodies of the requests whose path ends like this; `{guild}` stands for the server."""
        ending = path.format(guild=GUILD, general=GENERAL)
        return [body for called, where, body in self._calls if called == method and where.endswith(ending)]

    @property
    def said_by_bot(self) -> list[dict[str, Any]]:
        """What the bot has said and not taken back, oldest first."""
        every = [said for channel in self.messages.values() for said in channel.values()]
        return sorted((said for said in every if said["author"]["id"] == BOT["id"]), key=lambda said: int(said["id"]))

    async def until_ready(self, times: int = 1) -> None:
        """Return once the bot has identified itself this often."""
        await self._until(lambda: self.identified >= times)

    async def until_resumed(self) -> None:
        """Return once a broken connection was resumed."""
        await self._until(lambda: self.resumed > 0)

    async def until_called(self, method: str, path: str, times: int = 1) -> list[Any]:
        """The requests whose path ends like this, once there are this many."""
        await self._until(lambda: len(self.calls(method, path)) >= times)
        return self.calls(method, path)

    async def _until(self, holds: Any) -> None:
        async with self._changed, asyncio.timeout(20):
            await self._changed.wait_for(holds)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # --- the gateway ---

    def tell(self, kind: str, told: Mapping[str, Any]) -> None:
        """Dispatch an event to whoever is connected, and keep it for who comes back."""
        event = {"op": 0, "t": kind, "s": len(self._history) + 1, "d": dict(told)}
        self._history.append(event)
        for socket in self._sockets:
            task = asyncio.get_running_loop().create_task(self._send(socket, event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _send(socket: web.WebSocketResponse, event: Mapping[str, Any]) -> None:
        if not socket.closed:
            await socket.send_json(event)

    async def _gateway(self, request: web.Request) -> web.WebSocketResponse:
        if not self.gateway_is_up:
            raise web.HTTPBadGateway
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250}})
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            told = json.loads(frame.data)
            if told["op"] == 1:
                await socket.send_json({"op": 11})
            elif told["op"] == 2:
                await self._identify(socket, told["d"])
            elif told["op"] == 6:
                for event in self._history[told["d"]["seq"] :]:
                    await socket.send_json(event)
                self._sockets.append(socket)
                self.resumed += 1
                self.tell("RESUMED", {})
                await self._notify()
        if socket in self._sockets:
            self._sockets.remove(socket)
        return socket

    async def _identify(self, socket: web.WebSocketResponse, told: Mapping[str, Any]) -> None:
        if told["token"] != self.token:
            await socket.close(code=4004)
            return
        if told["intents"] & MESSAGE_CONTENT and not self.intents_allowed:
            await socket.close(code=4014)
            return
        self._history.clear()
        self._sockets.append(socket)
        ready = {
            "v": 10,
            "user": BOT,
            "guilds": [{"id": str(GUILD), "unavailable": True}],
            "session_id": "session",
            "resume_gateway_url": self.url.replace("http", "ws") + "/gw",
            "application": {"id": str(APPLICATION), "flags": 0},
        }
        self.tell("READY", ready)
        self.tell("GUILD_CREATE", self._guild())
        self.identified += 1
        await self._notify()

    def _guild(self) -> dict[str, Any]:
        def role(number: int, name: str, rights: int) -> dict[str, Any]:
            plain = dict.fromkeys(("color", "position", "flags"), 0) | dict.fromkeys(
                ("hoist", "managed", "mentionable"), False
            )
            return plain | {"id": str(number), "name": name, "permissions": str(rights)}

        def place(number: int, kind: int, name: str, **more: Any) -> dict[str, Any]:
            return {"id": str(number), "type": kind, "name": name, "position": 0, "permission_overwrites": [], **more}

        def thread(number: int, parent: int, name: str) -> dict[str, Any]:
            state = {
                "archived": False,
                "auto_archive_duration": 60,
                "locked": False,
                "archive_timestamp": self.now.isoformat(),
            }
            counts = dict.fromkeys(("message_count", "member_count", "rate_limit_per_user"), 0)
            return place(
                number,
                11,
                name,
                parent_id=str(parent),
                owner_id="7",
                thread_metadata=state,
                guild_id=str(GUILD),
                **counts,
            )

        lists = (
            "emojis",
            "stickers",
            "features",
            "voice_states",
            "presences",
            "stage_instances",
            "guild_scheduled_events",
        )
        numbers = ("verification_level", "default_message_notifications", "explicit_content_filter", "mfa_level")
        return {
            **{name: [] for name in lists},
            **dict.fromkeys(numbers, 0),
            **dict.fromkeys(("premium_tier", "nsfw_level", "afk_timeout", "system_channel_flags"), 0),
            "id": str(GUILD),
            "name": "Les amis de Loriot",
            "owner_id": "1",
            "preferred_locale": "fr",
            "member_count": 5,
            "roles": [
                role(GUILD, "@everyone", READ_AND_WRITE),
                role(STAFF_ROLE, "Équipe", READ_AND_WRITE | MANAGE_MESSAGES),
                role(VIP_ROLE, "VIP", READ_AND_WRITE),
                role(SUPPORT_ROLE, "Support", READ_AND_WRITE),
                role(READING_ROLE, "Lecture", READ_AND_WRITE),
                role(OWNER_ROLE, "Patron", READ_AND_WRITE),
            ],
            "members": [self._member({"user": BOT, "roles": []})],
            "channels": [
                place(GENERAL, 0, "general"),
                place(FORUM, 15, "aide", available_tags=[]),
                place(STAFF, 0, "moderation"),
            ],
            "threads": [thread(THREAD, GENERAL, "un fil"), thread(POST, FORUM, "Mon colis")],
        }

    # --- REST ---

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        path = f"/{request.match_info['path']}"
        body = await self.interactions.read(request)
        ending = shown(path)
        self._calls.append((request.method, ending, body))
        await self._notify()
        if request.method == "GET" and path.endswith("/messages"):
            await self.hold_history.wait()
        if path == "/gateway":
            return web.json_response({"url": self.url.replace("http", "ws") + "/gw"})
        if request.headers.get("Authorization") not in {f"Bot {self.token}", None}:
            return _json({"message": "401: Unauthorized", "code": 0}, status=401)
        staged = next(
            (one for one in self._staged if one["method"] == request.method and ending.endswith(one["path"])), None
        )
        if staged is not None:
            self._staged.remove(staged)
            if "status" in staged:
                return _json(staged["body"], status=staged["status"])
        try:
            answer = self._do(request.method, path, body, request.query)
        except Refused as refused:
            answer = _json(refused.body, status=refused.status)
        await self._notify()
        if staged is not None and request.transport is not None:
            request.transport.close()
        return answer

    def _do(self, method: str, path: str, body: Any, query: Mapping[str, str]) -> web.Response:
        steps = path.strip("/").split("/")
        if (answer := self.interactions.do(method, steps, body, query)) is not None:
            return answer
        match method, steps:
            case "GET", ["users", "@me"]:
                return _json(BOT)
            case "GET", ["oauth2", "applications", "@me"]:
                return _json(self._application())
            case "GET", ["users", "@me", "guilds"]:
                return _json([{"id": str(GUILD), "name": "Les amis de Loriot", "permissions": str(self.rights)}])
            case "POST", ["users", "@me", "channels"]:
                channel = self.open_private(int(body["recipient_id"]))
                return _json(self._private_channel(channel))
            case _, ["channels", channel, *rest]:
                return self._in_channel(method, int(channel), rest, body, query)
            case _, ["guilds", _, *rest]:
                return self._in_guild(method, rest, body)
        return _json({"message": "404: Not Found", "code": 0}, status=404)

    def _in_channel(
        self, method: str, channel: int, rest: list[str], body: Any, query: Mapping[str, str]
    ) -> web.Response:
        if channel not in self.messages:
            return _unknown(10003, "Unknown Channel")
        there = self.messages[channel]
        match method, rest:
            case "GET", []:
                return _json(
                    self._private_channel(channel)
                    if channel in self.private.values()
                    else {"id": str(channel), "name": "moderation" if channel == STAFF else "general"}
                )
            case "PATCH", []:
                return _json({"id": str(channel), "type": 0, **body})
            case "GET", ["messages"]:
                after, most = int(query.get("after", 0)), int(query.get("limit", 50))
                ids = sorted(one for one in there if one > after)[:most]
                return _json([there[one] for one in reversed(ids)])
            case "POST", ["messages"]:
                return self._post(channel, body)
            case "PATCH", ["messages", message] if int(message) in there:
                self.interactions.change(there[int(message)], body)
                return _json(there[int(message)])
            case "GET", ["messages", message] if int(message) in there:
                return _json(there[int(message)])
            case "DELETE", ["messages", message] if int(message) in there:
                gone = there.pop(int(message))
                place = {} if channel in self.private.values() else {"guild_id": str(GUILD)}
                self.tell("MESSAGE_DELETE", {"id": gone["id"], "channel_id": str(channel), **place})
                return web.Response(status=204)
        return _unknown(10008, "Unknown Message")

    def _post(self, channel: int, body: Mapping[str, Any]) -> web.Response:
        there = self.messages[channel]
        if body.get("enforce_nonce"):
            for said in there.values():
                if said.get("nonce") == body["nonce"]:
                    return _json(said)
        answered = body.get("message_reference")
        if answered and int(answered["message_id"]) not in there:
            errors = {
                "message_reference": {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
            }
            return _json({"code": 50035, "message": "Invalid Form Body", "errors": errors}, status=400)
        said = self._message("", {"user": BOT, "roles": []}, channel, nonce=body.get("nonce"))
        self.interactions.fill(said, body)
        if answered:
            said |= {
                "type": 19,
                "message_reference": {"channel_id": str(channel), "message_id": answered["message_id"]},
            }
        there[int(said["id"])] = said
        self.tell("MESSAGE_CREATE", self._as_event(said, {"user": BOT, "roles": []}))
        return _json(said)

    def _in_guild(self, method: str, rest: list[str], body: Any) -> web.Response:
        match method, rest:
            case "GET", ["members", whom] if int(whom) in self.members:
                return _json(self._member(self.members[int(whom)]))
            case "PATCH", ["members", whom] if int(whom) in self.members:
                self.members[int(whom)] |= body
                return _json(self._member(self.members[int(whom)]))
            case "DELETE", ["members", whom] if int(whom) in self.members:
                return web.Response(status=204)
            case "PUT", ["bans", whom]:
                self.banned.add(int(whom))
                return web.Response(status=204)
            case "DELETE", ["bans", whom]:
                if int(whom) not in self.banned:
                    return _unknown(10026, "Unknown Ban")
                self.banned.discard(int(whom))
                return web.Response(status=204)
        return _unknown(10007, "Unknown Member")

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["name"] not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[request.match_info["name"]])

    # --- values ---

    def _snowflake(self) -> int:
        return (int(self.now.timestamp() * 1000) - EPOCH_MS) << 22 | next(self._numbers)

    def _message(self, text: str, author: Mapping[str, Any], channel: int, **more: Any) -> dict[str, Any]:
        lists = ("mentions", "mention_roles", "attachments", "embeds", "components")
        return {
            **{name: [] for name in lists},
            "id": str(self._snowflake()),
            "channel_id": str(channel),
            "author": author["user"],
            "content": text,
            "timestamp": self.now.isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "pinned": False,
            "type": 0,
            "flags": 0,
            **more,
        }

    def _as_event(self, said: Mapping[str, Any], author: Mapping[str, Any]) -> dict[str, Any]:
        if int(said["channel_id"]) in self.private.values():
            return {**said, "channel_type": 1}
        member = {name: value for name, value in self._member(author).items() if name != "user"}
        return {**said, "guild_id": str(GUILD), "member": member}

    @staticmethod
    def _member(one: Mapping[str, Any]) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "deaf": False,
            "mute": False,
            "flags": 0,
            "nick": None,
            "avatar": None,
            "pending": False,
        }
        return {**plain, "joined_at": "2024-01-01T00:00:00+00:00", "premium_since": None, **one}

    def _private_channel(self, channel: int) -> dict[str, Any]:
        whom = next(one for one, its in self.private.items() if its == channel)
        return {"id": str(channel), "type": 1, "recipients": [self.members[whom]["user"]], "last_message_id": None}

    def _application(self) -> dict[str, Any]:
        return {
            "id": str(APPLICATION),
            "name": "Vigie",
            "description": "",
            "icon": None,
            "rpc_origins": [],
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "k",
            "owner": {"id": "1", "username": "owner", "discriminator": "0", "avatar": None},
            "team": None,
            "flags": 1 << 19 if self.may_read_content else 0,
            "approximate_guild_count": 1,
            "redirect_uris": [],
            "interactions_endpoint_url": None,
        }
