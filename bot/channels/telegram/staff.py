"""The team on Telegram: commands, buttons, and words in answer to cards. All of it is one counter's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    CallbackQuery,
    Chat,
    ForceReply,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ParseMode
from telegram.error import ChatMigrated, TelegramError

from bot.channels.telegram.places import to_where
from bot.channels.telegram.reading import UNREADABLE, is_private, where_of
from bot.channels.telegram.rendering import (
    LONGEST_CAPTION,
    to_html,
    to_keyboard,
    to_note,
    to_press,
    to_prompt,
)
from bot.commands.book import BOOK
from bot.commands.counter import Answer, Counter
from bot.commands.run import Where
from bot.commands.views import Press, View, says
from inbox.people import IN_TEAM, MODERATES, OWNER, Caller
from inbox.ports import Clock
from inbox.sentences import Sentence

log = structlog.get_logger()

_REMEMBERS = timedelta(minutes=1)
"""How long somebody's standing in a group is taken as it was."""

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_MEMBERS_OWN = frozenset({"report", "appeal", "start"})
"""Commands that are for everybody, and taken in elsewhere."""

_WHICH = "chatid"
"""Asks for the id of a group, which the settings want and Telegram shows nowhere."""

_LANGUAGES: Sequence[str | None] = (None, "fr")
_LONGEST_DESCRIPTION = 256
_ANONYMOUS = Sentence("Who writes in the name of the group cannot be told apart. Write in your own name.")


