"""How a Telegram channel is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take.

    `poll` is how long Telegram may wait for something new before it answers; `answer` the longest that an answer may
    take: all that one thing to do asks for has to fit into the lease of the outbox. After `team`, the administrators of
    a group are asked for again.
    """

    poll: timedelta = timedelta(seconds=50)
    answer: timedelta = timedelta(seconds=20)
    team: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class TelegramOptions:
    """How a Telegram channel is set up.

    `base_url` is where a Bot API server of one's own is found, such as `http://127.0.0.1:8081`; None for Telegram's.
    With `webhook_url`, the public address that Telegram is to call, the calls are taken on `webhook_host` and
    `webhook_port`, and only with the `secret_token`; without one, a new one is made at each start. `staff` and
    `exempt` are ids of people: one of the team besides the administrators of a group, and spared. `staff_chats` are the
    groups of the team, or topics of groups: what is said there is nobody's request. `groups` are groups of members that
    are known to be the brand's: their administrators count as such.
    """

    base_url: str | None = None
    webhook_url: str | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8443
    secret_token: str | None = None
    staff: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    staff_chats: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    patience: Patience = field(default_factory=Patience)
