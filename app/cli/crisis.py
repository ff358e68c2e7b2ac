"""`vigie crisis`: automation stops, complaints come first, the team is called; and the timeline."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.help import add, group
from app.cli.output import moment, note, out, say, say_json, table
from app.words import _, tell
from inbox.errors import BadInput
from inbox.sentences import Sentence

app = group(_("A crisis: automation stops, complaints come first, the team is called, the timeline is kept."))

_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def start(
    why: Annotated[str, typer.Argument(metavar="WHY", help=_("What has happened. It stays on record."))] = "",
    as_json: _Json = False,
) -> None:
    """Declare a crisis: pause, offer the holding statement as drafts, raise complaints. Nothing is sent."""
    from app.crisis import done_to_json
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user, staff_places
    from inbox import crisis
    from inbox.priority import CRISIS_ADDS

    settings = read_settings()
    has_room = settings.brand.key in staff_places(settings).values()
    with open_desk(settings) as desk:
        begun = crisis.start(desk, by=shell_user(), why=why, calls=has_room)
    if as_json:
        say_json(done_to_json(begun))
        return
    say(
        _("Automatic sending was paused already, and stays so.")
        if begun.was_paused
        else _("Automatic sending is paused.")
    )
    say(_("Held back: {n}").format(n=begun.held))
    if begun.statement is None:
        say(_("There is no canned response crisis-holding, so that none is offered."))
    else:
        offered = _(
            "The holding statement is a draft where a complaint had none, and a choice elsewhere; nothing is sent. "
            "Drafts: {n}."
        )
        say(offered.format(n=begun.offered))
    raised = _("Complaints that stand higher by {points}: {n}.")
    say(raised.format(points=CRISIS_ADDS, n=begun.complaints))
    if begun.people:
        names = ", ".join(begun.people)
        called = (
            _("Called in the room of the team, by the Vigie that runs there: {names}")
            if has_room
            else _("There is no room of the team where Vigie could call them. Call them: {names}")
        )
        say(called.format(names=names), style="bold")
    say(_("What is done is kept: vigie crisis report. When it is over: vigie crisis end"))


def end(as_json: _Json = False) -> None:
    """End the crisis: what was set before it is set again, and drafts that nobody touched are withdrawn."""
    from app.crisis import done_to_json
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox import crisis

    with open_desk(read_settings()) as desk:
        over = crisis.end(desk, by=shell_user())
    if as_json:
        say_json(done_to_json(over))
        return
    if over.was_paused:
        say(_("Automatic sending was paused before the crisis, and is paused."))
    else:
        say(_("Automatic sending goes on. Of what was held back, drafts now: {n}.").format(n=over.held))
    say(_("Holding statements that were withdrawn untouched: {n}.").format(n=over.offered))
    say(_("Complaints that stand as before: {n}.").format(n=over.complaints))


def report(
    as_json: _Json = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help=_("As a page to send on: Markdown."))] = False,
) -> None:
    """Tell what was done in the crisis that runs, or in the last one: who, what, when."""
    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox import crisis
    from inbox.crisis_report import about, to_json, to_markdown

    if as_json and as_markdown:
        raise BadInput(Sentence("Choose one: --json or --markdown."))
    with open_desk(read_settings()) as desk:
        told = crisis.report(desk)
        zone = desk.brand.hours.zone
    if as_json:
        say_json(to_json(told, tell))
        return
    if as_markdown:
        out.file.write(to_markdown(told, tell, zone=zone))
        return
    one = told.crisis
    head = _("Crisis {number}, declared by {person}, {moment}")
    say(head.format(number=one.number, person=one.by.name, moment=moment(one.since)), style="bold")
    if one.ended_at is None or one.ended_by is None:
        say(_("It runs."))
    else:
        say(_("Ended by {person}, {moment}.").format(person=one.ended_by.name, moment=moment(one.ended_at)))
    rows = [(moment(act.at), act.actor.name, tell(act.reason), about(act, tell)) for act in told.acts]
    out.print(table((_("when"), _("who"), _("what"), _("about")), rows))
    if by_itself := sum(told.by_itself.values()):
        say(_("Done by Vigie and the rules: {n}").format(n=by_itself), style="dim")
    note(_("To keep it or send it on: vigie crisis report --markdown, or --json"))


def status(as_json: _Json = False) -> None:
    """Tell whether a crisis runs, what is unusual just now, and how the last hour stands beside what is usual."""
    from app.crisis import status_to_json
    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox.switches import CRISIS
    from inbox.watching import in_short, unusual, watched_said

    with open_desk(read_settings(), on_record=False) as desk:
        found = unusual(desk)
        with desk.store.read() as books:
            runs = books.switch(CRISIS)
    if as_json:
        say_json(status_to_json(runs, found))
        return
    if runs.is_on and runs.by is not None and runs.since is not None:
        head = _("A crisis runs, declared by {person}, {moment}.")
        say(head.format(person=runs.by.name, moment=moment(runs.since)), style="bold")
    else:
        say(_("No crisis runs."))
    for alert in found.alerts:
        say(f"{moment(alert.raised_at)}  {tell(in_short(alert))}", style="bold")
    if not found.alerts:
        say(_("Nothing is unusual."))
    rows = [
        (
            one.channel,
            tell(watched_said(one.label)),
            str(one.count),
            _("not enough history") if one.usual is None else f"{one.usual:.1f}",
        )
        for one in found.readings
    ]
    if rows:
        out.print(table((_("channel"), _("of the last hour"), _("count"), _("usual")), rows))


add("start", start, to=app)
add("end", end, to=app)
add("report", report, to=app)
add("status", status, to=app)
