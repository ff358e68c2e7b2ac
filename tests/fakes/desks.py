"""Help desks on loopback, each the slice of its API that we use.

    async with FakeZammad() as zammad:
        desk = ZammadDesk("support", zammad.url, zammad.token, group=zammad.group, put=str)
        …
        zammad.tickets                          # by id, as they stand there
        zammad.calls("POST", "/tickets")        # what was asked, by the ending of the path
        zammad.fail_next("POST", "/tickets", status=503)
        zammad.lose_answer("POST", "/tickets")  # it is done, but nobody hears so

`exchanges` has each request with its answer, for checks against a description of the API.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any, ClassVar, Self

from aiohttp import web
from aiosmtpd.smtp import SMTP


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    status: int
    answer: Any
    raw: bytes = b""


class RefusedHere(Exception):
    """What the server refuses, and how."""

    def __init__(self, status: int, says: Any) -> None:
        super().__init__(status)
        self.status = status
        self.says = says


@dataclass
class _Failure:
    method: str
    ending: str
    status: int
    says: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeDesk:
    """What all of them have in common."""

    token = "TEST.desk"

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self.raw = b""
        self._failures: list[_Failure] = []
        self._losses: list[tuple[str, str]] = []
        self._numbers = count(101)
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def calls(self, method: str, ending: str) -> list[Any]:
        """The bodies of the requests whose path ends so."""
        return [one.body for one in self.exchanges if one.method == method and one.path.endswith(ending)]

    def fail_next(self, method: str, ending: str, *, status: int, says: Any = None, **headers: str) -> None:
        """Refuse the next request whose path ends so; `headers` by their names with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._failures.append(_Failure(method, ending, status, says, named))

    def lose_answer(self, method: str, ending: str) -> None:
        """Do what the next request whose path ends so asks, and hang up without an answer."""
        self._losses.append((method, ending))

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        body = json.loads(raw) if raw else None
        self.raw = raw
        method, path = request.method, request.path
        failure = next((one for one in self._failures if one.method == method and path.endswith(one.ending)), None)
        headers: Mapping[str, str] = {}
        if failure is not None:
            self._failures.remove(failure)
            status, answer, headers = failure.status, failure.says, failure.headers
        else:
            try:
                self._let_in(request.headers)
                status, answer = self._answer(method, path, dict(request.query), body, request.headers)
            except RefusedHere as refused:
                status, answer = refused.status, refused.says
        self.exchanges.append(
            Exchange(method, path, dict(request.query), dict(request.headers), body, status, answer, raw)
        )
        lost = next((one for one in self._losses if one[0] == method and path.endswith(one[1])), None)
        if lost is not None and failure is None:
            self._losses.remove(lost)
            if request.transport is not None:
                request.transport.abort()
        if answer is None:
            return web.Response(status=status, headers=headers)
        if isinstance(answer, str):
            return web.Response(status=status, headers=headers, text=answer, content_type="text/html")
        return web.json_response(answer, status=status, headers=headers)

    _unauthorized: ClassVar[Any] = {"error": "Invalid token"}

    def _let_in(self, headers: Mapping[str, str]) -> None:
        if not self._knows(headers):
            raise RefusedHere(401, self._unauthorized)

    def _knows(self, headers: Mapping[str, str]) -> bool:
        raise NotImplementedError

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        raise NotImplementedError


class FakeZammad(FakeDesk):
    """Zammad: one group, users by login, tickets with tags and articles."""

    group = "Réseaux sociaux"
    _priorities = ("1 low", "2 normal", "3 high")
    _unauthorized: ClassVar[Any] = {"error": "Authentication required"}

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return headers.get("Authorization") == f"Token token={self.token}"

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        match method, path:
            case "POST", "/api/v1/tickets":
                return 201, self._create(body)
            case "POST", "/api/v1/tickets/search":
                wanted = body["condition"]["ticket.tags"]
                assert wanted["operator"] == "contains all"
                tags = {tag.strip() for tag in wanted["value"].split(",")}
                found = [one for one in self.tickets.values() if tags <= set(one["tags"])]
                return 200, [_without(one, "tags", "article") for one in found][: body["limit"]]
            case "GET", "/api/v1/users/me":
                return 200, {"id": 3, "login": "vigie@example.org"}
            case "GET", "/api/v1/tickets":
                return 200, []
        raise RefusedHere(404, {"error": "No route matches", "error_human": f"No route matches {path}"})

    def _create(self, body: Any) -> dict[str, Any]:
        for name in ("title", "group", "customer", "article"):
            if not body.get(name):
                raise RefusedHere(422, {"error": f"Missing required value for field '{name}'!"})
        if body["group"] != self.group:
            says = f"No lookup value found for 'group': \"{body['group']}\""
            raise RefusedHere(422, {"error": says, "error_human": says})
        assert body["priority"] in self._priorities
        customer = body["customer"]
        user = self.users.setdefault(customer["login"].lower(), {"id": next(self._numbers), **customer})
        number = next(self._numbers)
        self.tickets[number] = {
            "id": number,
            "number": f"2{number}",
            "title": body["title"],
            "group": body["group"],
            "customer_id": user["id"],
            "priority": body["priority"],
            "state": "new",
            "tags": body["tags"].split(","),
            "article": body["article"],
        }
        return _without(self.tickets[number], "tags", "article")


