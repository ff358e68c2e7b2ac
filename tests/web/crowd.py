"""One of everything that the page shows, said in words of a test's own: messages, names, notes, rules, cases, leads."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import httpx

from data.store import SqlStore
from inbox import crisis, logins, pipeline, work
from inbox.bulk import BulkAct, BulkOrder
from inbox.bulkwork import carry_out, list_bulks
from inbox.cases import CaseAct, Order
from inbox.changes import receive_edit
from inbox.contactwork import mark_vip, merge, note_contact
from inbox.corrections import correct
from inbox.desk import Desk
from inbox.drafting import write_draft
from inbox.leadwork import list_leads, mark_lead
from inbox.model import Actor, Attachment, IncomingMessage, Kind, Label, Standing, Visibility
from inbox.moderation import moderate
from inbox.people import Role
from inbox.replies import send_draft
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.team import add_member, go_away, link_member
from routing.rulebook import STARTER, read_rule_book
from tests.web.sites import RUDE, Browsing, Site
from web.visitor import COOKIE

TEAM: Mapping[str, Role] = {
    "Vic": Role.VIEWER,
    "Léa": Role.AGENT,
    "Omar": Role.MODERATOR,
    "Inès": Role.ADMIN,
}
"""Who works for the first brand, the least first."""

STRANGER = "Max"
"""An administrator of the second brand alone."""

THEIRS = "MERLESEUL"
"""Stands in whatever is said in the second brand, and so in no answer to anybody of the first."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people say, and how they and their things are called."""

    text: str
    name: str
    account: str
    file: str
    note: str
    reason: str
    tag: str
    rule: str
    title: str
    response: str
    link: str = "https://example.com/post"


