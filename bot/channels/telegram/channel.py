"""Telegram as a channel: listened to, spoken on, and asked how it is set up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx
import structlog
from telegram import Bot, Message, Update, User
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram import listening, webhook
from bot.channels.telegram.abilities import TELEGRAM
from bot.channels.telegram.acting import carry_out
from bot.channels.telegram.board import TelegramBoard
from bot.channels.telegram.options import TelegramOptions
from bot.channels.telegram.places import to_where
from bot.channels.telegram.reading import FILE, UNREADABLE, Command, Eyes, is_private, to_event
from bot.channels.telegram.refusals import GONE, to_trouble, unknown
from bot.channels.telegram.staff import Staff
from bot.channels.telegram.team import Team
from bot.commands.counter import Counter
from inbox.abilities import Abilities, Bucket, Remark
from inbox.errors import ChannelTrouble, SendFailed
from inbox.events import Event, Moved
from inbox.model import Attachment
from inbox.outgoing import WORDS, Outgoing
from inbox.ports import Clock, Inlet, Tell
from inbox.sentences import Sentence

log = structlog.get_logger()

# The library logs what it cannot read, people's words among it. Where nobody listens to it, it writes them to stderr.
logging.getLogger("telegram").addHandler(logging.NullHandler())

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class TelegramChannel:
    """One bot on Telegram.

    Args:
        token: As @BotFather gave it.
        options: How it is set up.
        tell: Puts what members are told into their language.
        clock: Tells the time.
        counter: Answers what the team asks; None where nobody does.
        name: The name that messages carry as their channel.
    """

    def __init__(
        self,
        token: str,
        *,
        options: TelegramOptions,
        tell: Tell,
        clock: Clock,
        counter: Counter | None = None,
        name: str = "telegram",
    ) -> None:
        self._name = name
        self._options = options
        self._tell = tell
        self._clock = clock
        base = (options.base_url or "https://api.telegram.org").rstrip("/")
        wait_s = options.patience.answer.total_seconds()
        self._requests = (
            HTTPXRequest(connection_pool_size=16, read_timeout=wait_s, write_timeout=wait_s, connect_timeout=wait_s),
            # The library adds how long Telegram may wait for something new.
            HTTPXRequest(read_timeout=wait_s, connect_timeout=wait_s),
        )
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._starting = asyncio.Lock()
        self._us: User | None = None
        self._team = Team(self._bot, clock=clock, remembers=options.patience.team, channel=name)
        self._inlet: Inlet | None = None
        self._staff = (
            None
            if counter is None
            else Staff(self._bot, counter, chats=options.staff_chats, groups=options.groups, clock=clock, channel=name)
        )

    @property
    def name(self) -> str:
        """The name that messages carry as their channel."""
        return self._name

    @property
    def abilities(self) -> Abilities:
        """What it can do."""
        return TELEGRAM

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        """Telegram's rates: 30 a second in all, 20 a minute for a group, 1 a second for a person."""
        every = Bucket(self._name, 30, _SECOND)
        if outgoing.kind not in WORDS:
            return (every,)
        try:
            where = to_where(outgoing.thread)
        except ValueError:
            return (every,)
        most, per = (20, _MINUTE) if where.is_group else (1, _SECOND)
        return every, Bucket(f"{self._name}:{where.chat}", most, per)

    async def send(self, outgoing: Outgoing) -> str:
        """Say something, or do something to a message or a contact; Telegram's id of it.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """
        try:
            return await carry_out(self._bot, outgoing, now=self._clock())
        except SendFailed as failed:
            if isinstance(failed.__cause__, ChatMigrated):
                before, after = to_where(outgoing.thread).chat, failed.__cause__.new_chat_id
                if before == after:  # the thread has moved, and what this is about has stayed behind
                    raise SendFailed(GONE, permanent=True) from failed
                if self._inlet is not None:
                    await self._inlet.take(Moved(self._name, str(before), str(after), self._clock()))
            raise

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """None for what may be done twice; words cannot be looked up on Telegram.

        Raises:
            SendFailed: They are words, and may have been said.
        """
        if outgoing.kind in WORDS:
            raise unknown()
        return None

    async def listen(self, inlet: Inlet) -> None:
        """Hand over what comes, until cancelled; what came while nobody listened comes first.

        Raises:
            ChannelTrouble: Telegram refuses us, or is out of reach.
        """
        await self._start()
        self._inlet = inlet
        if self._staff is not None:
            await self._staff.make_known()
        keep = partial(self._keep, inlet)
        try:
            if self._options.webhook_url is not None:
                await webhook.serve(
                    self._bot,
                    keep,
                    url=self._options.webhook_url,
                    options=self._options,
                    on_opened=inlet.opened,
                )
            else:
                await listening.poll(self._bot, keep, patience=self._options.patience.poll, on_opened=inlet.opened)
        finally:
            self._inlet = None

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """What a file holds.

        Raises:
            ChannelTrouble: It is gone, out of reach, or larger than `most` bytes.
        """
        too_large = ChannelTrouble(Sentence("The file is larger than {most} bytes.", most=most), permanent=True)
        try:
            file = await self._bot.get_file(attachment.url.removeprefix(FILE))
            if file.file_size is not None and file.file_size > most:
                raise too_large
            content = bytes(await file.download_as_bytearray())
        except (TelegramError, httpx.HTTPError, *UNREADABLE) as error:
            gone = Sentence("The file cannot be had from Telegram ({why}).", why=type(error).__name__)
            raise ChannelTrouble(gone, permanent=True) from error
        if len(content) > most:
            raise too_large
        return content

    async def examine(self) -> Sequence[Remark]:
        """What stands in the way of hearing everything.

        Raises:
            ChannelTrouble: Telegram refuses us, or is out of reach.
        """
        await self._start()
        try:
            us, hook = await self._bot.get_me(), await self._bot.get_webhook_info()
        except TelegramError as error:
            raise to_trouble(error) from error
        remarks = [Remark(Sentence("the bot is @{username}", username=us.username), is_well=True)]
        if us.can_read_all_group_messages:
            remarks.append(Remark(Sentence("it sees every message of its groups"), is_well=True))
        else:
            remarks.append(
                Remark(
                    Sentence(
                        "privacy mode is on: in groups the bot sees only what is addressed to it. Talk to @BotFather,"
                        " /setprivacy, Disable, then remove the bot from its groups and add it again. Or make it an"
                        " administrator there"
                    )
                )
            )
        if hook.last_error_message:
            says = Sentence("Telegram's calls fail: {why}", why=hook.last_error_message)
            remarks.append(Remark(says))
        elif hook.url and self._options.webhook_url is None:
            says = Sentence("a webhook is set at {url}; it is taken away when Vigie listens", url=hook.url)
            remarks.append(Remark(says, is_well=True))
        return [*remarks, *[await self._examine_team(place) for place in sorted(self._options.staff_chats)]]

    async def _examine_team(self, place: str) -> Remark:
        """Whether the bot reaches the group of a team."""
        try:
            found = await self._bot.get_chat(to_where(place).chat)
        except (BadRequest, Forbidden, ValueError):
            says = Sentence(
                "the group of the team ({place}) is not there for the bot: add it there, and check the id", place=place
            )
            return Remark(says)
        except TelegramError as error:
            raise to_trouble(error) from error
        return Remark(Sentence("the team sits in «{name}»", name=found.effective_name or place), is_well=True)

    async def close(self) -> None:
        """Let go of every connection; it can be used again afterwards."""
        if self._staff is not None:
            await self._staff.finish()
        async with self._starting:
            self._us = None
            for request in self._requests:
                await request.shutdown()

    def board(self, place: str, *, zone: ZoneInfo) -> TelegramBoard:
        """A group of the team, to put cards up in."""
        return TelegramBoard(place, self._bot, tell=self._tell, zone=zone, name=self._name)

    async def _start(self) -> User:
        async with self._starting:
            if self._us is None:
                for request in self._requests:
                    await request.initialize()
                try:
                    self._us = await self._bot.get_me()
                except TelegramError as error:
                    raise to_trouble(error) from error
            return self._us

    async def _keep(self, inlet: Inlet, updates: Sequence[Update]) -> None:
        """Have a batch kept, in order; returns once all of it is."""
        us = await self._start()
        kept: list[asyncio.Task[None]] = []
        for update in updates:
            try:
                if self._staff is not None and self._staff.takes(update, us=us):
                    self._staff.begin(update, us=us)
                    continue
                await self._team.learn(update)
                heard = to_event(update, self._eyes(us), now=self._clock())
            except UNREADABLE as error:
                # Whatever Telegram adds to its updates must not keep the rest from being heard.
                log.warning("telegram.unreadable", update=update.update_id, error=type(error).__name__)
                continue
            if isinstance(heard, Command):
                kept.append(asyncio.create_task(self._obey(inlet, heard)))
            elif heard is not None:
                kept.append(asyncio.create_task(self._take(inlet, heard, update.update_id)))
        await asyncio.gather(*kept)

    async def _take(self, inlet: Inlet, event: Event, update_id: int) -> None:
        try:
            await inlet.take(event)
        except Exception as error:  # noqa: BLE001  # an event that can never be kept must not come again for ever
            log.warning("telegram.not_kept", update=update_id, error=type(error).__name__)

    async def _obey(self, inlet: Inlet, command: Command) -> None:
        """Do what a member asks, and tell him; his command does not stay in the group."""
        try:
            answer = await inlet.take(command.event)
        except Exception as error:  # noqa: BLE001  # nor must a command
            log.warning("telegram.not_kept", error=type(error).__name__)
            return
        said = command.said
        try:
            if not is_private(said.chat):
                await self._bot.delete_message(said.chat.id, said.message_id)
        except (TelegramError, *UNREADABLE) as error:
            log.info("telegram.command_stays", error=type(error).__name__)
        if answer is not None:
            await self._answer(said, answer)

    async def _answer(self, said: Message, answer: Sentence) -> None:
        if said.from_user is None:
            return
        lang = (said.from_user.language_code or "").partition("-")[0] or None
        try:
            await self._bot.send_message(said.from_user.id, self._tell(answer, lang))
        except (TelegramError, *UNREADABLE) as error:
            log.info("telegram.not_told", error=type(error).__name__)

    def _eyes(self, us: User) -> Eyes:
        return Eyes(
            channel=self._name,
            us=us.id,
            username=us.username or "",
            staff=self._options.staff,
            exempt=self._options.exempt,
            team=self._team.of,
        )
