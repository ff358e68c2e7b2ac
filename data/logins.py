"""Who signs in to the page, and the sessions that are open. Logins belong to no brand."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update

from data.many import insert_many
from data.tables import login, login_session, moderator_identity, sign_in_attempt
from data.transaction import Transaction
from inbox.people import PAGE
from inbox.sessions import Attempts, Login, Session


def add_login(tx: Transaction, name: str, password: str, *, now: datetime) -> Login | None:
    """Keep a name with what is kept of its password; None where somebody has the name, whatever its case."""
    if login_called(tx, name) is not None:
        return None
    row = {"name": name, "folded": name.casefold(), "password": password, "created_at": now}
    made = insert_many(tx, login, [row], skip_conflicts=True, returning=[login.c.id])
    return Login(int(made[0].id), name, password) if made else None


def login_called(tx: Transaction, name: str) -> Login | None:
    """Who signs in with a name, whatever its case."""
    row = tx.connection.execute(select(login).where(login.c.folded == name.strip().casefold())).one_or_none()
    return None if row is None else _to_login(row)


def count_logins(tx: Transaction) -> int:
    """How many people can sign in."""
    return tx.connection.scalar(select(func.count()).select_from(login)) or 0


def change_password(tx: Transaction, login_id: int, password: str) -> None:
    """Keep another password."""
    tx.connection.execute(update(login).where(login.c.id == login_id).values(password=password))


def open_session(tx: Transaction, login_id: int, mark: str, *, browser: str, now: datetime) -> None:
    """Keep a session under the mark of its token."""
    row = {"login_id": login_id, "mark": mark, "browser": browser, "opened_at": now, "seen_at": now}
    insert_many(tx, login_session, [row])


def session(tx: Transaction, mark: str) -> Session | None:
    """A session by the mark of its token."""
    wanted = select(
        login_session.c.id.label("session_id"),
        login_session.c.opened_at,
        login_session.c.seen_at,
        login_session.c.browser,
        login,
    ).join(login, login.c.id == login_session.c.login_id)
    row = tx.connection.execute(wanted.where(login_session.c.mark == mark)).one_or_none()
    return None if row is None else _to_session(row)


def sessions_of(tx: Transaction, login_id: int) -> list[Session]:
    """Every session of somebody that is kept, the latest first."""
    wanted = (
        select(
            login_session.c.id.label("session_id"),
            login_session.c.opened_at,
            login_session.c.seen_at,
            login_session.c.browser,
            login,
        )
        .join(login, login.c.id == login_session.c.login_id)
        .where(login.c.id == login_id)
        .order_by(login_session.c.seen_at.desc())
    )
    return [_to_session(row) for row in tx.connection.execute(wanted)]


def see_session(tx: Transaction, session_id: int, *, now: datetime) -> None:
    """Note that a session was used."""
    tx.connection.execute(update(login_session).where(login_session.c.id == session_id).values(seen_at=now))


def end_session(tx: Transaction, mark: str) -> None:
    """Forget a session by the mark of its token."""
    tx.connection.execute(delete(login_session).where(login_session.c.mark == mark))


def end_sessions(tx: Transaction, login_id: int, *, only: int | None = None, but: str | None = None) -> int:
    """Forget every session of somebody, or `only` one, or all `but` that of a mark; how many there were."""
    wanted = delete(login_session).where(login_session.c.login_id == login_id)
    if only is not None:
        wanted = wanted.where(login_session.c.id == only)
    if but is not None:
        wanted = wanted.where(login_session.c.mark != but)
    return tx.connection.execute(wanted).rowcount


def replace_password(tx: Transaction, login_id: int, before: str, *, by: str) -> bool:
    """Keep another password in the place of one; False where it is not the one that is kept any more."""
    mine = (login.c.id == login_id) & (login.c.password == before)
    return bool(tx.connection.execute(update(login).where(mine).values(password=by)).rowcount)


def remove_login(tx: Transaction, login_id: int) -> bool:
    """Forget somebody who signs in, with his sessions; False where a brand still knows him by that name."""
    name = tx.connection.scalar(select(login.c.name).where(login.c.id == login_id))
    # Logins belong to no brand: every team is asked.
    known = (moderator_identity.c.channel == PAGE) & (moderator_identity.c.external_id == name)
    if tx.connection.scalar(select(func.count()).select_from(moderator_identity).where(known)):
        return False
    end_sessions(tx, login_id)
    return bool(tx.connection.execute(delete(login).where(login.c.id == login_id)).rowcount)


def sign_in_attempts(tx: Transaction, key: str) -> Attempts | None:
    """The failures in a row that are counted under a key."""
    row = tx.connection.execute(select(sign_in_attempt).where(sign_in_attempt.c.key == key)).one_or_none()
    return None if row is None else Attempts(row.failed, row.last_at)


def note_sign_in_failure(tx: Transaction, key: str, *, now: datetime, forgets_after: timedelta) -> None:
    """Count one more failure under a key, and forget what is counted for nothing since long."""
    counted = (
        update(sign_in_attempt)
        .where(sign_in_attempt.c.key == key)
        .values(failed=sign_in_attempt.c.failed + 1, last_at=now)
    )
    if not tx.connection.execute(counted).rowcount:
        insert_many(tx, sign_in_attempt, [{"key": key, "failed": 1, "last_at": now}], skip_conflicts=True)
    tx.connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.last_at < now - forgets_after))


def forget_sign_in_failures(tx: Transaction, keys: Collection[str]) -> None:
    """Begin to count anew under these keys."""
    tx.connection.execute(delete(sign_in_attempt).where(sign_in_attempt.c.key.in_(keys)))


def _to_login(row: Any) -> Login:
    return Login(row.id, row.name, row.password)


def _to_session(row: Any) -> Session:
    return Session(row.session_id, _to_login(row), row.opened_at, row.seen_at, row.browser)
