"""`vigie demo`: a week of a fictional brand, from arrival to drafts, and a summary of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.text import Text

from app.cli.output import note, out, say, table, word
from app.words import _, tell
from inbox.hours import OpeningHours
from inbox.model import Label, Status
from inbox.views import QueueFilter, QueueItem, SendState, Summary

if TYPE_CHECKING:
    from app.settings import Settings
    from bot.channels.simulated import SimulatedChannel
    from inbox.desk import Desk

_PRESSING = 5
_ALL = 10_000
_BAR = 24


def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help=_("End with the summary."))] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help=_("Don't open the page in a browser."))] = False,
) -> None:
    """Try Vigie on a sample week: a fresh database, every stage, a summary, the page. Nothing leaves this machine."""
    from app import logs
    from app.demo import (
        DATABASE,
        RESPONSES,
        RULES,
        Calendar,
        complaints_per_day,
        demo_settings,
        read_messages,
        with_own_responses,
        write_rules,
    )
    from app.demo.story import play, read_acts
    from app.wiring import now, open_desks, open_store
    from bot.channels.simulated import SimulatedChannel
    from inbox.model import Actor

    began = now()
    rules, settings = write_rules(), with_own_responses(demo_settings())
    logs.set_up(settings.log_level)
    for leftover in DATABASE.parent.glob(f"{DATABASE.name}*"):
        leftover.unlink()
    calendar = Calendar.at(began, settings.brand.to_brand().hours)
    week = read_messages(calendar)
    with open_store(settings) as store, store.begin() as books:
        # In force since the week began, so that the record of its rules is that of the week.
        books.keep_rule_book(rules, author=Actor.person("Nadège"), now=week[0].sent_at)
    channels = {name: SimulatedChannel(name) for name in sorted({one.channel for one in week})}
    with open_desks(settings) as opened:
        abilities = {name: channel.abilities for name, channel in channels.items()}
        desks = {key: replace(desk, abilities=abilities) for key, desk in opened.items()}
        desk = next(iter(desks.values()))
        note(_("{n} messages of a sample week come in…").format(n=len(week)))
        for missed in play(desk, channels, week, read_acts(calendar.moment), until=began):
            note(_("Left out of the sample week: {why}").format(why=tell(missed.why)))
        with desk.store.read() as books:
            summary = books.summary()
            items = books.queue(QueueFilter(status=Status.OPEN, limit=_ALL))
            every = books.queue(QueueFilter(limit=_ALL))
            found = (books.conversation(item.conversation_id, with_context=False) for item in every)
            views = [view for view in found if view is not None]
        say(_("A week at {brand}, as Vigie sees it").format(brand=desk.brand.name), style="bold")
        _show_labels(summary)
        _show_actions(summary)
        _show_complaints(complaints_per_day(views))
        _show_pressing(items, desk.brand.hours)
        _show_next(
            summary,
            {
                "VIGIE_DATABASE_URL": f"sqlite:///{DATABASE.as_posix()}",
                "VIGIE_RULES": RULES.as_posix(),
                "VIGIE_RESPONSES": RESPONSES.as_posix(),
            },
        )
        if not no_serve:
            _serve(settings, desks, channels, opens=not no_open and _has_display())


def _serve(
    settings: Settings, desks: Mapping[str, Desk], channels: Mapping[str, SimulatedChannel], *, opens: bool
) -> None:
    """Serve the page on this machine alone, with nobody to sign in, and let the week go on working."""
    import asyncio
    import webbrowser

    from app.page import Page
    from app.running import Running

    async def work() -> None:
        running = Running(list(desks.values()), channels)
        serving = asyncio.create_task(page.serve())
        working = asyncio.create_task(running.forever())
        opening = asyncio.create_task(asyncio.to_thread(webbrowser.open, page.address)) if opens else None
        await asyncio.wait([serving, working], return_when=asyncio.FIRST_COMPLETED)
        running.stop()
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(working, serving, *([opening] if opening else []))

    page = Page(settings, desks, open_to_all=True)
    out.print()
    if page.is_elsewhere:
        say(_("Port {port} is taken, so the page is on another.").format(port=settings.web.port))
    say(_("The page: {address}  Ctrl+C stops it.").format(address=page.address), style="bold")
    out.file.flush()
    asyncio.run(work())


def _has_display() -> bool:
    """Whether somebody sits at a screen here who would see a browser open."""
    is_shown = sys.platform in {"darwin", "win32"} or any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY"))
    return is_shown and sys.stdout.isatty()


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


def _show_next(summary: Summary, environment: Mapping[str, str]) -> None:
    command = sys.argv[0] if sys.argv[0].endswith("vigie") else "vigie"
    out.print()
    note(_("Labels by the starter model, not trained on your data. Drafts open: {n}.").format(n=summary.drafts_open))
    say(_("Look around:"), style="bold")
    for name, value in environment.items():
        say(f"  export {name}={value}")
    for line in ("inbox", "inbox --label complaint", "show 1", "rules modes", "leads list", "audit verify"):
        say(f"  {command} {line}")
