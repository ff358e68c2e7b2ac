"""F50: what rules ask about a contact and about the moment, gathered for a whole batch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import event

from data.store import SqlBooks, SqlStore
from inbox import crisis
from inbox.background import NO_NEEDS, Background, Needs
from inbox.cases import CaseAct, Order
from inbox.model import Actor
from inbox.moderation import moderate, undo
from routing.rulebook import read_rule_book
from tests.builders import a_message
from tests.data.steps import take_in, triage
from tests.data.test_backtest import House
from tests.inbox.builders import NOON

INES = Actor.person("Ines")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERYTHING = Needs(True, True, 30 * DAY, timedelta.max, True, True)


def around(store: SqlStore, needs: Needs = EVERYTHING, *, past: bool = False) -> dict[str, Background]:
    """What surrounds each message that waits, by its text."""
    with store.begin() as books:
        waiting = books.claim_waiting(100)
        found = books.backgrounds(waiting, needs, past=past)
        return {one.text: found[one.id] for one in waiting if one.id in found}


@contextmanager
def counted(books: SqlBooks) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(books.connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(books.connection, "before_cursor_execute", note)


def test_nothing_is_asked_of_the_store_for_rules_that_need_nothing(store: SqlStore):
    take_in(store, a_message())
    with store.begin() as books:
        waiting = books.claim_waiting(100)
        with counted(books) as statements:
            assert books.backgrounds(waiting, NO_NEEDS) == {}

    assert statements == []


def test_a_batch_takes_as_many_statements_as_one_message(store: SqlStore):
    counts = []
    for size in (1, 30):
        take_in(store, *(a_message(f"{size} {n}", author=f"a{n}", thread=f"t{n}") for n in range(size)))
        with store.begin() as books:
            waiting = books.claim_waiting(100)
            with counted(books) as statements:
                books.backgrounds(waiting, EVERYTHING)
            counts.append(len(statements))
        triage(store)

    assert counts[0] == counts[1] <= 7


def test_the_first_message_of_a_contact_is_the_one_he_sent_first_wherever_that_was(store: SqlStore):
    take_in(store, a_message("second", sent_at=NOON), a_message("first", thread="post-2", sent_at=NOON - HOUR))
    take_in(store, a_message("somebody else", author="lou", sent_at=NOON))

    assert {text: one.is_first for text, one in around(store).items()} == {
        "second": False,
        "first": True,
        "somebody else": True,
    }


def test_the_messages_of_a_contact_are_counted_over_all_threads(store: SqlStore):
    take_in(store, a_message("a", sent_at=NOON - 2 * DAY), a_message("b", thread="post-2", sent_at=NOON - DAY))
    triage(store)
    take_in(store, a_message("c", sent_at=NOON), a_message("d", author="lou", sent_at=NOON))

    found = around(store)
    assert found["c"].messages == [NOON - 2 * DAY, NOON - DAY, NOON]
    assert found["d"].messages == [NOON]


def test_a_tag_of_any_conversation_is_one_of_the_contact(store: SqlStore):
    take_in(store, a_message("a"), a_message("b", thread="post-2"), a_message("c", author="lou"))
    with store.begin() as books:
        books.add_tag(books.claim_waiting(1)[0].conversation_id, tag="vip")

    assert {text: one.tags for text, one in around(store).items()} == {
        "a": frozenset({"vip"}),
        "b": frozenset({"vip"}),
        "c": frozenset(),
    }


def test_the_same_words_from_anyone_on_the_channel_within_the_hour_are_a_repeat(store: SqlStore):
    take_in(store, a_message("Gratuit ICI !", author="a", sent_at=NOON - 2 * HOUR))
    take_in(store, a_message("Gratuit ici !", author="b", sent_at=NOON - HOUR / 2))
    take_in(store, a_message("Gratuit ici !", author="b", channel="discord", sent_at=NOON - HOUR / 2))
    triage(store)
    take_in(store, a_message("gratuit ici !", author="c"), a_message("", author="d"))

    found = around(store)
    assert found["gratuit ici !"].repeats == [NOON - HOUR / 2, NOON]
    assert found[""].repeats == ()


def test_sanctions_that_stand_are_counted_and_those_undone_are_not(store: SqlStore):
    house = House(store, read_rule_book(""))
    rude, other = house.hears_one("rude"), house.hears_one("rude again")
    moderate(house.desk, Order(CaseAct.WARN, rude, "Insults"), by=INES)
    house.clock.advance(MINUTE)
    undone = moderate(house.desk, Order(CaseAct.WARN, other, "Insults"), by=INES)
    undo(house.desk, undone.number, by=INES)
    moderate(house.desk, Order(CaseAct.HIDE, rude, "Insults"), by=INES)

    take_in(store, a_message("now", sent_at=NOON + HOUR))
    assert around(store)["now"].sanctions == [NOON]


def test_a_crisis_is_one_of_now_and_in_the_past_one_of_then(store: SqlStore):
    house = House(store, read_rule_book(""))
    house.clock.advance(HOUR)
    crisis.start(house.desk, by=INES)
    house.clock.advance(HOUR)
    take_in(store, a_message("before", sent_at=NOON), a_message("within", sent_at=NOON + 1.5 * HOUR))
    take_in(store, a_message("after", sent_at=NOON + 3 * HOUR))

    assert {one.crisis for one in around(store).values()} == {True}

    crisis.end(house.desk, by=INES)
    assert {one.crisis for one in around(store).values()} == {False}
    assert {text: one.crisis for text, one in around(store, past=True).items()} == {
        "before": False,
        "within": True,
        "after": False,
    }


BOOK = """
[[rule]]
name = "raid"
when = { repeated = 3 }
then = [{ action = "tag", tag = "raid" }]
[[rule]]
name = "new"
when = { contact = { first_message = true } }
then = [{ action = "tag", tag = "new" }]
[[rule]]
name = "closed"
when = { not = { sent_between = "08:00-20:00" } }
then = [{ action = "tag", tag = "night" }]
"""


def test_triage_and_a_replay_of_it_find_that_the_same_rules_hold(store: SqlStore):
    house = House(store, read_rule_book(BOOK))
    house.hears(*(a_message("Gratuit ici", author=f"a{n}", thread=f"t{n}", sent_at=NOON) for n in range(4)))
    house.clock.advance(12 * HOUR)
    house.hears_one("Encore moi")
    house.hears_one("Et encore")

    with store.read() as books:
        because = [
            message.decision.because
            for item in range(1, 6)
            for message in books.conversation(item).messages  # type: ignore[union-attr]  # it is there
            if message.decision is not None
        ]
    # The four came at once: each is one of four.
    assert because == [("raid", "new")] * 4 + [("new", "closed"), ("closed",)]
    replayed = house.replay().found
    assert {one.rule: one.matches for one in replayed.rules} == {"raid": 4, "new": 5, "closed": 2}
