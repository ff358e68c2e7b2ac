"""Their world into ours: Discord's messages and events as values of the inbox. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import discord
from discord import MessageReferenceType, MessageType

from inbox.events import Deleted, Edited, Joined
from inbox.model import Attachment, IncomingMessage, Kind, Standing, Visibility

Author = discord.User | discord.Member
_SAID = frozenset({MessageType.default, MessageType.reply})
"""What people say; the rest Discord writes by itself, such as who has joined."""


@dataclass(frozen=True, slots=True)
class Eyes:
    """What has to be known to read: the channel's name, who we are there, which roles mean something.

    `staff_channels` are where the team sits: what is said there is nobody's request.
    """

    channel: str
    us: int
    staff_roles: frozenset[str] = frozenset()
    exempt_roles: frozenset[str] = frozenset()
    staff_channels: frozenset[str] = frozenset()

    def is_of_team(self, channel_id: int, parent_id: int | None = None) -> bool:
        """Whether something was said where the team sits."""
        return bool({str(channel_id), str(parent_id)} & self.staff_channels)


def to_message(said: discord.Message, eyes: Eyes, *, member: Author | None = None) -> IncomingMessage | None:
    """Read what a person said; None for what we, another program or Discord itself wrote.

    Args:
        said: The message.
        eyes: Who reads.
        member: The author with his roles, where the message came without them.
    """
    if said.author.bot or said.author.id == eyes.us or said.webhook_id is not None or said.type not in _SAID:
        return None
    if eyes.is_of_team(said.channel.id, getattr(said.channel, "parent_id", None)):
        return None
    return to_any_message(said, eyes, member=member)


def to_arrival(said: discord.Message, eyes: Eyes) -> Joined | None:
    """Read that somebody has joined: Discord says so in the channel of the server that greets, where there is one.

    The event of its own that there is takes an intent which Discord grants apart.
    """
    guild_id = place_of(said)
    if said.type is not MessageType.new_member or said.author.bot or guild_id is None:
        return None
    return Joined(eyes.channel, (str(said.author.id),), said.created_at, place=str(guild_id))


def to_any_message(said: discord.Message, eyes: Eyes, *, member: Author | None = None) -> IncomingMessage:
    """Read a message, whoever wrote it."""
    text = words_of(said)
    author = member or said.author
    parent, parent_text, parent_author = _parent(said)
    guild_id = place_of(said)
    return IncomingMessage(
        channel=eyes.channel,
        external_id=f"{said.channel.id}:{said.id}",
        text=text,
        author=str(author.id),
        author_name=author.display_name,
        thread=str(said.channel.id),
        sent_at=said.created_at,
        kind=_kind(said, text, us=eyes.us),
        visibility=Visibility.PRIVATE if _is_private(said) else Visibility.PUBLIC,
        parent=parent,
        parent_text=parent_text,
        parent_author=parent_author,
        place=None if guild_id is None else str(guild_id),
        permalink=f"https://discord.com/channels/{guild_id or '@me'}/{said.channel.id}/{said.id}",
        standing=standing_of(author, eyes),
        attachments=_files(said),
    )


def to_edit(payload: discord.RawMessageUpdateEvent, eyes: Eyes) -> Edited | None:
    """Read an edit by a person; None where only something around the words changed, such as the preview of a link."""
    said = payload.message
    if said.edited_at is None or said.author.bot or said.author.id == eyes.us or said.webhook_id is not None:
        return None
    return Edited(
        channel=eyes.channel,
        external_id=f"{payload.channel_id}:{payload.message_id}",
        text=words_of(said),
        edited_at=said.edited_at,
        place=_place(payload.guild_id),
    )


def to_deletion(
    payload: discord.RawMessageDeleteEvent | discord.RawBulkMessageDeleteEvent, eyes: Eyes, *, now: datetime
) -> Deleted:
    """Read that one or many messages were deleted. Discord does not say when, nor by whom."""
    ids = payload.message_ids if isinstance(payload, discord.RawBulkMessageDeleteEvent) else {payload.message_id}
    return Deleted(
        channel=eyes.channel,
        external_ids=tuple(f"{payload.channel_id}:{message_id}" for message_id in sorted(ids)),
        deleted_at=now,
        place=_place(payload.guild_id),
    )


def words_of(said: discord.Message) -> str:
    """The words of a message; of a message that was passed on, the words passed on."""
    text = said.content or next((passed_on.content for passed_on in said.message_snapshots if passed_on.content), "")
    return "".join(letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff").strip()


def standing_of(author: Author, eyes: Eyes) -> Standing:
    """What the author is in his server: one of the team by his rights or roles, spared by a role, or a member."""
    if not isinstance(author, discord.Member):
        return Standing.MEMBER
    may = author.guild_permissions
    rights = (may.manage_messages, may.moderate_members, may.kick_members, may.ban_members, may.manage_guild)
    roles = {*(str(role.id) for role in author.roles), *(role.name for role in author.roles)}
    if author.guild.owner_id == author.id or may.administrator or any(rights) or roles & eyes.staff_roles:
        return Standing.STAFF
    return Standing.EXEMPT if roles & eyes.exempt_roles else Standing.MEMBER


def is_direct(said: discord.Message) -> bool:
    """Whether it was said to us alone."""
    return isinstance(said.channel, discord.DMChannel)


def place_of(said: discord.Message) -> int | None:
    """The server it was said in; None for what was said to us alone."""
    if said.guild is not None:
        return said.guild.id
    if isinstance(said.channel, discord.PartialMessageable):
        return said.channel.guild_id
    return None


def _place(guild_id: int | None) -> str | None:
    return None if guild_id is None else str(guild_id)


def _kind(said: discord.Message, text: str, *, us: int) -> Kind:
    if not text:
        return Kind.NO_TEXT
    if is_direct(said):
        return Kind.DM
    # The message that opens a forum post bears the id of the post.
    if isinstance(said.channel, discord.Thread) and said.id != said.channel.id:
        return Kind.THREAD_REPLY
    return Kind.MENTION if _is_to_us(said, us) else Kind.COMMENT


def _is_to_us(said: discord.Message, us: int) -> bool:
    answered = said.reference.resolved if said.reference is not None else None
    is_answer = isinstance(answered, discord.Message) and answered.author.id == us
    return is_answer or any(someone.id == us for someone in said.mentions)


def _is_private(said: discord.Message) -> bool:
    return is_direct(said) or said.channel.type is discord.ChannelType.private_thread


def _parent(said: discord.Message) -> tuple[str | None, str | None, str | None]:
    """The id, words and author's name of the message that this one answers, as far as they came along."""
    reference = said.reference
    if reference is None or reference.message_id is None or reference.type is not MessageReferenceType.reply:
        return None, None, None
    parent = f"{reference.channel_id}:{reference.message_id}"
    answered = reference.resolved
    if not isinstance(answered, discord.Message):
        return parent, None, None
    return parent, words_of(answered) or None, answered.author.display_name


def _files(said: discord.Message) -> tuple[Attachment, ...]:
    attached = [*said.attachments, *(file for passed_on in said.message_snapshots for file in passed_on.attachments)]
    files = [Attachment(file.filename, file.content_type or "", file.size, file.url) for file in attached]
    stickers = [
        Attachment(sticker.name, f"image/{sticker.format.file_extension}", None, sticker.url)
        for sticker in said.stickers
    ]
    return (*files, *stickers)