class FakeChatwoot(FakeDesk):
    """Chatwoot: an account with one inbox of the kind API. Its answers are those of its description.

    With `as_served`, a contact that is made comes back as the real server has it, where the description differs.
    """

    account, inbox = 1, 4
    _unauthorized: ClassVar[Any] = {"errors": ["You need to sign in or sign up before continuing."]}

    def __init__(self, *, as_served: bool = False) -> None:
        super().__init__()
        self._as_served = as_served
        self.contacts: dict[int, dict[str, Any]] = {}
        self.conversations: dict[int, dict[str, Any]] = {}
        self.messages: dict[int, list[dict[str, Any]]] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return headers.get("api_access_token") == self.token

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        base = f"/api/v1/accounts/{self.account}/"
        if not path.startswith(base):
            raise RefusedHere(404, {"error": "Resource could not be found"})
        match method, *path.removeprefix(base).split("/"):
            case "GET", "inboxes":
                return 200, {"payload": [{"id": self.inbox, "name": "Vigie", "channel_type": "Channel::Api"}]}
            case "GET", "contacts", "search":
                found = [one for one in self.contacts.values() if query["q"] in one["identifier"]]
                return 200, {"meta": {"count": len(found), "current_page": "1"}, "payload": found}
            case "POST", "contacts":
                return 200, self._make_contact(body)
            case "POST", "contacts", number, "contact_inboxes":
                place = self._place(body["source_id"])
                self.contacts[int(number)]["contact_inboxes"].append(place)
                return 200, place
            case "GET", "contacts", number, "conversations":
                mine = [one for one in self.conversations.values() if one["contact_id"] == int(number)]
                return 200, {"payload": [_without(one, "contact_id") for one in mine]}
            case "POST", "conversations":
                return 200, self._make_conversation(body)
            case method, "conversations", number, *what:
                if int(number) not in self.conversations:
                    raise RefusedHere(404, {"error": "Resource could not be found"})
                return self._work_on(method, int(number), what, body)
        raise RefusedHere(404, {"error": "Resource could not be found"})

    def leave_inbox(self, identifier: str) -> None:
        """A contact is known there, but has no place in our inbox."""
        number = next(self._numbers)
        self.contacts[number] = {"id": number, "name": "Camille", "identifier": identifier, "contact_inboxes": []}

    def _place(self, source: str) -> dict[str, Any]:
        return {"source_id": source, "inbox": {"id": self.inbox, "name": "Vigie", "channel_type": "Channel::Api"}}

    def _make_contact(self, body: Any) -> dict[str, Any]:
        if any(one["identifier"] == body["identifier"] for one in self.contacts.values()):
            raise RefusedHere(422, {"message": "Identifier has already been taken", "attributes": ["identifier"]})
        number = next(self._numbers)
        place = self._place(f"source-{number}")
        made = {
            "id": number,
            "name": body["name"],
            "identifier": body["identifier"],
            "custom_attributes": {},
            "contact_inboxes": [place],
        }
        self.contacts[number] = made
        return {"payload": {"contact": made, "contact_inbox": place} if self._as_served else [made]}

    def _make_conversation(self, body: Any) -> dict[str, Any]:
        places = self.contacts[body["contact_id"]]["contact_inboxes"]
        if body["source_id"] not in {place["source_id"] for place in places}:
            raise RefusedHere(404, {"error": "Resource could not be found"})
        number = next(self._numbers)
        self.messages[number] = []
        self.conversations[number] = {
            "id": number,
            "account_id": self.account,
            "inbox_id": body["inbox_id"],
            "contact_id": body["contact_id"],
            "status": body["status"],
            "custom_attributes": body["custom_attributes"],
            "additional_attributes": body["additional_attributes"],
            "labels": [],
            "priority": None,
        }
        return {"id": number, "account_id": self.account, "inbox_id": body["inbox_id"]}

    def _work_on(self, method: str, number: int, what: list[str], body: Any) -> tuple[int, Any]:
        one = self.conversations[number]
        match method, what:
            case "GET", ["messages"]:
                return 200, {"meta": {"labels": one["labels"]}, "payload": self.messages[number]}
            case "POST", ["messages"]:
                said = {
                    "id": next(self._numbers),
                    "content": body["content"],
                    "message_type": ["incoming", "outgoing"].index(body["message_type"]),
                    "private": body["private"],
                    "conversation_id": number,
                }
                self.messages[number].append(said)
                return 200, said
            case "POST", ["labels"]:
                one["labels"] = body["labels"]
                return 200, {"payload": body["labels"]}
            case "POST", ["toggle_priority"]:
                one["priority"] = body["priority"]
                return 200, None
        raise RefusedHere(404, {"error": "Resource could not be found"})


