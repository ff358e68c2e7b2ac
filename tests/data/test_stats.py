"""The figures of a period, held against a count of their own: volume, corrections, answers by people and by rules."""

from __future__ import annotations

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, update

from data.store import SqlStore
from data.tables import message
from inbox.brand import Brand
from inbox.cases import CaseAct
from inbox.desk import Desk
from inbox.errors import NotPossible
from inbox.hours import OpeningHours
from inbox.model import Label, Prediction
from inbox.stats import OTHER, UNSURE, ResponseTimes, Stats, stats
from tests.builders import AClock, a_message, an_outcome, some_words
from tests.data.moderating import Group
from tests.data.steps import MODERATOR, take_in, triage
from tests.inbox.builders import NOON, PARIS, a_prediction, in_paris

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HOLD = 20 * SECOND
COMPLAINT, LEAD, PRAISE, OFFENSIVE = Label.COMPLAINT, Label.SALES_LEAD, Label.PRAISE, Label.OFFENSIVE


class Inbox:
    """A store in which things happen at moments of their own."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = AClock(NOON)
        self.desk = Desk(
            brand=Brand("Loriot", OpeningHours(PARIS)),
            store=store,
            classifier=None,  # type: ignore[arg-type]  # nothing is classified here
            rules=None,  # type: ignore[arg-type]  # nor decided by rules
            rule_book_version=1,
            responses={},
            clock=self.clock,
        )

    def hears(
        self,
        thread: str,
        *,
        at: datetime,
        prediction: Prediction | None = None,
        external_id: str | None = None,
        rule_replies: bool = False,
        read: bool = True,
    ) -> int:
        """A contact writes, and triage makes a draft or a rule's reply of it; the number of the message."""
        said = a_message(thread=thread, sent_at=at, external_id=external_id)
        (message_id,) = take_in(self.store, said, now=at)
        words = [some_words(f"{thread} {message_id}", response=f"r{message_id}")]
        if read:
            triage(
                self.store,
                lambda message: an_outcome(
                    message,
                    prediction,
                    drafts=[] if rule_replies else words,
                    sends=words if rule_replies else [],
                    not_before=at,
                ),
                now=at,
            )
        assert message_id is not None
        return message_id

    def person_replies(self, message_id: int, *, at: datetime, parts: int = 1, hold: timedelta = HOLD) -> datetime:
        """A person approves the draft on a message; when the first part of the reply left."""
        with self.store.begin() as books:
            found = books.find_subject(message_id)
            assert found is not None
            view = books.conversation(found.conversation_id)
            assert view is not None
            (draft,) = (draft for draft in view.drafts if draft.message_id == message_id)
            texts = [f"part {number}" for number in range(parts)]
            first = books.approve(draft.id, parts=texts, by=MODERATOR, not_before=at, now=at)
        assert first is not None
        for number in range(parts):
            self.leaves(first + number, at=at + hold + number * SECOND)
        return at + hold

    def leaves(self, send_id: int, *, at: datetime) -> None:
        with self.store.begin() as books:
            books.mark_sent(send_id, external_id=f"out-{send_id}", now=at)

    def rule_reply_leaves(self, *, at: datetime) -> None:
        with self.store.read() as books:
            waiting = books.waiting_automatic()
        for send in waiting:
            self.leaves(send.id, at=at)

    def team_answers(self, external_id: str, *, at: datetime) -> None:
        """One of the team answers on the channel itself."""
        with self.store.begin() as books:
            said = a_message("Je regarde", author="ines", author_name="Ines", parent=external_id, sent_at=at)
            assert books.keep_answer(said, now=at) is not None

    def counted(self, *, at: datetime, length: timedelta = 2 * DAY) -> Stats:
        self.clock.now = at
        return stats(self.desk, length=length)


@pytest.fixture
def inbox(store: SqlStore) -> Inbox:
    return Inbox(store)