class Crowd(Site):
    """Two brands with one of everything, and a team with every role.

    Args:
        url: The database.
        words: What is said; with the rules, tags and responses that are called so.
    """

    def __init__(self, url: str, words: Sequence[Words]) -> None:
        super().__init__(url)
        self.words = words
        self._ids = count(1)
        self._first: dict[str, list[str]] = {"loriot": [], "merle": []}

    def gather(self, *, brands: Sequence[str] = ("loriot", "merle")) -> None:
        """Let the team in, and have everybody speak to these brands."""
        for name, role in TEAM.items():
            self.let_in(name, role)
        self.let_in(STRANGER, Role.ADMIN, brand="merle")
        for brand in brands:
            for words in self.words:
                self.speak(words if brand == "loriot" else _of_theirs(words), brand=brand)
            by = Actor.person(next(iter(TEAM)))
            order = BulkOrder(BulkAct.ASSIGN, to="customer-service")
            carry_out(self.desks[brand], order, [self._talk(brand, 0)], by=by)
            crisis.start(self.desks[brand], by=by, why=self.words[0].reason, calls=False)
        go_away(self.desk, "Omar", deputy="Inès", by=Actor.person("Omar"))

    def let_in(self, name: str, role: Role, *, brand: str = "loriot") -> None:
        """Have somebody of a role be able to sign in, whatever became of him before."""
        desk, by = self.desks[brand], Actor.vigie("test")
        with desk.store.begin() as books:
            books.add_login(name, "never asked for", now=desk.clock())
        add_member(desk, name, role=role, by=by)
        link_member(desk, name, logins.CHANNEL, name, by=by)

    def session(self, name: str) -> str:
        """The token of a new session of somebody, which took no password."""
        token = secrets.token_urlsafe(8)
        with self.desk.store.begin() as books:
            login = books.login_called(name)
            assert login is not None
            books.open_session(login.id, logins.mark_of(token), browser="test", now=self.clock())
        return token

    def signed_in(self, name: str, **headers: str) -> Browsing:
        """Somebody with a browser and a session."""
        visitor = self.visitor(**headers)
        visitor.client.cookies = httpx.Cookies({COOKIE: self.session(name)})
        return visitor

    def say(self, words: Words, text: str, *, brand: str, **more: object) -> IncomingMessage:
        """A contact says something; what was said."""
        number = next(self._ids)
        said = IncomingMessage(
            channel="instagram",
            external_id=f"{brand}-{number}",
            text=text,
            author=words.account,
            author_name=words.name,
            thread=f"{brand}-thread-{number}",
            sent_at=self.clock(),
            kind=Kind.COMMENT,
            visibility=Visibility.PUBLIC,
            permalink=words.link,
            attachments=(Attachment(words.file, "image/png"),),
        )
        said = replace(said, **more)  # type: ignore[arg-type]  # names and types of its fields
        desk = self.desks[brand]
        pipeline.receive(desk.store, [said], clock=desk.clock)
        while pipeline.triage(desk):
            pass
        return said

    def kept(self, said: IncomingMessage, *, brand: str) -> tuple[int, int]:
        """The conversation and the message that something became."""
        with self.desks[brand].store.read() as books:
            found = books.find_message(said.channel, said.external_id)
        assert found is not None
        return found.conversation_id, found.id

    def speak(self, words: Words, *, brand: str) -> None:
        """Have one contact be heard, answered, noted, merged, moderated, made a lead: in the same words throughout."""
        desk, by = self.desks[brand], Actor.person("Inès" if brand == "loriot" else STRANGER)
        first = self.say(words, words.text, brand=brand)
        place, message = self.kept(first, brand=brand)
        self._first[brand].append(first.external_id)
        more = {"thread": first.thread, "parent": first.external_id}
        receive_edit(
            desk.store, "instagram", first.external_id, text=f"{words.text} !", edited_at=self.clock(), clock=self.clock
        )
        while pipeline.triage(desk):
            pass
        self.say(words, words.note, brand=brand, parent_text=words.note, parent_author=words.name, **more)
        other = self.say(words, f"{words.note} {RUDE}", brand=brand, author=f"{words.account}-2")
        there, rude = self.kept(other, brand=brand)
        neighbour = self.say(words, words.note, brand=brand, author=f"{words.account}-3", thread=first.thread)

        draft = write_draft(desk, place, text="Nous cherchons votre colis, et revenons vers vous.", by=by)
        send_draft(desk, draft.id, by=by, insists=True)
        self.say(words, words.note, brand=brand, author="team", author_name="Omar", standing=Standing.STAFF, **more)
        write_draft(desk, place, text=words.note, by=by)
        work.add_note(desk, place, text=words.note, by=by)
        work.escalate(desk, place, by=by, queue="customer-service")
        correct(desk, message, after=[Label.COMPLAINT], by=by)
        mark_lead(desk, place, by=by)
        moderate(desk, Order(CaseAct.WARN, rude, words.reason, silent=True), by=by)
        moderate(desk, Order(CaseAct.NOTE, message, words.reason), by=by)
        with desk.store.begin() as books:
            books.add_tag(place, tag=words.tag)
            view = books.conversation(place)
            twin = books.conversation(there)
        assert view is not None
        assert twin is not None
        note_contact(desk, view.contact_id, text=words.note, by=by)
        mark_vip(desk, view.contact_id, is_vip=True, by=by)
        merge(desk, view.contact_id, twin.contact_id, by=by)
        work.snooze(desk, self.kept(neighbour, brand=brand)[0], until=self.clock() + timedelta(hours=2), by=by)

    def ids(self, *, brand: str = "loriot", place: int = 0) -> dict[str, object]:
        """What the blanks of addresses stand for, by their names: what came of the words at a place, from 0."""
        desk = self.desks[brand]
        with desk.store.read() as books:
            view = books.conversation(self._talk(brand, place))
            cases = books.list_cases(limit=1)
            accounts = books.find_contacts("-3", limit=50)
        assert view is not None
        return {
            "conversation": view.id,
            "contact": view.contact_id,
            "other": accounts[0].id,
            "message": view.messages[0].id,
            "draft": view.drafts[0].id,
            "send": view.sends[0].id,
            "case": cases[0].number,
            "number": cases[0].number,
            "bulk": list_bulks(desk, limit=1)[0].id,
            "lead": list_leads(desk.store)[0].id,
            "rule": self.words[place].rule,
            "code": f"mot-{place}",
            "person": "Vic",
            "login": "Vic",
            "name": "Vic",
            "channel": "instagram",
            "queue": "customer-service",
        }

    def _talk(self, brand: str, place: int) -> int:
        """The conversation in which the words at a place were said first."""
        with self.desks[brand].store.read() as books:
            found = books.find_message("instagram", self._first[brand][place])
        assert found is not None
        return found.conversation_id

    def _desk(self, name: str, store: SqlStore) -> Desk:
        rules = "\n".join(
            f"[[rule]]\nname = {_quoted(one.rule)}\nwhen = {{ channel = 'instagram' }}\n"
            f"then = [{{ action = 'tag', tag = {_quoted(one.tag)} }}]\n"
            for one in self.words
        )
        made = super()._desk(name, store)
        responses = {
            f"mot-{place}": CannedResponse(
                f"mot-{place}", Polarity.NEUTRAL, (Variant("fr", one.response),), {"fr": one.title, "en": one.title}
            )
            for place, one in enumerate(self.words)
        }
        return replace(
            made,
            rules=read_rule_book(f"{rules}\n{STARTER.read_text(encoding='utf-8')}"),
            responses={**made.responses, **responses},
        )


def _of_theirs(words: Words) -> Words:
    """The same words as somebody of the second brand says them."""
    said = {name: f"{getattr(words, name)} {THEIRS}" for name in ("text", "name", "account", "file", "note", "reason")}
    return replace(words, **said)


def _quoted(text: str) -> str:
    """A text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
