"""F53: the record of rules over a real store: what is counted of what rules did, and of what people did then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from data import record as record_of_store
from data.since import first_since
from data.store import SqlStore
from data.tables import decision, draft, outbox
from inbox import pipeline
from inbox.corrections import correct
from inbox.errors import NotPossible
from inbox.model import Label
from inbox.ports import InForce
from inbox.promotion import Step, take_step, think_of
from inbox.record import Record, records
from inbox.replies import discard_draft
from inbox.rulebooks import Outlines
from inbox.rulesheets import Checked, RulesPlace
from inbox.sentences import Sentence
from inbox.switches import HELD_BACK
from routing.checking import checked
from routing.editing import with_mode
from routing.outlines import outlines_of
from routing.rulebook import TomlRuleBook, read_rule_book
from tests.builders import a_message
from tests.data.test_backtest import DAY, INES, LATE, MINUTE, THANKS, House

BOOK = """
[[rule]]
name = "complaint"
when = { label = "complaint" }
then = [{ action = "tag", tag = "c" }]
[[rule]]
name = "praise"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
"""


class InMemory:
    """Rules that stand in a variable."""

    def __init__(self, house: House, text: str) -> None:
        self._house, self.text = house, text

    def look(self) -> InForce:
        with self._house.store.begin() as books:
            version = books.keep_rule_book(self.text, author=INES, now=self._house.clock())
        return InForce(read_rule_book(self.text), self._house.desk.responses, version)

    def outlines(self, text: str) -> Outlines:
        return outlines_of(text)

    def read(self, text: str) -> TomlRuleBook:
        return read_rule_book(text)

    def checked(self, text: str) -> Checked:
        return checked(text)

    def place(self) -> RulesPlace:
        return RulesPlace("rules.toml")

    def with_mode(self, text: str, rule: str, mode: str) -> str:
        return with_mode(text, rule, mode)

    def write(self, text: str) -> str:
        self.text = text
        return "rules.toml"


class Watched(House):
    """A house whose rules have a record."""

    def __init__(self, store: SqlStore, text: str = BOOK) -> None:
        super().__init__(store, read_rule_book(text))
        self.rules = InMemory(self, text)
        self.desk = replace(self.desk, in_force=self.rules)
        self.rules.look()
        self.clock.advance(MINUTE)

    def record(self, rule: str = "praise") -> Record:
        return next(one for one in records(self.store, self.rules, now=self.clock()) if one.rule == rule)

    def praised(self, *, author: str = "camille") -> int:
        (message_id,) = self.hears(a_message(THANKS, thread=author, author=author, sent_at=self.clock()))
        return message_id

    def leaves(self, message_id: int) -> None:
        """What a rule has queued for a message leaves, or is refused where the last look says so."""
        with self.store.begin() as books:
            wanted = select(outbox.c.id).where(outbox.c.message_id == message_id)
            for number in books.connection.scalars(wanted).all():
                books.mark_sent(number, external_id=f"out-{number}", now=self.clock())
        self.clock.advance(MINUTE)

    def refuses(self, message_id: int, why: Sentence) -> None:
        with self.store.begin() as books:
            wanted = select(outbox.c.id).where(outbox.c.message_id == message_id)
            books.refuse(books.connection.scalars(wanted).one(), why=why, now=self.clock())


@pytest.fixture
def house(store: SqlStore) -> Watched:
    return Watched(store)


def in_mode(mode: str) -> str:
    return with_mode(BOOK, "praise", mode)


def test_f53_what_people_did_with_the_drafts_of_a_rule_is_its_agreement(house: Watched):
    unchanged, edited, discarded, corrected = (house.praised(author=f"author-{number}") for number in range(4))
    house.clock.advance(MINUTE)
    house.sends(house.draft_on(unchanged).id)
    house.sends(house.draft_on(edited).id, text="Merci à vous, et à bientôt !")
    discard_draft(house.desk, house.draft_on(discarded).id, by=INES)
    correct(house.desk, corrected, after=[Label.COMPLAINT], by=INES)

    record = house.record()

    assert (record.matches, record.in_shadow, record.last_week, record.last_month) == (4, 0, 4, 4)
    words = record.words
    assert (words.prepared, words.answered, words.unchanged, words.edited, words.discarded) == (4, 2, 1, 1, 1)
    assert (record.judged, record.put_right) == (1, 1)
    assert house.record("complaint").matches == 0


def test_f53_the_record_of_a_rule_in_shadow_compares_what_it_would_have_said(store: SqlStore):
    house = Watched(store, in_mode("shadow"))
    message_id = house.praised()
    house.hears_one(LATE, thread="other")

    record = house.record()

    assert (record.mode, record.matches, record.in_shadow) == ("shadow", 1, 1)
    assert (record.words.prepared, record.words.sent) == (1, 0)
    assert not house.drafts()
    with store.read() as books:
        view = books.conversation(house.conversation_of(message_id))
        assert books.connection.scalars(select(outbox.c.id)).all() == []
    assert view is not None
    assert view.last is not None
    assert view.last.decision is not None
    assert [note.says for note in view.last.decision.notes] == [
        'In shadow, rule "{rule}" would have asked for: {action}.'
    ]


def test_f53_a_complaint_within_two_days_after_an_automatic_reply_counts_against_its_rule(store: SqlStore):
    house = Watched(store, in_mode("live"))
    soon, late, never = (house.praised(author=f"author-{number}") for number in range(3))
    for one in (soon, late, never):
        house.leaves(one)
    house.clock.advance(timedelta(hours=46))
    house.hears(a_message(LATE, thread="elsewhere", author="author-0", sent_at=house.clock()))
    house.clock.advance(timedelta(hours=3))
    house.hears(a_message(LATE, thread="author-1", author="author-1", sent_at=house.clock()))
    house.hears(a_message(THANKS, thread="author-2", author="author-2", sent_at=house.clock()))

    record = house.record()

    assert (record.words.sent, record.complaints_after) == (3, 1)


def test_f53_what_a_person_says_a_message_is_counts_before_the_model(store: SqlStore):
    house = Watched(store, in_mode("live"))
    house.leaves(house.praised(author="one"))
    house.leaves(house.praised(author="two"))
    (wrong,) = house.hears(a_message(LATE, thread="one", author="one", sent_at=house.clock()))
    correct(house.desk, wrong, after=[], by=INES)
    (missed,) = house.hears(a_message("Bon.", thread="two", author="two", sent_at=house.clock()))
    assert house.record().complaints_after == 0
    correct(house.desk, missed, after=[Label.COMPLAINT], by=INES)

    assert house.record().complaints_after == 1


def test_f53_what_the_last_look_kept_back_is_counted_and_what_a_pause_kept_back_is_not(store: SqlStore):
    house = Watched(store, in_mode("live"))
    house.refuses(house.praised(author="one"), Sentence("The author has edited the message."))
    house.refuses(house.praised(author="two"), HELD_BACK)

    record = house.record()

    assert (record.matches, record.refused, record.words.sent) == (2, 1, 0)


def test_f53_an_edited_message_counts_once_by_what_was_decided_last(house: Watched):
    message_id = house.praised()
    house.clock.advance(MINUTE)
    with house.store.begin() as books:
        books.add_version(message_id, text=LATE, edited_at=house.clock())
    while pipeline.triage(house.desk):
        pass

    assert (house.record().matches, house.record("complaint").matches) == (0, 1)


def test_f53_a_rule_that_changes_begins_a_record_of_its_own(house: Watched):
    house.praised(author="one")
    step = think_of(house.store, house.rules, "praise", to="live", clock=house.clock)
    house.clock.advance(DAY)
    done = take_step(house.store, house.rules, step, by=INES, why="A try of ours", in_spite=True, clock=house.clock)
    house.praised(author="two")

    record = house.record()

    assert done.version == 2
    assert (record.mode, record.matches, record.last_week) == ("live", 1, 2)
    assert record.since == house.clock()
    with house.store.read() as books:
        reason = books.why_rule_books()[2]
    assert str(reason) == 'Ines has put rule "praise" from draft to live: A try of ours'


def test_f53_a_step_that_something_speaks_against_or_whose_rule_has_changed_is_not_taken(house: Watched):
    step = think_of(house.store, house.rules, "praise", to="live", clock=house.clock)

    def take(step: Step, *, in_spite: bool = False) -> None:
        take_step(house.store, house.rules, step, by=INES, in_spite=in_spite, clock=house.clock)

    with pytest.raises(NotPossible, match="It has held 0 times"):
        take(step)
    with pytest.raises(NotPossible, match="It has held 0 times"):
        take(step, in_spite=True)  # without a reason
    house.rules.text = in_mode("shadow")
    with pytest.raises(NotPossible, match="The rules have changed since"):
        take(replace(step, against=()))
    assert house.rules.text == in_mode("shadow")


def test_the_first_row_since_a_moment_is_found_however_many_there_are(house: Watched):
    moments = []
    for number in range(9):
        house.clock.advance(3 * MINUTE * 60)
        moments.append(house.clock())
        house.praised(author=f"author-{number}")
    with house.store.read() as books:
        ids = books.connection.scalars(select(decision.c.id).order_by(decision.c.id)).all()
        found = [first_since(books, decision.c.id, decision.c.decided_at, moment) for moment in moments]
        after = first_since(books, decision.c.id, decision.c.decided_at, moments[-1] + DAY)
        nothing = first_since(books, draft.c.id, draft.c.created_at, moments[-1] + 90 * DAY)

    assert [low <= number for low, number in zip(found, ids, strict=True)] == [True] * 9
    assert found[1:] == [*ids[1:]]
    assert after > ids[-1]
    assert nothing > 0


def test_a_record_is_read_in_chunks(house: Watched, monkeypatch: pytest.MonkeyPatch):
    for number in range(7):
        house.praised(author=f"author-{number}")
    monkeypatch.setattr(record_of_store, "CHUNK", 3)

    assert house.record().matches == 7
