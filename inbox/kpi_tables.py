"""A report as tables of plain values, from which each form of it is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from inbox.cases import CaseAct
from inbox.kpis import Kpis, Report, Share
from inbox.model import Label
from inbox.sentences import Sentence
from inbox.stats import KINDS, OTHER, UNSURE
from inbox.telling import channel_name
from inbox.wording import WEEKDAYS, said

Cell = int | timedelta | Share | date | Sentence | str | None
"""A figure, or the words that name a row; None where there is nothing to tell."""

KIND_NAMES: Mapping[str, Sentence] = {
    **{label.value: said(label) for label in Label},
    OTHER: Sentence("other"),
    UNSURE: Sentence("unsure"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name for machines, and for people."""

    key: str
    name: Sentence | str


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name for machines, and its cells, the first of which names it for people."""

    key: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a report."""

    key: str
    title: Sentence
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def tables(report: Report) -> tuple[Table, ...]:
    """All tables of a report: its figures beside those of the period before, then by day, by channel and by hour."""
    return (figures(report), by_day(report.now), by_channel(report.now), by_hour(report.now))


def figures(report: Report) -> Table:
    """Every figure, beside that of the period before."""
    pairs = zip(_figures(report.now), _figures(report.before), strict=True)
    rows = tuple(Row(key, (name, now, before)) for (key, name, now), (_key, _name, before) in pairs)
    columns = (
        Column("figure", Sentence("Figure")),
        Column("now", Sentence("This period")),
        Column("before", Sentence("The period before")),
    )
    return Table("figures", Sentence("Figures"), columns, rows)


def by_day(kpis: Kpis) -> Table:
    """Each day with its messages and how soon people replied."""
    columns = (
        Column("day", Sentence("Day")),
        *_kind_columns(),
        Column("median", Sentence("Half answered within")),
        Column("p90", Sentence("9 in 10 within")),
    )
    rows = tuple(
        Row(
            one.day.isoformat(),
            (one.day, one.messages, *_counts(one.kinds), one.responses.median, one.responses.p90),
        )
        for one in kpis.days
    )
    return Table("days", Sentence("Day by day"), columns, rows)


def by_channel(kpis: Kpis) -> Table:
    """Each channel with its messages."""
    rows = tuple(
        Row(name, (channel_name(name), counts["messages"], *_counts(counts))) for name, counts in kpis.channels.items()
    )
    return Table("channels", Sentence("By channel"), (Column("channel", Sentence("Channel")), *_kind_columns()), rows)


def by_hour(kpis: Kpis) -> Table:
    """Each day of the week with the messages of its hours."""
    columns = (Column("weekday", Sentence("Day")), *(Column(f"{hour:02}", f"{hour:02}") for hour in range(24)))
    rows = tuple(
        Row(str(name), (name, *counts)) for name, counts in zip(WEEKDAYS, kpis.hours, strict=True) if any(counts)
    )
    return Table("hours", Sentence("Busiest hours"), columns, rows)


def change(now: Cell, before: Cell) -> float | None:
    """How a figure has changed: of a share by how much, of others in proportion; None where that says nothing."""
    if isinstance(now, Share) and isinstance(before, Share):
        if now.of_one is None or before.of_one is None:
            return None
        return now.of_one - before.of_one
    if isinstance(now, timedelta) and isinstance(before, timedelta):
        return now / before - 1 if before else None
    if isinstance(now, int) and isinstance(before, int):
        return now / before - 1 if before else None
    return None


def _figures(kpis: Kpis) -> Iterator[tuple[str, Sentence, Cell]]:
    yield "messages", Sentence("Messages"), kpis.messages
    for kind in KINDS:
        yield kind, Sentence("Messages: {kind}", kind=KIND_NAMES[kind]), kpis.kinds[kind]
    yield "response_median", Sentence("Half answered by a person within"), kpis.responses.median
    yield "response_p90", Sentence("9 in 10 answered by a person within"), kpis.responses.p90
    yield "resolution_median", Sentence("Half resolved within"), kpis.resolutions.median
    yield "resolution_p90", Sentence("9 in 10 resolved within"), kpis.resolutions.p90
    yield "resolved", Sentence("Conversations resolved"), kpis.resolutions.count
    yield "replies_by_people", Sentence("Replies of people"), kpis.by_people
    yield "automation", Sentence("Replies sent by themselves"), kpis.automation
    yield "prepared", Sentence("Replies of people with a prepared answer"), kpis.prepared
    yield "agreement", Sentence("Labels that a person looked at and left as they were"), kpis.agreement
    yield "first_answers", Sentence("First answers in time"), kpis.first_answers
    yield "resolutions_in_time", Sentence("Resolved in time"), kpis.resolved
    yield "hidden", Sentence("Messages hidden"), kpis.acts.get(CaseAct.HIDE, 0)
    yield "deleted", Sentence("Messages deleted"), kpis.acts.get(CaseAct.DELETE, 0)
    yield "sanctions", Sentence("Sanctions"), sum(n for act, n in kpis.acts.items() if act.is_sanction)
    yield "leads", Sentence("New sales leads"), kpis.leads
    yield "leads_won", Sentence("New sales leads that were won"), kpis.won


def _kind_columns() -> tuple[Column, ...]:
    kinds = (Column(kind, KIND_NAMES[kind]) for kind in KINDS)
    return (Column("messages", Sentence("Messages")), *kinds)


def _counts(kinds: Mapping[str, int]) -> Sequence[int]:
    return [kinds[kind] for kind in KINDS]
