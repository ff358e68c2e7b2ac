"""What the page asks of the store, each a small protocol. `data/` has them all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Protocol

from inbox.doubt import Doubtful, Judged
from inbox.sessions import Attempts, Login, Session
from inbox.tallies import Said


class LoginBooks(Protocol):
    """Who signs in. Logins belong to no brand."""

    def add_login(self, name: str, password: str, *, now: datetime) -> Login | None:
        """Keep a name with what is kept of its password; None where somebody has the name, whatever its case."""

    def login_called(self, name: str) -> Login | None:
        """Who signs in with a name, whatever its case."""

    def count_logins(self) -> int:
        """How many people can sign in."""

    def change_password(self, login_id: int, password: str) -> None:
        """Keep another password."""

    def open_session(self, login_id: int, mark: str, *, browser: str, now: datetime) -> None:
        """Keep a session under the mark of its token."""

    def session(self, mark: str) -> Session | None:
        """A session by the mark of its token."""

    def sessions_of(self, login_id: int) -> list[Session]:
        """Every session of somebody that is kept, the latest first."""

    def see_session(self, session_id: int, *, now: datetime) -> None:
        """Note that a session was used."""

    def end_session(self, mark: str) -> None:
        """Forget a session by the mark of its token."""

    def end_sessions(self, login_id: int, *, only: int | None = None, but: str | None = None) -> int:
        """Forget every session of somebody, or `only` one, or all `but` that of a mark; how many there were."""

    def replace_password(self, login_id: int, before: str, *, by: str) -> bool:
        """Keep another password in the place of one; False where it is not the one that is kept any more."""

    def remove_login(self, login_id: int) -> bool:
        """Forget somebody who signs in, with his sessions; False where a brand still knows him by that name."""

    def sign_in_attempts(self, key: str) -> Attempts | None:
        """The failures in a row that are counted under a key."""

    def note_sign_in_failure(self, key: str, *, now: datetime, forgets_after: timedelta) -> None:
        """Count one more failure under a key, and forget what is counted for nothing since long."""

    def forget_sign_in_failures(self, keys: Collection[str]) -> None:
        """Begin to count anew under these keys."""


class ModelBooks(Protocol):
    """How the model does on what comes in."""

    def read_labels_given(self, *, since: datetime, until: datetime) -> list[Said]:
        """How many messages of a period the model gave which labels, whatever people said of them since."""

    def unjudged(self, *, limit: int) -> list[Doubtful]:
        """Messages with words that a model has read as they are now and no person has judged, the latest first."""

    def judged_lately(self, *, limit: int) -> list[Judged]:
        """What people said of labels and still stands, the latest first."""

    def spam_lately(self, *, limit: int) -> list[Judged]:
        """What people said of spam and still stands, the latest first."""
