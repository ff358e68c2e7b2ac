"""What keeps running: `vigie run`, everything in one process; `vigie gateway`, `worker` and `web`, its parts."""

from __future__ import annotations

import asyncio
import secrets
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import note, out
from app.words import _
from inbox.programs import channel_called
from inbox.views import ConversationView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.brands import Brands
    from app.gateway import Gateway
    from app.page import Page
    from app.running import Running
    from app.settings import Settings
    from bot.channels.hook import HookChannel, LaidOutChannel
    from bot.commands.counter import Counter
    from inbox.desk import Desk
    from inbox.ports import Connection


def run(
    until_done: Annotated[
        bool, typer.Option("--until-done", help=_("Deal with what is typed and what waits, then stop."))
    ] = False,
) -> None:
    """Run everything in one process: channels, triage, delivery, the page, and the console. Ctrl+C stops it."""
    from app import logs
    from app.hooks import build_hooks
    from app.page import Page
    from app.running import Running, Typed
    from app.settings import read_settings
    from app.wiring import build_connections, build_console, open_desks

    settings = read_settings()
    logs.set_up(settings.log_level)
    chat = _Chat(settings)
    console, connections = build_console(settings), build_connections(settings, counter=chat.counter)

    async def work() -> None:
        main = next(iter(desks.values()))
        hooks = build_hooks(settings, desks)
        running = Running(list(desks.values()), {console.name: console, **connections, **hooks})
        typed = Typed(main, session=secrets.token_hex(4), tell=_tell)
        running.on_triaged = typed.answer
        if until_done:
            await typed.listen(sys.stdin)
            await running.until_done()
            await _close(connections, desks, hooks)
            return

        async def listen() -> None:
            await typed.listen(sys.stdin, on_kept=running.wake)
            if sys.stdin.isatty():
                running.stop()

        listening = asyncio.create_task(listen())
        serving = asyncio.create_task(_serve(page))
        try:
            await _run_with_gateway(running, settings, desks, connections, chat, hooks)
        finally:
            listening.cancel()
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    with open_desks(settings) as desks:
        if sys.stdin.isatty():
            note(_("Type as a contact would, such as “Marie: where is my parcel?”. Ctrl+D stops."))
        else:
            names = (console.name, *connections, *map(channel_called, settings.hooks))
            note(_("Running. Channels: {names}. Ctrl+C stops.").format(names=", ".join(names)))
        page = None if until_done or not settings.web.on else Page(settings, desks)
        if page is not None:
            _tell_of(page)
        asyncio.run(work())


async def _serve(page: Page | None) -> None:
    if page is not None:
        await page.serve()


def gateway() -> None:
    """Run the channels alone: take in what comes, and send what is due. Triage runs elsewhere, with vigie worker."""
    from app import logs
    from app.hooks import build_hooks
    from app.running import Running
    from app.settings import read_settings
    from app.wiring import build_connections, open_desks
    from inbox.errors import BadSettings
    from inbox.sentences import Sentence

    settings = read_settings()
    logs.set_up(settings.log_level)
    chat = _Chat(settings)
    connections = build_connections(settings, counter=chat.counter)
    if not connections and not settings.hooks:
        nothing = Sentence("No channel has a token. Set discord.token or telegram.token, then try again.")
        raise BadSettings([nothing])

    async def work() -> None:
        hooks = build_hooks(settings, desks)
        running = Running(list(desks.values()), {**connections, **hooks}, triages=False)
        await _run_with_gateway(running, settings, desks, connections, chat, hooks)

    with open_desks(settings) as desks:
        names = (*connections, *map(channel_called, settings.hooks))
        note(_("Listening. Channels: {names}. Ctrl+C stops.").format(names=", ".join(names)))
        asyncio.run(work())


def worker() -> None:
    """Run triage alone: label and decide what the channels of another process take in. Ctrl+C stops it."""
    from app import logs
    from app.running import Running
    from app.settings import read_settings
    from app.wiring import open_desks

    settings = read_settings()
    logs.set_up(settings.log_level)

    async def work() -> None:
        await Running(list(desks.values()), None).forever()

    with open_desks(settings) as desks:
        note(_("Working. Brands: {names}. Ctrl+C stops.").format(names=", ".join(desks)))
        asyncio.run(work())