def test_an_empty_inbox_has_days_and_no_figures(inbox: Inbox):
    counted = inbox.counted(at=NOON, length=7 * DAY)

    assert [day.day for day in counted.days] == [date(2026, 6, 3) + number * DAY for number in range(8)]
    assert (counted.since, counted.until) == (in_paris(2026, 6, 3), NOON)
    assert (counted.messages, counted.unanswered, counted.responses) == (0, 0, ResponseTimes())
    assert (counted.replies_by_people, counted.replies_automatic, counted.cases_opened) == (0, 0, 0)


def test_messages_count_on_the_day_they_were_sent_by_the_clocks_of_the_brand(inbox: Inbox):
    inbox.hears("late", at=in_paris(2026, 6, 9, 23, 59), prediction=a_prediction(COMPLAINT, OFFENSIVE))
    inbox.hears("early", at=in_paris(2026, 6, 10, 0, 1), prediction=a_prediction(PRAISE, unsure=[LEAD]))
    inbox.hears("foreign", at=in_paris(2026, 6, 10, 0, 2), prediction=a_prediction(lang="xx", lang_known=False))
    inbox.hears("plain", at=in_paris(2026, 6, 10, 0, 3), prediction=a_prediction())
    inbox.hears("before", at=in_paris(2026, 6, 7, 23, 59), prediction=a_prediction(PRAISE))

    counted = inbox.counted(at=NOON)

    assert [day.messages for day in counted.days] == [0, 1, 3]
    assert {name: n for name, n in counted.days[1].kinds.items() if n} == {"complaint": 1, "offensive": 1}
    assert {name: n for name, n in counted.days[2].kinds.items() if n} == {"praise": 1, UNSURE: 2, OTHER: 1}
    assert counted.messages == counted.unanswered == 4


def test_what_a_person_says_counts_over_the_model(inbox: Inbox):
    wrong = inbox.hears("ironic", at=NOON, prediction=a_prediction(PRAISE, unsure=[OFFENSIVE]))
    none = inbox.hears("plain", at=NOON, prediction=a_prediction(COMPLAINT))
    taken_back = inbox.hears("rash", at=NOON, prediction=a_prediction(LEAD))
    with inbox.store.begin() as books:
        books.keep_correction(wrong, after=[COMPLAINT], why="", by=MODERATOR, now=NOON)
        books.keep_correction(none, after=[], why="", by=MODERATOR, now=NOON)
        books.keep_correction(taken_back, after=[PRAISE], why="", by=MODERATOR, now=NOON)
        books.drop_correction(taken_back, now=NOON)

    assert {name: n for name, n in inbox.counted(at=NOON).kinds.items() if n} == {
        "complaint": 1,
        OTHER: 1,
        "sales_lead": 1,
    }


def test_what_was_thought_before_an_edit_does_not_count(inbox: Inbox):
    inbox.hears("a", at=NOON, prediction=a_prediction(PRAISE), external_id="1")
    with inbox.store.begin() as books:
        found = books.find_message("telegram", "1")
        assert found is not None
        books.add_version(found.id, text="Voleurs", edited_at=NOON)

    unread = inbox.counted(at=NOON)
    triage(inbox.store, lambda message: an_outcome(message, a_prediction(OFFENSIVE)))

    assert (unread.messages, sum(unread.kinds.values())) == (1, 0)
    assert {name: n for name, n in inbox.counted(at=NOON).kinds.items() if n} == {"offensive": 1}


def test_a_message_that_was_taken_back_came_in_and_waits_for_nobody(inbox: Inbox):
    inbox.hears("a", at=NOON - HOUR, prediction=a_prediction(PRAISE), external_id="gone")
    later = inbox.hears("a", at=NOON - 10 * MINUTE, prediction=a_prediction(PRAISE))
    with inbox.store.begin() as books:
        found = books.find_message("telegram", "gone")
        assert found is not None
        books.mark_deleted(found.id, deleted_at=NOON - 50 * MINUTE, keep_text=False)

    before = inbox.counted(at=NOON)
    inbox.person_replies(later, at=NOON - HOLD)
    after = inbox.counted(at=NOON)

    assert (before.messages, before.kinds["praise"], before.unanswered) == (2, 2, 1)
    assert (after.unanswered, after.responses.median) == (0, 10 * MINUTE)


