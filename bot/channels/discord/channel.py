"""Discord as a channel: listened to, spoken on, and asked how it is set up."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import aiohttp
import discord
from discord.http import HTTPClient

from bot.channels.discord.abilities import DISCORD
from bot.channels.discord.acting import Hands
from bot.channels.discord.board import DiscordBoard
from bot.channels.discord.elsewhere import Elsewhere
from bot.channels.discord.guard import Guard
from bot.channels.discord.listening import Ears
from bot.channels.discord.options import DiscordOptions
from bot.channels.discord.refusals import TROUBLES, to_failure, to_trouble
from bot.channels.discord.rights import missing
from bot.channels.discord.staff import Staff
from bot.commands.counter import Counter
from inbox.abilities import Abilities, Bucket, Remark
from inbox.errors import ChannelTrouble, InboxError, SendFailed
from inbox.model import Attachment
from inbox.outgoing import WORDS, Outgoing
from inbox.ports import Clock, Inlet, Tell
from inbox.sentences import Sentence

_SECOND = timedelta(seconds=1)
_LONGEST_WAIT_S = 30.0
_MOST_SERVERS = 200


class DiscordChannel:
    """One bot on Discord.

    Args:
        token: The bot's token.
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
        options: DiscordOptions,
        tell: Tell,
        clock: Clock,
        counter: Counter | None = None,
        name: str = "discord",
    ) -> None:
        self._token = token
        self._options = options
        self._tell = tell
        self._clock = clock
        self._staff = None if counter is None else Staff(counter, options=options, channel=name)
        self._name = name
        self._elsewhere = Elsewhere(options.api_url)
        self._guard = Guard(clock)
        self._logging_in = asyncio.Lock()
        self._client: discord.Client | None = None
        self._hands: Hands | None = None

    @property
    def name(self) -> str:
        """The name that messages carry as their channel."""
        return self._name

    @property
    def abilities(self) -> Abilities:
        """What it can do."""
        return DISCORD

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        """Discord's ceilings: 50 a second in all, 5 messages in 5 seconds per thread. The library knows the rest."""
        every = Bucket(self._name, 50, _SECOND)
        if outgoing.kind not in WORDS:
            return (every,)
        return every, Bucket(f"{self._name}:{outgoing.thread}", 5, 5 * _SECOND)

    async def send(self, outgoing: Outgoing) -> str:
        """Say something, or do something to a message or a contact; Discord's id of it.

        Raises:
            SendFailed: Refused for good, for now, or with no answer; its attributes say which.
        """
        self._guard.check()
        went_out = False
        try:
            async with asyncio.timeout(self._options.patience.act.total_seconds()):
                hands = await self._log_in()
                went_out = True
                return await hands.carry_out(outgoing)
        except TROUBLES as error:
            raise to_failure(error, outgoing, went_out=went_out) from error
        except ValueError as error:
            raise _no_thread(outgoing) from error

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        """The id of words that may have been said; None for what may be done twice.

        Raises:
            SendFailed: Discord is out of reach, so it is not known yet.
        """
        if outgoing.kind not in WORDS:
            return None
        self._guard.check()
        try:
            async with asyncio.timeout(self._options.patience.act.total_seconds()):
                return await (await self._log_in()).find(outgoing)
        except ValueError as error:
            raise _no_thread(outgoing) from error
        except TROUBLES as error:
            failed = to_failure(error, outgoing, went_out=False)
            raise SendFailed(
                failed.sentence,
                permanent=failed.permanent,
                outcome_unknown=True,
                broken=failed.broken,
                retry_after=failed.retry_after,
            ) from error

    async def listen(self, inlet: Inlet) -> None:
        """Hand over what comes, until cancelled; what was written while nobody listened comes first.

        Raises:
            ChannelTrouble: Discord refuses us, or is out of reach.
        """
        try:
            await self._elsewhere.find_gateway()
        except (aiohttp.ClientError, OSError, KeyError, ValueError) as error:
            raise to_trouble(error) from error
        ears = Ears(
            inlet,
            options=self._options,
            tell=self._tell,
            clock=self._clock,
            name=self._name,
            guard=self._guard,
            staff=self._staff,
        )
        connection = asyncio.create_task(ears.start(self._token))
        outage = asyncio.create_task(ears.lost_for_good())
        try:
            await asyncio.wait([connection, outage], return_when=asyncio.FIRST_COMPLETED)
            for task in (connection, outage):
                if task.done():
                    await task
        except TROUBLES as error:
            raise to_trouble(error) from error
        except InboxError as error:
            raise ChannelTrouble(error.sentence, permanent=False) from error
        except Exception as error:
            # The library breaks on what it does not know, and when the first connection is refused: that must end
            # neither the other channels nor the program.
            broke = Sentence("The connection to Discord broke ({why}).", why=type(error).__name__)
            raise ChannelTrouble(broke, permanent=False) from error
        finally:
            for task in (connection, outage):
                task.cancel()
            await ears.close()
            await asyncio.gather(connection, outage, return_exceptions=True)
        raise ChannelTrouble(Sentence("The connection to Discord was lost."), permanent=False)

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        """What a file holds, while its link lives.

        Raises:
            ChannelTrouble: It is gone, out of reach, or larger than `most` bytes.
        """
        gone = Sentence("The file cannot be had from Discord: its link may have expired.")
        try:
            async with (
                aiohttp.ClientSession(raise_for_status=True) as session,
                session.get(attachment.url, allow_redirects=False) as got,
            ):
                content = await got.content.read(most + 1)
                while len(content) <= most and (more := await got.content.read(most + 1 - len(content))):
                    content += more
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise ChannelTrouble(gone, permanent=True) from error
        if len(content) > most:
            raise ChannelTrouble(Sentence("The file is larger than {most} bytes.", most=most), permanent=True)
        return content

    async def examine(self) -> Sequence[Remark]:
        """What stands in the way of hearing everything and doing what moderators ask.

        Raises:
            ChannelTrouble: Discord refuses us, or is out of reach.
        """
        try:
            await self._log_in()
            client = self._client
            assert client is not None  # noqa: S101  # it has just logged in
            application = await client.application_info()
            servers = await client.http.get_guilds(_MOST_SERVERS)
        except TROUBLES as error:
            raise to_trouble(error) from error
        remarks = [Remark(Sentence("the bot is {name}", name=application.name), is_well=True)]
        flags = application.flags
        if flags.gateway_message_content or flags.gateway_message_content_limited:
            remarks.append(Remark(Sentence("it may read messages"), is_well=True))
        else:
            remarks.append(
                Remark(
                    Sentence(
                        "it may not read messages: in the Developer Portal, open the application, then Bot, and switch"
                        ' on "Message Content Intent"'
                    )
                )
            )
        if not servers:
            remarks.append(Remark(Sentence("it is in no server yet: invite it, as docs/channels.md says")))
        for server in servers:
            lacks = missing(discord.Permissions(int(server.get("permissions", 0))))
            if lacks:
                rights = ", ".join(self._tell(right, None) for right in lacks)
                says = Sentence("in {server} it lacks these rights: {rights}", server=server["name"], rights=rights)
                remarks.append(Remark(says))
            else:
                well = Sentence("in {server} it has every right it needs", server=server["name"])
                remarks.append(Remark(well, is_well=True))
        teams = [await self._examine_team(client, place) for place in sorted(self._options.staff_channels)]
        return [*remarks, *teams]

    @staticmethod
    async def _examine_team(client: discord.Client, place: str) -> Remark:
        """Whether the bot reaches the channel of a team."""
        try:
            found = await client.http.get_channel(int(place))
        except (discord.NotFound, discord.Forbidden, ValueError):
            says = Sentence(
                "the channel of the team ({place}) is not there for the bot: check its id, and let the bot see and"
                " write in it",
                place=place,
            )
            return Remark(says)
        except TROUBLES as error:
            raise to_trouble(error) from error
        return Remark(Sentence("the team sits in #{name}", name=found.get("name", place)), is_well=True)

    async def close(self) -> None:
        """Let go of every connection; it can be used again afterwards."""
        async with self._logging_in:
            client, self._client, self._hands = self._client, None, None
            if client is not None:
                await client.close()
            self._elsewhere.put_back()

    def board(self, place: str, *, zone: ZoneInfo) -> DiscordBoard:  # noqa: ARG002  # Discord tells each his own time
        """A channel of the team, to put cards up in."""

        async def http() -> HTTPClient:
            self._guard.check()
            await self._log_in()
            assert self._client is not None  # noqa: S101  # it has just logged in
            return self._client.http

        patience = self._options.patience.act
        return DiscordBoard(place, http, tell=self._tell, clock=self._clock, name=self._name, patience=patience)

    async def _log_in(self) -> Hands:
        """What acts on Discord; it needs no connection, only a token that holds."""
        async with self._logging_in:
            if self._hands is None:
                self._elsewhere.point()
                client = discord.Client(
                    intents=discord.Intents.none(),
                    max_ratelimit_timeout=_LONGEST_WAIT_S,
                    http_trace=self._guard.trace(),
                )
                try:
                    await client.login(self._token)
                except BaseException:
                    await client.close()
                    raise
                self._client = client
                self._hands = Hands(client.http, us=client.user.id if client.user else 0)
            return self._hands


def _no_thread(outgoing: Outgoing) -> SendFailed:
    lost = Sentence("This belongs to no thread of Discord: {thread}", thread=outgoing.thread)
    return SendFailed(lost, permanent=True)
