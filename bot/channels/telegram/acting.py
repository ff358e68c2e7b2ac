"""Ours into theirs: each thing to do as calls of the Bot API."""

from __future__ import annotations

from datetime import datetime, timedelta

from telegram import Bot, ChatPermissions, LinkPreviewOptions, ReplyParameters
from telegram.error import TelegramError

from bot.channels.telegram.places import Where, to_chat_author, to_message_place, to_where
from bot.channels.telegram.refusals import is_done_already, to_failure, unreadable
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence

_SHORTEST = timedelta(minutes=1)
"""Less than half of it, and what is over already, Telegram takes for ever."""


async def carry_out(bot: Bot, outgoing: Outgoing, *, now: datetime) -> str:
    """Do one thing; Telegram's id of what was said or acted on.

    Raises:
        SendFailed: Telegram refused, or did not answer.
    """
    try:
        return await _do(bot, outgoing, now=now)
    except TelegramError as error:
        if is_done_already(error, outgoing.kind):
            return _about(outgoing)
        raise to_failure(error, outgoing.kind) from error
    except ValueError as error:
        lost = Sentence("This belongs to no chat of Telegram: {thread}", thread=outgoing.thread)
        raise SendFailed(lost, permanent=True) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise unreadable(error, outgoing.kind) from error


async def _do(bot: Bot, outgoing: Outgoing, *, now: datetime) -> str:
    match outgoing.kind:
        case OutboxKind.REPLY | OutboxKind.NOTICE:
            return await _say(bot, outgoing)
        case OutboxKind.EDIT:
            where, number = to_message_place(_must(outgoing.target))
            await bot.edit_message_text(
                outgoing.text,
                chat_id=where.chat,
                message_id=number,
                business_connection_id=where.business,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        case OutboxKind.RETRACT | OutboxKind.DELETE:
            await _delete(bot, *to_message_place(_must(outgoing.target)))
        case _:
            await _moderate(bot, outgoing, until=outgoing.until and max(outgoing.until, now + _SHORTEST))
    return _about(outgoing)


def _about(outgoing: Outgoing) -> str:
    return outgoing.target or f"{outgoing.place}:{outgoing.contact}"


async def _say(bot: Bot, outgoing: Outgoing) -> str:
    where = to_where(outgoing.thread)
    answers = None
    if outgoing.target is not None:
        there, number = to_message_place(outgoing.target)
        # After a group has moved, what was said before is not there any more to be answered.
        if there.base == where.base:
            answers = ReplyParameters(number, allow_sending_without_reply=False)
    said = await bot.send_message(
        where.chat,
        outgoing.text,
        message_thread_id=where.topic,
        business_connection_id=where.business,
        reply_parameters=answers,
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    return where.message(said.message_id)


async def _delete(bot: Bot, where: Where, number: int) -> None:
    if where.business is not None:
        await bot.delete_business_messages(where.business, [number])
    else:
        await bot.delete_message(where.chat, number)


async def _moderate(bot: Bot, outgoing: Outgoing, *, until: datetime | None) -> None:
    chat = int(_must(outgoing.place))
    as_chat = to_chat_author(_must(outgoing.contact))
    if as_chat is not None:
        await _moderate_chat(bot, outgoing, chat, as_chat)
        return
    person = int(_must(outgoing.contact))
    match outgoing.kind:
        case OutboxKind.TIMEOUT:
            await bot.restrict_chat_member(chat, person, ChatPermissions.no_permissions(), until_date=until)
        case OutboxKind.UNTIMEOUT:
            # What the group itself forbids stays so. Its own permissions would outlast a change of them.
            await bot.restrict_chat_member(chat, person, ChatPermissions.all_permissions())
        case OutboxKind.KICK:
            await bot.ban_chat_member(chat, person)
            await bot.unban_chat_member(chat, person, only_if_banned=True)
        case OutboxKind.BAN:
            await bot.ban_chat_member(chat, person, until_date=until, revoke_messages=outgoing.seconds > 0)
        case OutboxKind.UNBAN:
            await bot.unban_chat_member(chat, person, only_if_banned=True)
        case _:
            raise SendFailed(Sentence("Telegram cannot do this."), permanent=True)


async def _moderate_chat(bot: Bot, outgoing: Outgoing, chat: int, author: int) -> None:
    """Who writes in the name of a channel of his can be banned for good as that channel, and nothing else."""
    if outgoing.kind is OutboxKind.BAN and outgoing.until is not None:
        only = Sentence("This contact writes in the name of a channel: on Telegram he can be banned only for good.")
        raise SendFailed(only, permanent=True)
    if outgoing.kind is OutboxKind.BAN:
        await bot.ban_chat_sender_chat(chat, author)
    elif outgoing.kind is OutboxKind.UNBAN:
        await bot.unban_chat_sender_chat(chat, author)
    else:
        only = Sentence("This contact writes in the name of a channel: on Telegram he can only be banned.")
        raise SendFailed(only, permanent=True)


def _must(told: str | None) -> str:
    if told is None:
        raise SendFailed(Sentence("It is not known what this is about."), permanent=True)
    return told