def test_a_run_of_messages_waits_from_its_first_to_the_first_reply_of_a_person(inbox: Inbox):
    inbox.hears("a", at=NOON - 3 * HOUR)
    last = inbox.hears("a", at=NOON - 2 * HOUR)
    left = inbox.person_replies(last, at=NOON - HOUR, parts=3)
    again = inbox.hears("a", at=NOON - 30 * MINUTE)
    inbox.person_replies(again, at=NOON - 20 * MINUTE)

    counted = inbox.counted(at=NOON)

    first = left - (NOON - 3 * HOUR)
    assert (counted.responses.count, counted.responses.median) == (2, (first + 10 * MINUTE + HOLD) / 2)
    assert (counted.replies_by_people, counted.replies_automatic, counted.unanswered) == (2, 0, 0)


def test_what_came_while_a_reply_was_held_is_answered_by_the_next(inbox: Inbox):
    first = inbox.hears("a", at=NOON - 3 * HOUR)
    second = inbox.hears("a", at=NOON - 2 * HOUR + SECOND)
    inbox.person_replies(first, at=NOON - 2 * HOUR)

    held = inbox.counted(at=NOON)
    inbox.person_replies(second, at=NOON - HOUR)
    counted = inbox.counted(at=NOON)

    assert (held.unanswered, held.responses.count, held.responses.median) == (1, 1, HOUR + HOLD)
    assert (counted.unanswered, counted.responses.count) == (0, 2)
    assert counted.responses.median == (HOUR + HOLD + HOUR - SECOND + HOLD) / 2


def test_a_rule_that_replies_answers_for_nobody(inbox: Inbox):
    inbox.hears("a", at=NOON - HOUR, rule_replies=True)
    inbox.rule_reply_leaves(at=NOON - 59 * MINUTE)

    alone = inbox.counted(at=NOON)
    later = inbox.hears("a", at=NOON - 30 * MINUTE)
    inbox.person_replies(later, at=NOON - 10 * MINUTE)
    counted = inbox.counted(at=NOON)

    assert (alone.replies_automatic, alone.replies_by_people, alone.responses.count, alone.unanswered) == (1, 0, 0, 1)
    assert (counted.replies_automatic, counted.replies_by_people) == (1, 1)
    assert counted.responses.median == 50 * MINUTE + HOLD


def test_one_of_the_team_who_answers_on_the_channel_has_answered(inbox: Inbox):
    inbox.hears("a", at=NOON - HOUR, external_id="1")
    inbox.team_answers("1", at=NOON - 45 * MINUTE)

    counted = inbox.counted(at=NOON)

    assert (counted.replies_by_people, counted.responses.count, counted.responses.median) == (1, 1, 15 * MINUTE)
    assert counted.unanswered == 0


def test_a_reply_that_the_channel_echoed_before_we_knew_it_was_sent_counts_once(inbox: Inbox):
    message_id = inbox.hears("a", at=NOON - HOUR)
    take_in(inbox.store, a_message("part 0", external_id="out-1", thread="echo", sent_at=NOON - 2 * DAY))
    inbox.person_replies(message_id, at=NOON - HOLD)

    counted = inbox.counted(at=NOON)

    assert (counted.replies_by_people, counted.responses.count, counted.responses.median) == (1, 1, HOUR)


def test_an_answer_stays_an_answer_when_the_message_is_edited_later(inbox: Inbox):
    message_id = inbox.hears("a", at=NOON - 3 * HOUR, external_id="1")
    inbox.person_replies(message_id, at=NOON - 2 * HOUR)
    with inbox.store.begin() as books:
        books.add_version(message_id, text="Toujours rien", edited_at=NOON - HOUR)

    counted = inbox.counted(at=NOON)

    assert (counted.responses.count, counted.responses.median) == (1, HOUR + HOLD)
    assert counted.unanswered == 1


def test_what_was_closed_without_a_word_does_not_wait_for_a_later_reply(inbox: Inbox):
    closed = inbox.hears("a", at=NOON - DAY)
    with inbox.store.begin() as books:
        books.connection.execute(update(message).where(message.c.id == closed).values(dealt_at=NOON - 5 * HOUR))
    later = inbox.hears("a", at=NOON - HOUR)

    before = inbox.counted(at=NOON)
    inbox.person_replies(later, at=NOON - 30 * MINUTE)
    after = inbox.counted(at=NOON)

    assert (before.unanswered, before.responses.count) == (1, 0)
    assert (after.unanswered, after.responses.count, after.responses.median) == (0, 1, 30 * MINUTE + HOLD)


