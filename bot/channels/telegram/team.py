"""Who administers which group: asked of Telegram, and remembered for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from telegram import Bot, Update
from telegram.constants import ChatType
from telegram.error import TelegramError

from inbox.ports import Clock

log = structlog.get_logger()

_GROUPS = frozenset({ChatType.GROUP, ChatType.SUPERGROUP})


class Team:
    """The administrators of each group that something comes from."""

    def __init__(self, bot: Bot, *, clock: Clock, remembers: timedelta, channel: str) -> None:
        self._bot = bot
        self._clock = clock
        self._remembers = remembers
        self._channel = channel
        self._asked_at: dict[int, datetime] = {}
        self.of: dict[int, frozenset[int]] = {}

    async def learn(self, update: Update) -> None:
        """Know the administrators of the group that an update comes from. What cannot be learnt is nobody."""
        chat = update.effective_chat
        if chat is None or chat.type not in _GROUPS:
            return
        changed = update.chat_member is not None or update.my_chat_member is not None
        asked_at = self._asked_at.get(chat.id)
        if asked_at is not None and not changed and self._clock() - asked_at < self._remembers:
            return
        self._asked_at[chat.id] = self._clock()
        try:
            members = await self._bot.get_chat_administrators(chat.id)
        except TelegramError as error:
            log.warning("telegram.team_unknown", channel=self._channel, chat=chat.id, error=type(error).__name__)
            return
        self.of[chat.id] = frozenset(member.user.id for member in members)
