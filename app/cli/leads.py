"""`vigie leads`: the contacts who may buy."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from app.cli.help import add, group
from app.cli.output import age, moment, named, out, quoted, say, say_json, table, tell_line, word
from app.leads import lead_to_json
from app.words import _, tell
from inbox.leadfile import write_csv
from inbox.leads import PARTS_SAID, Lead, LeadStatus
from inbox.text import excerpt

app = group(_("Sales leads: who asked for what, where it stands, whose it is."))

_Number = Annotated[int, typer.Argument(metavar="LEAD", help=_("The number of the lead."))]
_Status = Annotated[LeadStatus | None, typer.Option(help=_("Only those that stand so."))]
_Owner = Annotated[str | None, typer.Option(metavar="NAME", help=_("Only those of this person of the team."))]
_Json = Annotated[bool, typer.Option("--json", help=_("For machines: JSON."))]
_Bom = Annotated[bool, typer.Option("--bom", help=_("Begin with a byte order mark, by which Excel knows UTF-8."))]


def list_all(
    status: _Status = None,
    owner: _Owner = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help=_("How many at the most."))] = 50,
    as_json: _Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=_("As CSV, with a line of names."))] = False,
) -> None:
    """List leads: those that are open first, and the highest score first."""
    from app.settings import read_settings
    from app.wiring import now, open_store
    from inbox.leadwork import list_leads

    with open_store(read_settings()) as store:
        found = list_leads(store, status=status, owner=owner, limit=limit)
    if as_csv:
        _write_out(found, bom=False)
    elif as_json:
        for lead in found:
            say_json(lead_to_json(lead))
    elif found:
        columns = ("", _("status"), _("contact"), _("asks"), _("place"), _("owner"), _("age"), _("score"))
        out.print(table(columns, [_row(lead, now()) for lead in found], right=1))
    else:
        say(_("There are no leads."))


def show(number: _Number, as_json: _Json = False) -> None:
    """Show one lead: what was asked, what was given, and the parts of its score."""
    from app.settings import read_settings
    from app.wiring import open_store
    from inbox.leadwork import find_lead

    with open_store(read_settings()) as store:
        lead = find_lead(store, number)
    if as_json:
        say_json(lead_to_json(lead))
    else:
        _show(lead)


def change(
    number: _Number,
    status: Annotated[LeadStatus | None, typer.Option(help=_("Where it stands."))] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("Who of the team has it; an empty name for nobody."))
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say where a lead stands, and whose it is. Setting it back undoes it."""
    from app.settings import read_settings
    from app.wiring import open_desk, shell_user
    from inbox.leadwork import change_lead

    if status is None and owner is None:
        raise typer.BadParameter(_("Name --status, --owner, or both."))
    with open_desk(read_settings()) as desk:
        lead = change_lead(desk, number, status=status, owner=owner, by=shell_user(desk.store))
    if as_json:
        say_json(lead_to_json(lead))
    else:
        stands = _("Lead {number} is: {status}. Owner: {owner}.")
        say(stands.format(number=lead.id, status=word(lead.status), owner=lead.owner or _("nobody")))


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=_("Where to; - for stdout."))],
    status: _Status = None,
    owner: _Owner = None,
    bom: _Bom = False,
) -> None:
    """Write leads to a CSV file. That somebody has done so is put on record: it holds people's addresses."""
    from app.settings import read_settings
    from app.wiring import now, open_store, shell_user
    from inbox.errors import BadInput
    from inbox.leadwork import export_leads
    from inbox.sentences import Sentence

    with open_store(read_settings()) as store:
        leads = export_leads(store, status=status, owner=owner, by=shell_user(store), clock=now)
    if str(file) == "-":
        _write_out(leads, bom=bom)
        return
    try:
        with file.open("w", encoding="utf-8", newline="") as opened:
            write_csv(leads, opened, bom=bom)
    except OSError as error:
        raise BadInput(
            Sentence("{file} cannot be written: {why}.", file=str(file), why=error.strerror or str(error))
        ) from error
    say(_("Leads written to {file}: {n}.").format(file=file, n=len(leads)))


def _write_out(leads: Sequence[Lead], *, bom: bool) -> None:
    # The line ends of CSV are its own, also where the system has others.
    with open(sys.stdout.fileno(), "w", encoding="utf-8", newline="", closefd=False) as raw:
        write_csv(leads, raw, bom=bom)


def _row(lead: Lead, now: datetime) -> tuple[str | Text, ...]:
    return (
        str(lead.id),
        Text(word(lead.status), style="" if lead.status.is_open else "dim"),
        excerpt(lead.contact, 24),
        excerpt(lead.needs[-1] if lead.needs else "", 50),
        lead.place or "",
        lead.owner or "",
        age(lead.updated_at, now),
        str(lead.score),
    )


def _show(lead: Lead) -> None:
    head = _("Lead {number}: {contact}, {status}.")
    told = head.format(number=lead.id, contact=lead.contact, status=word(lead.status))
    out.print(Text(told, style="bold"))
    out.print(Text(f"{lead.channel} · {moment(lead.created_at)}", style="dim"))
    facts = {
        _("owner"): lead.owner,
        _("products"): ", ".join(lead.products),
        _("place"): lead.place,
        _("e-mail"): lead.email,
        _("phone"): lead.phone,
        _("conversation"): str(lead.conversation_id),
    }
    for name, value in facts.items():
        if value:
            tell_line(named(name, value))
    for need in lead.needs:
        tell_line(quoted(need))
    parts = ", ".join(f"{tell(PARTS_SAID[part])} {points}" for part, points in lead.score_parts.items())
    score = f"{lead.score} = {parts}" if parts else str(lead.score)
    tell_line(named(_("score"), score), style="dim")


add("list", list_all, to=app)
add("show", show, to=app)
add("set", change, to=app)
add("export", export, to=app)
