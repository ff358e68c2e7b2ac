"""The figures of a report, held against SQL written by hand: over a clock change, and on what people and rules did."""

from __future__ import annotations

import statistics
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, insert, text, update

from data.store import SqlStore
from data.tables import channel_account, escalation, lead, moderation_case
from inbox.cases import CaseAct
from inbox.errors import NotPossible
from inbox.kpis import Kpis, Period, Report, Share, last_days, last_week, to_report
from inbox.model import Label
from inbox.sentences import Sentence
from inbox.stats import KINDS, OTHER, UNSURE
from tests.data.steps import MODERATOR
from tests.data.test_stats import DAY, HOUR, MINUTE, SECOND, Inbox
from tests.inbox.builders import NOON, PARIS, a_prediction, in_paris

COMPLAINT, LEAD, PRAISE, OFFENSIVE = Label.COMPLAINT, Label.SALES_LEAD, Label.PRAISE, Label.OFFENSIVE
SPRING, AUTUMN = in_paris(2026, 3, 29, 3), in_paris(2026, 10, 25, 2)
WHY = Sentence("It is done.")


@pytest.fixture
def inbox(store: SqlStore) -> Inbox:
    return Inbox(store)


@pytest.fixture
def lone(sqlite_store: SqlStore) -> Inbox:
    """For what the database has no part in."""
    return Inbox(sqlite_store)


def a_known_week(inbox: Inbox, *, around: datetime) -> None:
    """Forty messages, one every 83 minutes, over a clock change; people and rules answer some, a person judges some."""
    looks = (
        a_prediction(COMPLAINT),
        a_prediction(PRAISE, unsure=[LEAD]),
        a_prediction(),
        a_prediction(OFFENSIVE, COMPLAINT),
        a_prediction(LEAD),
    )
    at = around - 27 * HOUR
    for number in range(40):
        at += 83 * MINUTE
        said = inbox.hears(f"t-{number % 7}", at=at, prediction=looks[number % 5], rule_replies=number % 6 == 5)
        if number % 6 == 5:
            inbox.rule_reply_leaves(at=at + SECOND)
        elif number % 3 == 0:
            inbox.person_replies(said, at=at + (number + 2) * MINUTE, parts=1 + number % 2)
        if number % 4 == 0:
            with inbox.store.begin() as books:
                books.keep_correction(said, after=[COMPLAINT], why="", by=MODERATOR, now=at + MINUTE)
        if number % 10 == 9:
            with inbox.store.begin() as books:
                found = books.find_subject(said)
                assert found is not None
                books.resolve(found.conversation_id, why=WHY, now=at + 20 * MINUTE)


def reported(inbox: Inbox, period: Period, *, at: datetime) -> Report:
    inbox.clock.now = at
    return to_report(inbox.desk, period)


def local(inbox: Inbox, column: str, *, around: datetime) -> str:
    """A moment by the clocks of Paris: as PostgreSQL knows it, and reckoned by hand on SQLite, which knows no zones."""
    if inbox.store.engine.dialect.name == "postgresql":
        return f"({column} AT TIME ZONE 'Europe/Paris')"
    before, after = ("+1 hour", "+2 hours") if around == SPRING else ("+2 hours", "+1 hour")
    change = f"{around:%Y-%m-%d} 01:00"
    return f"datetime({column}, CASE WHEN {column} < '{change}' THEN '{before}' ELSE '{after}' END)"


def hand(inbox: Inbox, sql: str) -> list[tuple[object, ...]]:
    with inbox.store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


