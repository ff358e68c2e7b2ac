"""Help desks on loopback, each the slice of its API that we use.

    async with FakeZammad() as zammad:
        desk = ZammadDesk("support", zammad.url, zammad.token, group=zammad.group, put=str)
        …
        zammad.tickets                          # by id, as they stand there
        zammad.calls("POST", "/tickets")        # what was asked, by the ending of the path
        zammad.fail_next("POST", "/tickets", status=503)
        zammad.lose_answer("POST", "/tickets")  # it is done, but nobody hears so

        zammad.pause("POST", "/tickets")        # it is done, and `reached` is set; nobody ever hears
        zammad.says(101, "Le colis repart.")    # an agent to the customer
        zammad.stands(101, "solved")            # and how the ticket stands then

`exchanges` has each request with its answer, for checks against a description of the API.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import ssl
import warnings
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from itertools import count
from typing import Any, ClassVar, Self

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

PAUL, LEILA = "Paul Durand", "Leïla Amrani"
"""The agents of every help desk here, by the numbers 11 and 12."""

AGENTS = {11: PAUL, 12: LEILA}


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
        self._pauses: list[tuple[str, str]] = []
        self.reached = asyncio.Event()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
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

    def pause(self, method: str, ending: str) -> None:
        """Do what the next request whose path ends so asks, set `reached`, and never answer."""
        self._pauses.append((method, ending))

    @property
    def now(self) -> str:
        """The moment, as most of them tell it."""
        return self.clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")

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
        paused = next((one for one in self._pauses if one[0] == method and path.endswith(one[1])), None)
        if paused is not None and failure is None:
            self._pauses.remove(paused)
            self.reached.set()
            await asyncio.Event().wait()
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
        self.articles: dict[int, list[dict[str, Any]]] = {}

    def says(self, number: int, text: str, *, by: str = PAUL, internal: bool = False) -> None:
        """An agent writes an article, with his signature under it and what he answers."""
        body = (
            f"<p>{text}</p><div data-signature='true'>--<br>{by}<br>Support</div>"
            "<blockquote type='cite'>Toujours rien reçu</blockquote>"
        )
        said = {"type": "note", "sender": "Agent", "internal": internal, "from": by, "content_type": "text/html"}
        self._add(number, {**said, "body": body, "subject": ""}, by=by)

    def stands(self, number: int, status: str, *, by: str | None = PAUL) -> None:
        """A ticket comes to stand otherwise; `by` has it."""
        self.tickets[number]["state"] = {"open": "open", "pending": "pending reminder", "solved": "closed"}[status]
        self.tickets[number]["owner_id"] = 1 if by is None else _agent(by)
        self.tickets[number]["updated_at"] = self.now

    def added(self, number: int) -> list[str]:
        """What was added to a ticket after it was opened."""
        return [one["body"] for one in self.articles[number][1:] if one["sender"] == "Customer"]

    def _add(self, number: int, article: Mapping[str, Any], *, by: str) -> dict[str, Any]:
        made = {"id": next(self._numbers), "ticket_id": number, **article, "created_by": by, "created_at": self.now}
        self.articles[number].append(made)
        self.tickets[number]["updated_at"] = self.now
        return made

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
            case "POST", "/api/v1/ticket_articles":
                assert body["type"] == "note"
                if body["ticket_id"] not in self.tickets:
                    raise RefusedHere(404, {"error": "Couldn't find Ticket"})
                return 201, self._add(body["ticket_id"], _without(body, "ticket_id"), by="vigie@example.org")
        match method, *path.removeprefix("/api/v1/").split("/"):
            case "GET", "tickets", number if int(number) in self.tickets:
                return 200, _without(self.tickets[int(number)], "tags", "article")
            case "GET", "ticket_articles", "by_ticket", number if int(number) in self.tickets:
                return 200, self.articles[int(number)]
            case "GET", "users", number if int(number) in AGENTS:
                first, last = AGENTS[int(number)].split()
                return 200, {"id": int(number), "login": "agent", "firstname": first, "lastname": last}
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
            "owner_id": 1,
            "tags": body["tags"].split(","),
            "article": body["article"],
        }
        self.articles[number] = []
        self._add(number, body["article"], by="vigie@example.org")
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
                return self._work_on(method, int(number), what, body, query)
        raise RefusedHere(404, {"error": "Resource could not be found"})

    def says(self, number: int, text: str, *, by: str = PAUL, internal: bool = False) -> None:
        """An agent writes to the contact, or a private note."""
        said = {"content": text, "message_type": "outgoing", "private": internal}
        self._say(number, said, sender={"id": _agent(by), "name": by, "type": "user"})

    def stands(self, number: int, status: str, *, by: str | None = PAUL) -> None:
        """A conversation comes to stand otherwise; `by` has it."""
        one = self.conversations[number]
        one["status"] = {"open": "open", "pending": "snoozed", "solved": "resolved"}[status]
        one["meta"].pop("assignee", None)
        if by is not None:
            one["meta"]["assignee"] = {"id": _agent(by), "name": by}
        one["updated_at"] = self.clock().timestamp()

    def added(self, number: int) -> list[str]:
        """What was added to a conversation after it was opened."""
        return [one["content"] for one in self.messages[number][1:] if one["message_type"] == 0]

    def _say(self, number: int, body: Mapping[str, Any], *, sender: Mapping[str, Any]) -> dict[str, Any]:
        said = {
            "id": next(self._numbers),
            "content": body["content"],
            "message_type": ["incoming", "outgoing"].index(body["message_type"]),
            "private": body["private"],
            "conversation_id": number,
            "content_attributes": body.get("content_attributes", {}),
            "created_at": int(self.clock().timestamp()),
            "sender": dict(sender),
        }
        self.messages[number].append(said)
        self.conversations[number]["updated_at"] = self.clock().timestamp()
        return said

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
            "meta": {"sender": {"id": body["contact_id"]}},
            "updated_at": self.clock().timestamp(),
            "last_activity_at": int(self.clock().timestamp()),
        }
        return {"id": number, "account_id": self.account, "inbox_id": body["inbox_id"]}

    def _work_on(
        self, method: str, number: int, what: list[str], body: Any, query: Mapping[str, str]
    ) -> tuple[int, Any]:
        one = self.conversations[number]
        match method, what:
            case "GET", []:
                return 200, _without(one, "contact_id", "priority")
            case "GET", ["messages"]:
                said = self.messages[number]
                page = (
                    [one for one in said if one["id"] > int(query["after"])][:100] if "after" in query else said[-20:]
                )
                return 200, {"meta": {"labels": one["labels"]}, "payload": page}
            case "POST", ["messages"]:
                return 200, self._say(number, body, sender={"id": one["contact_id"], "type": "contact"})
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
        self.audits: dict[int, list[dict[str, Any]]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}

    def says(self, number: int, text: str, *, by: str = PAUL, internal: bool = False) -> None:
        """An agent writes a comment."""
        self._comment(number, {"body": text, "public": not internal}, author=_agent(by))

    def stands(self, number: int, status: str, *, by: str | None = PAUL) -> None:
        """A ticket comes to stand otherwise; `by` has it."""
        assignee = None if by is None else _agent(by)
        self.tickets[number].update(status=status, assignee_id=assignee, updated_at=self._second)

    def added(self, number: int) -> list[str]:
        """What was added to a ticket after it was opened."""
        return [one["plain_body"] for one in self.comments[number][1:] if one["author_id"] == 3]

    @property
    def _second(self) -> str:
        return self.clock().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _comment(self, number: int, body: Mapping[str, Any], *, author: int, metadata: Any = None) -> dict[str, Any]:
        made = {
            "id": next(self._numbers),
            "author_id": author,
            "body": body["body"],
            "plain_body": body["body"],
            "public": body["public"],
            "created_at": self._second,
        }
        self.comments[number].append(made)
        self.tickets[number]["updated_at"] = self._second
        audit = {"id": next(self._numbers), "ticket_id": number, "metadata": {"system": {}, "custom": metadata or {}}}
        self.audits[number].append(audit)
        return audit

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
                self.tickets[number] = {"id": number, "status": "new", "assignee_id": None, **body["ticket"]}
                self.comments[number], self.audits[number] = [], []
                self._comment(number, body["ticket"]["comment"], author=3)
                return 201, {"ticket": self.tickets[number]}
            case "GET", "/api/v2/tickets.json":
                found = [one for one in self.tickets.values() if one["external_id"] == query["external_id"]]
                return 200, {"tickets": found, "count": len(found)}
        match method, *path.removeprefix("/api/v2/tickets/").removesuffix(".json").split("/"):
            case method, named, *what if named.isdigit() and int(named) in self.tickets:
                return self._work_on(method, int(named), what, query, body)
        raise RefusedHere(404, {"error": "InvalidEndpoint", "description": "Not found"})

    def _work_on(
        self, method: str, number: int, what: list[str], query: Mapping[str, str], body: Any
    ) -> tuple[int, Any]:
        one = self.tickets[number]
        users = [{"id": agent, "name": name, "role": "agent"} for agent, name in AGENTS.items()]
        users += [{"id": 3, "name": "Vigie", "role": "agent"}, {"id": one["requester_id"], "name": "x", "role": "user"}]
        match method, what:
            case "GET", []:
                return 200, {"ticket": one, "users": users}
            case "PUT", []:
                if one["status"] == "closed":
                    raise RefusedHere(422, {"error": "RecordInvalid", "description": "closed prevents ticket update"})
                wanted = body["ticket"]
                audit = self._comment(number, wanted["comment"], author=3, metadata=wanted.get("metadata"))
                return 200, {"ticket": one, "audit": audit}
            case "GET", ["comments"]:
                assert query["sort_order"] == "desc"
                return 200, {"comments": self.comments[number][::-1][:100], "users": users, "next_page": None}
            case "GET", ["audits"]:
                begins = int(query.get("page[after]", "0"))
                page = self.audits[number][begins : begins + int(query["page[size]"])]
                more = begins + len(page) < len(self.audits[number])
                return 200, {"audits": page, "meta": {"has_more": more, "after_cursor": str(begins + len(page))}}
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
        self.said: dict[int, list[dict[str, Any]]] = {}

    def says(self, number: int, text: str, *, by: str = PAUL, internal: bool = False) -> None:
        """An agent replies, or writes a private note."""
        self._say(number, f"<div>{text}</div>", private=internal, user=_agent(by))

    def stands(self, number: int, status: str, *, by: str | None = PAUL) -> None:
        """A ticket comes to stand otherwise; `by` has it."""
        stands = {"open": 2, "pending": 3, "solved": 4}[status]
        agent = None if by is None else _agent(by)
        self.tickets[number].update(status=stands, responder_id=agent, updated_at=self.now)

    def added(self, number: int) -> list[str]:
        """What was added to a ticket after it was opened."""
        return [one["body_text"] for one in self.said[number] if one["user_id"] == 3]

    def _say(self, number: int, body: str, *, private: bool, user: int) -> dict[str, Any]:
        made = {
            "id": next(self._numbers),
            "ticket_id": number,
            "body": body,
            "body_text": unescape(body.replace("<br>", "\n").replace("<div>", "").replace("</div>", "")),
            "private": private,
            "incoming": False,
            "user_id": user,
            "created_at": self.now,
        }
        self.said[number].append(made)
        self.tickets[number]["updated_at"] = self.now
        return made

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
                self.tickets[number] = {
                    "id": number,
                    "requester_id": contact["id"],
                    "responder_id": None,
                    "updated_at": self.now,
                    **body,
                }
                self.said[number] = []
                return 201, self.tickets[number]
        match method, *path.removeprefix("/api/v2/").split("/"):
            case "GET", "agents", named if int(named) in AGENTS:
                return 200, {"id": int(named), "contact": {"name": AGENTS[int(named)]}}
            case "GET", "tickets", named if int(named) in self.tickets:
                return 200, self.tickets[int(named)]
            case "POST", "tickets", named, "notes" if int(named) in self.tickets:
                return 201, self._say(int(named), body["body"], private=body["private"], user=3)
            case "GET", "tickets", named, "conversations" if int(named) in self.tickets:
                size, page = int(query["per_page"]), int(query["page"])
                return 200, self.said[int(named)][size * (page - 1) : size * page]
        raise RefusedHere(404, {"code": "not_found", "message": "Not found"})


class FakeWebhook(FakeDesk):
    """An address that takes tickets: it checks the signature, and passes over a key that it has seen."""

    def __init__(self, *, answers: bool = True) -> None:
        super().__init__()
        self._answers = answers
        self.tickets: dict[str, Any] = {}
        self.more: dict[str, Any] = {}

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
        if body["event"] == "ticket.message":
            self.more.setdefault(key, body)
            return 202, None
        self.tickets.setdefault(key, body)
        if not self._answers:
            return 202, None
        return 201, {"id": f"T-{list(self.tickets).index(key) + 1}", "url": f"https://desk.example/{key}"}


class FakeMailbox:
    """A mailbox behind a real SMTP server. What has a known Message-ID is passed over, as help desks do.

    With `tls`, mail is taken only under TLS: from the first byte for `smtps`, else after STARTTLS, on which it insists.
    With a `login`, a name and a password, only from who signs in with it.
    """

    def __init__(
        self, *, tls: ssl.SSLContext | None = None, smtps: bool = False, login: tuple[str, str] | None = None
    ) -> None:
        self._tls, self._smtps, self._login = tls, smtps, login
        self.under_tls: list[bool] = []
        self.mails: dict[str, EmailMessage] = {}
        self.taken = 0
        self.exchanges: list[Any] = []
        self._refusals: list[str] = []
        self._losses = 0
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        outer = self._tls if self._smtps else None
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0, ssl=outer)
        scheme = "smtp+plain" if self._tls is None else "smtps" if self._smtps else "smtp"
        host = "127.0.0.1" if self._tls is None else "localhost"
        self.url = f"{scheme}://{host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    def _protocol(self) -> SMTP:
        starttls = self._tls if not self._smtps else None
        with warnings.catch_warnings():
            # It cannot know that TLS is all around it, and warns of a login without any.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                self,
                hostname="mail.example",
                tls_context=starttls,
                require_starttls=starttls is not None,
                auth_required=self._login is not None,
                auth_require_tls=starttls is not None,
                authenticator=self._let_in,
            )

    def _let_in(self, server: Any, session: Any, envelope: Any, mechanism: str, told: Any) -> AuthResult:
        assert isinstance(told, LoginPassword)
        given = (told.login.decode(), told.password.decode())
        return AuthResult(success=given == self._login, handled=False)

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
        self.under_tls.append(server.transport.get_extra_info("sslcontext") is not None)
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


def _agent(name: str) -> int:
    return next(number for number, one in AGENTS.items() if one == name)


def _basic(user: str, password: str) -> str:
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def _without(one: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in names}
