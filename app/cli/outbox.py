"""What could not be sent: the list of it, trying it again, or leaving it."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.help import add, group
from app.cli.output import moment, out, say, say_json, table
from app.words import _, tell
from inbox.text import excerpt
from inbox.views import SendView

app = group(_("What could not be sent or opened, and trying it again."))


def list_failed(as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False) -> None:
    """List what was given up, with the reason of each."""
    from app.settings import read_settings
    from app.wiring import open_store
    from inbox.dead_letters import dead_letters

    with open_store(read_settings()) as store:
        failed = dead_letters(store)
    if as_json:
        for send in failed:
            say_json(_as_json(send))
    elif not failed:
        say(_("Nothing was given up."))
    else:
        _show(failed)


def replay(
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help=_("Its number in vigie outbox list."))] = None,
    every: Annotated[bool, typer.Option("--all", help=_("All that was given up."))] = False,
) -> None:
    """Try again what was given up: it leaves with the next delivery, where one runs."""
    from app.settings import read_settings
    from app.wiring import now, open_store, shell_user
    from inbox import dead_letters

    if (number is None) is not every:
        raise typer.BadParameter(_("Name one number, or --all."))
    with open_store(read_settings()) as store:
        by = shell_user(store)
        if number is None:
            replayed = len(dead_letters.replay_all(store, by=by, clock=now))
        else:
            dead_letters.replay(store, number, by=by, clock=now)
            replayed = 1
    say(_("To be tried again: {n}.").format(n=replayed))


def leave(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help=_("Its number in vigie outbox list."))],
) -> None:
    """Leave what was given up as it is: nobody is told of it any more, and its words are a draft again."""
    from app.settings import read_settings
    from app.wiring import now, open_store, shell_user
    from inbox.dead_letters import set_aside

    with open_store(read_settings()) as store:
        set_aside(store, number, by=shell_user(store), clock=now)
    say(_("Number {id} will not be tried again.").format(id=number))


def _show(failed: list[SendView]) -> None:
    from app.cases import kind_told

    columns = ("", _("conversation"), _("what"), _("where"), _("since"), _("tries"), _("why"))
    rows = [
        (
            str(send.id),
            str(send.conversation_id),
            kind_told(send.kind),
            send.channel,
            moment(send.not_before),
            str(send.attempts),
            excerpt(tell(send.error), 300) if send.error else "",
        )
        for send in failed
    ]
    out.print(table(columns, rows))


def _as_json(send: SendView) -> dict[str, object]:
    return {
        "id": send.id,
        "conversation": send.conversation_id,
        "kind": send.kind,
        "where": send.channel,
        "attempts": send.attempts,
        "error": tell(send.error) if send.error else None,
    }


add("list", list_failed, to=app)
add("replay", replay, to=app)
add("leave", leave, to=app)
