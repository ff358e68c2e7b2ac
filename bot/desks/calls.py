"""Calls of help desks: who makes one is proved by the bytes as they came, before anything in them is believed.

Each kind signs in its own way (`docs/escalation-desks.md`). What a call says is used only to know which ticket to ask
after, but for the operator's own webhook, which nobody can ask. Pure.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from bot.desks.answers import moment_in
from bot.desks.signing import SIGNATURE, TIMESTAMP, signed
from inbox.desk_news import DeskAnswer, DeskCall, DeskNews
from inbox.errors import CallRefused, Refusal
from inbox.sentences import Sentence
from inbox.views import TicketStatus

WINDOW = timedelta(minutes=5)
"""How far the moment that a call was signed at may lie from now."""

MOST_BYTES = 1_000_000
"""The largest call that is read."""

SECRET = "X-Vigie-Secret"  # noqa: S105  # the name of a header
"""The header by which Freshdesk, which signs nothing, proves itself."""

_Headers = Mapping[str, str]
_Prove = Callable[["_Signed"], str | None]
_Read = Callable[[str, Mapping[str, Any], str | None], DeskCall]


@dataclass(frozen=True, slots=True)
class Caller:
    """A help desk that may call: its name in the settings, its kind, and what it proves itself with, if anything."""

    desk: str
    kind: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class _Signed:
    """A call as it came: its headers by their names in small letters, its bytes, and the moment that it came at."""

    caller: Caller
    secret: bytes
    headers: _Headers
    body: bytes
    now: datetime

    def header(self, name: str) -> str:
        value = self.headers.get(name.lower(), "")
        if not value:
            says = Sentence("A call to {desk} lacks the header {name}.", desk=self.caller.desk, name=name)
            raise CallRefused(Refusal.UNPROVEN, says)
        return value

    def must_be(self, given: str, expected: str) -> None:
        """Go on if a proof is right; comparing takes as long wherever it is wrong."""
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
            says = Sentence("A call to {desk} does not prove that it comes from there.", desk=self.caller.desk)
            raise CallRefused(Refusal.UNPROVEN, says)

    def must_be_of_now(self, said: str) -> None:
        """Go on if a call was signed now, a little earlier or a little later."""
        try:
            signed_at = moment_in(int(said) if said.isascii() and said.isdigit() else said)
        except ValueError as error:
            says = Sentence("A call to {desk} is signed at no moment that can be read.", desk=self.caller.desk)
            raise CallRefused(Refusal.UNPROVEN, says) from error
        if abs(self.now - signed_at) > WINDOW:
            says = Sentence("A call to {desk} was signed too long ago, or ahead of time.", desk=self.caller.desk)
            raise CallRefused(Refusal.OLD, says)


def read_call(caller: Caller, headers: _Headers, body: bytes, *, now: datetime) -> DeskCall:
    """What a call of a help desk says, once it has proved who makes it.

    Args:
        caller: Who it has to be.
        headers: By their names, in whatever case.
        body: The bytes as they came.
        now: The moment that it came at.

    Raises:
        CallRefused: It proves nothing, is too old, or cannot be read.
    """
    if caller.secret is None or caller.kind not in _KINDS:
        says = Sentence("No call is taken for {desk}: it has no hook_secret in the settings.", desk=caller.desk)
        raise CallRefused(Refusal.UNPROVEN, says)
    if len(body) > MOST_BYTES:
        raise _unreadable(caller)
    prove, read = _KINDS[caller.kind]
    small = {name.lower(): value for name, value in headers.items()}
    mark = prove(_Signed(caller, caller.secret.encode(), small, body, now))
    try:
        said = json.loads(body)
        if not isinstance(said, dict):
            raise _unreadable(caller)
        return read(caller.desk, said, mark)
    except (ValueError, RecursionError) as error:
        raise _unreadable(caller) from error


def _by_zammad(call: _Signed) -> str:
    """HMAC-SHA1 over the body, in hexadecimal. No moment is signed: the same call again is known by its signature."""
    signature = call.header("X-Hub-Signature")
    call.must_be(signature, f"sha1={hmac.new(call.secret, call.body, hashlib.sha1).hexdigest()}")
    return signature


def _by_chatwoot(call: _Signed) -> str:
    return _with_moment(call, "X-Chatwoot-Timestamp", "X-Chatwoot-Signature")


def _by_webhook(call: _Signed) -> str:
    return _with_moment(call, TIMESTAMP, SIGNATURE)


def _with_moment(call: _Signed, timestamp: str, signature: str) -> str:
    """HMAC-SHA256 over the moment in seconds since 1970, a full stop and the body, in hexadecimal."""
    at, given = call.header(timestamp), call.header(signature)
    call.must_be(given, f"sha256={signed(call.secret, at, call.body)}")
    call.must_be_of_now(at)
    return given


def _by_zendesk(call: _Signed) -> str:
    """HMAC-SHA256 over the moment in ISO 8601 and the body, with nothing between them, in Base64."""
    at, given = call.header("X-Zendesk-Webhook-Signature-Timestamp"), call.header("X-Zendesk-Webhook-Signature")
    expected = hmac.new(call.secret, at.encode("utf-8", "surrogateescape") + call.body, hashlib.sha256).digest()
    call.must_be(given, b64encode(expected).decode())
    call.must_be_of_now(at)
    return given


def _by_freshdesk(call: _Signed) -> None:
    """The secret itself, in a header of its own: nothing of the call is signed, and nothing marks it."""
    call.must_be(call.header(SECRET), call.caller.secret or "")


def _from_zammad(desk: str, said: Mapping[str, Any], mark: str | None) -> DeskCall:
    del desk
    return DeskCall(_id_in(said.get("ticket"), "id"), mark)


def _from_chatwoot(desk: str, said: Mapping[str, Any], mark: str | None) -> DeskCall:
    del desk
    event = str(said.get("event", ""))
    if event.startswith("conversation_"):
        return DeskCall(_id_in(said, "id"), mark)
    return DeskCall(_id_in(said.get("conversation"), "id") if event.startswith("message_") else None, mark)


def _from_zendesk(desk: str, said: Mapping[str, Any], mark: str | None) -> DeskCall:
    """An event that Zendesk words itself, or what a trigger was told to say: {"ticket": {"id": …}} or {"ticket": …}."""
    del desk
    if "type" in said:
        is_ticket = str(said["type"]).startswith("zen:event-type:ticket.")
        return DeskCall(_id_in(said.get("detail"), "id") if is_ticket else None, mark)
    return DeskCall(_ticket_in(said), mark)


def _from_freshdesk(desk: str, said: Mapping[str, Any], mark: str | None) -> DeskCall:
    """What the automation was told to say: {"ticket": …}, or what Freshdesk says where it was told nothing."""
    del desk
    return DeskCall(_id_in(said.get("freshdesk_webhook"), "ticket_id") or _ticket_in(said), mark)


class _Answer(BaseModel):
    id: str = Field(min_length=1, max_length=200)
    by: str = Field("", max_length=200)
    at: AwareDatetime
    text: str = Field(max_length=20_000)


class _Changed(BaseModel):
    event: Literal["ticket.changed"]
    ticket: str = Field(min_length=1, max_length=200)
    status: Literal["open", "pending", "solved"]
    at: AwareDatetime
    assignee: str | None = Field(None, max_length=200)
    answers: list[_Answer] = Field([], max_length=100)


def _from_webhook(desk: str, said: Mapping[str, Any], mark: str | None) -> DeskCall:
    if said.get("event") != "ticket.changed":
        return DeskCall(None, mark)
    try:
        told = _Changed.model_validate(said)
    except ValidationError as error:
        fault = error.errors()[0]
        says = Sentence(
            "A call to {desk} cannot be read: {where}: {why}.",
            desk=desk,
            where=".".join(str(part) for part in fault["loc"]),
            why=fault["msg"],
        )
        raise CallRefused(Refusal.UNREADABLE, says) from error
    answers = tuple(DeskAnswer(one.id, one.by or desk, one.at, one.text) for one in told.answers)
    news = DeskNews(told.ticket, TicketStatus(told.status), told.at, told.assignee, answers)
    return DeskCall(told.ticket, mark, news)


_KINDS: Mapping[str, tuple[_Prove, _Read]] = {
    "zammad": (_by_zammad, _from_zammad),
    "chatwoot": (_by_chatwoot, _from_chatwoot),
    "zendesk": (_by_zendesk, _from_zendesk),
    "freshdesk": (_by_freshdesk, _from_freshdesk),
    "webhook": (_by_webhook, _from_webhook),
}
"""Per kind how a call proves itself, and how it is read then. A mailbox calls nobody."""


def _ticket_in(said: Mapping[str, Any]) -> str | None:
    told = said.get("ticket")
    return _id_in(told, "id") if isinstance(told, dict) else _id_in(said, "ticket")


def _id_in(told: Any, name: str) -> str | None:
    """An id as text; None where there is none."""
    found = told.get(name) if isinstance(told, dict) else None
    if isinstance(found, bool) or not isinstance(found, int | str):
        return None
    return str(found).strip() or None


def _unreadable(caller: Caller) -> CallRefused:
    return CallRefused(Refusal.UNREADABLE, Sentence("A call to {desk} cannot be read.", desk=caller.desk))
