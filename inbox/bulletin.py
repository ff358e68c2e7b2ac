"""The report of the week, put up in the rooms of the team by itself: once, whoever is restarted when."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.alerts import AlertKind
from inbox.audit import AuditLine
from inbox.desk import Desk
from inbox.gist import Gist
from inbox.kpis import DAY, Period, to_report
from inbox.sentences import Sentence
from inbox.work import CLOCK

LATE_AT_MOST = timedelta(hours=12)
"""Where nothing ran at the hour, the report still comes within this time; later it would be news of yesterday."""


def last_due(*, weekday: int, hour: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The last time, up to now, that it was this hour on this day of the week, 0 for Monday, in a zone."""
    today = now.astimezone(zone).date()
    day = today - ((today.weekday() - weekday) % 7) * DAY
    due = datetime.combine(day, time(hour), zone).astimezone(UTC)
    return due if due <= now else datetime.combine(day - 7 * DAY, time(hour), zone).astimezone(UTC)


def look(desk: Desk) -> int:
    """Put up the report of the seven days before, when its hour has come; how many reports.

    Safe to be run at any time, twice, and by several processes: that it was put up is a row that can be there once.
    """
    if desk.bulletin is None:
        return 0
    now, zone = desk.clock(), desk.brand.hours.zone
    due = last_due(weekday=desk.bulletin.weekday, hour=desk.bulletin.hour, now=now, zone=zone)
    if now - due > LATE_AT_MOST:
        return 0
    day = due.astimezone(zone).date()
    week = f"{day:%G-W%V}"
    with desk.store.read() as books:
        if books.has_bulletin(week):
            return 0
    gist = Gist.of(to_report(desk, Period(day - 7 * DAY, day - DAY)))
    with desk.store.begin() as books:
        if not books.take_bulletin(week, now=now):
            return 0
        if not gist.messages and gist.half_s is None:
            return 0
        for former in books.open_alerts([AlertKind.REPORT]):
            books.end_alert(former.id, now=now)
        number = books.raise_alert(AlertKind.REPORT, week, facts=gist.to_facts(), now=now)
        why = Sentence("The report of {first} to {last} is put up.", first=gist.first, last=gist.last)
        books.write_audit([AuditLine(now, CLOCK, "report.put_up", "alert", number or 0, why, {"week": week})])
        books.seal_audit()
    return 1
