"""The page of two brands, served for real on loopback, worked by httpx or a browser."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from argon2 import PasswordHasher

from app.in_force import BookFiles
from app.page import draw_report
from app.settings import Settings
from app.words import LANGUAGES, tell_in
from bot.channels.hook import abilities_of
from bot.channels.simulated import SimulatedChannel
from classifiers.model import load_model
from data.store import SqlStore, open_store
from inbox import logins, pipeline
from inbox.brand import Brand
from inbox.called_in import Hook
from inbox.desk import Desk
from inbox.hours import OpeningHours
from inbox.model import Actor, IncomingMessage, Kind, Visibility
from inbox.modelcard import ModelShelf
from inbox.outgoing import OutboxKind
from inbox.people import Role
from inbox.rates import RateLimiter
from inbox.views import ConversationView
from routing.responses import load_responses
from routing.rulebook import STARTER, read_rule_book
from tests.builders import AClock
from web.app import create_app
from web.house import House, Served
from web.passwords import Argon2
from web.serving import serve, take_port

LATE = "Bonjour, mon colis a 3 semaines de retard, c'est inadmissible, je veux une réponse !"
THANKS = "Merci beaucoup, super équipe, j'adore votre boutique !"
RUDE = "ferme ta gueule sale connard, t'es qu'une merde"
PASSWORD = "un bon mot de passe"
PASSWORDS = Argon2(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
"""Real hashes that cost next to nothing: what is tested signs in hundreds of times."""
ON_API = abilities_of([OutboxKind.REPLY, OutboxKind.RETRACT], longest=2_000)
SETTER_UP = Actor.vigie("test")
TEAMS = {"customer-service": {"fr": "notre service client"}, "sales": {"fr": "notre équipe commerciale"}}

_CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Site:
    """Two brands, `loriot` and `merle`, and the page over them; in a `folder`, the first one's rules are a file."""

    def __init__(
        self,
        url: str,
        *,
        open_to_all: bool = False,
        models: ModelShelf | None = None,
        folder: Path | None = None,
        asks_per_minute: int = 600,
        hooks: Sequence[Hook] = (),
    ) -> None:
        self.clock = AClock()
        self.channel = SimulatedChannel("instagram")
        self._url, self._open_to_all, self._models, self._folder = url, open_to_all, models, folder
        self._asks_per_minute, self._hooks = asks_per_minute, {one.name: one for one in hooks}
        self._numbers = count(1)
        self._clients: list[httpx.Client] = []

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve the page while the block runs."""
        with open_store(self._url, brand="loriot") as loriot, open_store(self._url, brand="merle") as merle:
            self.desks = {"loriot": self._ruled(self._desk("Loriot", loriot)), "merle": self._desk("Merle", merle)}
            taken = take_port("127.0.0.1", 0)
            self.address = f"http://127.0.0.1:{taken.getsockname()[1]}"
            hosts = frozenset({"127.0.0.1", "localhost"})
            served = Served(
                self.address,
                hosts,
                open_to_all=self._open_to_all,
                language="fr",
                asks_per_minute=self._asks_per_minute,
            )
            self.house = self._house(served)
            loop = asyncio.new_event_loop()
            serving = loop.create_task(serve(create_app(self.house), taken))
            thread = threading.Thread(target=_run, args=(loop, serving))
            thread.start()
            try:
                yield
            finally:
                for client in self._clients:
                    client.close()
                loop.call_soon_threadsafe(serving.cancel)
                thread.join()
                loop.close()

    @property
    def desk(self) -> Desk:
        """The desk of the first brand."""
        return self.desks["loriot"]

    def add(self, name: str, role: Role, *, brand: str = "loriot") -> None:
        """Somebody who can sign in."""
        logins.add_login(self.desks[brand], PASSWORDS, name, PASSWORD, role=role, by=SETTER_UP)

    def hear(self, text: str, *, author: str = "lea.pdl", brand: str = "loriot", **more: Any) -> int:
        """A contact says something, and it is triaged; the conversation."""
        desk, number = self.desks[brand], next(self._numbers)
        message = IncomingMessage(
            channel="instagram",
            external_id=f"m-{number}",
            text=text,
            author=author,
            author_name=more.pop("name", author),
            thread=more.pop("thread", f"post-{number}"),
            sent_at=self.clock(),
            kind=Kind.COMMENT,
            visibility=Visibility.PUBLIC,
        )
        pipeline.receive(desk.store, [message], clock=desk.clock)
        while pipeline.triage(desk):
            pass
        with desk.store.read() as books:
            kept = books.find_message("instagram", message.external_id)
        assert kept is not None
        return kept.conversation_id

    def seen(self, conversation: int, *, brand: str = "loriot") -> ConversationView:
        """A conversation as it is stored."""
        with self.desks[brand].store.read() as books:
            view = books.conversation(conversation)
        assert view is not None
        return view

    def deliver(self, *, after: timedelta = timedelta(seconds=21)) -> None:
        """Do outside what is due after a while."""
        self.clock.advance(after)
        asyncio.run(pipeline.deliver(self.desk, {"instagram": self.channel}, RateLimiter()))

    def visitor(self, name: str | None = None, **headers: str) -> Browsing:
        """Somebody with a browser; signed in where he is named."""
        client = httpx.Client(base_url=self.address, headers={"accept-language": "en"} | headers, timeout=30)
        self._clients.append(client)
        visitor = Browsing(client)
        if name is not None:
            assert visitor.sign_in(name).status_code == 303
        return visitor

    @property
    def rules(self) -> Path:
        """The file of the first brand's rules."""
        assert self._folder is not None
        return self._folder / "rules.toml"

    def _house(self, served: Served) -> House:
        return House(
            self.desks,
            tell_in,
            LANGUAGES,
            PASSWORDS,
            served,
            self._hooks,
            draw_report=draw_report,
            models=self._models,
        )

    def _ruled(self, desk: Desk) -> Desk:
        """A desk whose rules stand in a file, where there is a folder for it."""
        if self._folder is None:
            return desk
        if not self.rules.exists():
            self.rules.write_bytes(STARTER.read_bytes())
        files = BookFiles(Settings(rules=self.rules), desk.store)
        with desk.store.begin() as books:
            files.put_on_record(books, author=SETTER_UP)
        now = files.now
        return replace(desk, in_force=files, rules=now.rules, responses=now.responses, rule_book_version=now.version)

    def _desk(self, name: str, store: SqlStore) -> Desk:
        return Desk(
            Brand(name, OpeningHours(ZoneInfo("Europe/Paris")), teams=TEAMS),
            store,
            _model(),
            read_rule_book(STARTER.read_text(encoding="utf-8")),
            1,
            _responses(),
            self.clock,
            hold=timedelta(seconds=20),
            tell=tell_in,
            abilities={"instagram": self.channel.abilities} | {f"api:{one}": ON_API for one in self._hooks},
        )


class Browsing:
    """A browser without script: it loads pages, and fills in the forms that stand on them."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client

    def get(self, path: str) -> httpx.Response:
        """Load a page, without following where it leads."""
        return self.client.get(path)

    def post(self, path: str, *, on: str | None = None, **filled: Any) -> httpx.Response:
        """Send a form with the mark of the page it stands on."""
        marked = _CSRF.search(self.get(on).text) if on is not None else None
        mark = {"csrf": marked.group(1)} if marked else {}
        return self.client.post(path, data=mark | filled)

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Fill in the form that asks who one is."""
        return self.post("/sign-in", on="/sign-in", name=name, password=password, next="/")


_model, _responses = cache(load_model), cache(load_responses)


def _run(loop: asyncio.AbstractEventLoop, serving: asyncio.Task[None]) -> None:
    try:
        loop.run_until_complete(serving)
    except asyncio.CancelledError:
        loop.run_until_complete(loop.shutdown_default_executor())
