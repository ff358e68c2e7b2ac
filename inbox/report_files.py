"""A report as a file: CSV for spreadsheets, Markdown for a wiki or a chat, HTML for an e-mail or a printer. Pure."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from enum import StrEnum
from html import escape
from io import StringIO

from inbox.cells import harmless
from inbox.figures import Figures
from inbox.gist import Gist
from inbox.kpi_tables import Cell, Table, change, tables
from inbox.kpis import Report, Share
from inbox.ports import Tell
from inbox.sentences import Sentence

NOTHING = "\u2013"


class Form(StrEnum):
    """The forms that a report can be written in; also how its file ends."""

    MARKDOWN = "md"
    CSV = "csv"
    HTML = "html"


MEDIA = {Form.MARKDOWN: "text/markdown", Form.CSV: "text/csv", Form.HTML: "text/html"}
"""What each form is called on the web."""


def to_text(report: Report, form: Form, *, tell: Tell, lang: str | None) -> str:
    """A report in a form; a CSV has the same words in every language."""
    if form is Form.CSV:
        return to_csv(report)
    write = to_markdown if form is Form.MARKDOWN else to_html
    return write(report, Figures(lang, tell))


def to_csv(report: Report) -> str:
    """Every figure on a line of its own: table, row, column, value; RFC 4180.

    Shares are told as two numbers in two lines, the part and the whole; lengths of time are in seconds, days in ISO
    8601. What there is no figure of is left out.
    """
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("table", "row", "column", "value"))
    period = report.period
    for name, fact in (("first", period.first), ("last", period.last), ("zone", report.zone)):
        writer.writerow(("report", "period", name, str(fact)))
    for table in tables(report):
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row.cells[1:], strict=True):
                for ending, value in _plain(cell):
                    writer.writerow((table.key, harmless(row.key), column.key + ending, value))
    return out.getvalue()


def to_markdown(report: Report, words: Figures) -> str:
    """A heading, what stands out, and the tables."""
    parts = [f"# {_marked(title(report, words))}", *(_marked(line) for line in in_short(report, words))]
    for table in tables(report):
        if not table.rows:
            continue
        parts.append(f"## {words(table.title)}")
        head, *rows = _written(table, words)
        lines = [_line(head), _line(["---", *("---:" for _ in head[1:])]), *(_line(row) for row in rows)]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def to_html(report: Report, words: Figures) -> str:
    """The same as one page that loads nothing and runs nothing."""
    heading = escape(title(report, words))
    body = [f"<h1>{heading}</h1>", *(f"<p>{escape(line)}</p>" for line in in_short(report, words))]
    for table in tables(report):
        if not table.rows:
            continue
        head, *rows = _written(table, words)
        body += [f"<h2>{escape(words(table.title))}</h2>", "<table><thead>", _cells(head, "th"), "</thead><tbody>"]
        body += [_cells(row, "td") for row in rows]
        body.append("</tbody></table>")
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{words.lang or "en"}"><head><meta charset="utf-8">',
            f"<title>{heading}</title><style>{_STYLE}</style></head><body>",
            *body,
            "</body></html>\n",
        ]
    )


def title(report: Report, words: Figures) -> str:
    """What a report is of."""
    return words(Gist.of(report).title(words))


def in_short(report: Report, words: Figures) -> list[str]:
    """The few lines that a report begins with."""
    return [words(line) for line in Gist.of(report).lines(words)]


def cell_told(cell: Cell, words: Figures) -> str:
    """A cell as people read it."""
    if isinstance(cell, Share):
        return _share_told(cell, words)
    if isinstance(cell, timedelta):
        return words.length(cell)
    if isinstance(cell, date):
        return words.day(cell)
    if isinstance(cell, int):
        return words.number(cell)
    return words(cell) if isinstance(cell, Sentence) else cell or NOTHING


def change_told(now: Cell, before: Cell, words: Figures) -> str:
    """How a figure has changed, as people read it."""
    changed = change(now, before)
    if changed is None:
        return NOTHING
    return words.points(changed) if isinstance(now, Share) else words.change(changed)


def _share_told(share: Share, words: Figures) -> str:
    if share.of_one is None:
        return NOTHING
    part, whole = words.number(share.part), words.number(share.whole)
    return words(Sentence("{share} ({part} of {whole})", share=words.share(share.of_one), part=part, whole=whole))


def _written(table: Table, words: Figures) -> list[list[str]]:
    head = [column.name if isinstance(column.name, str) else words(column.name) for column in table.columns]
    rows = [[cell_told(cell, words) for cell in row.cells] for row in table.rows]
    if table.key == "figures":
        head.append(words(Sentence("Difference")))
        for told, row in zip(rows, table.rows, strict=True):
            told.append(change_told(row.cells[1], row.cells[2], words))
    return [head, *rows]


def _plain(cell: Cell) -> list[tuple[str, str]]:
    if cell is None:
        return []
    if isinstance(cell, Share):
        return [("_part", str(cell.part)), ("_whole", str(cell.whole))]
    if isinstance(cell, timedelta):
        return [("_seconds", f"{cell.total_seconds():.3f}".rstrip("0").rstrip("."))]
    return [("", str(cell))]


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(_marked(cell) for cell in cells)} |"


def _marked(text: str) -> str:
    for sign in "\\|*_`<[":
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", " ")


def _cells(cells: list[str], tag: str) -> str:
    first, *others = (escape(cell) for cell in cells)
    scope = "col" if tag == "th" else "row"
    figures = "".join(f'<{tag} class="figure">{cell}</{tag}>' for cell in others)
    return f'<tr><th scope="{scope}">{first}</th>{figures}</tr>'


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b2430}"
    "table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.2rem .6rem;border-bottom:1px solid #d5dbe3;"
    "text-align:left}.figure{text-align:right;font-variant-numeric:tabular-nums}"
)
