"""Where something was said on Telegram, and the ids we know it by. No library."""

from __future__ import annotations

from dataclasses import dataclass

_BUSINESS = "business/"
_CHAT = "chat:"


@dataclass(frozen=True, slots=True)
class Where:
    """A chat, one topic of it, or a chat that a business account has let us into by this connection."""

    chat: int
    topic: int | None = None
    business: str | None = None

    @property
    def thread(self) -> str:
        """Our id of the thread: `chat`, `chat/topic` or `business/connection/chat`."""
        return self.base if self.topic is None else f"{self.base}/{self.topic}"

    @property
    def base(self) -> str:
        """The thread without its topic: messages are numbered throughout."""
        # The number of a business message may be the number of another one in the same person's chat with the bot.
        return str(self.chat) if self.business is None else f"{_BUSINESS}{self.business}/{self.chat}"

    @property
    def is_group(self) -> bool:
        """Whether it is a group: those have negative ids."""
        return self.chat < 0

    def message(self, number: int) -> str:
        """Our id of a message there, by its number."""
        return f"{self.base}:{number}"


def to_where(thread: str) -> Where:
    """Read our id of a thread.

    Raises:
        ValueError: It is none of this channel.
    """
    if thread.startswith(_BUSINESS):
        connection, _, chat = thread.removeprefix(_BUSINESS).rpartition("/")
        return Where(int(chat), business=connection)
    chat, slash, topic = thread.partition("/")
    return Where(int(chat), topic=int(topic) if slash else None)


def to_message_place(external_id: str) -> tuple[Where, int]:
    """Read our id of a message: where it is, and its number there.

    Raises:
        ValueError: It is none of this channel.
    """
    base, _, number = external_id.rpartition(":")
    return to_where(base), int(number)


def private_thread(contact: str) -> str:
    """The thread of words to one person alone: the id of his chat with the bot is his own."""
    return contact


def chat_author(chat: int) -> str:
    """Our id of a contact who writes as a channel or a group."""
    return f"{_CHAT}{chat}"


def to_chat_author(contact: str) -> int | None:
    """The chat as which a contact writes; None for a person."""
    return int(contact.removeprefix(_CHAT)) if contact.startswith(_CHAT) else None
