"""The picture of statistics: what came in, above how soon people answered. Drawn for a phone, light or dark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import altair as alt

from inbox.figures import Figures
from inbox.model import Label
from inbox.ports import Tell
from inbox.sentences import Sentence
from inbox.stats import KINDS, OTHER, UNSURE, ResponseTimes, Stats
from inbox.wording import said

SCALE = 2
"""Dots of the picture per unit of the drawing."""

_WIDTH, _EDGE, _AXIS = 450, 16, 46
_INNER = _WIDTH - 2 * _EDGE
_PLOT = _INNER - _AXIS
_BARS, _LINES = 150, 112
_BELOW_KEY = 2
_ROW = 22
_TICKS, _WIDE_TICKS = 8, 5
_FEW, _SOME = 8, 31
"""Up to how many days the figures stand beside what is drawn, and up to how many the days stand apart."""

_EACH = 4
"""Up to how many messages each has a line of its own."""

_FONT = "Liberation Sans, sans-serif"
"""It comes with the library that draws, so that the picture is the same on every machine."""

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MARKS = (
    *(n * _MINUTE for n in (1, 5, 15, 30)),
    *(n * _HOUR for n in (1, 2, 4, 8, 12)),
    *(n * _DAY for n in (1, 2, 3, 7, 14, 30, 60, 120, 240)),
)
"""Where an axis of lengths of time may have a line."""

_PLACED = alt.X("at:Q", scale=alt.Scale(domain=[0, _INNER], range=[-_AXIS, _PLOT], nice=False, zero=False), axis=None)
"""Across the whole picture: the names of an axis stand left of where a drawing begins."""

_NAMES: Mapping[str, Sentence] = {
    **{label.value: said(label) for label in Label},
    OTHER: Sentence("other"),
    UNSURE: Sentence("unsure"),
}


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one variant; those of kinds are in the order of `KINDS`."""

    ground: str
    ink: str
    soft: str
    line: str
    kinds: tuple[str, ...]
    half: str
    most: str


# Neighbours in a bar differ in lightness too, so that they stay apart for whoever tells few colours from each other.
LIGHT = Colours(
    ground="#ffffff",
    ink="#1b1f24",
    soft="#57606a",
    line="#e1e4e8",
    kinds=("#07a566", "#b22a06", "#3050d6", "#580a4e", "#787f88", "#c68600"),
    half="#1b1f24",
    most="#7a63e0",
)
DARK = Colours(
    ground="#1a1c20",
    ink="#f0f2f4",
    soft="#a8b0b9",
    line="#363b42",
    kinds=("#3fd6a8", "#e9692c", "#4f9ff0", "#f3b0df", "#727b85", "#f7e07a"),
    half="#f0f2f4",
    most="#a594ff",
)


def stats_picture(stats: Stats, *, dark: bool, lang: str | None, tell: Tell) -> bytes:
    """The figures of a period as a PNG, upright, about 900 by 1100 dots, in the words of `lang`."""
    drawn = BytesIO()
    stats_chart(stats, dark=dark, lang=lang, tell=tell).save(drawn, format="png", scale_factor=SCALE)
    return drawn.getvalue()


def stats_chart(stats: Stats, *, dark: bool, lang: str | None, tell: Tell) -> alt.VConcatChart:
    """What `stats_picture` draws. It holds its figures itself: nothing is fetched."""
    colours = DARK if dark else LIGHT
    words = Figures(lang, tell)
    below: list[alt.VConcatChart | alt.LayerChart]
    if stats.messages or stats.responses.count:
        below = [volume(stats, colours, words), times(stats, colours, words)]
    else:
        below = [_nothing(Sentence("No messages in this period."), colours, words, height=_BARS + _LINES)]
    first, last = stats.days[0].day, stats.days[-1].day
    title = alt.TitleParams(
        _period(first, last, words),
        anchor="start",
        fontSize=21,
        color=colours.ink,
        offset=14,
    )
    drawn = alt.vconcat(_tiles(stats, colours, words), *below, spacing=18)
    drawn.title = title
    return finished(drawn, colours)


