"""Who signs in to the page: names with passwords, sessions that end, attempts that are slowed down."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from inbox.audit import AuditLine
from inbox.books import Store
from inbox.desk import Desk
from inbox.errors import BadInput, NotAllowed, NotFound, NotPossible
from inbox.invitations import invitation_in
from inbox.model import Actor
from inbox.people import PAGE, Caller, Person, Role
from inbox.sentences import Sentence
from inbox.sessions import LONGEST, Attempts, Login, Passwords, Session
from inbox.team import add_member, identify, link_member

CHANNEL = PAGE
"""The channel under which the team knows somebody by the name he signs in with."""

SHORTEST_PASSWORD = 10
"""Characters. Length is what counts: NIST SP 800-63B, section 5.1.1, asks for no mixture of kinds."""

_LONGEST_NAME = 200
"""Characters that are read of a name that somebody types to sign in."""

FREE_ATTEMPTS = 5
"""So many wrong passwords in a row cost nothing; each further one doubles the wait."""

_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(minutes=15)
_NOT_HIM = Sentence("This name and this password do not go together.")


def wait_until(attempts: Attempts | None) -> datetime | None:
    """When the next try is let through after failures; None where it is at once."""
    if attempts is None or attempts.failed < FREE_ATTEMPTS:
        return None
    # 2, 4, 8 … seconds: the exponent is bounded before it is used.
    wait: timedelta = _FIRST_WAIT * 2 ** min(attempts.failed - FREE_ATTEMPTS, 20)
    return attempts.last_at + min(wait, _LONGEST_WAIT)


def mark_of(token: str) -> str:
    """What is kept of a secret token: it cannot be used by whoever reads the database."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_login(desk: Desk, passwords: Passwords, name: str, password: str, *, role: Role, by: Actor) -> Login:
    """Let somebody sign in: he joins the team of the brand with a role, under a name that nobody else signs in with.

    Raises:
        BadInput: The name is empty, or the password too short.
        NotPossible: Somebody signs in with this name already, or is the last administrator and would be one no more.
    """
    name = name.strip()
    if not name:
        raise BadInput(Sentence("A name is needed to sign in."))
    refuse_weak(password, name=name)
    kept = passwords.hashed(password)
    with desk.store.begin() as books:
        made = books.add_login(name, kept, now=desk.clock())
        if made is None:
            raise NotPossible(Sentence("Somebody signs in as {name} already.", name=name))
    admit(desk, made, role=role, by=by)
    return made


def admit(desk: Desk, made: Login, *, role: Role, by: Actor) -> None:
    """Let somebody whose login was just made work for the brand; where he may not have the role, it is gone again.

    Raises:
        NotPossible: He is in the team, and its last administrator.
    """
    try:
        let_in(desk, made, role=role, by=by)
    except NotPossible:
        with desk.store.begin() as books:
            books.remove_login(made.id)
        raise


def let_in(desk: Desk, login: Login, *, role: Role, by: Actor) -> None:
    """Let somebody who can sign in work for a brand, with a role."""
    member = add_member(desk, login.name, role=role, by=by)
    link_member(desk, member.name, CHANNEL, login.name, by=by)


def find_login(store: Store, name: str) -> Login:
    """Who signs in with a name.

    Raises:
        NotFound: Nobody does.
    """
    with store.read() as books:
        found = books.login_called(name)
    if found is None:
        raise NotFound(Sentence("Nobody signs in as {name}. Let them: vigie user add --password", name=name.strip()))
    return found


def change_password(desk: Desk, passwords: Passwords, login: Login, password: str, *, by: Actor) -> None:
    """Give somebody another password, and end every session of his.

    Raises:
        BadInput: The password is too short.
    """
    refuse_weak(password, name=login.name)
    kept = passwords.hashed(password)
    with desk.store.begin() as books:
        books.change_password(login.id, kept)
        ended = books.end_sessions(login.id)
        why = Sentence("{person} has another password. Sessions that ended: {n}.", person=login.name, n=ended)
        books.write_audit([AuditLine(desk.clock(), by, "team.password", "login", login.id, why)])
        books.seal_audit()


