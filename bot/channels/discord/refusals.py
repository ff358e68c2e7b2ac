"""What Discord's refusals mean, in our words."""

from __future__ import annotations

from datetime import timedelta

import aiohttp
import discord

from bot.channels.discord.rights import NAMES, NEEDED
from inbox.errors import ChannelTrouble, SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence

TROUBLES = (discord.DiscordException, aiohttp.ClientError, OSError)
"""Whatever the library raises when Discord refuses or is out of reach."""

BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_MANY, SERVER_ERROR = 400, 401, 403, 404, 429, 500

UNKNOWN_CHANNEL, UNKNOWN_SERVER, UNKNOWN_MEMBER = 10003, 10004, 10007
UNKNOWN_MESSAGE, UNKNOWN_PERSON, UNKNOWN_BAN = 10008, 10013, 10026
_NO_DMS = 50007
_BAD_TOKEN_CLOSE, _INTENTS_CLOSE = 4004, 4014
_HOPELESS_CLOSES = frozenset({4010, 4011, 4012, 4013})
_MODERATION = frozenset(
    {OutboxKind.TIMEOUT, OutboxKind.UNTIMEOUT, OutboxKind.KICK, OutboxKind.BAN, OutboxKind.UNBAN, OutboxKind.DELETE}
)
_UNTOLD_WAIT = timedelta(minutes=1)

_TOKEN = Sentence(
    "Discord refuses the token. Copy the bot's token from the Developer Portal (Bot, Reset Token) into"
    " VIGIE_DISCORD__TOKEN, and start again."
)
_INTENTS = Sentence(
    "Discord does not let the bot read messages. In the Developer Portal, open the application, then Bot, switch on"
    ' "Message Content Intent", save, and start again. A bot that 10,000 people or more can see needs Discord\'s'
    " approval first: ask for it on the same page."
)
_GONE = Sentence("The message is no longer there.")
_NOT_THERE = {
    UNKNOWN_CHANNEL: Sentence("The channel or thread is no longer there, or the bot cannot see it any more."),
    UNKNOWN_SERVER: Sentence("The bot is not in this server any more. Invite it again."),
    UNKNOWN_MEMBER: Sentence("This person is not a member of the server any more."),
    UNKNOWN_MESSAGE: _GONE,
    UNKNOWN_PERSON: Sentence("Discord knows nobody by this id: the account has been deleted."),
}


def to_trouble(error: BaseException) -> ChannelTrouble:
    """Why Discord cannot be listened to, and whether waiting can help."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.PrivilegedIntentsRequired) or code == _INTENTS_CLOSE:
        return ChannelTrouble(_INTENTS, permanent=True)
    if isinstance(error, discord.LoginFailure) or code == _BAD_TOKEN_CLOSE or _status(error) == UNAUTHORIZED:
        return ChannelTrouble(_TOKEN, permanent=True)
    if code in _HOPELESS_CLOSES:
        says = Sentence(
            "Discord refuses the connection (code {code}). Bring Vigie up to date, and start again.", code=code
        )
        return ChannelTrouble(says, permanent=True)
    return ChannelTrouble(Sentence("Discord is out of reach ({why}).", why=_in_short(error)), permanent=False)


def to_failure(error: BaseException, outgoing: Outgoing, *, went_out: bool) -> SendFailed:
    """Why something was not done, and whether another attempt can help.

    Args:
        error: What the library raised.
        outgoing: What was to be done.
        went_out: Whether it may have reached Discord before that.
    """
    status = _status(error)
    if isinstance(error, discord.RateLimited):
        return _too_fast(timedelta(seconds=error.retry_after))
    if isinstance(error, discord.LoginFailure) or status == UNAUTHORIZED:
        return SendFailed(_TOKEN, permanent=False, broken=True)
    if isinstance(error, discord.HTTPException) and status < SERVER_ERROR:
        if status == TOO_MANY:
            return _too_fast(_asked_wait(error))
        return SendFailed(_refusal(error, outgoing), permanent=True)
    perhaps_done = went_out and not isinstance(error, aiohttp.ClientConnectorError)
    if status >= SERVER_ERROR:
        says = Sentence("Discord has a fault of its own ({status}). It is tried again.", status=status)
    elif perhaps_done:
        says = Sentence(
            "No answer came from Discord ({why}). It is looked for, then tried again.", why=_in_short(error)
        )
    else:
        says = Sentence("Discord is out of reach ({why}).", why=_in_short(error))
    return SendFailed(says, permanent=False, outcome_unknown=perhaps_done)


def is_done_already(error: discord.NotFound, kind: OutboxKind) -> bool:
    """Whether what is not found is what was to be taken away: then all is as it should be."""
    match kind:
        case OutboxKind.DELETE | OutboxKind.RETRACT:
            return error.code == UNKNOWN_MESSAGE
        case OutboxKind.UNBAN:
            return error.code == UNKNOWN_BAN
        case _:
            return False


def _refusal(error: discord.HTTPException, outgoing: Outgoing) -> Sentence:
    if error.code == _NO_DMS:
        return Sentence("The contact takes no private messages from us.")
    if error.status == NOT_FOUND:
        return _NOT_THERE.get(error.code, Sentence("Discord does not find what this is about ({why}).", why=error.text))
    if error.status == BAD_REQUEST and "message_reference" in error.text:
        return _GONE
    if error.status == FORBIDDEN:
        right = NAMES[NEEDED.get(outgoing.kind, "view_channel")]
        if outgoing.kind in _MODERATION - {OutboxKind.DELETE}:
            return Sentence(
                'The bot may not do this. In the server\'s settings, give its role the right "{right}", and move the'
                " role above those of the members it acts on.",
                right=right,
            )
        return Sentence(
            'The bot may not do this there. Give its role the rights "{seeing}" and "{right}" in this channel.',
            seeing=NAMES["view_channel"],
            right=right,
        )
    return Sentence("Discord refuses this: {why}", why=error.text or str(error.status))


def _too_fast(wait: timedelta) -> SendFailed:
    return SendFailed(
        Sentence("Discord is asked too often. It is tried again later."), permanent=False, retry_after=wait
    )


def _asked_wait(error: discord.HTTPException) -> timedelta:
    try:
        return timedelta(seconds=float(error.response.headers["Retry-After"]))
    except (KeyError, ValueError):
        return _UNTOLD_WAIT


def _status(error: BaseException) -> int:
    return error.status if isinstance(error, discord.HTTPException) else 0


def _in_short(error: BaseException) -> str:
    return str(_status(error) or type(error).__name__)
