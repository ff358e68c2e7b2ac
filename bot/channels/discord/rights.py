"""The rights that the bot needs in a server, by the names that Discord shows."""

from __future__ import annotations

from collections.abc import Mapping

import discord

from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence

NAMES: Mapping[str, Sentence] = {
    "view_channel": Sentence("View Channels"),
    "read_message_history": Sentence("Read Message History"),
    "send_messages": Sentence("Send Messages"),
    "send_messages_in_threads": Sentence("Send Messages in Threads"),
    "manage_messages": Sentence("Manage Messages"),
    "moderate_members": Sentence("Timeout Members"),
    "kick_members": Sentence("Kick Members"),
    "ban_members": Sentence("Ban Members"),
    "manage_channels": Sentence("Manage Channels"),
}
"""Every right that the bot uses, by the library's name for it."""

NEEDED: Mapping[OutboxKind, str] = {
    OutboxKind.REPLY: "send_messages",
    OutboxKind.NOTICE: "send_messages",
    OutboxKind.EDIT: "view_channel",
    OutboxKind.RETRACT: "view_channel",
    OutboxKind.DELETE: "manage_messages",
    OutboxKind.TIMEOUT: "moderate_members",
    OutboxKind.UNTIMEOUT: "moderate_members",
    OutboxKind.KICK: "kick_members",
    OutboxKind.BAN: "ban_members",
    OutboxKind.UNBAN: "ban_members",
    OutboxKind.SLOW_MODE: "manage_channels",
}
"""What each thing to do needs."""


def wanted() -> discord.Permissions:
    """All of them, as an invitation asks for them."""
    return discord.Permissions(**dict.fromkeys(NAMES, True))


def missing(held: discord.Permissions) -> list[Sentence]:
    """The names of those that the bot does not hold."""
    return [] if held.administrator else [told for name, told in NAMES.items() if not getattr(held, name)]
