"""`vigie rules modes`, `promote` and `demote`: how far each rule goes by itself, and what its record says."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.brand import Brand, settings_of
from app.cli.output import moment, named, note, out, say, say_json, table
from app.words import _, tell
from inbox.errors import BadInput
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from app.in_force import BookFiles
    from data.store import SqlStore
    from inbox.promotion import Step
    from inbox.record import Record

_Rule = Annotated[str, typer.Argument(metavar="NAME", help=_("The name of a rule."))]
_To = Annotated[
    str | None, typer.Option("--to", metavar="MODE", help=_("shadow, draft, share:10 or live; one step if left out."))
]
_Why = Annotated[str, typer.Option("--why", help=_("Why; it stands in the audit log."))]
_Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask first."))]


def modes(
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False, brand: Brand = None
) -> None:
    """List how far each rule goes by itself, since when it stands so, and its record since then."""
    from app.wiring import now
    from inbox.record import LOOK_BACK, records

    with _open(brand) as (store, files):
        found = records(store, files, now=now())
    if as_json:
        for record in found:
            say_json(_to_object(record))
        return
    columns = (
        _("rule"),
        _("mode"),
        _("since"),
        _("held"),
        _("7 days"),
        _("30 days"),
        _("answered alike"),
        _("sent"),
        _("kept back"),
        _("complaints after"),
        _("labels put right"),
    )
    out.print(table(columns, [_row(record) for record in found], right=8))
    note(
        _("Counted since the rule stands as it does, {days} days at the most. Kept back: by the last look.").format(
            days=LOOK_BACK.days
        )
    )


def promote(
    name: _Rule,
    to: _To = None,
    yes: _Yes = False,
    why: _Why = "",
    in_spite: Annotated[
        str | None,
        typer.Option("--all-the-same", metavar="REASON", help=_("Do it although its record speaks against it; why.")),
    ] = None,
    brand: Brand = None,
) -> None:
    """Let a rule go one step further, from shadow to draft, share and live, if its record carries it."""
    with _open(brand) as (store, files):
        step = _show(store, files, name, to=to, down=False)
        if step.against and not (in_spite and in_spite.strip()):
            note(_("If you want it all the same, say why: --all-the-same REASON"))
            raise typer.Exit(1)
        _take(store, files, step, why=in_spite or why, yes=yes, in_spite=in_spite is not None)


def demote(name: _Rule, to: _To = None, yes: _Yes = False, why: _Why = "", brand: Brand = None) -> None:
    """Let a rule go less far: drafts instead of replies, a note instead of drafts."""
    with _open(brand) as (store, files):
        step = _show(store, files, name, to=to, down=True)
        _take(store, files, step, why=why, yes=yes)


def _to_object(record: Record) -> dict[str, Any]:
    """A record as plain data."""
    told = asdict(record)
    told["words"] |= {"share": record.words.share, "unchanged": record.words.unchanged}
    return told


@contextmanager
def _open(brand: str | None) -> Iterator[tuple[SqlStore, BookFiles]]:
    from app.in_force import BookFiles
    from app.wiring import open_store

    settings = settings_of(brand)
    with open_store(settings) as store:
        yield store, BookFiles(settings, store)


def _show(store: SqlStore, files: BookFiles, name: str, *, to: str | None, down: bool) -> Step:
    from app.wiring import now
    from inbox.promotion import think_of

    step = think_of(store, files, name, to=to, down=down, clock=now)
    record = step.record
    title = _("{rule}: from {before} to {after}").format(rule=_(record.rule), before=record.mode, after=step.to)
    say(title, style="bold")
    for line in _lines(record):
        say(f"  {line}")
    for reason in step.against:
        say(f"  ✗ {tell(reason)}", style="yellow")
    return step


def _take(store: SqlStore, files: BookFiles, step: Step, *, why: str, yes: bool, in_spite: bool = False) -> None:
    from app.wiring import now, shell_user
    from inbox.promotion import take_step

    if not yes:
        if not sys.stdin.isatty():
            raise BadInput(Sentence("Nobody can be asked here whether to go on. If you are sure, add --yes."))
        if not typer.confirm(_("Go on?"), err=True):
            raise typer.Exit(1)
    by = shell_user(store)
    done = take_step(store, files, step, by=by, why=why, in_spite=in_spite, clock=now)
    told = _("{path}: rule “{rule}” is in mode {mode} now, version {n}.")
    say(told.format(path=done.place, rule=_(step.record.rule), mode=step.to, n=done.version))
    note(_("What runs takes it up by itself."))


def _row(record: Record) -> tuple[str, ...]:
    words = record.words
    return (
        _(record.rule),
        record.mode,
        moment(record.since),
        _("{n}, in shadow").format(n=record.in_shadow) if record.in_shadow else str(record.matches or ""),
        str(record.last_week or ""),
        str(record.last_month or ""),
        f"{words.same}/{words.answered}" if words.answered else "",
        str(words.sent or ""),
        str(record.refused or ""),
        str(record.complaints_after or ""),
        f"{record.put_right}/{record.judged}" if record.judged else "",
    )


def _lines(record: Record) -> Iterator[str]:
    """The record of one rule, a line for each subject."""
    words = record.words
    since = moment(record.since)
    yield _(
        "stands so since {since}, and has held {n} times since; within 7 days {week}, within 30 days {month}"
    ).format(since=since, n=record.matches, week=record.last_week, month=record.last_month)
    if record.in_shadow:
        yield _("of these in shadow, where it would have acted: {n}").format(n=record.in_shadow)
    if words.prepared:
        told = [
            _("the same words: {n}").format(n=words.unchanged),
            _("the same, edited: {n}").format(n=words.edited),
            _("something else: {n}").format(n=words.otherwise),
            _("thrown away: {n}").format(n=words.discarded),
        ]
        yield named(_("people answered {n} of {whole}").format(n=words.answered, whole=words.prepared), ", ".join(told))
    if words.sent or record.refused:
        yield _(
            "sent by itself: {n}; complaints or insults within 48 hours after: {complaints}; kept back: {refused}"
        ).format(n=words.sent, complaints=record.complaints_after, refused=record.refused)
    if record.judged:
        yield _("labels that people looked at: {whole}, and put right: {n}").format(
            whole=record.judged, n=record.put_right
        )
