"""`vigie cases`: the records of moderation."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from app.cases import case_to_json, judged, kind_told
from app.cli.help import add, group
from app.cli.output import BLURRED, age, moment, named, note, out, say, say_json, table, tell_line
from app.words import _, tell
from inbox.cases import CaseView, name_of
from inbox.model import Label
from inbox.text import excerpt
from inbox.views import SendState, SendView

app = group(_("The numbered cases of moderation: their evidence, their undoing, the points of a contact."))

_Number = Annotated[int, typer.Argument(metavar="CASE", help=_("The number of the case."))]
_Conversation = Annotated[int, typer.Argument(metavar="CONVERSATION", help=_("A conversation of the contact."))]
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


def list_all(
    contact: Annotated[
        int | None,
        typer.Option(metavar="CONVERSATION", help=_("Only those of the contact who writes in this conversation.")),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help=_("How many at the most."))] = 30,
    as_json: _Json = False,
) -> None:
    """List the cases, the newest first."""
    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox.moderation import list_cases

    with open_desk(read_settings()) as desk:
        cases = list_cases(desk, conversation_id=contact, limit=limit)
        now = desk.clock()
    if as_json:
        for case in cases:
            say_json(case_to_json(case))
    elif cases:
        columns = ("", _("act"), _("contact"), _("channel"), _("by"), _("reason"), _("age"))
        out.print(table(columns, [_row(case, now) for case in cases], right=1))
    else:
        say(_("There are no cases."))


def show(
    number: _Number,
    reveal: Annotated[bool, typer.Option("--reveal", help=_("Show offensive text, too."))] = False,
    as_json: _Json = False,
) -> None:
    """Show one case: what was done, why, by whom, and the message as it stood, though it may be gone."""
    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox.moderation import find_case

    with open_desk(read_settings()) as desk:
        case = find_case(desk, number)
    if as_json:
        say_json(case_to_json(case))
    else:
        _show(case, reveal=reveal)


def undo(
    number: _Number,
    reason: Annotated[str, typer.Option(help=_("Why it is undone, for the record."))] = "",
    as_json: _Json = False,
) -> None:
    """Undo a case: take back what has not left, and what the channel can take back."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox import moderation

    with open_desk(read_settings()) as desk:
        case = moderation.undo(desk, number, by=shell_user(desk.store), reason=reason)
    if as_json:
        say_json(case_to_json(case))
    elif any(send.state is SendState.WAITING for send in case.sends):
        say(_("Case {number} is undone. On the channel too, as soon as vigie run is running.").format(number=number))
    else:
        say(_("Case {number} is undone.").format(number=number))


def change_reason(
    number: _Number, text: Annotated[str, typer.Argument(metavar="TEXT", help=_("The reason as it is to read."))]
) -> None:
    """Give a case another reason."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox import moderation

    with open_desk(read_settings()) as desk:
        moderation.change_reason(desk, number, text, by=shell_user(desk.store))
    say(_("Case {number} has another reason.").format(number=number))


def warnings(conversation: _Conversation, as_json: _Json = False) -> None:
    """Show the points of a contact now, warning by warning, and when they fade."""
    from app.settings import read_settings
    from app.wiring import open_desk
    from inbox.moderation import list_warnings

    with open_desk(read_settings()) as desk:
        counted = list_warnings(desk, conversation)
        fade_after = desk.policy.fade_after
    points = sum(case.points for case in counted)
    if as_json:
        told = [
            {"case": case.number, "points": case.points, "fades_at": case.opened_at + fade_after} for case in counted
        ]
        say_json({"points": points, "warnings": told})
        return
    say(_("Points now: {points}").format(points=points))
    rows = [
        (str(case.number), str(case.points), excerpt(case.reason, 50), moment(case.opened_at + fade_after))
        for case in counted
    ]
    if rows:
        out.print(table((_("case"), _("points"), _("reason"), _("fades")), rows))


def _row(case: CaseView, now: datetime) -> tuple[str | Text, ...]:
    act = Text(tell(name_of(case.act)), style="" if case.stands else "strike")
    return (
        str(case.number),
        act,
        excerpt(case.contact, 24),
        case.channel,
        case.by.name,
        excerpt(case.reason, 40),
        age(case.opened_at, now),
    )


def _show(case: CaseView, *, reveal: bool) -> None:
    facts = _("Case {number}: {act}, {contact}.")
    out.print(Text(facts.format(number=case.number, act=tell(name_of(case.act)), contact=case.contact), style="bold"))
    place = [case.channel, case.place or "", case.evidence.thread]
    out.print(Text(" · ".join(one for one in place if one), style="dim"))
    tell_line(_("by {name}, {moment}").format(name=case.by.name, moment=moment(case.opened_at)))
    tell_line(_("reason: {reason}").format(reason=case.reason))
    if case.rule:
        tell_line(_("house rule: {rule}").format(rule=case.rule))
    if case.points:
        tell_line(_("points: {points}").format(points=case.points))
    if case.until is not None:
        tell_line(_("until {moment}").format(moment=moment(case.until)))
    if case.withheld is not None:
        tell_line(tell(case.withheld), style="yellow")
    _show_evidence(case, reveal=reveal)
    for send in case.sends:
        _show_send(send)
    if case.appeal is not None:
        tell_line(_("appeal: {text}").format(text=case.appeal.text))
        if case.appeal.verdict is not None:
            tell_line(_("{verdict} by {name}: {why}").format(**judged(case.appeal)))
    if case.undone_at is not None:
        undone = _("undone by {name}, {moment}. {why}")
        tell_line(undone.format(name=case.undone_by, moment=moment(case.undone_at), why=case.undone_why or "").rstrip())
    elif case.irreversible is not None:
        tell_line(tell(case.irreversible), style="yellow")
    elif case.reversible:
        note(_("To undo it: vigie cases undo {number}").format(number=case.number))


def _show_evidence(case: CaseView, *, reveal: bool) -> None:
    kept = case.evidence
    hidden = Label.OFFENSIVE in kept.labels and not reveal
    out.print()
    out.print(Text(f"{moment(kept.sent_at)}  {kept.author_name}", style="bold"))
    tell_line(BLURRED if hidden else kept.text or _("(no text)"))
    for former in kept.former_texts:
        tell_line(_("before: {text}").format(text=BLURRED if hidden else former), style="dim")
    for file in kept.attachments:
        tell_line(f"{file.name} {file.media_type}".rstrip(), style="dim")
    if kept.permalink:
        tell_line(kept.permalink, style="dim")
    out.print()


def _show_send(send: SendView) -> None:
    states = {
        SendState.WAITING: _("waits until {moment}").format(moment=moment(send.not_before)),
        SendState.SENDING: _("is leaving"),
        SendState.SENT: _("done"),
        SendState.FAILED: _("failed, no further attempt"),
        SendState.REFUSED: _("not done"),
        SendState.CANCELLED: _("taken back"),
    }
    tell_line(named(kind_told(send.kind), states[send.state]), style="red" if send.state is SendState.FAILED else "dim")
    if send.error is not None and send.state is not SendState.CANCELLED:
        tell_line(tell(send.error), style="red")


add("list", list_all, to=app)
add("show", show, to=app)
add("undo", undo, to=app)
add("reason", change_reason, to=app)
add("warnings", warnings, to=app)