@pytest.mark.parametrize("around", [SPRING, AUTUMN], ids=["spring", "autumn"])
def test_f79_figures_equal_sql_written_by_hand_over_a_clock_change(inbox: Inbox, around: datetime):
    a_known_week(inbox, around=around)
    sunday = around.astimezone(PARIS).date()
    kpis = reported(inbox, Period(sunday - DAY, sunday + DAY), at=around + 9 * DAY).now
    when = local(inbox, "m.sent_at", around=around)
    is_sqlite = inbox.store.engine.dialect.name == "sqlite"
    day = f"date({when})"
    hour = f"strftime('%w %H', {when})" if is_sqlite else f"to_char({when}, 'D HH24')"
    within = f"{day} BETWEEN '{sunday - DAY}' AND '{sunday + DAY}'"

    per_day = hand(inbox, f"SELECT {day}, count(*) FROM message m WHERE NOT m.is_ours AND {within} GROUP BY 1")
    assert {str(on): n for on, n in per_day} == {one.day.isoformat(): one.messages for one in kpis.days}
    per_hour = hand(inbox, f"SELECT {hour}, count(*) FROM message m WHERE NOT m.is_ours AND {within} GROUP BY 1")
    # Their weeks begin with Sunday: 0 on SQLite, 1 on PostgreSQL.
    shift = 6 if is_sqlite else 5
    by_hand = {((int(str(at)[0]) + shift) % 7, int(str(at)[2:])): n for at, n in per_hour}
    counted = {(weekday, on): n for weekday, row in enumerate(kpis.hours) for on, n in enumerate(row) if n}
    assert counted == by_hand
    assert (6, 2) not in counted or around == AUTUMN

    stands = """FROM message m JOIN prediction p ON p.message_id = m.id AND p.replaced_at IS NULL
        LEFT JOIN correction c ON c.message_id = m.id AND c.replaced_at IS NULL"""
    kept = "COALESCE(CAST(c.after AS text), CAST(p.labels AS text))"
    for label in Label:
        sql = f"""SELECT count(*) {stands} WHERE {within} AND {kept} LIKE '%"{label}"%'"""
        assert hand(inbox, sql) == [(kpis.kinds[label],)]
    doubt = "c.id IS NULL AND CAST(p.unsure AS text) <> '[]'"
    assert hand(inbox, f"SELECT count(*) {stands} WHERE {within} AND {doubt}") == [(kpis.kinds[UNSURE],)]
    none = f"{kept} = '[]' AND NOT ({doubt})"
    assert hand(inbox, f"SELECT count(*) {stands} WHERE {within} AND {none}") == [(kpis.kinds[OTHER],)]
    assert kpis.channels["telegram"] == {"messages": kpis.messages, **kpis.kinds}

    at = f"date({local(inbox, 'sent_at', around=around)}) BETWEEN '{sunday - DAY}' AND '{sunday + DAY}'"
    for kind, n in (("person", kpis.by_people), ("rule", kpis.automation.part)):
        sql = f"""SELECT count(DISTINCT message_id) FROM outbox
            WHERE kind = 'reply' AND state = 'sent' AND actor_kind = '{kind}' AND {at}"""
        assert hand(inbox, sql) == [(n,)]
    judged = f"""SELECT count(*), sum(CASE WHEN CAST(before AS text) = CAST(after AS text) THEN 1 ELSE 0 END)
        FROM correction WHERE date({local(inbox, "corrected_at", around=around)})
        BETWEEN '{sunday - DAY}' AND '{sunday + DAY}'"""
    assert hand(inbox, judged) == [(kpis.agreement.whole, kpis.agreement.part)]
    assert kpis.agreement.part > 0


def test_f79_response_times_equal_the_waits_noted_by_hand(lone: Inbox):
    waits = [7 * MINUTE, 3 * HOUR, 26 * HOUR, 41 * MINUTE, 2 * MINUTE]
    for number, wait in enumerate(waits):
        said = lone.hears(f"t-{number}", at=NOON - 2 * DAY)
        lone.person_replies(said, at=NOON - 2 * DAY + wait, hold=0 * SECOND)

    times = reported(lone, Period(date(2026, 6, 4), date(2026, 6, 10)), at=NOON).now.responses

    assert times.count == 5
    assert times.median == 41 * MINUTE
    seconds = sorted(wait / SECOND for wait in waits)
    assert times.p90 is not None
    assert times.p90 / SECOND == pytest.approx(statistics.quantiles(seconds, n=10, method="inclusive")[-1])


def test_what_is_resolved_had_waited_since_it_began_or_was_resolved_before(inbox: Inbox):
    first = inbox.hears("a", at=NOON - 3 * DAY)
    with inbox.store.begin() as books:
        found = books.find_subject(first)
        assert found is not None
        place = found.conversation_id
        books.resolve(place, why=WHY, now=NOON - 3 * DAY + HOUR)
    by_then = reported(inbox, last_days(7, now=NOON - DAY, zone=PARIS), at=NOON - DAY).now
    _note_resolved(inbox, place, at=NOON - 3 * DAY + HOUR)
    inbox.hears("a", at=NOON - 5 * HOUR)
    with inbox.store.begin() as books:
        books.resolve(place, why=WHY, now=NOON - 2 * HOUR)

    now = reported(inbox, last_days(7, now=NOON, zone=PARIS), at=NOON).now

    assert (by_then.resolutions.count, by_then.resolutions.median) == (1, HOUR)
    assert (now.resolutions.count, now.resolutions.median) == (1, 3 * HOUR)


def _note_resolved(inbox: Inbox, place: int, *, at: datetime) -> None:
    from inbox.work import note  # noqa: PLC0415  # the name is one that tests use for much else

    with inbox.store.begin() as books:
        note(books, MODERATOR, "conversation.resolved", place, WHY, now=at)


