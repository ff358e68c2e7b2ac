"""`vigie rules backtest`: what a rule book would have done in the past, beside what people did."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.cli.brand import Brand, settings_of
from app.cli.output import BLURRED, err, moment, named, note, out, quoted, say, say_json, table
from app.words import _
from inbox.durations import duration

if TYPE_CHECKING:
    from inbox.actions import Action
    from inbox.agreement import Agreement
    from inbox.backtest import Asked, Backtest, Change, Found, RuleRecord
    from inbox.sample import Sample

_A_DAY = timedelta(days=1)


def backtest(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help=_("Another rule book, to compare with the one in force."))
    ] = None,
    since: Annotated[str, typer.Option(help=_("From when on: a length back such as 30d, or a date."))] = "30d",
    until: Annotated[
        str | None, typer.Option(help=_("Until when: a length back, or a date, whose day is included."))
    ] = None,
    channel: Annotated[str | None, typer.Option(help=_("Only what came by this channel."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
    brand: Brand = None,
) -> None:
    """Show what the rule book would have done with past messages, and what people did. Nothing is done."""
    from app.wiring import open_desk
    from inbox.backtest import backtest as replay
    from routing.rulebook import load

    settings = settings_of(brand)
    zone = ZoneInfo(settings.brand.time_zone)
    with open_desk(settings, on_record=False) as desk:
        now = desk.clock()
        begin = _read_moment(since, now=now, zone=zone, option="--since", ends=False)
        end = now if until is None else _read_moment(until, now=now, zone=zone, option="--until", ends=True)
        rules = None if file is None else load(file, responses=desk.responses)
        with _progress() as watch:
            done = replay(desk, rules=rules, since=begin, until=end, channel=channel, watch=watch)
    if as_json:
        say_json(_to_object(done))
    else:
        _show(done)
        note(_("Nothing was done."))


def _to_object(done: Backtest) -> dict[str, Any]:
    """A backtest as plain data."""
    found = asdict(done.found)
    for told, record in zip(found["rules"], done.found.rules, strict=True):
        told["words"]["share"] = record.words.share
    if done.found.change is not None:
        for told, one in zip(found["change"]["samples"], done.found.change.samples, strict=True):
            told |= {"before": _plain(one.before), "after": _plain(one.after)}
    period = {"since": done.since, "until": done.until, "channel": done.channel}
    return period | asdict(done.count) | found


def _read_moment(text: str, *, now: datetime, zone: ZoneInfo, option: str, ends: bool) -> datetime:
    """A moment as it is typed; a date is its first moment by the brand's clocks, or the end of it where it `ends`."""
    if (length := duration(text)) is not None:
        return now - length
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(_("a length such as 30d, or a date such as 2026-11-20"), param_hint=option) from error
    return datetime.combine(day + _A_DAY if ends else day, time(), zone)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        bar = progress.add_task(_("replay"), total=None)
        yield lambda done, total: progress.update(bar, completed=done, total=total)


def _show(done: Backtest) -> None:
    found = done.found
    period = _("{n} messages replayed, from {since} to {until}.")
    say(period.format(n=found.replayed, since=moment(done.since), until=moment(done.until)), style="bold")
    if done.count.unread:
        say(_("Left out, because no model has labelled them yet: {n}").format(n=done.count.unread), style="yellow")
    if done.count.gone:
        say(_("Left out, because their authors took them back: {n}").format(n=done.count.gone), style="dim")
    if not found.replayed:
        return
    rows = [_row(record, found.change) for record in found.rules]
    columns = (
        _("rule"),
        _("holds"),
        _("in force"),
        _("with words"),
        _("sent by itself"),
        _("answered alike"),
        _("labels put right"),
    )
    shown = [place for place in range(len(columns)) if place != 2 or found.change is not None]
    out.print(
        table(
            [columns[place] for place in shown], [[row[place] for place in shown] for row in rows], right=len(shown) - 1
        )
    )
    for line in _totals(found):
        say(line)
    note(
        _("Answered alike: of the messages that people answered, those that got the response which the rule prepares.")
    )
    if found.change is not None:
        _show_change(found.change)
    for record in found.rules:
        if record.matches:
            _show_rule(record)


