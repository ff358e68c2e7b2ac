"""`vigie appeals`: what the people concerned say against cases."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer
from rich.text import Text

from app.cases import appeal_to_json, judged
from app.cli.help import add, group
from app.cli.output import age, out, quoted, say, say_json, tell_line
from app.words import _, tell
from inbox.cases import AppealView, name_of

app = group(_("Appeals against cases: somebody else than whoever decided judges them."))

_Number = Annotated[int, typer.Argument(metavar="CASE", help=_("The number of the case."))]
_Why = Annotated[str, typer.Option(help=_("Why. The author is told."))]
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]


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
        judged = judge(desk, number, upheld=upheld, by=shell_user(desk.store), why=why)
    if as_json:
        say_json(appeal_to_json(judged))
    elif upheld:
        say(_("Case {number} stands.").format(number=number))
    else:
        say(_("Case {number} is overturned.").format(number=number))


def _show_appeal(appeal: AppealView, now: datetime) -> None:
    head = _("Case {number}: {act}, {contact}.")
    told = head.format(number=appeal.case, act=tell(name_of(appeal.act)), contact=appeal.contact)
    out.print(Text(told, style="bold") + Text(f"  {age(appeal.opened_at, now)} · {appeal.moderator.name}", "dim"))
    tell_line(quoted(appeal.text))
    if appeal.verdict is not None:
        tell_line(_("{verdict} by {name}: {why}").format(**judged(appeal)))


add("list", list_open, to=app)
add("uphold", uphold, to=app)
add("overturn", overturn, to=app)
