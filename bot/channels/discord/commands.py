"""What members may ask of the bot: to report a message, and to appeal against a case."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.channels.discord.members import with_roles
from bot.channels.discord.outlet import Outlet
from bot.channels.discord.reading import Eyes, to_any_message
from bot.channels.discord.refusals import TROUBLES
from bot.channels.discord.staff import Staff
from inbox.events import Appealed, Event, Reported
from inbox.ports import Clock, Tell
from inbox.sentences import Sentence

log = structlog.get_logger()

REPORT = Sentence("Report")
APPEAL = Sentence("Ask for a case against you to be looked at again")
APPEAL_TEXT = Sentence("Why it should be")
APPEAL_CASE = Sentence("The number of the case, as the notice names it; else your latest")
_BY_WORDS = {sentence.says: sentence for sentence in (REPORT, APPEAL, APPEAL_TEXT, APPEAL_CASE)}
_NOT_KEPT = Sentence("This could not be taken in. Please tell a moderator.")
_NO_REPORT = Sentence("What the team says among itself is not reported.")
_LONGEST = 1_500
_LONGEST_DESCRIPTION = 100


class _InTheirLanguage(app_commands.Translator):
    """Names and descriptions as a member's client shows them."""

    def __init__(self, tell: Tell, sentences: Mapping[str, Sentence]) -> None:
        self._tell = tell
        self._by_words = {sentence.says[:_LONGEST_DESCRIPTION]: sentence for sentence in sentences.values()}

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002  # the shape of the library's protocol
    ) -> str | None:
        sentence = self._by_words.get(string.message)
        if sentence is None or locale is not discord.Locale.french:
            return None
        return self._tell(sentence, "fr")[:_LONGEST_DESCRIPTION]


class Commands:
    """The commands of one connection. Each answers its caller alone, and at once."""

    def __init__(
        self,
        client: discord.Client,
        *,
        outlet: Outlet,
        tell: Tell,
        clock: Clock,
        eyes: Eyes,
        staff: Staff | None = None,
    ) -> None:
        self._outlet = outlet
        self._tell = tell
        self._clock = clock
        self._eyes = eyes
        self._tree = app_commands.CommandTree(client)
        self._tree.add_command(
            app_commands.ContextMenu(name=app_commands.locale_str(REPORT.says), callback=self._report)
        )
        appeal: app_commands.Command[Any, Any, Any] = app_commands.Command(
            name="appeal", description=app_commands.locale_str(APPEAL.says), callback=self._appeal
        )
        described = app_commands.describe(
            text=app_commands.locale_str(APPEAL_TEXT.says), case=app_commands.locale_str(APPEAL_CASE.says)
        )
        self._tree.add_command(described(appeal))
        self._sentences = dict(_BY_WORDS)
        if staff is not None:
            staff.add_to(self._tree)
            self._sentences |= staff.sentences

    async def make_known(self) -> None:
        """Tell Discord which commands there are; without them all else works."""
        try:
            await self._tree.set_translator(_InTheirLanguage(self._tell, self._sentences))
            await self._tree.sync()
        except (discord.HTTPException, app_commands.TranslationError) as error:
            log.warning("discord.commands_unknown", error=type(error).__name__)

    async def _report(self, asked: discord.Interaction, message: discord.Message) -> None:
        if self._eyes.is_of_team(message.channel.id, getattr(message.channel, "parent_id", None)):
            lang = asked.locale.value.partition("-")[0]
            said = self._tell(_NO_REPORT, lang)
            await self._unless_refused(asked.response.send_message(said, ephemeral=True))
            return

        async def reported() -> Event:
            said = to_any_message(message, self._eyes, member=await with_roles(message))
            return Reported(said, str(asked.user.id), asked.user.display_name, at)

        at = self._clock()
        await self._obey(asked, reported)

    async def _appeal(
        self, asked: discord.Interaction, text: app_commands.Range[str, 1, _LONGEST], case: int | None = None
    ) -> None:
        place = str(asked.guild_id) if asked.guild_id else None
        event = Appealed(self._eyes.channel, str(asked.user.id), text, self._clock(), case=case, place=place)

        async def appealed() -> Event:
            return event

        await self._obey(asked, appealed)

    async def _obey(self, asked: discord.Interaction, read: Callable[[], Awaitable[Event]]) -> None:
        """Answer at once that it was heard, for Discord waits three seconds; then keep it, and say what came of it."""
        await self._unless_refused(asked.response.defer(ephemeral=True, thinking=True))
        try:
            answer = await self._outlet.put(await read())
        except Exception as error:  # noqa: BLE001  # whatever went wrong, the member is told that it did
            log.warning("discord.not_kept", command=asked.command and asked.command.name, error=type(error).__name__)
            answer = _NOT_KEPT
        if answer is not None:
            lang = asked.locale.value.partition("-")[0]
            await self._unless_refused(asked.followup.send(self._tell(answer, lang), ephemeral=True))

    @staticmethod
    async def _unless_refused(telling: Awaitable[object]) -> None:
        """Tell a member something; what he asked for is done even where Discord does not take the answer."""
        try:
            await telling
        except TROUBLES as error:
            log.warning("discord.unanswered", error=type(error).__name__)
