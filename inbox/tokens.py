"""Tokens: what programs prove themselves with, what each may do, and how it is taken away again."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from inbox.audit import AuditLine
from inbox.books import Store
from inbox.desk import Desk
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.model import Actor
from inbox.programs import Scope, Token
from inbox.sentences import Sentence

PREFIX = "vg_"
"""What each secret begins with, so that one that has leaked is found by whoever looks for it."""

LONGEST_NAME = 60
_NOTED_EVERY = timedelta(minutes=1)


def mark_of(secret: str) -> str:
    """What is kept of a secret: it cannot be used by whoever reads the database."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def make_token(desk: Desk, name: str, *, scopes: Collection[Scope], by: Actor) -> tuple[Token, str]:
    """Let a program work for the brand; its token, and the secret, which is told this once.

    Raises:
        BadInput: The name is empty or too long, or nothing may be done with it.
        NotPossible: Another token that works has this name.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(Sentence("A token needs a name of up to {most} characters.", most=LONGEST_NAME))
    if not scopes:
        raise BadInput(Sentence("Say what the token may be used for: {known}.", known=", ".join(Scope)))
    secret = PREFIX + secrets.token_urlsafe(32)
    now = desk.clock()
    with desk.store.begin() as books:
        made = books.add_token(name, mark_of(secret), scopes=sorted(set(scopes)), by=by, now=now)
        if made is None:
            raise NotPossible(Sentence('A token "{name}" works already. Revoke it, or choose another name.', name=name))
        why = Sentence("{person} has made the token {name}.", person=by.name, name=name)
        facts = {"scopes": [one.value for one in sorted(made.scopes)]}
        books.write_audit([AuditLine(now, by, "token.made", "token", made.id, why, facts)])
        books.seal_audit()
    return made, secret


def revoke_token(desk: Desk, name: str, *, by: Actor) -> Token:
    """Have a token work no longer, at once.

    Raises:
        NotFound: None that works has this name.
    """
    now = desk.clock()
    with desk.store.begin() as books:
        found = books.revoke_token(name.strip(), now=now)
        if found is None:
            raise NotFound(Sentence('There is no token "{name}" that works.', name=name.strip()))
        why = Sentence("{person} has revoked the token {name}.", person=by.name, name=found.name)
        books.write_audit([AuditLine(now, by, "token.revoked", "token", found.id, why)])
        books.seal_audit()
    return found


def list_tokens(desk: Desk) -> Sequence[Token]:
    """Every token of the brand, the latest first; revoked ones too."""
    with desk.store.read() as books:
        return books.list_tokens()


def token_of(store: Store, secret: str, *, now: datetime) -> Token | None:
    """The token that a secret proves, whatever its brand; None where it proves none, or one that was revoked.

    That it was used is noted at most once a minute.
    """
    if not secret.startswith(PREFIX):
        return None
    with store.read() as books:
        found = books.token_marked(mark_of(secret))
    if found is None or found.revoked_at is not None:
        return None
    if found.used_at is None or now - found.used_at >= _NOTED_EVERY:
        with store.begin() as books:
            books.see_token(found.id, now=now)
    return found
