"""What Discord can do. Read at every start, so it does without the library."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.discord.words import measure, private_thread
from inbox.abilities import Abilities
from inbox.outgoing import OutboxKind

LONGEST = 2_000

DISCORD = Abilities(
    acts=frozenset(OutboxKind) - {OutboxKind.HIDE, OutboxKind.UNHIDE},
    measure=measure,
    longest=LONGEST,
    longest_timeout=timedelta(days=28),
    private_thread=private_thread,
)
"""What Discord can do: everything but hiding."""
