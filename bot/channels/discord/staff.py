"""The team on Discord: slash commands, the menu of a message, buttons and forms. All of it is one counter's."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from inspect import Parameter as Place
from inspect import Signature
from typing import Any

import discord
import structlog
from discord import app_commands

from bot.channels.discord.options import DiscordOptions
from bot.channels.discord.refusals import TROUBLES
from bot.channels.discord.rendering import field_of, to_content, to_modal, to_ui
from bot.commands.book import BOOK, Command, Parameter
from bot.commands.calling import CaseNumber, Conversation, Given, Said
from bot.commands.counter import Answer, Counter
from bot.commands.reading import USER
from bot.commands.run import Where
from bot.commands.views import Press, says
from inbox.people import ADMINISTRATOR, IN_TEAM, MODERATES, OWNER, Caller
from inbox.sentences import Sentence

log = structlog.get_logger()

_IN_TIME_S = 2.0
"""How long a form may take to be shown: Discord waits three seconds for the first answer."""

_SLOW = Sentence("This takes longer than Discord waits. Tap again.")
_LONGEST_DESCRIPTION = 100
_NUMBERS = (Conversation, CaseNumber, int)


class Staff:
    """What the team may ask of the bot on Discord.

    Args:
        counter: Who answers.
        options: Where the team sits.
        channel: The name of the channel.
    """

    def __init__(self, counter: Counter, *, options: DiscordOptions, channel: str) -> None:
        self._counter = counter
        self._options = options
        self._channel = channel
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def sentences(self) -> dict[str, Sentence]:
        """What Discord shows of the commands, by its English."""
        found = [command.help for command in BOOK.commands.values()]
        found += [one.help for command in BOOK.commands.values() for one in command.parameters]
        found += [command.menu for command in BOOK.commands.values() if command.menu is not None]
        return {sentence.says: sentence for sentence in found}

    def add_to(self, tree: app_commands.CommandTree[Any]) -> None:
        """Make the commands known. Who does not moderate sees them only where the server's owner lets him."""
        for command in BOOK.commands.values():
            for name in (command.name, *command.aliases):
                tree.add_command(_slash(command, name, self._run))
            if command.menu is not None:
                tree.add_command(_menu(command, self._run_on))

    def hear(self, asked: discord.Interaction) -> bool:
        """Take a button or a form; False for what is something else."""
        if asked.type is discord.InteractionType.component:
            self._begin(self._pressed(asked))
        elif asked.type is discord.InteractionType.modal_submit:
            self._begin(self._submitted(asked))
        else:
            return False
        return True

    def close(self) -> None:
        """Let go of what is under way."""
        for task in self._under_way:
            task.cancel()

    # --- what people ask ---

    async def _run(self, asked: discord.Interaction, command: Command, given: Given) -> None:
        is_for_all = command.is_for_all and self._is_in_team(asked)
        await _unless_refused(asked.response.defer(ephemeral=not is_for_all, thinking=True))
        answer = await self._counter.given(self._caller(asked), self._where(asked), command.name, given)
        if is_for_all and not answer.went_well:
            await _unless_refused(asked.delete_original_response())
        await self._answer(asked, answer, ephemeral=not (is_for_all and answer.went_well))

    async def _run_on(self, asked: discord.Interaction, command: Command, message: discord.Message) -> None:
        await _unless_refused(asked.response.defer(ephemeral=True, thinking=True))
        where = self._where(asked, points_at=f"{message.channel.id}:{message.id}")
        answer = await self._counter.given(self._caller(asked), where, command.name, {})
        await self._answer(asked, answer, ephemeral=True)

    async def _pressed(self, asked: discord.Interaction) -> None:
        data: Any = asked.data or {}
        press = Press.from_id(str(data.get("custom_id", "")))
        points_at = None if asked.message is None else f"{asked.message.channel.id}:{asked.message.id}"
        tap = BOOK.find_tap(press)
        call = self._counter.pressed(self._caller(asked), self._where(asked, points_at=points_at), press)
        if tap is not None and tap.asks:
            await self._show_form(asked, asyncio.ensure_future(call))
            return
        await _unless_refused(asked.response.defer())
        answer = await call
        if answer.view is not None:
            await self._answer(asked, answer, ephemeral=not answer.view.is_for_all)

    async def _show_form(self, asked: discord.Interaction, call: asyncio.Future[Answer]) -> None:
        """A form has to be the first answer: there is no time to say that one is coming."""
        try:
            async with asyncio.timeout(_IN_TIME_S):
                answer = await asyncio.shield(call)
        except TimeoutError:
            await _unless_refused(asked.response.defer(ephemeral=True, thinking=True))
            await call
            await self._answer(asked, Answer(says(_SLOW), _lang(asked)), ephemeral=True)
            return
        form = answer.view.form if answer.view is not None else None
        if form is None:
            await _unless_refused(asked.response.defer(ephemeral=True, thinking=True))
            await self._answer(asked, answer, ephemeral=True)
            return
        await _unless_refused(asked.response.send_modal(to_modal(form, tell=self._counter.tell, lang=answer.lang)))

    async def _submitted(self, asked: discord.Interaction) -> None:
        data: Any = asked.data or {}
        await _unless_refused(asked.response.defer(ephemeral=True, thinking=True))
        press = Press.from_id(str(data.get("custom_id", "")))
        written = field_of(data.get("components", ()))
        answer = await self._counter.pressed(self._caller(asked), self._where(asked), press, written)
        is_for_all = answer.view is not None and answer.view.is_for_all
        if is_for_all:
            # Discord would show it to him alone, as the answer that was promised: what is for all is another one.
            await _unless_refused(asked.delete_original_response())
        await self._answer(asked, answer, ephemeral=not is_for_all)

    async def _answer(self, asked: discord.Interaction, answer: Answer, *, ephemeral: bool) -> None:
        view = answer.view if answer.view is not None and answer.view.lines else says(Sentence("Done."))
        tell, lang = self._counter.tell, answer.lang
        more: dict[str, Any] = {}
        shown = to_ui(view, tell=tell, lang=lang)
        if shown is not None:
            more["view"] = shown
        if view.picture is not None:
            more["file"] = discord.File(io.BytesIO(view.picture), "vigie.png")
        called = [discord.Object(int(one)) for one in view.mentions.values()]
        more["allowed_mentions"] = discord.AllowedMentions(everyone=False, roles=False, users=called)
        content = to_content(view, tell=tell, lang=lang)
        await _unless_refused(asked.followup.send(content, ephemeral=ephemeral, suppress_embeds=True, **more))

    # --- who asks, and where ---

    def _caller(self, asked: discord.Interaction) -> Caller:
        claims: set[str] = set()
        person = asked.user
        if isinstance(person, discord.Member) and self._is_known(asked):
            # A role may be called anything, also by the words that stand for what Discord itself says of somebody.
            claims |= {role.name for role in person.roles} - {OWNER, ADMINISTRATOR, MODERATES, IN_TEAM}
            claims |= {str(role.id) for role in person.roles}
            may = asked.permissions
            if asked.guild is not None and asked.guild.owner_id == person.id:
                claims.add(OWNER)
            if may.administrator or may.manage_guild:
                claims.add(ADMINISTRATOR)
            if may.manage_messages or may.moderate_members or may.kick_members or may.ban_members:
                claims.add(MODERATES)
        if self._is_in_team(asked):
            claims.add(IN_TEAM)
        return Caller(self._channel, str(person.id), person.display_name, _lang(asked), frozenset(claims))

    def _is_known(self, asked: discord.Interaction) -> bool:
        """Whether a server is the brand's: anybody can take a bot into one of his own, and is its owner there."""
        if asked.guild is None:
            return False
        here = {str(place.id) for place in asked.guild.channels} | {str(asked.channel_id)}
        return str(asked.guild.id) in self._options.servers or bool(here & self._options.staff_channels)

    def _seat(self, asked: discord.Interaction) -> str | None:
        """The channel of the team that somebody asks in, or in a thread of which; None where it is none."""
        parent = getattr(asked.channel, "parent_id", None)
        return next((one for one in (str(asked.channel_id), str(parent)) if one in self._options.staff_channels), None)

    def _is_in_team(self, asked: discord.Interaction) -> bool:
        return self._seat(asked) is not None

    def _where(self, asked: discord.Interaction, *, points_at: str | None = None) -> Where:
        place = None if asked.guild_id is None else str(asked.guild_id)
        return Where(self._seat(asked) or str(asked.channel_id), place, points_at)

    def _begin(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("discord.interaction_fault", error=type(error).__name__)


def _lang(asked: discord.Interaction) -> str:
    return asked.locale.value.partition("-")[0]


async def _unless_refused(telling: Awaitable[object]) -> None:
    """Tell somebody something; what he asked for is done even where Discord does not take the answer."""
    try:
        await telling
    except TROUBLES as error:
        log.warning("discord.unanswered", error=type(error).__name__)


Run = Callable[[discord.Interaction, Command, Given], Awaitable[None]]
RunOn = Callable[[discord.Interaction, Command, discord.Message], Awaitable[None]]


def _slash(command: Command, name: str, run: Run) -> app_commands.Command[Any, Any, Any]:
    """A slash command. The library reads what it takes from a signature, which is made of the command's parameters."""

    async def callback(asked: discord.Interaction, /, **values: Any) -> None:
        await run(asked, command, {one: _written(value) for one, value in values.items() if value is not None})

    # Discord wants what is required first.
    takes = sorted(command.parameters, key=lambda one: not one.required)
    callback.__signature__ = Signature(  # type: ignore[attr-defined]  # what `inspect` looks for
        [
            Place("asked", Place.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction),
            *(
                Place(
                    one.name,
                    Place.KEYWORD_ONLY,
                    annotation=_type_of(one),
                    default=Place.empty if one.required else None,
                )
                for one in takes
            ),
        ]
    )
    described = {one.name: app_commands.locale_str(_short(one.help)) for one in takes}
    chosen = {
        one.name: [app_commands.Choice(name=word, value=word) for word in one.choices] for one in takes if one.choices
    }
    if described:
        app_commands.describe(**described)(callback)
    if chosen:
        app_commands.choices(**chosen)(callback)
    made: app_commands.Command[Any, Any, Any] = app_commands.Command(
        name=name, description=app_commands.locale_str(_short(command.help)), callback=callback
    )
    made.guild_only = True
    made.default_permissions = discord.Permissions(manage_messages=True)
    return made


def _menu(command: Command, run: RunOn) -> app_commands.ContextMenu:
    async def callback(asked: discord.Interaction, message: discord.Message) -> None:
        await run(asked, command, message)

    assert command.menu is not None  # noqa: S101  # asked by whoever calls
    made = app_commands.ContextMenu(name=app_commands.locale_str(command.menu.says), callback=callback)
    made.guild_only = True
    made.default_permissions = discord.Permissions(manage_messages=True)
    return made


def _type_of(one: Parameter) -> Any:
    if one.kind is Said:
        kind: Any = discord.User
    else:
        kind = int if one.kind in _NUMBERS else str
    return kind if one.required else kind | None


def _written(value: Any) -> str:
    if isinstance(value, discord.User | discord.Member):
        return f"{USER}{value.id}"
    return str(value)


def _short(sentence: Sentence) -> str:
    return sentence.says[:_LONGEST_DESCRIPTION]
