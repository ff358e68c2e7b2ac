"""The pictures of a report, as SVG: what came by label, how soon people replied, and at which hours most came."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

import altair as alt

from app.pictures import DARK, LIGHT, Colours, finished, times, volume
from inbox.figures import Figures
from inbox.kpis import Kpis, Report
from inbox.ports import Tell
from inbox.sentences import Sentence
from inbox.stats import Stats
from inbox.wording import WEEKDAYS

_CELL = 17
_FEW = "#f4f0ff", "#2a2540"
_MANY = "#4b2fc0", "#b9adff"


def report_picture(report: Report, picture: str, *, dark: bool, lang: str | None, tell: Tell) -> str:
    """One picture of a report as SVG, in the words of `lang`: `volume`, `times` or `hours`. It fetches nothing.

    Raises:
        KeyError: There is no such picture.
    """
    draw = _PICTURES[picture]
    colours, words = DARK if dark else LIGHT, Figures(lang, tell)
    drawn = StringIO()
    finished(alt.vconcat(draw(report, colours, words)), colours).save(drawn, format="svg")
    return drawn.getvalue()


def _volume(report: Report, colours: Colours, words: Figures) -> alt.VConcatChart:
    return volume(_to_stats(report), colours, words)


def _times(report: Report, colours: Colours, words: Figures) -> alt.VConcatChart:
    return times(_to_stats(report), colours, words)


def _to_stats(report: Report) -> Stats:
    kpis: Kpis = report.now
    return Stats(
        since=report.until,
        until=report.until,
        days=kpis.days,
        messages=kpis.messages,
        kinds=kpis.kinds,
        unanswered=0,
        responses=kpis.responses,
        replies_by_people=kpis.by_people,
        replies_automatic=kpis.automation.part,
        cases_opened=0,
    )


def _hours(report: Report, colours: Colours, words: Figures) -> alt.LayerChart:
    """A cell per hour of the week, the darker the more came; on a dark ground the lighter."""
    rows = [
        {"weekday": day, "hour": hour, "messages": messages}
        for day, row in enumerate(report.now.hours)
        for hour, messages in enumerate(row)
    ]
    most = max(max(row) for row in report.now.hours)
    is_dark = colours is DARK
    names = [words(name) for name in WEEKDAYS]
    tint = alt.Scale(domain=[0, max(most, 1)], range=[_FEW[is_dark], _MANY[is_dark]], type="linear")
    bare: dict[str, Any] = {"title": None, "ticks": False, "domain": False}
    hours = alt.Axis(values=list(range(0, 24, 3)), labelExpr="datum.value + ' h'", labelAngle=0, **bare)
    days = alt.Axis(labelExpr=f"{json.dumps(names)}[datum.value]", labelLimit=90, **bare)
    cells = (
        alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]  # the library leaves it bare
        .mark_rect(aria=False, stroke=colours.ground, strokeWidth=1)
        .encode(
            alt.X("hour:O", axis=hours), alt.Y("weekday:O", axis=days), alt.Color("messages:Q", scale=tint, legend=None)
        )
    )
    title = alt.TitleParams(
        words(Sentence("Messages an hour: up to {n}", n=words.number(most))),
        anchor="start",
        fontSize=16,
        color=colours.ink,
        offset=8,
    )
    return alt.LayerChart(layer=[cells], width=24 * _CELL - 60, height=7 * (_CELL + 4), title=title)


_PICTURES: Mapping[str, Callable[[Report, Colours, Figures], alt.VConcatChart | alt.LayerChart]] = {
    "volume": _volume,
    "times": _times,
    "hours": _hours,
}