def sign_in(
    store: Store, passwords: Passwords, name: str, password: str, *, address: str, browser: str, now: datetime
) -> str:
    """Open a session; the secret token that stands for it.

    Args:
        store: Any brand's store: logins belong to no brand.
        passwords: Hashes passwords.
        name: As it was typed.
        password: As it was typed.
        address: Where the request comes from: attempts are counted per name and per address.
        browser: What the browser calls itself.
        now: The moment.

    Raises:
        NotAllowed: Name and password do not go together, or there were too many attempts; the reader is not told which
            of the two is wrong.
    """
    name = name.strip()[:_LONGEST_NAME]
    keys = (f"name/{name.casefold()}", f"address/{address}")
    with store.begin() as books:
        books.take_turn()
        waits = [until for key in keys if (until := wait_until(books.sign_in_attempts(key))) is not None]
        if waits and max(waits) > now:
            seconds = max(1, round((max(waits) - now).total_seconds()))
            raise NotAllowed(Sentence("Too many attempts. Try again in {seconds} s.", seconds=seconds))
        # It counts as failed until it has not: many that are tried at once are counted before the first is answered.
        for key in keys:
            books.note_sign_in_failure(key, now=now, forgets_after=LONGEST)
        found = books.login_called(name)
    if found is not None and invitation_in(found.password) is not None:
        found = None  # nobody signs in before he has chosen his password
    if found is None:
        passwords.hashed(password)  # so that a name that nobody has takes as long as one that somebody has
        raise NotAllowed(_NOT_HIM)
    if not passwords.fits(found.password, password):
        raise NotAllowed(_NOT_HIM)
    token = secrets.token_urlsafe(32)
    with store.begin() as books:
        books.forget_sign_in_failures(keys)
        books.open_session(found.id, mark_of(token), browser=browser[:200], now=now)
    return token


def session_of(store: Store, token: str, *, now: datetime, is_use: bool = True) -> Session | None:
    """The session that a token stands for, or None where it stands for none or for one that has ended.

    That it was used is noted at most once a minute; a look that is no use of it ends no later for it.
    """
    with store.read() as books:
        session = books.session(mark_of(token))
    if session is None or not session.runs(now):
        return None
    if is_use and now - session.seen_at >= timedelta(minutes=1):
        with store.begin() as books:
            books.see_session(session.id, now=now)
    return session


def sign_out(store: Store, token: str) -> None:
    """End the session that a token stands for."""
    with store.begin() as books:
        books.end_session(mark_of(token))


def sessions_of(store: Store, login: Login, *, now: datetime) -> list[Session]:
    """The sessions of somebody that run, the one used last coming first."""
    with store.read() as books:
        return [one for one in books.sessions_of(login.id) if one.runs(now)]


def end_sessions(desk: Desk, login: Login, *, by: Actor, only: int | None = None, but: str = "") -> int:
    """End every session of somebody, or `only` one of them; how many ended.

    Args:
        desk: The desk whose audit log tells of it.
        login: Who is signed in.
        by: Who ends them.
        only: The number of a session.
        but: The token of a session that goes on.
    """
    with desk.store.begin() as books:
        ended = books.end_sessions(login.id, only=only, but=mark_of(but) if but else None)
        if ended:
            why = Sentence("Sessions of {person} that ended: {n}.", person=login.name, n=ended)
            books.write_audit([AuditLine(desk.clock(), by, "team.signed_out", "login", login.id, why)])
            books.seal_audit()
    return ended


def person_of(desk: Desk, login: Login, *, lang: str | None) -> Person:
    """Who somebody who has signed in is to a brand; without a role, he is not of its team."""
    return identify(desk, Caller(CHANNEL, login.name, login.name, lang))


def refuse_weak(password: str, *, name: str) -> None:
    """See that a password will do for somebody who signs in with a name.

    Raises:
        BadInput: It is too short, or the name itself.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput(Sentence("A password has at least {n} characters.", n=SHORTEST_PASSWORD))
    if password.casefold() == name.casefold():
        raise BadInput(Sentence("The password is the name. Choose another."))
