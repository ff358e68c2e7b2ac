"""A channel of the demo: it can do what the real one can, and does nothing; whatever leaves stays on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.discord.abilities import DISCORD
from bot.channels.telegram.abilities import TELEGRAM
from inbox.abilities import Abilities, Bucket
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence

_COMMENTS = Abilities(
    acts=frozenset(
        {
            OutboxKind.REPLY,
            OutboxKind.NOTICE,
            OutboxKind.RETRACT,
            OutboxKind.HIDE,
            OutboxKind.UNHIDE,
            OutboxKind.DELETE,
            OutboxKind.BAN,
            OutboxKind.UNBAN,
        }
    ),
    longest=2_200,
)
"""What networks with comments can do: replies cannot be changed there, comments can be hidden."""

_MAIL = Abilities(acts=frozenset({OutboxKind.REPLY, OutboxKind.NOTICE}), longest=100_000)

_KNOWN = {"discord": DISCORD, "telegram": TELEGRAM, "mail": _MAIL}


class SimulatedChannel:
    """Takes everything the real channel takes, and tells nobody; while there is a `refusal`, it takes nothing."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._done: dict[str, str] = {}
        self.refusal: Sentence | None = None

    @property
    def name(self) -> str:
        """The name that messages carry as their `channel`."""
        return self._name

    @property
    def abilities(self) -> Abilities:
        """What the real channel can do."""
        return _KNOWN.get(self._name, _COMMENTS)

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:  # noqa: ARG002  # the shape of the protocol
        """Nothing is limited here."""
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        """Note that it was done; its name here, which is no other's, also after another start.

        Raises:
            SendFailed: It is to refuse.
        """
        if self.refusal is not None:
            raise SendFailed(self.refusal, permanent=True)
        return self._done.setdefault(outgoing.key, f"demo:{outgoing.key}")

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """Its name where it was done since the start, else None."""
        return self._done.get(outgoing.key)
