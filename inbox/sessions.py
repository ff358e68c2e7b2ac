"""Names that people sign in with, and their sessions. Plain values, pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

IDLE = timedelta(hours=12)
"""A session that nobody has used for so long has ended."""

LONGEST = timedelta(days=30)
"""A session ends then, however much it is used."""


class Passwords(Protocol):
    """Hashes passwords so that they cannot be read back."""

    def hashed(self, password: str) -> str:
        """What is kept of a password."""

    def fits(self, kept: str, password: str) -> bool:
        """Whether a password is the one that `kept` was made of."""


@dataclass(frozen=True, slots=True)
class Login:
    """A name that somebody signs in with; `password` is what is kept of his password."""

    id: int
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is signed in, from `opened_at` on; last seen at `seen_at`, by the name of his browser."""

    id: int
    login: Login
    opened_at: datetime
    seen_at: datetime
    browser: str

    def runs(self, now: datetime) -> bool:
        """Whether it has not ended."""
        return now < min(self.seen_at + IDLE, self.opened_at + LONGEST)


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often a sign-in failed in a row for one name or from one address, and the last time it did."""

    failed: int
    last_at: datetime
