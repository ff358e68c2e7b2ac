"""Joining the team by a link: somebody is invited, and chooses a password that nobody else has seen."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from inbox.audit import AuditLine
from inbox.books import Books, Store
from inbox.desk import Desk
from inbox.errors import BadInput, NotFound, NotPossible
from inbox.invitations import LASTS, Invitation, invitation_in
from inbox.logins import admit, mark_of, refuse_weak
from inbox.model import Actor
from inbox.people import Role
from inbox.ports import Clock
from inbox.sentences import Sentence
from inbox.sessions import Login, Passwords

_OUT_OF_DATE = Sentence("This link has been used, or is out of date. Ask an administrator for another.")


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who may choose a password, and the secret key of his link: it is shown once, and kept nowhere."""

    login: Login
    key: str


def invite(desk: Desk, name: str, *, role: Role, by: Actor) -> Invited:
    """Add somebody to the team of the brand who will choose his own password.

    Raises:
        BadInput: The name is empty.
        NotPossible: Somebody signs in with this name already, or is the last administrator and would be one no more.
    """
    name = name.strip()
    if not name:
        raise BadInput(Sentence("A name is needed to sign in."))
    key, invitation = _new(desk)
    with desk.store.begin() as books:
        made = books.add_login(name, invitation.to_kept(), now=desk.clock())
        if made is None:
            raise NotPossible(Sentence("Somebody signs in as {name} already.", name=name))
    admit(desk, made, role=role, by=by)
    return Invited(made, key)


def invite_anew(desk: Desk, login: Login, *, by: Actor) -> Invited:
    """Have somebody choose a password anew: the one he has counts no more, and all his sessions end."""
    key, invitation = _new(desk)
    with desk.store.begin() as books:
        books.change_password(login.id, invitation.to_kept())
        ended = books.end_sessions(login.id)
        why = Sentence("{person} chooses a password anew. Sessions that ended: {n}.", person=login.name, n=ended)
        books.write_audit([AuditLine(desk.clock(), by, "team.invited", "login", login.id, why)])
        books.seal_audit()
    return Invited(login, key)


def find_invited(store: Store, name: str, key: str, *, clock: Clock) -> Login:
    """Who was invited by a link.

    Raises:
        NotFound: Nobody, or it has been used, or is out of date: the reader is not told which.
    """
    with store.read() as books:
        return _invited(books, name, key, clock=clock)


def join(desk: Desk, passwords: Passwords, name: str, key: str, password: str) -> Login:
    """Choose a password by a link, which can be used no more afterwards.

    Raises:
        NotFound: The link cannot be used, or somebody was first.
        BadInput: The password is too short.
    """
    refuse_weak(password, name=name)
    kept = passwords.hashed(password)
    with desk.store.begin() as books:
        login = _invited(books, name, key, clock=desk.clock)
        if not books.replace_password(login.id, login.password, by=kept):
            raise NotFound(_OUT_OF_DATE)
        why = Sentence("{person} has chosen a password.", person=login.name)
        books.write_audit([AuditLine(desk.clock(), Actor.person(login.name), "team.joined", "login", login.id, why)])
        books.seal_audit()
    return login


def _new(desk: Desk) -> tuple[str, Invitation]:
    key = secrets.token_urlsafe(32)
    return key, Invitation(mark_of(key), desk.clock() + LASTS)


def _invited(books: Books, name: str, key: str, *, clock: Clock) -> Login:
    login = books.login_called(name)
    invitation = None if login is None else invitation_in(login.password)
    if login is None or invitation is None or invitation.until <= clock():
        raise NotFound(_OUT_OF_DATE)
    if not hmac.compare_digest(invitation.mark, mark_of(key)):
        raise NotFound(_OUT_OF_DATE)
    return login
