"""Calls signed as Standard Webhooks has it: proved by their bytes, of now, known by their id. Pure.

Source: github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Webhook Headers" and "Symmetric".
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from inbox.errors import CallRefused, Refusal
from inbox.sentences import Sentence

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

WINDOW = timedelta(minutes=5)
"""How far the moment that a call was signed at may lie from now."""

MOST_BYTES = 1_000_000
"""The largest call that is read."""

SHORTEST_SECRET = 16
_PREFIX = "whsec_"
_LONGEST_ID = 200


def key_of(secret: str) -> bytes:
    """The bytes to sign with: those that `whsec_` and Base64 stand for, else the secret as it is written.

    Raises:
        ValueError: After `whsec_` comes something else than Base64.
    """
    if not secret.startswith(_PREFIX):
        return secret.encode()
    try:
        return b64decode(secret.removeprefix(_PREFIX), validate=True)
    except ValueError as error:
        raise ValueError("what follows whsec_ is not Base64") from error


def signed(secret: str, call_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a call: HMAC-SHA256 over its id, its moment and its bytes, with full stops between them."""
    said = f"{call_id}.{timestamp}.".encode("utf-8", "surrogateescape") + body
    return f"v1,{b64encode(hmac.new(key_of(secret), said, hashlib.sha256).digest()).decode()}"


def headers_for(secret: str, call_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers that prove a call of ours."""
    at = str(int(now.timestamp()))
    return {ID: call_id, TIMESTAMP: at, SIGNATURE: signed(secret, call_id, at, body)}


def prove(name: str, secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The id of a call that proves who makes it.

    Args:
        name: What whoever calls is called, for whoever reads of a refusal.
        secret: What both sides sign with.
        headers: By their names in small letters.
        body: The bytes as they came.
        now: The moment that it came at.

    Raises:
        CallRefused: It proves nothing, is too old or ahead of time, or too large.
    """
    call_id, at, given = (headers.get(one, "") for one in (ID, TIMESTAMP, SIGNATURE))
    for header, value in ((ID, call_id), (TIMESTAMP, at), (SIGNATURE, given)):
        if not value:
            says = Sentence("A call to {desk} lacks the header {name}.", desk=name, name=header)
            raise CallRefused(Refusal.UNPROVEN, says)
    if len(body) > MOST_BYTES:
        raise CallRefused(Refusal.UNREADABLE, Sentence("A call to {desk} cannot be read.", desk=name))
    expected = signed(secret, call_id, at, body).encode()
    # While a secret is changed, a call carries a signature by the old one and one by the new. All are compared.
    fits = [hmac.compare_digest(one.encode("utf-8", "surrogateescape"), expected) for one in given.split(" ")]
    if not any(fits) or len(call_id) > _LONGEST_ID:
        says = Sentence("A call to {desk} does not prove that it comes from there.", desk=name)
        raise CallRefused(Refusal.UNPROVEN, says)
    signed_at = _moment(at)
    if signed_at is None or abs(now - signed_at) > WINDOW:
        says = Sentence("A call to {desk} was signed too long ago, or ahead of time.", desk=name)
        raise CallRefused(Refusal.OLD, says)
    return call_id


def _moment(seconds: str) -> datetime | None:
    """A moment told in seconds since 1970; None where it is none."""
    if not seconds.isascii() or not seconds.isdigit():
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (OverflowError, OSError, ValueError):
        return None
