"""What Telegram can do. Read at every start, so it does without the library."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.telegram.places import private_thread
from inbox.abilities import Abilities
from inbox.lengths import utf16
from inbox.outgoing import OutboxKind

LONGEST = 4_096

TELEGRAM = Abilities(
    acts=frozenset(OutboxKind) - {OutboxKind.HIDE, OutboxKind.UNHIDE, OutboxKind.SLOW_MODE},
    measure=utf16,
    longest=LONGEST,
    longest_timeout=timedelta(days=365),
    deletes_within=timedelta(hours=48),
    private_thread=private_thread,
    ends_bans=True,
    longest_ban=timedelta(days=365),
)
"""What Telegram can do: no hiding, and the Bot API knows nothing of slow mode.

It takes whatever is to last more than 366 days for endless; a day less, since its clock is not ours.
"""
