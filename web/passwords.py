"""Passwords kept as argon2id hashes."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_AT_ONCE = BoundedSemaphore(4)
"""So many are worked out at once: each takes 64 MiB, and whoever asks for many must not take it all."""


class Argon2:
    """Hashes passwords so that they cannot be read back, and so slowly that guessing does not pay.

    Args:
        hasher: How slowly; the library's own measure is RFC 9106, section 4, second recommended option.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        with _AT_ONCE:
            return self._hasher.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether a password is the one that `kept` was made of."""
        try:
            with _AT_ONCE:
                return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
