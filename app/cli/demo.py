"""`vigie demo`: a week of a fictional brand, from arrival to drafts, and a summary of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from app.cli.output import note, out, say, table, word
from app.words import _
from inbox.hours import OpeningHours
from inbox.model import Label
from inbox.views import QueueFilter, QueueItem, SendState, Summary

if TYPE_CHECKING:
    from app.settings import Settings

_PRESSING = 5
_ALL = 10_000
_BAR = 24


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("End with the summary."))] = False,
) -> None:
    """Try Vigie on a sample week: a fresh database, every stage, a summary, then the page. Nothing is sent."""
    import asyncio

    from app.demo import DATABASE, complaints_per_day, demo_settings, read_week, with_own_responses
    from app.wiring import build_console, now, open_desk
    from inbox import pipeline
    from inbox.rates import RateLimiter

    settings = with_own_responses(demo_settings())
    for leftover in DATABASE.parent.glob(f"{DATABASE.name}*"):
        leftover.unlink()
    with open_desk(settings) as desk:
        week = read_week(now())
        note(_("{n} messages of a sample week come in…").format(n=len(week)))
        pipeline.receive(desk.store, week, clock=now)
        while pipeline.triage(desk):
            pass
        console = build_console(settings)
        asyncio.run(pipeline.deliver(desk, {console.name: console}, RateLimiter()))
        with desk.store.read() as books:
            summary = books.summary()
            items = books.queue(QueueFilter(limit=_ALL))
            views = [view for item in items if (view := books.conversation(item.conversation_id)) is not None]
    say(_("A week at {brand}, as Vigie sees it").format(brand=settings.brand.name), style="bold")
    _show_labels(summary)
    _show_actions(summary)
    _show_complaints(complaints_per_day(views))
    _show_pressing(items, settings.brand.to_brand().hours)
    _show_next(summary, DATABASE.as_posix())
    if not no_serve:
        _serve(settings)


def _serve(settings: Settings) -> None:
    """Serve the page on this machine alone, with nobody to sign in, and let the week go on working."""
    import asyncio
    from dataclasses import replace

    from app import logs
    from app.page import Page
    from app.running import Running
    from app.wiring import open_desks
    from bot.channels.simulated import SimulatedChannel

    logs.set_up(settings.log_level)

    async def work() -> None:
        running = Running(list(desks.values()), channels)
        serving = asyncio.create_task(page.serve())
        working = asyncio.create_task(running.forever())
        await asyncio.wait([serving, working], return_when=asyncio.FIRST_COMPLETED)
        running.stop()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(working, serving)

    with open_desks(settings) as opened:
        with next(iter(opened.values())).store.read() as books:
            channels = {one.name: SimulatedChannel(one.name) for one in books.channels()}
        abilities = {name: channel.abilities for name, channel in channels.items()}
        desks = {key: replace(desk, abilities=abilities) for key, desk in opened.items()}
        page = Page(settings, desks, open_to_all=True)
        out.print()
        say(_("The page: {address}  Ctrl+C stops it.").format(address=page.address), style="bold")
        asyncio.run(work())


def _show_labels(summary: Summary) -> None:
    channels = list(summary.channels)
    kinds = [*((label.value, word(label)) for label in Label), ("unsure", _("not sure")), ("other", _("no label"))]
    rows = []
    for kind, shown in kinds:
        total = summary.unsure if kind == "unsure" else summary.labels.get(kind, 0)
        rows.append((shown, *(str(summary.channels[name].get(kind, 0)) for name in channels), str(total)))
    every = [str(summary.channels[name].get("messages", 0)) for name in channels]
    rows.append((_("messages"), *every, str(summary.messages)))
    out.print()
    say(_("What people wrote (several labels may hold for one message)"), style="bold")
    out.print(table(("", *channels, _("total")), rows, right=len(channels) + 1))


def _show_actions(summary: Summary) -> None:
    words = {
        "draft": _("replies drafted, for a person to send"),
        "escalate": _("messages escalated to customer service, with a due moment"),
        "hide": _("proposals to hide a message, for a person to decide"),
        "queue": _("messages put in a queue"),
        "tag": _("messages tagged"),
        "priority": _("messages moved up or down the queue"),
    }
    rows = [(says, str(summary.actions.get(word, 0))) for word, says in words.items() if summary.actions.get(word)]
    rows.append((_("messages sent"), str(summary.sends.get(SendState.SENT, 0))))
    out.print()
    say(_("What the rules did"), style="bold")
    out.print(table(("", ""), rows, right=1))
    out.print()
    queues = sorted(summary.queues.items(), key=lambda pair: -pair[1])
    say(_("Where conversations wait"), style="bold")
    out.print(table(("", ""), [(name, str(n)) for name, n in queues], right=1))


def _show_complaints(days: Sequence[tuple[date, int, int]]) -> None:
    most = max((sure + unsure for _day, sure, unsure in days), default=0) or 1
    out.print()
    say(_("Complaints per day, and what may be one"), style="bold")
    for day, sure, unsure in days:
        bars = Text("█" * round(sure / most * _BAR), "yellow") + Text("░" * round(unsure / most * _BAR), "magenta")
        out.print(Text(f"{day:%d/%m}  ") + bars + Text(f" {sure} + {unsure}"))


def _show_pressing(items: list[QueueItem], hours: OpeningHours) -> None:
    from app.cli.conversation import queue_view
    from app.wiring import now

    out.print()
    say(_("The most pressing conversations"), style="bold")
    for line in queue_view(items[:_PRESSING], now(), hours=hours, width=out.width):
        out.print(line)


def _show_next(summary: Summary, database: str) -> None:
    command = sys.argv[0] if sys.argv[0].endswith("vigie") else "vigie"
    out.print()
    note(_("Labels by the starter model, not trained on your data. Drafts open: {n}.").format(n=summary.drafts_open))
    say(_("Look around:"), style="bold")
    say(f"  export VIGIE_DATABASE_URL=sqlite:///{database}")
    for line in ("inbox", "inbox --label complaint", "show 1", "rules list", "audit verify"):
        say(f"  {command} {line}")