def _show_rule(record: RuleRecord) -> None:
    say(_(record.rule), style="bold")
    if record.actions:
        say(f"  → {', '.join(_asked(one) for one in record.actions)}")
    if record.by_hand:
        say(f"  {_('escalated by hand: {n} of {whole}').format(n=record.by_hand, whole=record.escalations)}")
    if record.with_case:
        say(f"  {_('moderated: {n} of {whole}').format(n=record.with_case, whole=record.hidings)}")
    for one in record.samples:
        say(f"  {_sample(one)}", style="dim")


def _row(record: RuleRecord, change: Change | None) -> tuple[str, ...]:
    words = record.words
    return (
        _(record.rule),
        _("{n}, in shadow").format(n=record.matches) if record.in_shadow else str(record.matches),
        str(change.matches_before.get(record.rule, "–")) if change is not None else "",
        str(words.prepared or ""),
        str(words.sent or ""),
        _alike(words),
        _("{n} of {whole}").format(n=record.put_right, whole=record.judged) if record.judged else "",
    )


def _alike(words: Agreement) -> str:
    """What of the answers of people was a rule's; nothing where people answered nothing that it had words for."""
    if words.share is None:
        return ""
    told = _("{n} of {whole} ({percent} %)").format(
        n=words.same, whole=words.answered, percent=round(words.share * 100)
    )
    extras = [
        *([_("edited: {n}").format(n=words.edited)] if words.edited else []),
        *([_("thrown away: {n}").format(n=words.discarded)] if words.discarded else []),
    ]
    return "\n".join([told, *extras])


def _asked(one: Asked) -> str:
    """What a rule asks for and how often; where it may go further than a draft, how far."""
    how_far = "" if one.mode == "draft" else f" ({one.mode})"
    return f"{_action(one.action)} {one.times}{how_far}"


def _action(action: str) -> str:
    return {
        "draft": _("draft"),
        "reply": _("reply"),
        "escalate": _("escalation"),
        "queue": _("queue"),
        "tag": _("tag"),
        "priority": _("priority"),
        "hide": _("hiding"),
    }.get(action, action)


def _totals(found: Found) -> list[str]:
    would = [
        _("a draft: {n}").format(n=found.drafted),
        _("sent by itself: {n} at the most").format(n=found.sent),
        _("escalated: {n}").format(n=found.escalated),
        _("tagged: {n}").format(n=found.tagged),
        _("proposed to hide: {n}").format(n=found.hidden),
        _("no rule holds: {n}").format(n=found.no_rule),
    ]
    people = [
        _("answered: {n}").format(n=found.answered),
        _("escalated by hand: {n}, by the rules too: {too}").format(n=found.escalated_by_hand, too=found.of_by_hand),
        _("moderated: {n}, proposed to hide: {too}").format(n=found.with_case, too=found.of_with_case),
    ]
    return [
        named(_("What the rules would do with a message"), " · ".join(would)),
        named(_("What people did"), " · ".join(people)),
    ]


def _show_change(change: Change) -> None:
    say(_("Decided otherwise than by the rule book in force: {n}").format(n=change.messages), style="bold")
    for head, counted in ((_("more"), change.gained), (_("less"), change.lost)):
        if counted:
            told = " · ".join(f"{_action(word)} {times}" for word, times in counted.items())
            say(f"  {named(head, told)}")
    for one in change.samples:
        say(f"  {_sample(one.sample)}")
        say(f"    {named(_('in force'), _acts(one.before))}", style="dim")
        say(f"    {named(_('this one'), _acts(one.after))}", style="dim")


def _acts(actions: Sequence[Action]) -> str:
    from app.cli.conversation import action_words

    return ", ".join(action_words(one) for one in _plain(actions)) or _("nothing")


def _plain(actions: Sequence[Action]) -> list[dict[str, Any]]:
    from inbox.actions import to_words

    return [to_words(action) for action in actions]


def _sample(one: Sample) -> str:
    told = _("{blurred} (vigie show {id} --reveal)").format(blurred=BLURRED, id=one.conversation_id)
    text = told if one.text is None else quoted(one.text)
    return f"{_('message {id}').format(id=one.message_id)} · {one.channel} · {moment(one.sent_at)} · {text}"