def test_promises_acts_and_leads_count_when_they_fell_due_or_were_done(inbox: Inbox):
    said = inbox.hears("a", at=NOON - DAY)
    with inbox.store.begin() as books:
        found = books.find_subject(said)
        assert found is not None
        place, contact = found.conversation_id, found.contact_id
        brand = {"brand_id": inbox.store.brand_id}
        run = books.connection.execute
        account = books.connection.scalar(channel_account.select().with_only_columns(channel_account.c.id))
        due = {
            "queue": "sav",
            "severity": "high",
            "opened_at": NOON - DAY,
            "resolved_at": NOON,
            "conversation_id": place,
        }
        for in_time, due_at in (
            (True, NOON - HOUR),
            (False, NOON - HOUR),
            (True, NOON - 20 * DAY),
            (None, NOON + HOUR),
        ):
            acknowledged = None if in_time is None else due_at - HOUR if in_time else due_at + MINUTE
            promised = {"first_response_due_at": due_at, "resolution_due_at": due_at, "acknowledged_at": acknowledged}
            run(insert(escalation).values(**brand, **due, **promised))
        case: dict[str, object] = {
            "channel_account_id": account,
            "contact_id": contact,
            "conversation_id": place,
            "evidence": {},
            "reason": "",
            "lang": "fr",
            "points": 0,
            "actor_kind": "person",
            "actor_name": "Ines",
        }
        for number, act in enumerate((CaseAct.HIDE, CaseAct.HIDE, CaseAct.DELETE, CaseAct.TIMEOUT, CaseAct.BAN)):
            run(
                insert(moderation_case).values(**brand, **case, number=number + 1, act=act.value, opened_at=NOON - HOUR)
            )
        run(update(moderation_case).where(moderation_case.c.number == 2).values(undone_at=NOON))
        for number, status in enumerate(("won", "lost")):
            made = {"key": f"k{number}", "status": status, "created_at": NOON - HOUR, "updated_at": NOON}
            empty = {"products": [], "need": "", "score": 1, "score_parts": {}, "revision": 1}
            run(insert(lead).values(**brand, **made, **empty, contact_id=contact, conversation_id=place))

    kpis = reported(inbox, last_days(7, now=NOON, zone=PARIS), at=NOON).now

    assert kpis.first_answers == Share(1, 2)
    assert kpis.resolved == Share(0, 2)
    assert kpis.acts == {CaseAct.HIDE: 1, CaseAct.DELETE: 1, CaseAct.TIMEOUT: 1, CaseAct.BAN: 1}
    assert (kpis.leads, kpis.won) == (2, 1)


def test_a_period_that_goes_on_is_compared_up_to_the_same_time_of_day(lone: Inbox):
    """Though the clocks changed in between."""
    now = in_paris(2026, 3, 30, 12)
    for at in (in_paris(2026, 3, 28, 11, 59), in_paris(2026, 3, 28, 12, 1), in_paris(2026, 3, 30, 11)):
        lone.hears(f"{at}", at=at, prediction=a_prediction(PRAISE))

    told = reported(lone, last_days(2, now=now, zone=PARIS), at=now)

    assert (told.is_over, told.now.messages, told.before.messages) == (False, 1, 1)
    assert [one.messages for one in told.before.days] == [0, 1]


def test_the_last_week_is_the_one_that_ended_on_sunday():
    for now in (in_paris(2026, 11, 30), in_paris(2026, 12, 6, 23, 59)):
        assert last_week(now=now, zone=PARIS) == Period(date(2026, 11, 23), date(2026, 11, 29))
    assert Period(date(2026, 11, 23), date(2026, 11, 29)).before() == Period(date(2026, 11, 16), date(2026, 11, 22))


def test_reports_of_no_day_of_more_than_a_year_or_of_days_to_come_are_refused(lone: Inbox):
    today = NOON.astimezone(PARIS).date()
    for period in (Period(today, today - DAY), Period(today - 366 * DAY, today), Period(today + DAY, today + DAY)):
        with pytest.raises(NotPossible):
            reported(lone, period, at=NOON)
    assert reported(lone, Period(today - 365 * DAY, today), at=NOON).now.messages == 0


def test_the_brands_of_one_database_are_reported_apart(inbox: Inbox):
    a_known_week(inbox, around=SPRING)
    other = Inbox(SqlStore(inbox.store.engine, brand="Merle"))
    period = Period(date(2026, 3, 28), date(2026, 3, 30))

    assert is_empty(reported(other, period, at=AUTUMN).now)
    assert not is_empty(reported(inbox, period, at=AUTUMN).now)


def is_empty(kpis: Kpis) -> bool:
    figures = [kpis.messages, kpis.by_people, kpis.automation.part, kpis.agreement.whole, kpis.resolutions.count]
    return not any([*figures, *(kpis.kinds[kind] for kind in KINDS), *kpis.channels])


def test_a_report_of_a_year_takes_as_many_statements_as_one_of_a_day(lone: Inbox):
    statements: list[str] = []
    event.listen(lone.store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    reported(lone, last_days(1, now=NOON, zone=PARIS), at=NOON)
    for_a_day = len(statements)

    reported(lone, last_days(365, now=NOON, zone=PARIS), at=NOON)

    assert len(statements) == 2 * for_a_day <= 68


def test_a_day_ends_a_microsecond_before_the_next(inbox: Inbox):
    inbox.hears("in", at=in_paris(2026, 6, 10) - timedelta(microseconds=1))
    inbox.hears("out", at=in_paris(2026, 6, 10))

    assert reported(inbox, Period(date(2026, 6, 9), date(2026, 6, 9)), at=NOON).now.messages == 1
