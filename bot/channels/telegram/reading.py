"""Their world into ours: Telegram's updates as values of the inbox. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from telegram import Chat, ChatMember, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.telegram.places import Where, chat_author
from inbox.events import Appealed, Deleted, Edited, Event, Joined, Moved, Reported
from inbox.model import Attachment, IncomingMessage, Kind, Standing, Visibility

FILE = "telegram-file:"
"""Before the id of a file: where it lies is told only when it is asked for."""

UNREADABLE = (AttributeError, KeyError, OverflowError, TypeError, ValueError)
"""What the library or we stumble over where Telegram tells of something in another form than is known."""

_GONE = frozenset({ChatMemberStatus.LEFT, ChatMemberStatus.BANNED})
_PUBLIC = frozenset({ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL})


@dataclass(frozen=True, slots=True)
class Eyes:
    """What has to be known to read: the channel's name, who we are there, and who is of the team.

    `team` names per group its administrators, and the channel whose posts it discusses; `staff` and `exempt` are ids of
    people everywhere.
    """

    channel: str
    us: int
    username: str
    staff: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()
    team: Mapping[int, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """A member's command to the bot: what he asks for, what he was told to answer, and the message that asked."""

    event: Reported | Appealed
    said: Message


def to_event(update: Update, eyes: Eyes, *, now: datetime) -> Event | Command | None:
    """Read one update; None when it carries nothing for the inbox.

    Args:
        update: As Telegram delivers it.
        eyes: Who reads.
        now: When it was delivered.
    """
    if (edited := update.edited_message or update.edited_business_message) is not None:
        return _to_edit(edited, eyes)
    if (gone := update.deleted_business_messages) is not None:
        where = Where(gone.chat.id, business=gone.business_connection_id)
        return Deleted(eyes.channel, tuple(where.message(number) for number in gone.message_ids), now)
    if (change := update.chat_member) is not None:
        return _to_arrival(change, eyes)
    said = update.message or update.business_message
    if said is None:
        return None
    return _to_news(said, eyes) or _to_command(said, eyes) or to_message(said, eyes)


def _to_news(said: Message, eyes: Eyes) -> Moved | Joined | None:
    """Read what Telegram itself writes in a group: that it goes on under another id, that somebody has joined."""
    if said.migrate_to_chat_id is not None:
        return Moved(eyes.channel, str(said.chat.id), str(said.migrate_to_chat_id), said.date)
    if said.migrate_from_chat_id is not None:
        return Moved(eyes.channel, str(said.migrate_from_chat_id), str(said.chat.id), said.date)
    members = tuple(str(one.id) for one in said.new_chat_members or () if not one.is_bot)
    return Joined(eyes.channel, members, said.date, place=str(said.chat.id)) if members else None


def _to_arrival(change: ChatMemberUpdated, eyes: Eyes) -> Joined | None:
    """Read that somebody has joined a group; an administrator is told so even where the group is not."""
    was_there, is_there = (_is_there(one) for one in (change.old_chat_member, change.new_chat_member))
    if was_there or not is_there or change.new_chat_member.user.is_bot or change.chat.type not in _PUBLIC:
        return None
    return Joined(eyes.channel, (str(change.new_chat_member.user.id),), change.date, place=str(change.chat.id))


def _is_there(member: ChatMember) -> bool:
    # One who is restricted may have left: then Telegram says so beside it.
    return member.status not in _GONE and getattr(member, "is_member", True)


def to_message(said: Message, eyes: Eyes) -> IncomingMessage | None:
    """Read what a person said; None for what we, another program or Telegram itself wrote."""
    return None if _is_by_machine(said, eyes) else to_any_message(said, eyes)


def to_any_message(said: Message, eyes: Eyes) -> IncomingMessage | None:
    """Read a message, whoever wrote it; None when it carries neither words nor files."""
    text, files = words_of(said), files_of(said)
    if not text and not files:
        return None
    where = where_of(said)
    author, name = _author(said)
    parent = _parent(said)
    public = said.chat.type in _PUBLIC
    lang = said.from_user.language_code if said.from_user else None
    return IncomingMessage(
        channel=eyes.channel,
        external_id=where.message(said.message_id),
        text=text,
        author=author,
        author_name=name,
        thread=where.thread,
        sent_at=said.date,
        kind=_kind(said, eyes) if text else Kind.NO_TEXT,
        visibility=Visibility.PUBLIC if public else Visibility.PRIVATE,
        lang=lang.partition("-")[0] if lang else None,
        parent=where_of(parent).message(parent.message_id) if parent else None,
        parent_text=words_of(parent) if parent else None,
        parent_author=_author(parent)[1] if parent else None,
        place=str(said.chat.id) if public else None,
        permalink=_link(said) if public else None,
        standing=standing_of(said, eyes),
        attachments=files,
    )


def standing_of(said: Message, eyes: Eyes) -> Standing:
    """What the author is where he writes: one of the team, spared, or a member."""
    team = eyes.team.get(said.chat.id, frozenset())
    if said.sender_chat is not None and (said.sender_chat.id == said.chat.id or said.sender_chat.id in team):
        return Standing.STAFF  # an administrator who writes in the name of the group, or of its channel
    if said.is_automatic_forward:
        return Standing.STAFF  # a post of its channel
    author = said.from_user
    if author is None:
        return Standing.MEMBER
    if said.business_connection_id is not None and author.id != said.chat.id:
        return Standing.STAFF  # whose business account it is
    if str(author.id) in eyes.staff or author.id in team:
        return Standing.STAFF
    return Standing.EXEMPT if str(author.id) in eyes.exempt else Standing.MEMBER