def finished(drawn: alt.VConcatChart, colours: Colours) -> alt.VConcatChart:
    """A picture with its ground, edges and lettering."""
    drawn.background, drawn.padding = colours.ground, _EDGE
    drawn.config = alt.Config(
        font=_FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=colours.soft,
            labelFontSize=13,
            domainColor=colours.soft,
            tickColor=colours.soft,
            gridColor=colours.line,
        ),
    )
    return drawn


def _period(first: date, last: date, words: Figures) -> str:
    if first == last:
        return words(Sentence("Messages on {day}", day=words.day(first)))
    year = first.year != last.year
    return words(
        Sentence("Messages, {first} to {last}", first=words.day(first, year=year), last=words.day(last, year=year))
    )


def _tiles(stats: Stats, colours: Colours, words: Figures) -> alt.LayerChart:
    """The figures that stand alone, side by side, each as wide as it needs."""
    told = [
        (words.number(figure), words(means))
        for figure, means in (
            (stats.messages, Sentence("received")),
            (stats.unanswered, Sentence("unanswered")),
            (stats.replies_by_people, Sentence("team replies")),
            (stats.replies_automatic, Sentence("auto replies")),
            (stats.cases_opened, Sentence("cases")),
        )
    ]
    widths = [max(len(figure) * 13.5, len(means) * 6.6) for figure, means in told]
    room = (_INNER - sum(widths)) / (len(told) - 1)
    rows = [
        {"at": sum(widths[:place]) + place * room, "figure": figure, "means": means}
        for place, (figure, means) in enumerate(told)
    ]
    size = 24 if room >= 8 else 18
    figures = _chart(rows).mark_text(align="left", fontSize=size, fontWeight="bold", color=colours.ink)
    means = _chart(rows).mark_text(align="left", fontSize=13, color=colours.soft)
    above = figures.encode(_PLACED, alt.Text("figure:N"), y=alt.value(9))
    below = means.encode(_PLACED, alt.Text("means:N"), y=alt.value(32))
    return _layered(above, below, height=40)


def volume(stats: Stats, colours: Colours, words: Figures) -> alt.VConcatChart:
    """Messages per day, a bar for each, in pieces by label."""
    tints = dict(zip(KINDS, colours.kinds, strict=True))
    shown = [kind for kind in KINDS if stats.kinds[kind]]
    several = sum(stats.kinds.values()) > stats.messages
    key = _key(
        words(Sentence("Messages a day, by label")),
        [(f"{words(_NAMES[kind])} {words.number(stats.kinds[kind])}", tints[kind]) for kind in shown],
        colours,
        note=words(Sentence("A message with several labels counts under each.")) if several else None,
    )
    rows = [
        {"day": one.day.isoformat(), "tint": tints[kind], "place": place, "messages": one.kinds[kind]}
        for one in stats.days
        for place, kind in enumerate(shown)
    ]
    across = _days(stats, words)
    looks: dict[str, Any] = {"stroke": colours.ground, "strokeWidth": 1} if len(stats.days) <= _SOME else {}
    if len(stats.days) < 4:
        looks["width"] = 70
    bars = (
        _chart(rows)
        .mark_bar(**looks)
        .encode(
            across,
            alt.Y("messages:Q", title=None, stack="zero", axis=_counts(_highest(stats), words)),
            alt.Color("tint:N", scale=None),
            alt.Order("place:Q"),
        )
    )
    told: list[alt.Chart] = []
    if len(stats.days) <= _FEW:
        tops = [
            {"day": one.day.isoformat(), "top": sum(one.kinds.values()), "told": words.number(one.messages)}
            for one in stats.days
            if one.messages
        ]
        told = _figures(tops, across, alt.Y("top:Q"), colours, fontSize=14, fontWeight="bold")
    return alt.vconcat(key, _layered(bars, *told, height=_BARS), spacing=_BELOW_KEY)


