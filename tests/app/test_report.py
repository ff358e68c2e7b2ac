"""`vigie report`: its forms, its periods, and what it says of a period that makes no sense."""

from __future__ import annotations

import csv
import re
from datetime import timedelta
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import app
from app.wiring import now
from app.words import speak, tell_in
from data.store import open_store
from inbox.figures import Figures
from inbox.kpi_tables import tables
from inbox.kpis import Kpis, Period, Report, Share, last_week
from inbox.report_files import Form, to_text
from inbox.stats import KINDS, DayStats, ResponseTimes
from tests.builders import a_message
from tests.data.steps import take_in
from tests.inbox.builders import NOON, PARIS

WORDS = Figures("en", tell_in)
DAY = timedelta(days=1)


@pytest.fixture
def shell(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A shell over a store with three messages of last week, one of them on a channel with a wicked name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIGIE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("VIGIE_BRAND__NAME", "Loriot & fils")
    speak("en")
    monday = last_week(now=now(), zone=PARIS).starts(PARIS)[last_week(now=now(), zone=PARIS).first]
    with open_store(sqlite_url, brand="main") as store:
        said = [a_message(sent_at=monday + timedelta(hours=9), external_id=f"{n}") for n in range(2)]
        odd = a_message(channel='=cmd|"<b>', sent_at=monday + timedelta(hours=33))
        take_in(store, *said, odd, now=now())
    return CliRunner()


def told(shell: CliRunner, *words: str) -> str:
    done = shell.invoke(app, ["report", *words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_f79_the_weekly_report_has_the_same_figures_in_each_form(shell: CliRunner):
    markdown = told(shell, "--week")
    page = told(shell, "--week", "--format", "html")
    values = list(csv.reader(StringIO(told(shell, "--week", "--format", "csv"))))

    assert ["figures", "messages", "now", "3"] in values
    assert [row[3] for row in values if row[0] == "days" and row[2] == "messages"] == [
        "2",
        "1",
        "0",
        "0",
        "0",
        "0",
        "0",
    ]
    assert "| Messages | 3 | 0 | – |" in markdown
    assert "The busiest hour: Monday, from 9:00 on (Europe/Paris)." in markdown
    assert cells_of(page)[:3] == ["3", "0", "–"]


def test_names_from_outside_are_words_in_every_form(shell: CliRunner):
    forms = {form: told(shell, "--week", "--format", form.value) for form in Form}

    assert "'=cmd" in forms[Form.CSV]
    assert "\n=cmd" not in forms[Form.CSV]
    assert '=cmd\\|"\\<b>' in forms[Form.MARKDOWN]
    assert "<b>" not in forms[Form.HTML]
    assert "Loriot &amp; fils" in forms[Form.HTML]


def test_the_page_loads_nothing_and_runs_nothing(shell: CliRunner):
    page = told(shell, "--week", "--format", "html")

    assert not re.search(r"src=|href=|<script|url\(", page)


def test_days_are_named_or_counted(shell: CliRunner):
    week = last_week(now=now(), zone=PARIS)

    assert "| Messages | 2 |" in told(shell, "--from", f"{week.first}", "--to", f"{week.first}")
    assert "| Messages | 3 |" in told(shell, "--from", f"{week.first}")
    assert "| Messages | 3 |" in told(shell, "--days", "14")


@pytest.mark.parametrize(
    "words",
    [
        ("--week", "--days", "3"),
        ("--to", "2026-11-23"),
        ("--from", "23/11/2026"),
        ("--from", "2026-02-30"),
        ("--from", "2026-11-23", "--to", "2026-11-20"),
        ("--from", "2016-11-23"),
        ("--from", "2999-01-01", "--to", "2999-01-02"),
    ],
)
def test_what_is_no_period_is_refused_in_words(shell: CliRunner, words: tuple[str, ...]):
    done = shell.invoke(app, ["report", *words])

    assert done.exit_code != 0
    assert not done.stdout


def test_each_form_is_written_in_french_too():
    markdown = to_text(a_report(), Form.MARKDOWN, tell=tell_in, lang="fr")

    assert "01/06/2026" in markdown
    assert "1\u202f234" in markdown
    assert "25\u202f%" in markdown
    assert to_text(a_report(), Form.CSV, tell=tell_in, lang="fr") == to_text(
        a_report(), Form.CSV, tell=tell_in, lang="en"
    )


def test_shares_change_by_points_and_counts_in_proportion():
    markdown = to_text(a_report(), Form.MARKDOWN, tell=tell_in, lang="en")

    assert "| Messages | 1,234 | 617 | +100% |" in markdown
    assert "| Replies sent by themselves | 25% (1 of 4) | 50% (1 of 2) | −25 pts |" in markdown


def test_each_row_of_each_table_has_a_cell_for_each_column():
    for table in tables(a_report()):
        assert {len(row.cells) for row in table.rows} <= {len(table.columns)}


def a_report() -> Report:
    first = NOON.date().replace(day=1)
    return Report(
        brand="Loriot",
        zone="Europe/Paris",
        period=Period(first, first + 6 * DAY),
        until=NOON,
        is_over=True,
        now=some_kpis(1_234, Share(1, 4)),
        before=some_kpis(617, Share(1, 2)),
    )


def some_kpis(messages: int, automation: Share) -> Kpis:
    kinds = dict.fromkeys(KINDS, 0) | {"praise": messages}
    return Kpis(
        days=(DayStats(NOON.date(), messages, kinds, ResponseTimes()),),
        messages=messages,
        kinds=kinds,
        channels={"telegram": {"messages": messages, **kinds}},
        hours=tuple((0,) * 23 + (messages,) for _ in range(7)),
        responses=ResponseTimes(),
        resolutions=ResponseTimes(),
        automation=automation,
        prepared=Share(0, automation.whole - automation.part),
        agreement=Share(0, 0),
        first_answers=Share(0, 0),
        resolved=Share(0, 0),
        acts={},
        leads=0,
        won=0,
    )


class _Cells(HTMLParser):
    """The cells of figures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_in = tag == "td"

    def handle_data(self, data: str) -> None:
        if self._is_in:
            self.found.append(data)
            self._is_in = False


def cells_of(page: str) -> list[str]:
    parser = _Cells()
    parser.feed(page)
    return parser.found
