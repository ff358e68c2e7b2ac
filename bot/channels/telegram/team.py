"""Who speaks for which group: asked of Telegram, and remembered for a while."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import datetime, timedelta

import structlog
from telegram import Bot, Chat, Update
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import TelegramError

from bot.channels.telegram.reading import UNREADABLE
from inbox.ports import Clock

log = structlog.get_logger()

_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})
_ADMINISTRATORS = frozenset({ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR})
_AGAIN = timedelta(seconds=30)
"""After this, what could not be learnt is asked for again."""


class Team:
    """Per group that something comes from, its administrators and the channel whose posts it discusses."""

    def __init__(self, bot: Bot, *, clock: Clock, remembers: timedelta, channel: str) -> None:
        self._bot = bot
        self._clock = clock
        self._remembers = remembers
        self._channel = channel
        self._ask_at: dict[int, datetime] = {}
        self._asking: dict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.of: dict[int, frozenset[int]] = {}

    async def learn(self, update: Update) -> None:
        """Know who speaks for the group that an update comes from. What cannot be learnt is what was known before."""
        chat = update.effective_chat
        if chat is None or chat.type not in _GROUPS:
            return
        # Who calls meanwhile waits for the answer, instead of going on as if there were no team.
        async with self._asking[chat.id]:
            ask_at = self._ask_at.get(chat.id)
            if ask_at is None or self._clock() >= ask_at or _changes(update):
                await self._ask(chat)

    async def _ask(self, chat: Chat) -> None:
        known: frozenset[int] = frozenset()
        wait = self._remembers
        for ask in (self._administrators, self._linked):
            try:
                known |= await ask(chat)
            except (TelegramError, *UNREADABLE) as error:
                log.warning("telegram.team_unknown", channel=self._channel, chat=chat.id, error=type(error).__name__)
                known |= self.of.get(chat.id, frozenset())
                wait = min(wait, _AGAIN)
                if isinstance(error, TelegramError):
                    break  # asking more would only keep what comes waiting
        self.of[chat.id] = known
        self._ask_at[chat.id] = self._clock() + wait

    async def _administrators(self, chat: Chat) -> frozenset[int]:
        return frozenset(member.user.id for member in await self._bot.get_chat_administrators(chat.id))

    async def _linked(self, chat: Chat) -> frozenset[int]:
        """The channel of a group; chats have negative ids, so it is taken for nobody else."""
        if chat.type != ChatType.SUPERGROUP:
            return frozenset()
        linked = (await self._bot.get_chat(chat.id)).linked_chat_id
        return frozenset() if linked is None else frozenset({linked})


def _changes(update: Update) -> bool:
    """Whether an update tells of a change among the administrators, or of ourselves in the group."""
    change = update.chat_member
    if change is None:
        return update.my_chat_member is not None
    return not _ADMINISTRATORS.isdisjoint({change.old_chat_member.status, change.new_chat_member.status})