class FakeZendesk(FakeDesk):
    """Zendesk: users and tickets by their external ids. A stranger may ask who he is."""

    email = "agent@example.org"
    _unauthorized: ClassVar[Any] = {"error": "Couldn't authenticate you"}

    def __init__(self) -> None:
        super().__init__()
        self.users: dict[str, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return True

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        is_known = headers.get("Authorization") == _basic(f"{self.email}/token", self.token)
        if (method, path) == ("GET", "/api/v2/users/me.json"):
            agent = {"id": 3, "name": "Vigie", "role": "agent"}
            return 200, {"user": agent if is_known else {"id": None, "name": "Anonymous user", "role": "end-user"}}
        if not is_known:
            raise RefusedHere(401, self._unauthorized)
        match method, path:
            case "POST", "/api/v2/users/create_or_update.json":
                wanted = body["user"]
                one = self.users.setdefault(wanted["external_id"], {"id": next(self._numbers)})
                one.update(wanted)
                return 200, {"user": one}
            case "POST", "/api/v2/tickets.json":
                number = next(self._numbers)
                assert body["ticket"]["priority"] in {"low", "normal", "high", "urgent"}
                self.tickets[number] = {"id": number, **body["ticket"]}
                return 201, {"ticket": self.tickets[number]}
            case "GET", "/api/v2/tickets.json":
                found = [one for one in self.tickets.values() if one["external_id"] == query["external_id"]]
                return 200, {"tickets": found, "count": len(found)}
        raise RefusedHere(404, {"error": "InvalidEndpoint", "description": "Not found"})


class FakeFreshdesk(FakeDesk):
    """Freshdesk: contacts by their unique external ids, tickets with tags."""

    _unauthorized: ClassVar[Any] = {
        "code": "invalid_credentials",
        "message": "You have to be logged in to perform this action.",
    }

    def __init__(self) -> None:
        super().__init__()
        self.contacts: dict[str, dict[str, Any]] = {}
        self.tickets: dict[int, dict[str, Any]] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return headers.get("Authorization") == _basic(self.token, "X")

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        match method, path:
            case "GET", "/api/v2/agents/me":
                return 200, {"id": 3, "contact": {"name": "Vigie"}}
            case "GET", "/api/v2/contacts":
                found = self.contacts.get(query["unique_external_id"])
                return 200, [found] if found else []
            case "GET", "/api/v2/tickets":
                mine = [one for one in self.tickets.values() if str(one["requester_id"]) == query["requester_id"]]
                return 200, mine[::-1]
            case "POST", "/api/v2/tickets":
                if any(len(tag) > 32 for tag in body["tags"]):
                    fault = {"field": "tags", "message": "It should only contain elements of 32 characters at most"}
                    raise RefusedHere(400, {"description": "Validation failed", "errors": [fault]})
                contact = self.contacts.setdefault(
                    body["unique_external_id"], {"id": next(self._numbers), "name": body["name"]}
                )
                number = next(self._numbers)
                self.tickets[number] = {"id": number, "requester_id": contact["id"], **body}
                return 201, self.tickets[number]
        raise RefusedHere(404, {"code": "not_found", "message": "Not found"})


class FakeWebhook(FakeDesk):
    """An address that takes tickets: it checks the signature, and passes over a key that it has seen."""

    def __init__(self, *, answers: bool = True) -> None:
        super().__init__()
        self._answers = answers
        self.tickets: dict[str, Any] = {}

    def _knows(self, headers: Mapping[str, str]) -> bool:
        return True

    def _answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any, headers: Mapping[str, str]
    ) -> tuple[int, Any]:
        signs = hmac.new(self.token.encode(), headers["X-Vigie-Timestamp"].encode() + b"." + self.raw, hashlib.sha256)
        if not hmac.compare_digest(headers["X-Vigie-Signature"], f"sha256={signs.hexdigest()}"):
            raise RefusedHere(403, {"error": "Bad signature"})
        if body["event"] == "ping":
            return 204, None
        key = headers["Idempotency-Key"]
        self.tickets.setdefault(key, body)
        if not self._answers:
            return 202, None
        return 201, {"id": f"T-{list(self.tickets).index(key) + 1}", "url": f"https://desk.example/{key}"}


class FakeMailbox:
    """A mailbox behind a real SMTP server. What has a known Message-ID is passed over, as help desks do."""

    def __init__(self) -> None:
        self.mails: dict[str, EmailMessage] = {}
        self.taken = 0
        self.exchanges: list[Any] = []
        self._refusals: list[str] = []
        self._losses = 0
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SMTP(self, hostname="mail.example"), "127.0.0.1", 0)
        self.url = f"smtp+plain://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def refuse_next(self, says: str) -> None:
        """Refuse the next mail with this answer, such as 550 No such user."""
        self._refusals.append(says)

    def lose_next(self) -> None:
        """Take the next mail, and hang up without an answer."""
        self._losses += 1

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  # the name aiosmtpd calls
        self.exchanges.append(envelope)
        if self._refusals:
            return self._refusals.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.setdefault(mail["Message-ID"], mail)
        self.taken += 1
        if self._losses:
            self._losses -= 1
            server.transport.abort()
        return "250 OK"


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _without(one: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in names}