def web() -> None:
    """Serve the page alone: channels, triage and delivery run elsewhere. Ctrl+C stops it."""
    from app import logs
    from app.page import Page
    from app.settings import read_settings
    from app.wiring import open_desks

    settings = read_settings()
    logs.set_up(settings.log_level)
    with open_desks(settings) as desks:
        page = Page(settings, desks)
        _tell_of(page)
        with suppress(KeyboardInterrupt):
            asyncio.run(page.serve())


def _tell_of(page: Page) -> None:
    """Say where the page is, what there is to do first, and whether it is exposed."""
    note(_("The page: {address}").format(address=page.address))
    if (start := page.start_address) is not None:
        note(_("Nobody can sign in yet. Make the first administrator here: {address}").format(address=start))
    if page.is_exposed:
        note(
            _(
                "The page can be reached from other machines without encryption: passwords can be read on the way. "
                "Put a proxy with TLS before it, and set web.address to its https address."
            ),
            style="bold red",
        )


class _Chat:
    """Where teams ask, from before the desks are open."""

    def __init__(self, settings: Settings) -> None:
        from app.chat import Desks, build_counter
        from app.wiring import staff_places
        from app.words import tell_in

        self.teams = staff_places(settings)
        self.desks = Desks(self.teams)
        self.counter: Counter = build_counter(self.desks, tell=tell_in, dark=settings.team.pictures == "dark")


async def _run_with_gateway(
    running: Running,
    settings: Settings,
    desks: Mapping[str, Desk],
    connections: Mapping[str, Connection],
    chat: _Chat,
    hooks: Mapping[str, HookChannel | LaidOutChannel],
) -> None:
    """Work until told to stop, with the channels connected meanwhile."""
    from app.chat import build_keepers

    brands = _brands(settings, desks)
    chat.desks.open(desks, brands)
    keepers = build_keepers(chat.teams, desks, connections, chat.counter, running.limiter, lang=settings.team.language)
    running.on_changed += [keeper.wake for keeper in keepers]
    listening = asyncio.create_task(_gateway(settings, brands, connections, running).run()) if connections else None
    keeping = [asyncio.create_task(keeper.run()) for keeper in keepers]
    working = asyncio.create_task(running.forever())
    try:
        await asyncio.wait([one for one in (listening, working) if one], return_when=asyncio.FIRST_COMPLETED)
    finally:
        running.stop()
        for task in (*keeping, *([listening] if listening is not None else [])):
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*(one for one in (working, listening) if one))
        await _close(connections, desks, hooks)


def _brands(settings: Settings, desks: Mapping[str, Desk]) -> Brands:
    from app.brands import Brands

    places = {("discord", server): key for server, key in settings.discord.servers.items()}
    places |= {("telegram", group): key for group, key in settings.telegram.groups.items()}
    return Brands(desks, places)


def _gateway(settings: Settings, brands: Brands, connections: Mapping[str, Connection], running: Running) -> Gateway:
    from app.attachments import Copier
    from app.gateway import Gateway

    files = settings.attachments
    copier = Copier(files.folder, most=int(files.most_mb * 1_000_000)) if files.copy_files else None
    return Gateway(connections, brands, copier=copier, on_kept=running.wake)


async def _close(
    connections: Mapping[str, Connection],
    desks: Mapping[str, Desk],
    hooks: Mapping[str, HookChannel | LaidOutChannel],
) -> None:
    for connection in connections.values():
        await connection.close()
    for hook in hooks.values():
        await hook.close()
    for desk in desks.values():
        for help_desk in desk.help_desks.values():
            await help_desk.close()
        if desk.crm is not None:
            await desk.crm.close()


def _tell(view: ConversationView) -> None:
    from app.cli.conversation import decision_lines

    for line in decision_lines(view):
        out.print(line)
