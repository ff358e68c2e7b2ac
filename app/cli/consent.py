"""`vigie models consent`: which channels models may learn from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import note, out, say, say_json, table
from app.words import _

if TYPE_CHECKING:
    from app.consents import Consent


def consent(
    channel: Annotated[
        str | None, typer.Argument(metavar="CHANNEL", help=_("The channel; without it, all are listed."))
    ] = None,
    allow: Annotated[
        bool | None, typer.Option("--allow/--forbid", help=_("Whether models may learn from its messages."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
) -> None:
    """List which channels models may learn from, or let them learn from one, or no longer."""
    from app.consents import list_consents, set_consent
    from app.settings import read_settings

    if (channel is None) != (allow is None):
        raise typer.BadParameter(_("Give a channel with --allow or --forbid, or neither to list them all."))
    settings = read_settings()
    if channel is not None and allow is not None:
        set_consent(settings, channel, allowed=allow)
        if as_json:
            say_json({"channel": channel, "may_train": allow})
        elif allow:
            say(_("The next vigie train learns from what people have confirmed on {channel}.").format(channel=channel))
            note(_("Make sure that its terms allow it: docs/models.md says more."))
        else:
            say(_("Models learn nothing from {channel} any more.").format(channel=channel))
            note(_("Those that have learnt from it stay as they are: train anew."))
        return
    listed = list_consents(settings)
    if as_json:
        for one in listed:
            told: dict[str, object] = {"channel": one.channel, "may_train": one.may_train}
            say_json(told | {"setting": one.setting, "corrections": one.corrections})
    elif listed:
        columns = (_("channel"), _("may train"), _("decided by"), _("corrections"))
        out.print(table(columns, [_row(one) for one in listed], right=1))
    else:
        say(_("Nothing has come from any channel yet."))


def _row(one: Consent) -> list[str]:
    decided = _("the setting {setting}").format(setting=one.setting) if one.setting else "vigie models consent"
    return [one.channel, _("yes") if one.may_train else _("no"), decided, str(one.corrections)]