def times(stats: Stats, colours: Colours, words: Figures) -> alt.VConcatChart:
    """How long contacts waited for a person, on each day that somebody replied."""
    whole = stats.responses
    heading = words(Sentence("Time until a person replied"))
    if whole.median is None or whole.p90 is None:
        nobody = Sentence("No person has replied in this period.")
        return alt.vconcat(_key(heading, [], colours), _nothing(nobody, colours, words, height=_LINES))
    half = words(Sentence("half within {time}", time=words.length(whole.median)))
    most = words(Sentence("9 in 10 within {time}", time=words.length(whole.p90)))
    key = _key(heading, [(half, colours.half), (most, colours.most)], colours)
    rows = [
        {
            "day": one.day.isoformat(),
            "tint": tint,
            "minutes": None if length is None else length / _MINUTE,
            "told": told,
        }
        for one in stats.days
        for tint, length, told in _points(one.responses, colours, words)
    ]
    few, some = len(stats.days) <= _FEW, len(stats.days) <= _SOME
    waits = alt.Y(
        "minutes:Q",
        title=None,
        # The root shows both the minutes of most days and the hours of the worst.
        scale=alt.Scale(
            type="sqrt", domain=[0, _top(stats) / _MINUTE], range=[_LINES - (14 if few else 2), 0], nice=False
        ),
        axis=_lengths(stats, words),
    )
    across, tint = _days(stats, words), alt.Color("tint:N", scale=None)
    known = [row for row in rows if row["minutes"] is not None]
    lines = _chart(rows).mark_line(strokeWidth=2.5 if some else 1.5, strokeJoin="round", strokeCap="round")
    # A day between two without a reply has no line to be seen by.
    dots = _chart(known).mark_circle(size=70 if some else 12, opacity=1)
    told: list[alt.Chart] = []
    if few:
        most_told = [row for row in known if row["tint"] == colours.most]
        half_told = [row for row in known if row["tint"] == colours.half]
        differs = [row for row, other in zip(half_told, most_told, strict=True) if row["told"] != other["told"]]
        told += _figures(most_told, across, waits, colours, fontSize=13)
        told += _figures(differs, across, waits, colours, below=True, fontSize=13)
    drawn = (lines.encode(across, waits, tint), dots.encode(across, waits, tint), *told)
    return alt.vconcat(key, _layered(*drawn, height=_LINES), spacing=_BELOW_KEY)


def _points(
    times: ResponseTimes, colours: Colours, words: Figures
) -> Sequence[tuple[str, timedelta | None, str | None]]:
    return [
        (tint, length, None if length is None else words.length(length, short=True))
        for tint, length in ((colours.most, times.p90), (colours.half, times.median))
    ]


def _figures(
    rows: Sequence[Mapping[str, Any]], across: alt.X, up: alt.Y, colours: Colours, *, below: bool = False, **looks: Any
) -> list[alt.Chart]:
    """Figures above or below what they are of, on a ground of their own, so that no line runs through them."""
    looks |= {"color": colours.ink, "baseline": "top" if below else "bottom", "dy": 9 if below else -6}
    ground: dict[str, Any] = {"stroke": colours.ground, "strokeWidth": 4, "strokeJoin": "round"}
    return [_chart(rows).mark_text(**looks, **edge).encode(across, up, alt.Text("told:N")) for edge in (ground, {})]


def _nothing(why: Sentence, colours: Colours, words: Figures, *, height: int) -> alt.LayerChart:
    drawn = _chart([{"why": words(why)}]).mark_text(fontSize=16, color=colours.soft)
    placed = drawn.encode(alt.Text("why:N"), x=alt.value((_PLOT - _AXIS) / 2), y=alt.value(height / 2))
    return _layered(placed, height=height)


