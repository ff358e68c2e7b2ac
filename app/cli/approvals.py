"""`vigie approvals`: replies that wait for a colleague; `vigie send` approves one."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.brand import Brand, settings_of
from app.cli.help import add, group
from app.cli.output import quoted, say, say_json, tell_line
from app.words import _

app = group(_("Replies that wait for a colleague to approve them. To approve one: vigie send N"))


def list_waiting(
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False, brand: Brand = None
) -> None:
    """List the replies that wait for somebody's approval, the oldest first."""
    from app.wiring import open_desk
    from inbox.approval import awaiting

    with open_desk(settings_of(brand), on_record=False) as desk:
        found = awaiting(desk)
    for one in found:
        if as_json:
            told = {"id": one.id, "conversation": one.conversation_id, "asked_by": one.asked_by, "text": one.text}
            say_json(told)
            continue
        say(
            _("Draft {id}, conversation {place}: {person} asks for approval").format(
                id=one.id, place=one.conversation_id, person=one.asked_by
            )
        )
        tell_line(quoted(one.text), style="italic")
    if not found and not as_json:
        say(_("Nothing waits for an approval."))


def decline(
    number: Annotated[int, typer.Argument(metavar="N", help=_("The number of the draft."))],
    why: Annotated[str, typer.Argument(help=_("Why not: whoever wrote it reads it."))],
    brand: Brand = None,
) -> None:
    """Give a reply back to who wrote it: it is a draft like any other again, with a note that says why."""
    from app.wiring import open_desk, shell_user
    from inbox.approval import decline as decline_draft

    with open_desk(settings_of(brand)) as desk:
        kept = decline_draft(desk, number, by=shell_user(desk.store), why=why)
    say(_("Draft {id} waits for a person again.").format(id=kept.id))


add("list", list_waiting, to=app)
add("decline", decline, to=app)
