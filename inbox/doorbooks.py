"""What the open door asks of the store: tokens, requests that were answered, words to be fetched. `data/` has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from inbox.model import Actor
from inbox.outgoing import Outgoing
from inbox.programs import Fetched, KeptCall, Scope, Token


class DoorBooks(Protocol):
    """Programs that work for a brand."""

    def add_token(self, name: str, mark: str, *, scopes: Sequence[Scope], by: Actor, now: datetime) -> Token | None:
        """Keep a token under the mark of its secret; None where one that works has the name, whatever its case."""

    def token_marked(self, mark: str) -> Token | None:
        """The token of any brand with this mark."""

    def list_tokens(self) -> list[Token]:
        """Every token of the brand, the latest first."""

    def see_token(self, token_id: int, *, now: datetime) -> None:
        """Note that a token was used."""

    def revoke_token(self, name: str, *, now: datetime) -> Token | None:
        """Have the token of a name work no longer; None where none does."""

    def begin_call(self, token_id: int, key: str, digest: str, *, now: datetime) -> KeptCall | None:
        """Begin a request under a key; None where it is the first one under it, else what became of the first."""

    def end_call(self, token_id: int, key: str, *, status: int, body: str) -> None:
        """Keep the answer to a request that was begun."""

    def drop_call(self, token_id: int, key: str) -> None:
        """Forget a request that was begun and has no answer."""

    def put_outgoing(self, channel: str, outgoing: Outgoing, *, now: datetime) -> int:
        """Lay something out to be fetched, once per key; its number."""

    def find_outgoing(self, key: str) -> int | None:
        """The number of what was laid out under a key; None where nothing was."""

    def outgoing_after(self, channel: str, number: int, *, limit: int) -> list[Fetched]:
        """What is laid out for a channel after a number and not acknowledged, in order."""

    def acknowledge_outgoing(self, channel: str, number: int, *, external_id: str | None, now: datetime) -> bool:
        """Note that what was fetched is done, and forget its words; False where it is not there. Done twice is done."""

    def knows_call(self, desk: str, mark: str) -> bool:
        """Whether a call from outside was taken before."""
