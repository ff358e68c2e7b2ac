"""The board of the team on Telegram: a group in which cards are put up and changed in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from telegram import Bot, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, TelegramError

from bot.channels.telegram.places import to_message_place, to_where
from bot.channels.telegram.reading import UNREADABLE
from bot.channels.telegram.refusals import to_failure, unreadable
from bot.channels.telegram.rendering import to_html, to_keyboard
from bot.commands.views import View
from inbox.abilities import Bucket
from inbox.outgoing import OutboxKind
from inbox.ports import Tell

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_AS_IT_IS = "message is not modified"
_GONE = ("message to edit not found", "message_id_invalid", "message can't be edited")


class TelegramBoard:
    """A group of the team.

    Args:
        chat: The group, or a topic of it.
        bot: Asks Telegram.
        tell: Puts sentences into words.
        zone: Where the clocks of the brand stand.
        name: The name of the channel it is on.
    """

    def __init__(self, chat: str, bot: Bot, *, tell: Tell, zone: ZoneInfo, name: str) -> None:
        self._where = to_where(chat)
        self._bot = bot
        self._tell = tell
        self._zone = zone
        self._name = name

    @property
    def name(self) -> str:
        """The name of the channel it is on."""
        return self._name

    @property
    def buckets(self) -> Sequence[Bucket]:
        """Thirty things a second in all, twenty a minute in one group."""
        minute = timedelta(minutes=1)
        return Bucket(self._name, 30, timedelta(seconds=1)), Bucket(f"{self._name}:{self._where.chat}", 20, minute)

    @property
    def remembers(self) -> timedelta:
        """Telegram knows no keys."""
        return timedelta()

    async def post(self, view: View, *, lang: str, key: str) -> str:  # noqa: ARG002  # Telegram knows no such keys
        """Put something up; its id.

        Raises:
            SendFailed: Telegram refuses it, for good or for now.
        """
        try:
            said = await self._bot.send_message(
                self._where.chat,
                self._html(view, lang),
                parse_mode=ParseMode.HTML,
                message_thread_id=self._where.topic,
                reply_markup=to_keyboard(view, tell=self._tell, lang=lang, zone=self._zone),
                link_preview_options=_NO_PREVIEW,
            )
        except ChatMigrated as error:
            self._where = replace(self._where, chat=error.new_chat_id)
            raise to_failure(error, OutboxKind.REPLY) from error
        except TelegramError as error:
            raise to_failure(error, OutboxKind.REPLY) from error
        except UNREADABLE as error:
            raise unreadable(error, OutboxKind.REPLY) from error
        return self._where.message(said.message_id)

    async def change(self, external_id: str, view: View, *, lang: str) -> bool:
        """Have what stands there read otherwise; False where it is gone.

        Raises:
            SendFailed: Telegram refuses it, for good or for now.
        """
        where, number = to_message_place(external_id)
        try:
            await self._bot.edit_message_text(
                self._html(view, lang),
                chat_id=where.chat,
                message_id=number,
                parse_mode=ParseMode.HTML,
                reply_markup=to_keyboard(view, tell=self._tell, lang=lang, zone=self._zone),
                link_preview_options=_NO_PREVIEW,
            )
        except ChatMigrated as error:
            self._where = replace(self._where, chat=error.new_chat_id)
            return False  # it has stayed behind
        except BadRequest as error:
            says = str(error).casefold()
            if _AS_IT_IS in says:
                return True
            if any(gone in says for gone in _GONE):
                return False
            raise to_failure(error, OutboxKind.EDIT) from error
        except TelegramError as error:
            raise to_failure(error, OutboxKind.EDIT) from error
        except UNREADABLE as error:
            raise unreadable(error, OutboxKind.EDIT) from error
        return True

    def _html(self, view: View, lang: str) -> str:
        return to_html(view, tell=self._tell, lang=lang, zone=self._zone)
