"""What Telegram answers instead of doing what it was asked: in words, and whether asking again can help."""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from inbox.errors import ChannelTrouble, SendFailed
from inbox.outgoing import WORDS, OutboxKind
from inbox.sentences import Sentence

TOKEN = Sentence(
    "Telegram refuses the token. Ask @BotFather for it (/mybots, API Token), put it into VIGIE_TELEGRAM__TOKEN, and"
    " start again."
)
_CONFLICT = Sentence(
    "Another program asks Telegram for what is new with the same token. Stop it: only one may. It is tried again."
)
GONE = Sentence("The message is no longer there.")
_NO_CHAT = Sentence("The contact has not started a chat with the bot, or has blocked it.")
_OUT = Sentence("The bot is not in this group any more. Add it again.")
_RIGHTS = Sentence(
    "The bot may not do this there. Make it an administrator of the group who may delete messages and ban users."
)
_SOON = timedelta(seconds=1)

_REFUSED: tuple[tuple[str, Sentence], ...] = (
    ("message to be replied not found", GONE),
    ("message to edit not found", GONE),
    ("message can't be deleted", Sentence("Telegram lets this message not be deleted: it may be older than 48 hours.")),
    ("message can't be edited", Sentence("Telegram lets this message not be edited any more.")),
    ("chat not found", Sentence("The chat is no longer there, or the bot is not in it any more.")),
    ("user not found", Sentence("This person is not a member of the group any more.")),
    ("participant_id_invalid", Sentence("This person is not a member of the group any more.")),
    ("user_not_participant", Sentence("This person is not a member of the group any more.")),
    ("supergroup", Sentence("Muting needs a supergroup: turn the chat history on for new members, then try again.")),
    ("user is an administrator", Sentence("Administrators of a group cannot be restricted.")),
    ("can't remove chat owner", Sentence("The owner of a group cannot be restricted.")),
    ("not enough rights", _RIGHTS),
    ("need administrator rights", _RIGHTS),
    ("chat_admin_required", _RIGHTS),
)

_DONE: dict[OutboxKind, tuple[str, ...]] = {
    OutboxKind.EDIT: ("message is not modified",),
    OutboxKind.DELETE: ("message to delete not found",),
    OutboxKind.RETRACT: ("message to delete not found",),
    # A small group keeps nobody out: who is removed from it needs no unban.
    OutboxKind.KICK: ("for supergroup and channel chats only",),
    OutboxKind.UNBAN: ("for supergroup and channel chats only",),
}


def is_done_already(error: TelegramError, kind: OutboxKind) -> bool:
    """Whether Telegram refuses because all is as it should be."""
    return any(says in str(error).casefold() for says in _DONE.get(kind, ()))


def to_failure(error: TelegramError, kind: OutboxKind) -> SendFailed:
    """Why something was not done, and whether another attempt can help."""
    match error:
        case RetryAfter():
            failed = SendFailed(
                Sentence("Telegram is asked too often. It is tried again later."),
                permanent=False,
                retry_after=wait_of(error),
            )
        case ChatMigrated():
            failed = SendFailed(
                Sentence("The group goes on under another id. It is tried again there."),
                permanent=False,
                retry_after=_SOON,
            )
        case InvalidToken():
            failed = SendFailed(TOKEN, permanent=False, broken=True)
        case Forbidden():
            is_out = "kicked" in str(error) or "not a member" in str(error)
            failed = SendFailed(_OUT if is_out else _NO_CHAT, permanent=True)
        case BadRequest():
            failed = SendFailed(_refusal(error), permanent=True)
        case NetworkError():
            failed = _no_answer(error, kind)
        case Conflict():
            failed = SendFailed(Sentence("Telegram refuses this: {why}", why=str(error)), permanent=True)
        case _:
            failed = unreadable(error, kind)
    return failed


def to_trouble(error: TelegramError) -> ChannelTrouble:
    """Why Telegram cannot be listened to, and whether waiting can help."""
    if isinstance(error, InvalidToken | Forbidden):
        return ChannelTrouble(TOKEN, permanent=True)
    if isinstance(error, Conflict):
        return ChannelTrouble(_CONFLICT, permanent=False)
    if isinstance(error, BadRequest):
        return ChannelTrouble(Sentence("Telegram refuses this: {why}", why=str(error)), permanent=False)
    return ChannelTrouble(Sentence("Telegram is out of reach ({why}).", why=type(error).__name__), permanent=False)


def wait_of(error: RetryAfter) -> timedelta:
    """How long Telegram asks us to wait."""
    asked = error.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def _refusal(error: BadRequest) -> Sentence:
    told = str(error).casefold()
    return next(
        (sentence for says, sentence in _REFUSED if says in told),
        Sentence("Telegram refuses this: {why}", why=str(error)),
    )


def _no_answer(error: NetworkError, kind: OutboxKind) -> SendFailed:
    """Of what was never sent another attempt is harmless; so it is of acts. Words may have been said."""
    why = Sentence("Telegram is out of reach ({why}).", why=type(error).__name__)
    cause = error.__cause__
    never_sent = isinstance(cause, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    # It has, with a fault of its own, in whatever form; unless it is a proxy that did not wait for its answer.
    answered = not isinstance(cause, httpx.HTTPError) and "gateway timeout" not in str(error).casefold()
    if never_sent or answered or kind not in WORDS:
        return SendFailed(why, permanent=False, outcome_unknown=not (never_sent or answered))
    return unknown()


def unreadable(error: Exception, kind: OutboxKind) -> SendFailed:
    """Something came that is no answer of Telegram's: what was asked for may have been done."""
    if kind in WORDS:
        return unknown()
    why = Sentence("Telegram is out of reach ({why}).", why=type(error).__name__)
    return SendFailed(why, permanent=False, outcome_unknown=True)


def unknown() -> SendFailed:
    """What to say of words that may or may not have been said."""
    return SendFailed(
        Sentence("No answer came from Telegram: it may have been sent. Look there before you send it again."),
        permanent=True,
        outcome_unknown=True,
    )
