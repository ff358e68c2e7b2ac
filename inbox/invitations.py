"""An invitation: a link by which somebody chooses his own password, once, until a moment. Pure.

It stands where the login's password will: whoever has it cannot be signed in as, and a database that is read tells
nothing that could be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=3)
"""How long a link can be used."""

_KIND = "invited"
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that can be used until `until`; `mark` is a digest of its key."""

    mark: str
    until: datetime

    def to_kept(self) -> str:
        """What is kept in the place of a password."""
        return f"{_KIND} {self.until.isoformat()} {self.mark}"


def invitation_in(kept: str) -> Invitation | None:
    """The invitation that stands in the place of a password; None where a password stands there."""
    parts = kept.split(" ")
    if len(parts) != _PARTS or parts[0] != _KIND:
        return None
    return Invitation(parts[2], datetime.fromisoformat(parts[1]))
