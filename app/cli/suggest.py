"""`vigie suggest`: what could be answered to a text, or to a conversation, each with why."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.brand import Brand, settings_of
from app.cli.output import note, out, quoted, say, say_json, tell_line
from app.words import _, tell
from inbox.suggesting import Suggestion, said_why


def suggest(
    about: Annotated[str, typer.Argument(metavar="TEXT|ID", help=_("What somebody might write, or a conversation."))],
    lang: Annotated[str | None, typer.Option(help=_("The language that the channel tells, such as fr."))] = None,
    channel: Annotated[str, typer.Option(help=_("The channel it would come by."))] = "console",
    as_json: Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))] = False,
    brand: Brand = None,
) -> None:
    """Up to three answers that could be sent, each with why it is offered. Nothing is kept or sent."""
    from app.wiring import open_desk
    from inbox import work
    from inbox.suggesting import suggest as suggest_to
    from inbox.suggesting import suggest_for, supposed

    with open_desk(settings_of(brand), on_record=False) as desk:
        if about.isdecimal():
            found = suggest_to(desk, work.find(desk, int(about)))
        else:
            prediction = desk.classifier.predict([about], hints=[lang])[0]
            found = (
                [] if prediction.is_unsure else suggest_for(desk, supposed(desk, about, prediction, channel=channel))
            )
            if prediction.is_unsure and not as_json:
                note(_("The labels are in doubt: a person looks, and nothing is suggested."))
    if as_json:
        for one in found:
            say_json(_to_json(one))
        return
    for number, one in enumerate(found, start=1):
        why = said_why(one.why)
        say(f"{number}. {one.response or _('your team’s words')}" + ("" if why is None else f"  ({tell(why)})"))
        tell_line(quoted(one.text), style="italic")
    if not found:
        out.print(_("No prepared answer fits. Write your own."))


def _to_json(one: Suggestion) -> dict[str, object]:
    return {
        "text": one.text,
        "lang": one.lang,
        "response": one.response,
        "draft": one.draft_id,
        "why": [tell(reason) for reason in one.why],
    }
