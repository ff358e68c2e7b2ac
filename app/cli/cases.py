"""`vigie cases` and `vigie appeals`: the records of moderation, and what is done about them later."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from app.cases import appeal_to_json, case_to_json, kind_told
from app.cli.help import add, group
from app.cli.output import BLURRED, age, named, note, out, quoted, say, say_json, table
from app.words import _, tell
from inbox.cases import AppealView, CaseView, name_of, verdict_said
from inbox.model import Label
from inbox.text import excerpt
from inbox.views import SendState, SendView

app = group(_("The numbered cases of moderation: their evidence, their undoing, the points of a contact."))
appeals = group(_("Appeals against cases: somebody else than whoever decided judges them."))

_Number = Annotated[int, typer.Argument(metavar="CASE", help=_("The number of the case."))]
_Conversation = Annotated[int, typer.Argument(metavar="CONVERSATION", help=_("A conversation of the contact."))]
_Why = Annotated[str, typer.Option(help=_("Why. The author is told."))]
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
        case = moderation.undo(desk, number, by=shell_user(), reason=reason)
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
        moderation.change_reason(desk, number, text, by=shell_user())
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
        (str(case.number), str(case.points), excerpt(case.reason, 50), _moment(case.opened_at + fade_after))
        for case in counted
    ]
    if rows:
        out.print(table((_("case"), _("points"), _("reason"), _("fades")), rows))


def list_open(
    everything: Annotated[bool, typer.Option("--all", help=_("Also those that were judged."))] = False,
    as_json: _Json = False,
) -> None:
    """List the appeals that wait to be judged, the oldest first."""
    from app.settings import read_settings
    from app.wiring import now, open_store
    from inbox.appeals import list_appeals

    with open_store(read_settings()) as store:
        found = list_appeals(store, open_only=not everything)
    if as_json:
        for appeal in found:
            say_json(appeal_to_json(appeal))
    elif found:
        for appeal in found:
            _show_appeal(appeal, now())
    else:
        say(_("No appeal waits to be judged."))


def uphold(number: _Number, why: _Why, as_json: _Json = False) -> None:
    """Judge the appeal against a case: the case stands."""
    _judge(number, upheld=True, why=why, as_json=as_json)


def overturn(number: _Number, why: _Why, as_json: _Json = False) -> None:
    """Judge the appeal against a case: it is undone where that can be, and its message is not offensive."""
    _judge(number, upheld=False, why=why, as_json=as_json)


def _judge(number: int, *, upheld: bool, why: str, as_json: bool) -> None:
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.appeals import judge

    with open_desk(read_settings()) as desk:
        judged = judge(desk, number, upheld=upheld, by=shell_user(), why=why)
    if as_json:
        say_json(appeal_to_json(judged))
    elif upheld:
        say(_("Case {number} stands.").format(number=number))
    else:
        say(_("Case {number} is overturned.").format(number=number))


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
    _line(_("by {name}, {moment}").format(name=case.by.name, moment=_moment(case.opened_at)))
    _line(_("reason: {reason}").format(reason=case.reason))
    if case.rule:
        _line(_("house rule: {rule}").format(rule=case.rule))
    if case.points:
        _line(_("points: {points}").format(points=case.points))
    if case.until is not None:
        _line(_("until {moment}").format(moment=_moment(case.until)))
    if case.withheld is not None:
        _line(tell(case.withheld), style="yellow")
    _show_evidence(case, reveal=reveal)
    for send in case.sends:
        _show_send(send)
    if case.appeal is not None:
        _line(_("appeal: {text}").format(text=case.appeal.text))
        if case.appeal.verdict is not None:
            _line(_("{verdict} by {name}: {why}").format(**_judged(case.appeal)))
    if case.undone_at is not None:
        undone = _("undone by {name}, {moment}. {why}")
        _line(undone.format(name=case.undone_by, moment=_moment(case.undone_at), why=case.undone_why or "").rstrip())
    elif case.irreversible is not None:
        _line(tell(case.irreversible), style="yellow")
    elif case.reversible:
        note(_("To undo it: vigie cases undo {number}").format(number=case.number))


def _show_evidence(case: CaseView, *, reveal: bool) -> None:
    kept = case.evidence
    hidden = Label.OFFENSIVE in kept.labels and not reveal
    out.print()
    out.print(Text(f"{_moment(kept.sent_at)}  {kept.author_name}", style="bold"))
    _line(BLURRED if hidden else kept.text or _("(no text)"))
    for former in kept.former_texts:
        _line(_("before: {text}").format(text=BLURRED if hidden else former), style="dim")
    for file in kept.attachments:
        _line(f"{file.name} {file.media_type}".rstrip(), style="dim")
    if kept.permalink:
        _line(kept.permalink, style="dim")
    out.print()


def _show_send(send: SendView) -> None:
    states = {
        SendState.WAITING: _("waits until {moment}").format(moment=_moment(send.not_before)),
        SendState.SENDING: _("is leaving"),
        SendState.SENT: _("done"),
        SendState.FAILED: _("failed, no further attempt"),
        SendState.REFUSED: _("not done"),
        SendState.CANCELLED: _("taken back"),
    }
    _line(named(kind_told(send.kind), states[send.state]), style="red" if send.state is SendState.FAILED else "dim")
    if send.error is not None and send.state is not SendState.CANCELLED:
        _line(tell(send.error), style="red")


def _show_appeal(appeal: AppealView, now: datetime) -> None:
    head = _("Case {number}: {act}, {contact}.")
    told = head.format(number=appeal.case, act=tell(name_of(appeal.act)), contact=appeal.contact)
    out.print(Text(told, style="bold") + Text(f"  {age(appeal.opened_at, now)} · {appeal.moderator.name}", "dim"))
    _line(quoted(appeal.text))
    if appeal.verdict is not None:
        _line(_("{verdict} by {name}: {why}").format(**_judged(appeal)))


def _judged(appeal: AppealView) -> dict[str, str]:
    verdict = tell(verdict_said(appeal.verdict)) if appeal.verdict else ""
    return {"verdict": verdict, "name": appeal.judged_by or "", "why": appeal.why or ""}


def _line(text: str, *, style: str = "") -> None:
    out.print(Text("\n".join(f"  {line}" for line in text.splitlines()), style=style))


def _moment(at: datetime) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


add("list", list_all, to=app)
add("show", show, to=app)
add("undo", undo, to=app)
add("reason", change_reason, to=app)
add("warnings", warnings, to=app)
add("list", list_open, to=appeals)
add("uphold", uphold, to=appeals)
add("overturn", overturn, to=appeals)
