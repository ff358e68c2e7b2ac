"""`vigie moderate`: acting on a message or its author, under a numbered case."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Annotated

import typer

from app.cases import case_to_json
from app.cli.help import add, group
from app.cli.output import note, say, say_json
from app.words import _, tell
from inbox.cases import CaseAct, CaseView, Order, name_of
from inbox.durations import duration
from inbox.views import SendState

app = group(_("Act on a message or its author: every act has a reason, a number, and evidence that is kept."))

_Message = Annotated[
    int, typer.Argument(metavar="MESSAGE", help=_("The number of the message, as vigie show tells it."))
]
_Reason = Annotated[str, typer.Option(help=_("Why. The author is told, unless --silent."))]
_Rule = Annotated[str | None, typer.Option(help=_("The house rule that was broken."))]
_Silent = Annotated[bool, typer.Option("--silent", help=_("Do not tell the author."))]
_Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask before what cannot be undone."))]
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def warn(
    message: _Message,
    reason: _Reason,
    rule: _Rule = None,
    points: Annotated[int, typer.Option(min=1, max=100, help=_("How many points the warning counts."))] = 1,
    silent: _Silent = False,
    as_json: _Json = False,
) -> None:
    """Warn the author of a message. Points add up, fade, and lead to the next step of the ladder."""
    _act(Order(CaseAct.WARN, message, reason, rule=rule, points=points, silent=silent), as_json=as_json)


def hide(
    message: _Message,
    reason: _Reason,
    rule: _Rule = None,
    silent: _Silent = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Take a message out of sight, where the channel can hide."""
    _act(Order(CaseAct.HIDE, message, reason, rule=rule, silent=silent), yes=yes, as_json=as_json)


def delete(
    message: _Message,
    reason: _Reason,
    rule: _Rule = None,
    silent: _Silent = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Delete a message on its channel. It cannot be brought back; the case keeps what it said."""
    _act(Order(CaseAct.DELETE, message, reason, rule=rule, silent=silent), yes=yes, as_json=as_json)


def timeout(
    message: _Message,
    reason: _Reason,
    lasts: Annotated[str, typer.Option("--for", metavar="2h", help=_("How long: 30m, 2h, 3d, 1w."))],
    rule: _Rule = None,
    silent: _Silent = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Silence the author of a message for a time, in the server or group where it was written."""
    order = Order(CaseAct.TIMEOUT, message, reason, duration=_length(lasts, "--for"), rule=rule, silent=silent)
    _act(order, yes=yes, as_json=as_json)


def kick(
    message: _Message,
    reason: _Reason,
    rule: _Rule = None,
    silent: _Silent = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Remove the author of a message from the server or group; they may come back."""
    _act(Order(CaseAct.KICK, message, reason, rule=rule, silent=silent), yes=yes, as_json=as_json)


def ban(
    message: _Message,
    reason: _Reason,
    lasts: Annotated[
        str | None, typer.Option("--for", metavar="1w", help=_("How long: 30m, 2h, 3d, 1w; without it, for good."))
    ] = None,
    delete_last: Annotated[
        str | None, typer.Option("--delete-last", metavar="1d", help=_("Also delete what they wrote in this time."))
    ] = None,
    rule: _Rule = None,
    silent: _Silent = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Ban the author of a message from the server or group."""
    back = _length(delete_last, "--delete-last")
    order = Order(
        CaseAct.BAN,
        message,
        reason,
        duration=_length(lasts, "--for"),
        delete_seconds=int(back.total_seconds()) if back else 0,
        rule=rule,
        silent=silent,
    )
    _act(order, yes=yes, as_json=as_json)


def slow_mode(
    message: _Message,
    reason: _Reason,
    lasts: Annotated[
        str, typer.Option("--for", metavar="1m", help=_("The pause between two messages of one person, such as 1m."))
    ],
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Slow down the thread of a message: everybody waits between two messages."""
    order = Order(CaseAct.SLOW_MODE, message, reason, duration=_length(lasts, "--for"))
    _act(order, yes=yes, as_json=as_json)


def keep_note(message: _Message, reason: _Reason, as_json: _Json = False) -> None:
    """Keep a note about the author of a message. Nothing is done and nobody is told."""
    _act(Order(CaseAct.NOTE, message, reason), as_json=as_json)


def _act(order: Order, *, yes: bool = False, as_json: bool = False) -> None:
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.moderation import moderate, what_it_takes

    settings = read_settings()
    with open_desk(settings) as desk:
        if not yes and (lost := what_it_takes(desk, order)) is not None:
            note(tell(lost), style="yellow")
            if sys.stdin.isatty() and not typer.confirm(_("Go on?"), err=True):
                raise typer.Exit(1)
        case = moderate(desk, order, by=shell_user(desk.store))
    if as_json:
        say_json(case_to_json(case))
        return
    if case.withheld is not None:
        note(tell(case.withheld), style="yellow")
    say(
        _("Case {number}: {act}, {contact}.").format(
            number=case.number, act=tell(name_of(case.act)), contact=case.contact
        )
    )
    if any(send.state is SendState.WAITING for send in case.sends):
        _say_when(case, seconds=f"{settings.hold_seconds:g}")


def _say_when(case: CaseView, *, seconds: str) -> None:
    if max(send.not_before for send in case.sends[:2]) > case.opened_at:
        say(_("It is done in {seconds} s, while vigie run is running.").format(seconds=seconds))
    else:
        say(_("It is done at once, while vigie run is running."))
    say(_("To undo it: vigie cases undo {number}").format(number=case.number))


def _length(says: str | None, name: str) -> timedelta | None:
    if says is None:
        return None
    length = duration(says)
    if length is None:
        raise typer.BadParameter(_("Write a time such as 30m, 2h, 3d or 1w."), param_hint=name)
    return length


add("warn", warn, to=app)
add("hide", hide, to=app)
add("delete", delete, to=app)
add("timeout", timeout, to=app)
add("kick", kick, to=app)
add("ban", ban, to=app)
add("slow-mode", slow_mode, to=app)
add("note", keep_note, to=app)