def where_of(said: Message) -> Where:
    """Where a message was said."""
    topic = said.message_thread_id if said.is_topic_message else None
    return Where(said.chat.id, topic=topic, business=said.business_connection_id)


def words_of(said: Message) -> str:
    """The words of a message, or those beneath its picture."""
    text = said.text or said.caption or ""
    return "".join(letter for letter in text if letter != "\0" and not "\ud800" <= letter <= "\udfff").strip()


def files_of(said: Message) -> tuple[Attachment, ...]:
    """The file of a message; of a photo the largest size."""
    if said.photo:
        largest = said.photo[-1]
        return (Attachment("photo.jpg", "image/jpeg", largest.file_size, FILE + largest.file_id),)
    named = {
        "document": said.document,
        "video": said.video,
        "audio": said.audio,
        "voice": said.voice,
        "animation": said.animation,
        "video_note": said.video_note,
        "sticker": said.sticker,
    }
    # An animation comes as a document too; once is enough.
    kind, one = next(((kind, one) for kind, one in reversed(named.items()) if one is not None), ("", None))
    if one is None:
        return ()
    name = getattr(one, "file_name", None) or kind
    return (Attachment(name, getattr(one, "mime_type", None) or "", one.file_size, FILE + one.file_id),)


def _link(said: Message) -> str | None:
    # The library names the thread of an answer even where it knows of none.
    return said.link.removesuffix("?thread=None") if said.link else None


def _is_by_machine(said: Message, eyes: Eyes) -> bool:
    author = said.from_user
    if said.is_automatic_forward or said.is_from_offline or said.sender_business_bot is not None:
        return True
    if author is not None and author.id == eyes.us:
        return True
    # Telegram puts a bot of its own as the author of who writes in the name of a group or channel.
    return author is not None and author.is_bot and said.sender_chat is None


def _author(said: Message) -> tuple[str, str]:
    chat = said.sender_chat
    if chat is not None:
        return chat_author(chat.id), chat.title or chat.username or str(chat.id)
    author = said.from_user
    return (str(author.id), author.full_name) if author else (chat_author(said.chat.id), said.chat.title or "")


def _parent(said: Message) -> Message | None:
    parent = said.reply_to_message
    # In a topic everything answers the message that opened it, unless it says otherwise.
    if parent is None or parent.forum_topic_created is not None:
        return None
    return parent


def _kind(said: Message, eyes: Eyes) -> Kind:
    if said.chat.type not in _PUBLIC:
        return Kind.DM
    parent = _parent(said)
    if parent is not None and parent.from_user is not None and parent.from_user.id == eyes.us:
        return Kind.MENTION
    entities = said.parse_entities([MessageEntity.MENTION]) | said.parse_caption_entities([MessageEntity.MENTION])
    if f"@{eyes.username}".casefold() in {named.casefold() for named in entities.values()}:
        return Kind.MENTION
    return Kind.THREAD_REPLY if parent is not None else Kind.COMMENT


def _to_edit(said: Message, eyes: Eyes) -> Edited | None:
    if _is_by_machine(said, eyes) or said.edit_date is None:
        return None
    where = where_of(said)
    place = str(said.chat.id) if said.chat.type in _PUBLIC else None
    return Edited(eyes.channel, where.message(said.message_id), words_of(said), said.edit_date, place=place)


def _to_command(said: Message, eyes: Eyes) -> Command | None:
    """Read `/report` in answer to a message, or `/appeal` said to us alone."""
    author = said.from_user
    if author is None or author.is_bot or not (said.text or "").startswith("/"):
        return None
    head, rest = _first_word(said.text or "")
    command, _, whom = head[1:].casefold().partition("@")
    if whom and whom != eyes.username.casefold():
        return None
    if command == "report" and said.chat.type in _PUBLIC:
        return _to_report(said, author, rest, eyes)
    # What is written to a business is not written to us.
    if command == "appeal" and said.chat.type == ChatType.PRIVATE and said.business_connection_id is None:
        number, text = _first_word(rest)
        case = int(number.lstrip("#")) if number.lstrip("#").isascii() and number.lstrip("#").isdigit() else None
        words = text if case is not None else rest
        return Command(Appealed(eyes.channel, str(author.id), words, said.date, case=case), said)
    return None


def _first_word(text: str) -> tuple[str, str]:
    """The first word, and what comes after it, be it on the next line."""
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0].strip() if rest else ""


def _to_report(said: Message, author: User, reason: str, eyes: Eyes) -> Command | None:
    parent = _parent(said)
    message = to_any_message(parent, eyes) if parent is not None else None
    if message is None:
        return None
    return Command(Reported(message, str(author.id), author.full_name, said.date, reason=reason), said)


def is_private(chat: Chat) -> bool:
    """Whether a chat is with one person alone."""
    return chat.type == ChatType.PRIVATE