class Staff:
    """What the team may ask of the bot on Telegram.

    Args:
        bot: Asks Telegram.
        counter: Who answers.
        chats: Where the team sits: groups, or topics of groups, as threads.
        groups: The groups of members that are known to be the brand's: whoever is in charge there is somebody to it.
        clock: Tells the time.
        channel: The name of the channel.
    """

    def __init__(
        self,
        bot: Bot,
        counter: Counter,
        *,
        chats: frozenset[str],
        groups: frozenset[str],
        clock: Clock,
        channel: str,
    ) -> None:
        self._bot = bot
        self._counter = counter
        self._threads = sorted(chats)
        self._chats = frozenset(to_where(chat).chat for chat in chats)
        self._groups = groups
        self._before: dict[int, int] = {}
        self._clock = clock
        self._channel = channel
        self._standing: dict[tuple[int, int], tuple[datetime, frozenset[str]]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def takes(self, update: Update, *, us: User) -> bool:
        """Whether an update is the team's business, and nobody's request."""
        if update.callback_query is not None:
            return True
        said = update.message or update.edited_message
        if said is None:
            return False
        if self._is_ours(said):
            if said.migrate_to_chat_id is not None:
                self._move(said.chat.id, said.migrate_to_chat_id)
            return True
        return update.message is not None and (
            self._command_in(said, us=us) is not None or self._is_for_form(said, us=us)
        )

    def begin(self, update: Update, *, us: User) -> None:
        """Do what is asked beside the listening: what takes its time, such as a picture, keeps no `/pause` waiting.

        Telegram takes it for heard from then on. What a killed process was about to do is asked for again by whoever
        sees that it was not done; done twice, it would be in the world twice.
        """
        task = asyncio.create_task(self.handle(update, us=us))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Return once nothing is under way any more."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def handle(self, update: Update, *, us: User) -> None:
        """Do what is asked; whatever happens, the next update is heard."""
        try:
            if update.callback_query is not None:
                await self._pressed(update.callback_query)
            elif update.message is not None:
                await self._said(update.message, us=us)
        except (TelegramError, *UNREADABLE) as error:
            log.warning("telegram.unanswered", update=update.update_id, error=type(error).__name__)

    async def make_known(self) -> None:
        """Tell Telegram which commands there are, in both languages, where the team sits."""
        for kept in sorted(self._chats):
            chat = self._now(kept)
            for lang in _LANGUAGES:
                menu = [
                    BotCommand(one.name, self._counter.tell(one.help, lang)[:_LONGEST_DESCRIPTION])
                    for one in BOOK.commands.values()
                ]
                try:
                    await self._bot.set_my_commands(menu, scope=BotCommandScopeChat(chat), language_code=lang)
                except ChatMigrated as moved:
                    self._move(chat, moved.new_chat_id)
                except (TelegramError, *UNREADABLE) as error:
                    log.warning("telegram.commands_unknown", chat=chat, error=type(error).__name__)

    # --- what people ask ---

    async def _said(self, said: Message, *, us: User) -> None:
        typed = self._command_in(said, us=us)
        author = said.from_user
        if author is None or author.is_bot or said.sender_chat is not None:
            if typed is not None:
                await self._reply(said, Answer(says(_ANONYMOUS), None))
            return
        if typed is not None and typed[0] == _WHICH:
            here = Sentence("The id of this place: {id}", id=where_of(said).thread)
            await self._reply(said, Answer(says(here), (author.language_code or "").partition("-")[0] or None))
            return
        if typed is not None:
            name, text = typed
            where = await self._where(said, author)
            answer = await self._counter.typed(await self._caller(author, said.chat, where), where, name, text)
            await self._answer_command(said, answer)
            return
        answered = said.reply_to_message
        words = (said.text or said.caption or "").strip()
        if answered is None or not words or answered.from_user is None or answered.from_user.id != us.id:
            return  # the team talks among itself
        if words.startswith("/"):
            return  # a command for another bot, or for everybody: no words for a contact
        where = await self._where(said, author)
        caller = await self._caller(author, said.chat, where)
        press = to_press(answered)
        if press is not None:
            answer = await self._counter.pressed(caller, where, press, words)
        else:
            answer = await self._counter.wrote(caller, where, words)
        if answer.view is not None:
            await self._reply(said, answer)

    async def _pressed(self, query: CallbackQuery) -> None:
        said = query.message
        if not isinstance(said, Message) or query.data is None:
            await query.answer()
            return
        thread = await self._thread(said, query.from_user)
        where = Where(thread, _place(said.chat), where_of(said).message(said.message_id))
        caller = await self._caller(query.from_user, said.chat, where)
        answer = await self._counter.pressed(caller, where, Press.from_id(query.data))
        view = answer.view
        if view is None:
            await query.answer()
            return
        note = (
            None
            if view.form is not None
            else to_note(view, tell=self._counter.tell, lang=answer.lang, zone=answer.zone)
        )
        if note is not None:
            await query.answer(note, show_alert=not answer.went_well or len(note) > 60)
            return
        await query.answer()
        await self._reply(said, answer, to=query.from_user)

    async def _answer_command(self, said: Message, answer: Answer) -> None:
        """Answer where the team sits, or whoever asks alone; in a group of members the command does not stay."""
        if self._is_ours(said) or is_private(said.chat):
            await self._reply(said, answer)
            return
        if answer.went_well:
            try:
                await self._bot.delete_message(said.chat.id, said.message_id)
            except (TelegramError, *UNREADABLE) as error:
                log.info("telegram.command_stays", error=type(error).__name__)
        if said.from_user is not None:
            await self._send(said.from_user.id, None, answer)

    async def _reply(self, said: Message, answer: Answer, *, to: User | None = None) -> None:
        form = answer.view.form if answer.view is not None else None
        if form is None:
            await self._send(said.chat.id, said, answer)
            return
        whom = f'<a href="tg://user?id={to.id}">{_shown(to)}</a>\n' if to is not None else ""
        await self._bot.send_message(
            said.chat.id,
            whom + to_prompt(form, tell=self._counter.tell, lang=answer.lang),
            parse_mode=ParseMode.HTML,
            reply_parameters=ReplyParameters(said.message_id, allow_sending_without_reply=True),
            reply_markup=ForceReply(selective=True),
            message_thread_id=where_of(said).topic,
            link_preview_options=_NO_PREVIEW,
        )

    async def _send(self, chat: int, said: Message | None, answer: Answer) -> None:
        view = answer.view if answer.view is not None and answer.view.lines else says(Sentence("Done."))
        keyboard = to_keyboard(view, tell=self._counter.tell, lang=answer.lang, zone=answer.zone)
        reply = None if said is None else ReplyParameters(said.message_id, allow_sending_without_reply=True)
        topic = None if said is None else where_of(said).topic
        if view.picture is not None:
            await self._bot.send_photo(
                chat,
                InputFile(view.picture, "vigie.png"),
                caption=self._html(view, answer, longest=LONGEST_CAPTION),
                parse_mode=ParseMode.HTML,
                reply_parameters=reply,
                message_thread_id=topic,
                reply_markup=keyboard,
            )
            return
        await self._bot.send_message(
            chat,
            self._html(view, answer),
            parse_mode=ParseMode.HTML,
            reply_parameters=reply,
            message_thread_id=topic,
            reply_markup=keyboard,
            link_preview_options=_NO_PREVIEW,
        )

    def _html(self, view: View, answer: Answer, **more: int) -> str:
        return to_html(view, tell=self._counter.tell, lang=answer.lang, zone=answer.zone, **more)

    # --- who asks, and where ---

    def _is_ours(self, said: Message) -> bool:
        return self._kept(said.chat) in self._chats

    def _move(self, before: int, after: int) -> None:
        """Go on where a group of the team goes on under another id: what is said there is still nobody's request."""
        self._before[after] = self._before.get(before, before)

    def _kept(self, chat: Chat) -> int:
        """The id of a group as the settings have it."""
        return self._before.get(chat.id, chat.id)

    def _now(self, kept: int) -> int:
        """The id by which Telegram knows a group of the settings."""
        return next((after for after, before in reversed(self._before.items()) if before == kept), kept)

    def _command_in(self, said: Message, *, us: User) -> tuple[str, str] | None:
        """The name of a command of the team and what follows it; None where a message is none."""
        text = said.text or ""
        if not text.startswith("/"):
            return None
        head, *rest = text.split(maxsplit=1)
        name, _, whom = head[1:].partition("@")
        if whom and whom.casefold() != (us.username or "").casefold():
            return None
        name = name.casefold()
        if name == _WHICH and not is_private(said.chat):
            return name, ""
        if name in _MEMBERS_OWN or (BOOK.find(name) is None and not self._is_ours(said)):
            return None
        return name, rest[0] if rest else ""

    @staticmethod
    def _is_for_form(said: Message, *, us: User) -> bool:
        """Whether somebody writes, to us alone, the words that we have asked for."""
        asked = said.reply_to_message
        if asked is None or asked.from_user is None or asked.from_user.id != us.id or not is_private(said.chat):
            return False
        return to_press(asked) is not None

    async def _caller(self, person: User, chat: Chat, where: Where) -> Caller:
        claims: set[str] = set()
        for thread in self._threads:
            if self._counter.serves(self._channel, thread, where):
                claims |= await self._claims(to_where(thread).chat, person, in_team=True)
        # Anybody can take a bot into a group of his own: being in charge of that makes him nobody to the brand.
        if self._kept(chat) not in self._chats and str(chat.id) in self._groups:
            claims |= await self._claims(chat.id, person, in_team=False)
        lang = (person.language_code or "").partition("-")[0] or None
        return Caller(self._channel, str(person.id), person.full_name, lang, frozenset(claims))

    async def _claims(self, chat: int, person: User, *, in_team: bool) -> frozenset[str]:
        """What somebody is in a group, as Telegram has told lately."""
        now = self._clock()
        known = self._standing.get((chat, person.id))
        if known is not None and now - known[0] < _REMEMBERS:
            return known[1]
        found: set[str] = set()
        try:
            member = await self._bot.get_chat_member(self._now(chat), person.id)
            if member.status == ChatMemberStatus.OWNER:
                found.add(OWNER)
            if member.status == ChatMemberStatus.ADMINISTRATOR:
                found.add(MODERATES)
            gone = member.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}
            if in_team and not gone:
                found.add(IN_TEAM)
        except (TelegramError, *UNREADABLE) as error:
            log.info("telegram.standing_unknown", chat=chat, error=type(error).__name__)
            return frozenset()
        self._standing[chat, person.id] = (now, frozenset(found))
        return frozenset(found)

    async def _where(self, said: Message, author: User) -> Where:
        answered = said.reply_to_message
        points_at = None
        if answered is not None and answered.forum_topic_created is None:
            points_at = where_of(answered).message(answered.message_id)
        return Where(await self._thread(said, author), _place(said.chat), points_at)

    async def _thread(self, said: Message, person: User) -> str:
        """Where the team sits that a message is for: the topic or group it is in; in private, where its author sits."""
        here = where_of(said).thread
        if here in self._threads:
            return here
        if self._is_ours(said):
            return next(one for one in self._threads if to_where(one).chat == self._kept(said.chat))
        if is_private(said.chat):
            for thread in self._threads:
                if IN_TEAM in await self._claims(to_where(thread).chat, person, in_team=True):
                    return thread
        return here


def _place(chat: Chat) -> str | None:
    return None if is_private(chat) else str(chat.id)


def _shown(person: User) -> str:
    return person.full_name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
