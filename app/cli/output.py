"""How the shell speaks: answers on stdout, everything else on stderr, JSON where machines listen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.words import _, tell
from inbox.model import Label, Prediction, Severity
from inbox.wording import said

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

BLURRED = "▒▒▒▒▒▒"
_STYLES = {
    Label.PRAISE: "green",
    Label.COMPLAINT: "yellow",
    Label.SALES_LEAD: "cyan",
    Label.OFFENSIVE: "red",
}


def say(text: str, *, style: str | None = None) -> None:
    """An answer, on stdout; never read as markup."""
    out.print(Text(text, style=style or ""))


def note(text: str, *, style: str | None = "dim") -> None:
    """A remark, on stderr."""
    err.print(Text(text, style=style or ""))


def say_json(told: object) -> None:
    """An answer for machines: one line of JSON on stdout."""
    out.file.write(json.dumps(told, ensure_ascii=False, default=_plain) + "\n")


def table(columns: Iterable[str], rows: Iterable[Iterable[str | Text]], *, right: int = 0) -> Table:
    """A table; the last `right` columns are numbers. Columns without names have no header."""
    columns = list(columns)
    made = Table(header_style="dim", box=None, pad_edge=False, show_header=any(columns))
    for place, column in enumerate(columns):
        made.add_column(column, justify="right" if place >= len(columns) - right else "left")
    for row in rows:
        made.add_row(*[cell if isinstance(cell, Text) else Text(cell) for cell in row])
    return made


def word(one: StrEnum) -> str:
    """One of our words (a label, a severity, a status) in the reader's language."""
    return tell(said(one))


def quoted(text: str) -> str:
    """Words that somebody said, in the quotation marks of the reader's language."""
    return _("“{text}”").format(text=text)


def named(name: str, told: str) -> str:
    """What something is called, and what is told of it."""
    return _("{name}: {told}").format(name=name, told=told)


def labels_text(
    labels: Iterable[Label], scores: Mapping[Label, float], *, unsure: bool, severity: Severity | None
) -> Text:
    """The labels that hold, each with its percentage, and whether a person has to look."""
    shown = Text()
    for label in labels:
        severe = f" ({word(severity)})" if label is Label.OFFENSIVE and severity else ""
        shown.append(f"{word(label)}{severe} {percent(scores.get(label, 0.0))}  ", style=_STYLES[label])
    if unsure:
        shown.append(f"{_('not sure')}  ", style="magenta")
    if not shown.plain:
        shown.append(_("no label"), style="dim")
    shown.rstrip()
    return shown


def prediction_text(prediction: Prediction) -> Text:
    """A prediction on one line."""
    return labels_text(prediction.labels, prediction.scores, unsure=prediction.is_unsure, severity=prediction.severity)


def percent(share: float) -> str:
    """A probability as a whole percentage; never 0 or 100, which would claim to be certain."""
    return f"{min(99, max(1, round(share * 100)))} %"


def age(then: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit; nothing for what is yet to come."""
    gone = max(now - then, timedelta())
    if gone >= timedelta(days=1):
        return _("{n} d").format(n=gone.days)
    if gone >= timedelta(hours=1):
        return _("{n} h").format(n=gone.seconds // 3600)
    return _("{n} min").format(n=gone.seconds // 60)


def due(at: datetime, now: datetime) -> Text:
    """When something is due; in red when that has passed."""
    if at <= now:
        return Text(_("late by {time}").format(time=age(at, now)), style="red")
    return Text(_("due in {time}").format(time=age(now, at)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def moment(at: datetime) -> str:
    """A moment by the clock of the reader's machine, to the minute."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M")


def tell_line(text: str, *, style: str = "") -> None:
    """Print a text set in by two columns, each of its lines."""
    out.print(Text(indented(text), style=style))


def indented(text: str) -> str:
    """A text set in by two columns, each of its lines."""
    return "\n".join(f"  {line}" for line in text.splitlines())
