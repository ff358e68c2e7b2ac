"""Passwords kept as argon2id hashes."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
"""The library's own measure: RFC 9106, section 4, second recommended option."""


class Argon2:
    """Hashes passwords so that they cannot be read back, and so slowly that guessing does not pay."""

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return _HASHER.hash(password)

    def fits(self, kept: str, password: str) -> bool:
        """Whether a password is the one that `kept` was made of."""
        try:
            return _HASHER.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
