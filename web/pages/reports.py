"""Reports on the page: the figures of a period beside the one before, as pictures, tables and files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse, Response

from inbox.errors import NotFound, NotPossible
from inbox.figures import Figures
from inbox.kpi_tables import by_channel, by_day, by_hour, figures
from inbox.kpis import Period, last_days, last_week
from inbox.report_files import MEDIA, Form, cell_told, change_told, in_short, title, to_text
from inbox.sentences import Sentence
from web.days import day_in
from web.visitor import Visitor, looking

router = APIRouter(prefix="/b/{brand}/reports", include_in_schema=False)

Looking = Annotated[Visitor, Depends(looking())]

LENGTHS = (7, 28, 90)
"""The days that are offered."""

PICTURES = ("volume", "times", "hours")

SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a picture may do, opened by itself: it has styles of its own, and nothing else."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The period that an address asks for: so many last days, the last week, or from a day to another."""

    days: str = ""
    week: str = ""
    first: str = ""
    last: str = ""

    @property
    def query(self) -> str:
        """The part of an address after the `?`, with the sign."""
        words = {"days": self.days, "week": self.week, "from": self.first, "to": self.last}
        said = urlencode({name: word for name, word in words.items() if word})
        return f"?{said}" if said else ""

    def period(self, who: Visitor) -> Period:
        """The days.

        Raises:
            NotPossible: It is no period.
        """
        now, zone = who.now(), who.desk.brand.hours.zone
        if self.week:
            return last_week(now=now, zone=zone)
        if not self.first:
            days = int(self.days) if self.days.isascii() and self.days.isdigit() and len(self.days) <= 3 else LENGTHS[0]
            return last_days(days, now=now, zone=zone)
        today = now.astimezone(zone).date()
        return Period(_day(self.first), _day(self.last) if self.last else today)


def asked(
    days: str = "",
    week: str = "",
    first: Annotated[str, Query(alias="from")] = "",
    last: Annotated[str, Query(alias="to")] = "",
) -> Asked:
    """The period that an address asks for."""
    return Asked(days.strip(), week.strip(), first.strip(), last.strip())


Wanted = Annotated[Asked, Depends(asked)]


@router.get("")
def show(who: Looking, wanted: Wanted) -> HTMLResponse:
    """Show the report of a period."""
    period = wanted.period(who)
    report = who.house.reported.make(who.brand, who.desk, period)
    words = Figures(who.lang, who.house.tell)
    return who.page(
        "reports.html.jinja",
        report=report,
        wanted=wanted,
        ranges=[*((str(n), Asked(days=str(n))) for n in LENGTHS), ("week", Asked(week="1"))],
        title=title(report, words),
        lines=in_short(report, words),
        figures=figures(report),
        pictures=[("volume", by_day(report.now)), ("times", None), ("hours", by_hour(report.now))],
        channels=by_channel(report.now),
        is_drawn=who.house.draw_report is not None,
        told=lambda cell: cell_told(cell, words),
        changed=lambda row: change_told(row.cells[1], row.cells[2], words),
        Form=Form,
    )


@router.get("/{picture}.svg")
def draw(who: Looking, wanted: Wanted, picture: str, dark: str = "") -> Response:
    """A picture of a report."""
    if who.house.draw_report is None or picture not in PICTURES:
        raise NotFound(Sentence("There is no such page."))
    report = who.house.reported.recall(who.brand, who.desk, wanted.period(who))
    svg = who.house.draw_report(report, picture, dark=bool(dark), lang=who.lang)
    kept = {
        "Content-Security-Policy": SVG_POLICY,
        "Cache-Control": "private, max-age=60",
        "Vary": "Cookie, Accept-Language",
    }
    return Response(svg, media_type="image/svg+xml", headers=kept)


@router.get("/report.{form}")
def download(who: Looking, wanted: Wanted, form: Form) -> Response:
    """A report as a file."""
    report = who.house.reported.recall(who.brand, who.desk, wanted.period(who))
    name = f"vigie-{who.brand}-{report.period.first}-{report.period.last}.{form.value}"
    text = to_text(report, form, tell=who.house.tell, lang=who.lang)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": SVG_POLICY,
        "Cache-Control": "no-store",
    }
    return Response(text, media_type=f"{MEDIA[form]}; charset=utf-8", headers=headers)


def _day(text: str) -> date:
    found = day_in(text)
    if found is None:
        raise NotPossible(Sentence('"{text}" is no day. Write 2026-11-23.', text=text[:40]))
    return found
