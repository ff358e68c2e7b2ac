"""`vigie label`: what a message is, over what the model said."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.output import note, say, say_json
from app.words import _, tell
from inbox.learning import told
from inbox.model import Label


def label(
    message: Annotated[
        int, typer.Argument(metavar="MESSAGE", help=_("The number of the message, as vigie show tells it."))
    ],
    labels: Annotated[
        list[Label] | None,
        typer.Argument(metavar="LABEL", help=_("All that hold: praise, complaint, sales_lead, offensive.")),
    ] = None,
    none: Annotated[bool, typer.Option("--none", help=_("None of the labels holds."))] = False,
    why: Annotated[str, typer.Option(help=_("Why, for the record."))] = "",
    undo: Annotated[bool, typer.Option("--undo", help=_("Take it back: the model's labels stand again."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """Say what a message is. The same as the model said confirms it; rules are not asked again."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.corrections import correct, take_back

    if sum([bool(labels), none, undo]) != 1:
        raise typer.BadParameter(_("Give the labels that hold, or --none, or --undo."))
    if undo:
        with open_desk(read_settings()) as desk:
            stands = take_back(desk, message, by=shell_user(desk.store))
        if as_json:
            say_json({"message": message, "after": list(stands.labels)})
        else:
            say(
                _("Message {id} is labelled by the model again: {labels}.").format(
                    id=message, labels=tell(told(stands.labels))
                )
            )
        return
    with open_desk(read_settings()) as desk:
        done = correct(desk, message, after=labels or (), by=shell_user(desk.store), why=why.strip())
    if as_json:
        changed = {"message": message, "before": list(done.before), "after": list(done.after)}
        say_json(changed | {"withdrawn": done.withdrawn, "may_train": done.may_train})
        return
    says = _("Message {id} is confirmed: {labels}.") if done.is_confirmation else _("Message {id} is now: {labels}.")
    say(says.format(id=message, labels=tell(told(done.after))))
    if done.withdrawn:
        say(_("Automatic replies that were waiting, and were withdrawn: {n}").format(n=done.withdrawn))
    if not done.may_train:
        note(_("Models do not learn from {channel}: vigie models consent").format(channel=done.channel))
