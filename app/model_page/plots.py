"""The pictures of the page: drawn once as SVG, in colours that the page turns light or dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO
from typing import Any

import altair as alt

from app.words import _, spoken
from classifiers.curves import Curves
from classifiers.evaluate import Score

INK, SOFT, LINE, YES, NO, MARK = "#101010", "#707070", "#d0d0d0", "#1f6feb", "#b0b0b0", "#c2410c"
"""Stand-ins: the page has a rule for each that gives it the colour of the scheme."""

_WIDTH, _HEIGHT = 250, 170
_BAR = 17
_NAMES = 178
_BARS = 140
_EXTENT = 38
"""How much room the figures beside an axis get, so that pictures side by side line up."""

_SHARE = alt.Scale(domain=[0, 1])


def reliability(curves: Curves) -> str:
    """How often the label held where it was given a probability; on the slanting line it may be taken at its word."""
    bins = [{"stated": one.stated, "seen": one.seen, "n": one.n} for one in curves.reliability]
    stated, seen = _share("stated", _("probability given")), _share("seen", _("share that held"))
    ideal = _chart([{"stated": 0, "seen": 0}, {"stated": 1, "seen": 1}])
    ideal = ideal.mark_line(color=SOFT, strokeDash=[4, 4], strokeWidth=1).encode(_x(stated), _y(seen))
    line = _chart(bins).mark_line(color=YES, strokeWidth=1.5).encode(_x(stated), _y(seen))
    size = alt.Size("n:Q", scale=alt.Scale(type="sqrt", range=[12, 160]), legend=None)
    dots = _chart(bins).mark_circle(color=YES, opacity=1).encode(_x(stated), _y(seen), size)
    return _to_svg(ideal + line + dots)


def trade_off(curves: Curves) -> str:
    """What share of its yeses is right against what share of the label is found, with the threshold marked."""
    points = [{"recall": one.recall, "precision": one.precision} for one in curves.trade_off]
    recall, precision = _share("recall", _("recall")), _share("precision", _("precision"))
    line = _chart(points).mark_line(color=YES, strokeWidth=1.8, interpolate="linear").encode(_x(recall), _y(precision))
    if curves.acts is None:
        return _to_svg(line)
    acts = [{"recall": curves.acts.recall, "precision": curves.acts.precision}]
    mark = _chart(acts).mark_point(color=MARK, filled=True, size=90, shape="diamond", opacity=1)
    across = _chart(acts).mark_rule(color=MARK, strokeDash=[3, 3], strokeWidth=1).encode(_y(precision))
    down = _chart(acts).mark_rule(color=MARK, strokeDash=[3, 3], strokeWidth=1).encode(_x(recall))
    return _to_svg(line + across + down + mark.encode(_x(recall), _y(precision)))


def histogram(curves: Curves) -> str:
    """How probabilities lie, for rows that hold the label and for the others, with both thresholds marked."""
    step = 1 / len(curves.histogram)
    others = [{"at": bar.at, "end": bar.at + step, "n": bar.others} for bar in curves.histogram]
    # Before the others rather than on top of them: on this scale only what stands on the ground can be compared.
    holds = [{"at": bar.at + step / 4, "end": bar.at + 3 * step / 4, "n": bar.holds} for bar in curves.histogram]
    # The root shows both the heap of plain noes and the few in doubt.
    axis = alt.Axis(title=_("messages (root scale)"), tickCount=4, format="d", minExtent=_EXTENT)
    rows = alt.Y("n:Q", scale=alt.Scale(type="sqrt", nice=True), axis=axis)
    across, end = alt.X("at:Q", scale=_SHARE, axis=_axis(_("probability given"))), alt.X2("end:Q")
    drawn = _chart(others).mark_rect(color=NO).encode(across, end, rows, alt.Y2Datum(0))
    drawn += _chart(holds).mark_rect(color=YES).encode(across, end, rows, alt.Y2Datum(0))
    cuts = [{"at": curves.cuts.no_at}, {"at": curves.cuts.yes_at}]
    lines = _chart(cuts).mark_rule(color=MARK, strokeDash=[3, 3], strokeWidth=1.5)
    return _to_svg(drawn + lines.encode(across))


def auc_bars(scores: Sequence[Score]) -> str:
    """ROC-AUC per set, the highest first; at a half the model does no better than chance."""
    bars = [
        {"set": set_name(score.source, score.lang), "auc": score.roc_auc, "told": _decimal(f"{score.roc_auc:.2f}")}
        for score in sorted(scores, key=lambda score: -(score.roc_auc or 0))
    ]
    beside = alt.Axis(title=None, labelLimit=_NAMES, minExtent=_NAMES, ticks=False, domain=False, grid=False)
    names = alt.Y("set:N", sort=None, axis=beside)
    scale = alt.Scale(domain=[0, 1.2])
    shown = f"replace(format(datum.value, '.2~f'), '.', '{_decimal('.')}')"
    figure = alt.X("auc:Q", scale=scale, axis=alt.Axis(title="ROC-AUC", values=[0, 0.5, 1], labelExpr=shown))
    drawn = _chart(bars).mark_bar(color=YES, height=_BAR - 6).encode(figure, names)
    told = _chart(bars).mark_text(color=INK, align="left", dx=4, fontSize=11)
    told = told.encode(figure, names, alt.Text("told:N"))
    chance = _chart([{"auc": 0.5}]).mark_rule(color=MARK, strokeDash=[3, 3], strokeWidth=1).encode(figure)
    return _to_svg(drawn + chance + told, width=_BARS, height=_BAR * len(bars))


def set_name(source: str, lang: str) -> str:
    """The name of a set and its language, told once."""
    bare = re.sub(r"(_(fr|en))+$", "", source)
    return bare if f"/{lang}-" in bare else f"{bare} ({lang})"


def _decimal(figure: str) -> str:
    """A figure with the decimal sign of the reader's language."""
    return figure.replace(".", ",") if spoken() == "fr" else figure


def _chart(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]  # the library leaves it bare


def _share(field: str, title: str) -> tuple[str, str]:
    return f"{field}:Q", title


def _x(share: tuple[str, str]) -> alt.X:
    return alt.X(share[0], scale=_SHARE, axis=_axis(share[1]))


def _y(share: tuple[str, str]) -> alt.Y:
    return alt.Y(share[0], scale=_SHARE, axis=_axis(share[1], extent=_EXTENT))


def _axis(title: str, *, extent: int = 0) -> alt.Axis:
    sign = "\u202f%" if spoken() == "fr" else "%"
    shown = f"format(datum.value * 100, '.0f') + '{sign}'"
    return alt.Axis(title=title, values=[0, 0.25, 0.5, 0.75, 1], labelExpr=shown, minExtent=extent)


def _to_svg(chart: alt.LayerChart | alt.Chart, *, width: int = _WIDTH, height: int = _HEIGHT) -> str:
    drawn = chart.properties(width=width, height=height, background="transparent")
    drawn = drawn.configure(
        aria=False,
        font="Arial, Helvetica, sans-serif",
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK,
            titleColor=INK,
            labelFontSize=11,
            titleFontSize=11,
            titleFontWeight="normal",
            domainColor=SOFT,
            tickColor=SOFT,
            gridColor=LINE,
        ),
    )
    written = StringIO()
    drawn.save(written, format="svg")
    return written.getvalue()
