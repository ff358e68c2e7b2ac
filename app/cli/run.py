"""`vigie run`: everything in one process."""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import Annotated

import typer

from app.cli.output import note, out
from app.words import _
from inbox.views import ConversationView


def run(
    until_done: Annotated[
        bool, typer.Option("--until-done", help=_("Deal with what is typed and what waits, then stop."))
    ] = False,
) -> None:
    """Run everything in one process: the console channel, triage and delivery. Ctrl+C stops it."""
    from app import logs
    from app.running import Running
    from app.settings import read_settings
    from app.wiring import build_channels, open_desk

    settings = read_settings()
    logs.set_up(settings.log_level)
    channels = build_channels(settings)

    async def work() -> None:
        running = Running(desk, channels, session=secrets.token_hex(4), tell=_tell)
        await (running.until_done(sys.stdin) if until_done else running.forever(sys.stdin))

    with open_desk(settings) as desk:
        if sys.stdin.isatty():
            note(_("Type as a contact would, such as “Marie: where is my parcel?”. Ctrl+D stops."))
        else:
            note(_("Running. Channels: {names}. Ctrl+C stops.").format(names=", ".join(channels)))
        asyncio.run(work())


def _tell(view: ConversationView) -> None:
    from app.cli.conversation import decision_lines

    for line in decision_lines(view):
        out.print(line)