def test_an_answer_counts_on_the_day_it_left_though_it_was_asked_before_the_period(inbox: Inbox):
    message_id = inbox.hears("a", at=NOON - 5 * DAY)
    inbox.person_replies(message_id, at=NOON - DAY)

    counted = inbox.counted(at=NOON)

    assert (counted.messages, counted.responses.median) == (0, 4 * DAY + HOLD)
    assert [day.responses.count for day in counted.days] == [0, 1, 0]


def test_a_reply_that_has_not_left_counts_for_nothing(inbox: Inbox):
    message_id = inbox.hears("a", at=NOON - HOUR)
    with inbox.store.begin() as books:
        subject = books.find_subject(message_id)
        assert subject is not None
        view = books.conversation(subject.conversation_id)
        assert view is not None
        books.approve(view.drafts[0].id, parts=["Bonjour"], by=MODERATOR, not_before=NOON, now=NOON)

    counted = inbox.counted(at=NOON)

    assert (counted.replies_by_people, counted.responses.count, counted.unanswered) == (0, 0, 1)


def test_cases_count_when_they_were_opened(store: SqlStore):
    group = Group(store)
    group.act(CaseAct.DELETE, group.say())
    group.clock.advance(3 * DAY)
    group.act(CaseAct.DELETE, group.say(author="remi"))

    assert stats(group.desk, length=DAY).cases_opened == 1
    assert stats(group.desk, length=7 * DAY).cases_opened == 2


def test_the_brands_of_one_database_do_not_count_each_others_messages(inbox: Inbox):
    inbox.hears("a", at=NOON)
    other = Inbox(SqlStore(inbox.store.engine, brand="Merle"))

    assert (inbox.counted(at=NOON).messages, other.counted(at=NOON).messages) == (1, 0)


def test_figures_go_back_a_year_at_most(inbox: Inbox):
    inbox.counted(at=NOON, length=366 * DAY)

    with pytest.raises(NotPossible, match="a year at most"):
        inbox.counted(at=NOON, length=367 * DAY)


def test_a_long_period_takes_as_many_statements_as_a_short_one(inbox: Inbox):
    statements: list[str] = []
    event.listen(inbox.store.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))

    inbox.counted(at=NOON, length=DAY)
    for_a_day = len(statements)
    inbox.counted(at=NOON, length=365 * DAY)

    assert len(statements) == 2 * for_a_day <= 14


@dataclass
class Ledger:
    """What happened, noted down as it was done: a count that knows nothing of the store."""

    said: list[tuple[datetime, tuple[str, ...]]] = field(default_factory=list)
    waiting: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    waits: list[tuple[datetime, timedelta]] = field(default_factory=list)
    by_people: list[datetime] = field(default_factory=list)
    automatic: list[datetime] = field(default_factory=list)

    def answered(self, thread: str, *, at: datetime) -> None:
        self.by_people.append(at)
        if self.waiting[thread]:
            self.waits.append((at, at - min(self.waiting.pop(thread))))


CHOICES: Sequence[tuple[Prediction, tuple[str, ...]]] = (
    (a_prediction(), (OTHER,)),
    (a_prediction(PRAISE), ("praise",)),
    (a_prediction(COMPLAINT, OFFENSIVE), ("complaint", "offensive")),
    (a_prediction(LEAD, unsure=[PRAISE]), ("sales_lead", UNSURE)),
    (a_prediction(lang="xx", lang_known=False), (UNSURE,)),
)


