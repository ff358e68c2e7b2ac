"""`vigie report`: the figures of a period beside those of the period before it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.brand import Brand, settings_of
from app.cli.output import out
from app.words import _, spoken, tell_in
from inbox.errors import BadInput
from inbox.report_files import Form
from inbox.sentences import Sentence

if TYPE_CHECKING:
    from inbox.desk import Desk
    from inbox.kpis import Period


def report(
    week: Annotated[bool, typer.Option("--week", help=_("The last week that is over, from Monday to Sunday."))] = False,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=366, help=_("The last so many days, today among them."))
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DAY", help=_("The first day, such as 2026-11-23."))
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DAY", help=_("The last day; today if left out."))] = None,
    form: Annotated[Form, typer.Option("--format", help=_("Markdown, CSV or HTML."))] = Form.MARKDOWN,
    brand: Brand = None,
) -> None:
    """Tell the figures of a period: volume, times, automation, promises, beside the period before. On stdout."""
    from app.wiring import open_desk
    from inbox.kpis import to_report
    from inbox.report_files import to_text

    if sum((week, days is not None, first is not None)) > 1 or (last is not None and first is None):
        raise BadInput(Sentence("Say one of --week, --days N, or --from DAY with --to DAY."))
    with open_desk(settings_of(brand), on_record=False) as desk:
        told = to_report(desk, _period(desk, week=week, days=days, first=first, last=last))
    out.file.write(to_text(told, form, tell=tell_in, lang=spoken()))


def _period(desk: Desk, *, week: bool, days: int | None, first: str | None, last: str | None) -> Period:
    from inbox.kpis import Period, last_days, last_week

    now, zone = desk.clock(), desk.brand.hours.zone
    if first is not None:
        return Period(_day(first), now.astimezone(zone).date() if last is None else _day(last))
    return last_days(days or 7, now=now, zone=zone) if not week else last_week(now=now, zone=zone)


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  # a day by the clocks of the brand
    except ValueError as error:
        raise BadInput(Sentence('"{text}" is no day. Write 2026-11-23.', text=text)) from error
