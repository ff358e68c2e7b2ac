"""Requests that are made again under the same key: the first one counts, and its answer is given again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from inbox.books import Store
from inbox.errors import InboxError
from inbox.sentences import Sentence

LONGEST_KEY = 255


class KeyReused(InboxError):
    """The key belongs to a request that asked for something else."""


class KeyInUse(InboxError):
    """The first request under the key is being answered right now."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to the first request under a key."""

    status: int
    body: str


def digest_of(method: str, path: str, body: bytes) -> str:
    """What tells one request from another."""
    return hashlib.sha256(f"{method} {path}\n".encode("utf-8", "surrogateescape") + body).hexdigest()


def begin(store: Store, token_id: int, key: str, digest: str, *, now: datetime) -> KeptAnswer | None:
    """Begin a request under a key; None where it is ours to answer, else the answer that the first one had.

    Raises:
        KeyReused: The first one asked for something else.
        KeyInUse: The first one has no answer yet.
    """
    with store.begin() as books:
        first = books.begin_call(token_id, key, digest, now=now)
    if first is None:
        return None
    if first.digest != digest:
        raise KeyReused(Sentence("This Idempotency-Key belongs to a request that asked for something else."))
    if first.status is None or first.body is None:
        raise KeyInUse(Sentence("The first request with this Idempotency-Key is being answered. Ask again."))
    return KeptAnswer(first.status, first.body)


def end(store: Store, token_id: int, key: str, *, answer: KeptAnswer) -> None:
    """Keep the answer to a request that was begun."""
    with store.begin() as books:
        books.end_call(token_id, key, status=answer.status, body=answer.body)


def drop(store: Store, token_id: int, key: str) -> None:
    """Let a request that was begun and refused be made again."""
    with store.begin() as books:
        books.drop_call(token_id, key)