def a_lively_week(inbox: Inbox, *, around: datetime, seed: int) -> Ledger:
    """Messages, corrections, replies by people and rules, every few minutes over the days around a moment."""
    dice, ledger = random.Random(seed), Ledger()
    now = around - 3 * DAY
    while (now := now + dice.randint(5, 90) * MINUTE + dice.randint(0, 999_999) * SECOND / 10**6) < around + 2 * DAY:
        thread = f"t{dice.randint(1, 5)}"
        external_id = f"{seed}-{now.timestamp()}"
        prediction, words = dice.choice(CHOICES)
        rule_replies = dice.random() < 0.2
        message_id = inbox.hears(
            thread, at=now, prediction=prediction, external_id=external_id, rule_replies=rule_replies
        )
        ledger.waiting[thread].append(now)
        if rule_replies:
            inbox.rule_reply_leaves(at=now + SECOND)
            ledger.automatic.append(now + SECOND)
        if dice.random() < 0.2:
            with inbox.store.begin() as books:
                corrected = books.keep_correction(message_id, after=[PRAISE], why="", by=MODERATOR, now=now)
            words = ("praise",) if corrected else words
        ledger.said.append((now, words))
        if (chance := dice.random()) < 0.3 and not rule_replies:
            at = now + dice.randint(1, 4) * MINUTE
            ledger.answered(thread, at=inbox.person_replies(message_id, at=at, parts=dice.randint(1, 2)))
        elif chance > 0.85:
            at = now + dice.randint(1, 4) * MINUTE
            inbox.team_answers(external_id, at=at)
            ledger.answered(thread, at=at)
    return ledger


@pytest.mark.parametrize("change", [in_paris(2026, 3, 29, 3), in_paris(2026, 10, 25, 2)], ids=["spring", "autumn"])
def test_over_a_clock_change_every_figure_equals_a_count_of_its_own(inbox: Inbox, change: datetime):
    ledger = a_lively_week(inbox, around=change, seed=change.month)
    until = change + 36 * HOUR
    first = (until - 3 * DAY).astimezone(PARIS).date()

    counted = inbox.counted(at=until, length=3 * DAY)

    def in_period(moment: datetime) -> bool:
        return moment.astimezone(PARIS).date() >= first and moment <= until

    said = [(moment.astimezone(PARIS).date(), words) for moment, words in ledger.said if in_period(moment)]
    per_day = Counter(day for day, _words in said)
    kinds = Counter((day, word) for day, words in said for word in words)
    assert [day.day for day in counted.days] == [first + number * DAY for number in range(4)]
    assert [day.messages for day in counted.days] == [per_day[day.day] for day in counted.days]
    for day in counted.days:
        assert {kind: n for kind, n in day.kinds.items() if n} == {
            word: n for (on, word), n in kinds.items() if on == day.day
        }
    assert counted.replies_by_people == sum(map(in_period, ledger.by_people))
    assert counted.replies_automatic == sum(map(in_period, ledger.automatic))
    # Whatever happened after the period is in the store, and counts for nothing.
    waits = [(at.astimezone(PARIS).date(), wait / SECOND) for at, wait in ledger.waits if in_period(at)]
    assert counted.responses.count == len(waits)
    for day in counted.days:
        of_day = [wait for on, wait in waits if on == day.day]
        assert day.responses.count == len(of_day) > 1
        assert day.responses.median is not None
        assert day.responses.p90 is not None
        assert day.responses.median / SECOND == pytest.approx(statistics.median(of_day))
        assert day.responses.p90 / SECOND == pytest.approx(statistics.quantiles(of_day, n=10, method="inclusive")[-1])


@pytest.mark.parametrize(
    ("midnight", "hours"), [(in_paris(2026, 3, 29), 23), (in_paris(2026, 10, 25), 25)], ids=["spring", "autumn"]
)
def test_each_hour_of_the_day_of_a_clock_change_counts_on_that_day(inbox: Inbox, midnight: datetime, hours: int):
    for number in range(-1, hours + 1):
        inbox.hears(f"{number}", at=midnight + number * HOUR)

    counted = inbox.counted(at=midnight + DAY + 10 * HOUR, length=2 * DAY)

    assert {day.day: day.messages for day in counted.days if day.messages} == {
        midnight.astimezone(PARIS).date() - DAY: 1,
        midnight.astimezone(PARIS).date(): hours,
        midnight.astimezone(PARIS).date() + DAY: 1,
    }
