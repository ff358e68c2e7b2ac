"""What a database driver complains about, told in the words of whoever has to put it right."""

from __future__ import annotations

import re

from sqlalchemy import URL

from inbox.errors import StoreTrouble
from inbox.sentences import Sentence

_Told = tuple[tuple[str, Sentence], ...]


def shown(address: URL) -> str:
    """An address as it may be shown: the file, or the server without password and options."""
    if address.get_backend_name() == "sqlite":
        return address.database or ":memory:"
    return address.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def to_trouble(error: BaseException, address: URL) -> StoreTrouble | None:
    """The trouble behind a driver's error; None where it is no trouble of the database but a fault of ours."""
    said = str(error)
    told = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    for pattern, sentence in told:
        if re.search(pattern, said):
            return StoreTrouble(sentence)
    return None


def _not_ours(where: str) -> Sentence:
    return Sentence(
        "The database {where} holds tables of another program. Give Vigie a database of its own.", where=where
    )


def _sqlite(address: URL) -> _Told:
    where = shown(address)
    return (
        ("table .* already exists", _not_ours(where)),
        (
            "unable to open database file",
            Sentence(
                "The database {where} cannot be opened. Check that it is a file, not a folder, and may be read.",
                where=where,
            ),
        ),
        (
            "database (table )?is locked",
            Sentence("The database {where} is busy: another program has been writing for too long.", where=where),
        ),
        (
            "attempt to write a readonly database",
            Sentence("The database {where} may not be written to. Check who owns it and its folder.", where=where),
        ),
        (
            "file is not a database",
            Sentence("{where} is not a SQLite database. Name another file in the setting database_url.", where=where),
        ),
        (
            "malformed|disk image",
            Sentence("The database {where} is damaged. Put the latest backup in its place.", where=where),
        ),
        ("disk is full", Sentence("The disk of the database {where} is full.", where=where)),
        ("disk I/O error", Sentence("The disk of the database {where} cannot be read or written.", where=where)),
    )


def _postgresql(address: URL) -> _Told:
    where = shown(address)
    name, user, host = address.database or "", address.username or "", address.host or ""
    return (
        ("relation .* already exists", _not_ours(where)),
        (
            "password authentication failed|no password supplied",
            Sentence("PostgreSQL refuses the password of {user} for {where}.", user=user, where=where),
        ),
        (
            'role ".*" does not exist',
            Sentence('PostgreSQL knows no user {user}. Make one: CREATE ROLE "{user}" LOGIN;', user=user),
        ),
        (
            'database ".*" does not exist',
            Sentence('PostgreSQL has no database {name}. Make one: CREATE DATABASE "{name}";', name=name),
        ),
        (
            "resolve host|Name or service not known|nodename nor servname",
            Sentence("The database server {host} cannot be found: its name leads nowhere.", host=host),
        ),
        (
            "Connection refused|No such file or directory|timeout expired|connection timeout|No route to host",
            Sentence("No PostgreSQL answers at {where}. Check that it runs and can be reached.", where=where),
        ),
        (
            "too many (clients|connections)",
            Sentence("PostgreSQL at {where} takes no more connections.", where=where),
        ),
        (
            "terminating connection|server closed the connection|connection is lost|consuming input failed"
            "|database system is (starting up|shutting down)",
            Sentence("PostgreSQL at {where} broke off the connection. Try again once it is back.", where=where),
        ),
        (
            "permission denied",
            Sentence(
                "PostgreSQL does not let {user} do that in {where}. Make the user its owner.", user=user, where=where
            ),
        ),
        (
            "deadlock detected|could not serialize access|due to lock timeout",
            Sentence("The database {where} is busy: another program has been writing for too long.", where=where),
        ),
        ("could not extend file|No space left", Sentence("The disk of PostgreSQL at {where} is full.", where=where)),
        (
            "read-only transaction",
            Sentence("PostgreSQL at {where} only reads now: it may be a replica.", where=where),
        ),
        (
            "connection failed|connection is bad",
            Sentence("PostgreSQL at {where} cannot be used.", where=where),
        ),
    )
