"""F89: the demo as a newcomer meets it: one real process, its summary, and his first ten minutes on its page.

A machine without Chromium leaves the walk out; in CI it has to run.
"""

from __future__ import annotations

import os
import re
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given, settings
from hypothesis import strategies as some
from playwright.sync_api import Page, expect, sync_playwright

from app.demo import Calendar, demo_settings, read_messages
from app.demo.story import read_acts
from data.store import open_store
from inbox.model import Actor, SlaState, Status
from inbox.sla import stands
from inbox.views import QueueFilter, SendState
from tests.end_to_end.shell import PATIENCE_S, Shell
from tests.web.browsers import CHROMIUM

without_browser = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="There is no Chromium here: apt-get install chromium"
)


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: its folder, what it has said, where its page is, and the time and memory that it took."""

    folder: Path
    said: str
    remarks: str
    address: str
    taken_port: int
    worked_s: float
    megabytes: float

    @property
    def week(self) -> str:
        """The address of a copy of its database as it stood before anybody came: some of these work on the page."""
        return f"sqlite:///{self.folder / 'week.db'}"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all of these, whose port something else has."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        shell = Shell(folder, {"VIGIE_DATABASE_URL": "sqlite:///mine.db", "VIGIE_WEB__PORT": str(port)})
        out, err = folder / "out", folder / "err"
        began = time.monotonic()
        with out.open("wb") as said, err.open("wb") as remarks:
            process = shell.start("demo", "--no-open", stdout=said, stderr=remarks)
        try:
            address = _address(out, err, until=began + PATIENCE_S)
            with (
                closing(sqlite3.connect(folder / "var" / "demo.db")) as kept,
                closing(sqlite3.connect(folder / "week.db")) as copy,
            ):
                kept.backup(copy)
            texts = out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
            yield Demo(folder, *texts, address, port, *_cost(process.pid))
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE_S)


def _address(out: Path, err: Path, *, until: float) -> str:
    """Where the page is, once it answers."""
    while time.monotonic() < until:
        found = re.search(r"The page: (\S+)", out.read_text(encoding="utf-8"))
        if found is not None:
            with suppress(httpx.TransportError):
                httpx.get(found.group(1), timeout=5)
                return found.group(1)
        time.sleep(0.1)  # another process says when; there is nothing to await
    raise AssertionError(err.read_text(encoding="utf-8"))


def _cost(pid: int) -> tuple[float, float]:
    """How many seconds a process has worked, whatever else the machine had to do, and its most memory in MB."""
    of = Path(f"/proc/{pid}")
    peak = re.search(r"VmHWM:\s+(\d+) kB", (of / "status").read_text(encoding="ascii"))
    assert peak is not None
    ticks = sum(int(one) for one in (of / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13])
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak.group(1)) / 1024


def test_f89_it_is_there_in_under_a_minute_and_under_a_gigabyte_on_the_next_free_port(demo: Demo):
    assert demo.worked_s < 60
    assert demo.megabytes < 1_000
    assert f"Port {demo.taken_port} is taken" in demo.said
    assert demo.address != f"http://127.0.0.1:{demo.taken_port}"


def test_it_begins_with_a_summary_and_everything_of_the_week_could_be_done(demo: Demo):
    for words in ("Vélo Brume", "complaint", "instagram", "replies drafted", "Complaints per day", "audit verify"):
        assert words in demo.said
    assert "Left out of the sample week" not in demo.remarks


def test_it_leaves_the_database_of_the_settings_alone(demo: Demo):
    assert not (demo.folder / "mine.db").exists()


def test_the_sample_week_can_be_looked_at_as_it_says(demo: Demo):
    told = dict(re.findall(r"export (\w+)=(\S+)", demo.said))

    looking = Shell(demo.folder, told)

    assert len(looking.vigie("inbox", "--json", "--limit", "500").lines()) > 100
    assert looking.vigie("audit", "verify").code == 0


def test_the_week_has_something_of_everything(demo: Demo):
    now = datetime.now(UTC)
    with open_store(demo.week, brand="main") as store, store.read() as books:
        items = books.queue(QueueFilter(limit=500))
        states = {one.state for item in items for one in stands(item, now=now, hours=HOURS)[:1]}
        views = [view for item in items if (view := books.conversation(item.conversation_id)) is not None]
        failed = books.list_sends(state=SendState.FAILED, limit=5)
        cases, appeals = books.list_cases(limit=50), books.list_appeals(open_only=True, limit=5)
        leads = {lead.status.value for lead in books.list_leads()}
        camilles = books.find_contacts("camille", limit=5)
        tom = books.find_contacts("tom_rides", limit=5)
        crises = [line.what for _, line in books.crisis_lines()]
        modes = books.latest_rule_book()
    files = [one.name for view in views for message in view.messages for one in message.attachments]
    ours = [message for view in views for message in view.messages if message.is_ours]
    assert {SlaState.ON_TRACK, SlaState.DUE_SOON, SlaState.BREACHED} <= states
    assert {Status.OPEN, Status.PENDING, Status.SNOOZED, Status.RESOLVED} <= {item.status for item in items}
    assert [one.error for one in failed] != [None]
    assert len(failed) == 1
    assert {"warn", "hide", "delete", "timeout"} <= {one.act.value for one in cases}
    assert len(appeals) == 1
    assert {"new", "contacted", "won"} <= leads
    assert len(camilles) == 2
    assert len(tom) == 1
    assert "crisis.ended" in crises
    assert modes is not None
    assert modes.author == Actor.person("Nadège")
    assert 'mode = "shadow"' in modes.text
    assert any(view.held_by(now) == "Malo" for view in views)
    assert "carton-ouvert.jpg" in files
    assert len(ours) > 15
    assert {view.messages[0].prediction.lang for view in views if view.messages[0].prediction} >= {"fr", "en"}


HOURS = demo_settings().brand.to_brand().hours


@given(now=some.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=some.just(ZoneInfo("Europe/Paris"))))
@settings(max_examples=25)
def test_whenever_it_is_started_everything_has_happened_and_the_week_is_recent(now: datetime):
    calendar = Calendar.at(now.astimezone(UTC), HOURS)
    moments = [one.sent_at for one in read_messages(calendar)]
    acts = [act.at for act in read_acts(calendar.moment)]

    assert max(*moments, *acts) <= now
    assert min(moments) > now - timedelta(days=9)
    left = calendar.moment({"open_for": 215})
    assert HOURS.open_time(left, now) == timedelta(minutes=215)


@without_browser
def test_a_newcomers_first_ten_minutes(demo: Demo):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(base_url=demo.address, locale="en-GB").new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        _sees_what_it_is(page)
        _answers_takes_it_back_and_resolves(page)
        _looks_at_what_failed(page)
        _pauses_and_resumes(page)
        _puts_the_hints_away(page)
        assert complaints == []
        wide = browser.new_context(base_url=demo.address, color_scheme="light", viewport={"width": 1280, "height": 800})
        phone = browser.new_context(base_url=demo.address, color_scheme="dark", viewport={"width": 390, "height": 800})
        _can_be_read(wide.new_page())
        _can_be_read(phone.new_page())
        browser.close()


def _sees_what_it_is(page: Page) -> None:
    assert "Nothing leaves this machine." in page.locator(".bar.demo").inner_text()
    assert page.locator(".hints li").count() == 3
    assert page.locator("#rows > li").count() == 50


def _answers_takes_it_back_and_resolves(page: Page) -> None:
    page.locator(".hints a").first.click()
    page.locator("#rows > li > a").first.click()
    page.fill("#text", "Nous regardons cela, et nous vous écrivons ici.")
    page.click("form.compose button.main")
    assert page.locator(".leaving .text").inner_text() == "Nous regardons cela, et nous vous écrivons ici."
    page.click(".leaving button")
    expect(page.locator("#text")).to_have_value("Nous regardons cela, et nous vous écrivons ici.")
    page.click("form[data-act=resolve] button")
    assert "is resolved" in page.locator(".bar.done").inner_text()


def _looks_at_what_failed(page: Page) -> None:
    page.click(".parts a:has(.failures)")
    assert "bot is not a member" in page.locator(".outbox .wrong").inner_text()
    page.click("form[data-act=again] button")
    assert page.locator(".failures").count() == 0


def _pauses_and_resumes(page: Page) -> None:
    page.click(".who button:has-text('Pause')")
    assert "paused by demo" in page.locator(".bar:not(.demo)").inner_text()
    page.click(".bar a:has-text('Resume')")
    page.click("button:has-text('Resume')")
    assert page.locator(".bar:not(.demo)").count() == 0


def _puts_the_hints_away(page: Page) -> None:
    page.goto("/b/main/inbox")
    page.click(".hints button")
    assert page.locator(".hints").count() == 0
    page.click(".bar.demo button")
    assert page.locator(".hints").count() == 1


def _can_be_read(page: Page) -> None:
    for path in ("inbox", "outbox?state=sent", "leads", "leads/1", "sending"):
        page.goto(f"/b/main/{path}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
        found = Axe().run(page).response["violations"]
        grave = [one for one in found if one["impact"] in {"serious", "critical"}]
        assert [(path, one["id"], [node["html"] for node in one["nodes"]]) for one in grave] == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
