"""Looking lines of the audit log up: what is looked for, and what is found. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from inbox.audit import AuditLine


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which lines are looked for; None asks for nothing.

    `actor` is a name, `what` an event such as `rules.edited` or the part before its dot. The moments are the first one
    and the one before which it was.
    """

    actor: str | None = None
    what: str | None = None
    subject: str | None = None
    subject_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A line as it is kept, with its place in the chain; no place until it is sealed."""

    id: int
    line: AuditLine
    seq: int | None = None
    hash: str | None = None


@dataclass(frozen=True, slots=True)
class AuditChoices:
    """Who and what the latest lines are about, to choose from."""

    actors: tuple[str, ...] = ()
    whats: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