def _key(
    heading: str, entries: Sequence[tuple[str, str]], colours: Colours, *, note: str | None = None
) -> alt.LayerChart:
    """A heading, and below it what each colour means, in as many columns as the words leave room for."""
    longest = max((len(told) for told, _tint in entries), default=0)
    columns = 3 if longest * 7 + 22 <= _INNER / 3 else 2
    first = 44 if note else 24
    rows = [
        {"at": place % columns * _INNER / columns, "down": first + place // columns * _ROW, "told": told, "tint": tint}
        for place, (told, tint) in enumerate(entries)
    ]
    height = first + _ROW * -(-len(entries) // columns) - 8
    down = alt.Y("down:Q", scale=alt.Scale(domain=[0, height], range=[0, height], zero=False, nice=False), axis=None)
    swatches = _chart(rows).mark_square(size=190, opacity=1, xOffset=7)
    names = _chart(rows).mark_text(align="left", dx=20, fontSize=14, color=colours.ink)
    lines = [
        _chart([{"at": 0, "told": heading}])
        .mark_text(align="left", fontSize=16, fontWeight="bold", color=colours.ink)
        .encode(_PLACED, alt.Text("told:N"), y=alt.value(0)),
        swatches.encode(_PLACED, down, alt.Color("tint:N", scale=None)),
        names.encode(_PLACED, down, alt.Text("told:N")),
    ]
    if note:
        below = _chart([{"at": 0, "told": note}]).mark_text(align="left", fontSize=13, color=colours.soft)
        lines.append(below.encode(_PLACED, alt.Text("told:N"), y=alt.value(20)))
    return _layered(*lines, height=height)


def _days(stats: Stats, words: Figures) -> alt.X:
    days = [one.day for one in stats.days]
    step = -(-len(days) // (_TICKS if len(days) <= 2 * _FEW else _WIDE_TICKS))
    # Counted from the last day, so that today has its tick.
    ticks = {day.isoformat(): words.day(day) for day in days[::-1][::step]}
    last = days[-1].isoformat()
    # Where days are narrow, the name of the last would stand out at the side.
    at_the_end = alt.condition(f"datum.value === '{last}'", alt.value("right"), alt.value("center"))
    axis = alt.Axis(
        title=None,
        values=list(ticks),
        labelAlign=at_the_end if len(days) > 2 * _FEW else "center",
        zindex=1,
        labelExpr=f"{json.dumps(ticks)}[datum.value]",
        labelAngle=0,
        labelOverlap=False,
        grid=False,
        tickSize=4,
    )
    scale = alt.Scale(domain=[day.isoformat() for day in days], paddingInner=0.25 if len(days) <= 31 else 0)
    return alt.X("day:O", scale=scale, axis=axis)


def _highest(stats: Stats) -> int:
    """How high the bars of the busiest day stand."""
    return max((sum(one.kinds.values()) for one in stats.days), default=0)


def _counts(highest: int, words: Figures) -> alt.Axis:
    shown = f"replace(format(datum.value, ',d'), /,/g, '{words.thousands}')"
    if highest <= _EACH:  # four lines over so few would stand between whole numbers
        return alt.Axis(values=list(range(highest + 1)), labelExpr=shown, **_BESIDE)
    return alt.Axis(tickCount=4, labelExpr=shown, **_BESIDE)


def _lengths(stats: Stats, words: Figures) -> alt.Axis:
    lines = {mark / _MINUTE: words.length(mark, short=True) for mark in _marks(_top(stats))}
    shown = json.dumps({str(minutes): told for minutes, told in lines.items()})
    return alt.Axis(values=[0, *lines], labelExpr=f"{shown}[format(datum.value, '.1f')] || '0'", **_BESIDE)


_BESIDE: Mapping[str, Any] = {"minExtent": _AXIS, "maxExtent": _AXIS, "ticks": False, "domain": False, "title": None}


def _top(stats: Stats) -> timedelta:
    longest = max(one.responses.p90 or timedelta(0) for one in stats.days)
    return max(longest * 1.3, _MINUTE)


def _marks(top: timedelta) -> list[timedelta]:
    """Lengths of time, the longest first, that stand apart on an axis of roots up to `top`."""
    chosen: list[timedelta] = []
    for mark in reversed(_MARKS):
        place = (mark / top) ** 0.5
        if place <= 1 and place >= 0.18 and (not chosen or (chosen[-1] / top) ** 0.5 - place >= 0.2):
            chosen.append(mark)
    return chosen


def _layered(*parts: alt.Chart, height: float) -> alt.LayerChart:
    return alt.LayerChart(layer=list(parts), width=_PLOT, height=height)


def _chart(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]  # the library leaves it bare
