"""Asking for the roles of an author, where his message came without them."""

from __future__ import annotations

import discord


async def with_roles(said: discord.Message) -> discord.Member | None:
    """The author of a message as a member of its server; None in private, for programs, and for who has left.

    Raises:
        discord.DiscordException, aiohttp.ClientError, OSError: Discord is out of reach.
    """
    if isinstance(said.author, discord.Member):
        return said.author
    if said.guild is None or said.author.bot or said.webhook_id is not None:
        return None
    try:
        return await said.guild.fetch_member(said.author.id)
    except (discord.NotFound, discord.Forbidden):
        return None
