"""The counter: takes what people ask for in a chat, runs it beside the loop, and answers whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from zoneinfo import ZoneInfo

import structlog

from bot.commands.calling import Call, Given, Tools
from bot.commands.run import Where, begin, press, refused, run_given, run_typed
from bot.commands.views import Press, View, says
from inbox.desk import Desk
from inbox.errors import InboxError
from inbox.people import Caller
from inbox.ports import Tell
from inbox.sentences import Sentence

log = structlog.get_logger()

UTC = ZoneInfo("UTC")
_FAULT = Sentence("This went wrong on our side. Nothing may have been done; look before you try again.")

DeskOf = Callable[[str, str, str | None], Desk]
"""The desk that a call belongs to: by channel, thread and place."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody is answered, in which language and by which clocks; `went_well` is False for a refusal."""

    view: View | None
    lang: str | None
    went_well: bool = True
    zone: ZoneInfo = UTC


class Counter:
    """Where people of the team ask.

    Args:
        desk_of: Finds the desk that a call belongs to.
        tell: Puts sentences into words.
        tools: What some commands need.
    """

    def __init__(self, desk_of: DeskOf, *, tell: Tell, tools: Tools) -> None:
        self._desk_of = desk_of
        self._tools = tools
        self._on_done: list[Callable[[], None]] = []
        self.tell = tell

    def on_done(self, wake: Callable[[], None]) -> None:
        """Have somebody told whenever something may have changed."""
        self._on_done.append(wake)

    def serves(self, channel: str, thread: str, where: Where) -> bool:
        """Whether the team that sits in a thread works for the brand that somebody asks at."""
        return self._desk_of(channel, thread, None) is self._desk_of(channel, where.thread, where.place)

    async def typed(self, caller: Caller, where: Where, name: str, text: str) -> Answer:
        """Answer a command as it was typed."""
        return await self._answer(caller, where, lambda call: run_typed(call, name, text))

    async def given(self, caller: Caller, where: Where, name: str, given: Given) -> Answer:
        """Answer a command whose parameters were filled in."""
        return await self._answer(caller, where, lambda call: run_given(call, name, given))

    async def pressed(self, caller: Caller, where: Where, pressed: Press, text: str | None = None) -> Answer:
        """Answer a button, or the form behind it."""
        return await self._answer(caller, where, lambda call: press(call, pressed, text=text))

    async def wrote(self, caller: Caller, where: Where, text: str) -> Answer:
        """Answer words in answer to a card: they are what its draft is to say. No view where no card is answered."""
        return await self._answer(caller, where, partial(_wrote, text=text))

    async def _answer(self, caller: Caller, where: Where, do: Callable[[Call], View | None]) -> Answer:
        try:
            return await asyncio.to_thread(self._run, caller, where, do)
        except Exception:
            log.exception("command.fault", channel=caller.channel)
            return Answer(says(_FAULT), caller.lang, went_well=False)
        finally:
            for wake in self._on_done:
                wake()

    def _run(self, caller: Caller, where: Where, do: Callable[[Call], View | None]) -> Answer:
        lang = caller.lang
        try:
            desk = self._desk_of(caller.channel, where.thread, where.place).as_of_now()
            call = replace(begin(desk, caller, where), tools=self._tools)
            lang = call.person.lang
            return Answer(do(call), lang, zone=desk.brand.hours.zone)
        except InboxError as error:
            log.info("command.refused", channel=caller.channel, error=type(error).__name__)
            return Answer(refused(error), lang, went_well=False)


def _wrote(call: Call, *, text: str) -> View | None:
    if call.target is None:
        return None
    with call.desk.store.read() as books:
        view = books.conversation(call.target)
    draft = view.open_drafts[0] if view is not None and view.open_drafts else None
    meant = Press("edited", (str(draft.id),)) if draft is not None else Press("written", (str(call.target),))
    return press(call, meant, text=text)
