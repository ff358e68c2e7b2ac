"""What operators need: pause and resume, the audit log, the database, a look at everything."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from app.cli.help import add, group
from app.cli.output import out, say, say_json, table
from app.words import _, tell
from inbox.switches import Held
from inbox.text import excerpt
from inbox.views import SendView

audit = group(_("The audit log: who did what, and why."))
db = group(_("The database."))


def pause() -> None:
    """Stop all automatic sending on all channels, at once. What people send still goes out."""
    from app.settings import read_settings
    from app.wiring import now, open_store, shell_user
    from inbox import switches

    with open_store(read_settings()) as store:
        held = switches.pause(store, by=shell_user(), clock=now)
    say(_("Automatic sending is paused. Held back: {n}. To go on: vigie resume").format(n=len(held)))
    _list_held(held)


def resume(
    held: Annotated[
        Held | None, typer.Option(help=_("What becomes of all that was held back; else you are asked for each."))
    ] = None,
) -> None:
    """Let automatic sending go on, and say what becomes of what was held back."""
    from app.settings import read_settings
    from app.wiring import now, open_store, shell_user
    from inbox import switches

    with open_store(read_settings()) as store:
        with store.read() as books:
            waiting = books.waiting_automatic() if books.switch(switches.PAUSED).is_on else []
        choices = {send.id: held or _ask(send) for send in waiting}
        resumed = switches.resume(store, held=choices, by=shell_user(), clock=now)
    say(_("Automatic sending goes on.") if resumed else _("It was not paused."))


def _ask(send: SendView) -> Held:
    if not sys.stdin.isatty():
        return Held.DRAFT
    say(f"{send.id}: {excerpt(send.text, 100)}")
    while (answer := str(typer.prompt(_("send, draft or drop?"), default=Held.DRAFT.value))) not in list(Held):
        say(_("one of: {known}").format(known=", ".join(Held)))
    return Held(answer)


def _list_held(held: list[SendView]) -> None:
    if held:
        rows = [(str(send.id), send.channel, excerpt(send.text, 70)) for send in held]
        out.print(table(("", _("channel"), _("text")), rows))


def verify(
    head: Annotated[
        str | None, typer.Option(help=_("A hash noted earlier; the chain must have passed through it."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """Read the whole audit log and name the first row that was tampered with."""
    from app.settings import read_settings
    from app.wiring import open_store
    from inbox.audit import verify as verify_chain

    with open_store(read_settings()) as store:
        with store.begin() as books:
            books.seal_audit()
        with store.read() as books:
            verdict = verify_chain(books.read_audit(), expected_head=head)
            unsealed = books.count_unsealed()
    if as_json:
        why = tell(verdict.why) if verdict.why else None
        told = {"holds": verdict.holds, "sealed": verdict.sealed, "unsealed": unsealed, "head": verdict.head}
        say_json(told | {"broken_at": verdict.broken_at, "why": why})
    elif verdict.holds:
        say(_("The audit log holds: {n} lines. Its head: {head}").format(n=verdict.sealed, head=verdict.head))
        if unsealed:
            say(_("{n} lines wait to be sealed.").format(n=unsealed))
    elif verdict.why is not None:
        say(_("The audit log was tampered with. {why}").format(why=tell(verdict.why)), style="red")
        say(_("The {n} lines before it hold.").format(n=verdict.sealed))
    if not verdict.holds:
        raise typer.Exit(1)


def upgrade() -> None:
    """Bring the database to the version of this program; a backup is made first."""
    from app.settings import read_settings
    from data.migrate import upgrade as migrate

    report = migrate(read_settings().database_url.get_secret_value())
    if report.backup is not None:
        say(_("A backup was made: {file}").format(file=report.backup))
    if report.before == report.after:
        say(_("The database is up to date (version {version}).").format(version=report.after))
    else:
        say(_("The database is now at version {version}.").format(version=report.after))


def doctor(as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False) -> None:
    """Look at everything that Vigie needs, and say what to do where something is wrong."""
    from app.doctor import Health, examine

    marks = {Health.WELL: ("✓", "green"), Health.NOTE: ("·", "yellow"), Health.WRONG: ("✗", "red")}
    findings = list(examine())
    for finding in findings:
        if as_json:
            say_json({"about": finding.about, "health": finding.health.value, "says": tell(finding.says)})
        else:
            mark, style = marks[finding.health]
            say(f"{mark} {finding.about}: {tell(finding.says)}", style=style)
    if any(finding.health is Health.WRONG for finding in findings):
        raise typer.Exit(1)


add("verify", verify, to=audit)
add("upgrade", upgrade, to=db)
