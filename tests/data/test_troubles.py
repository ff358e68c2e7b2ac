"""What goes wrong beside the plain way: two at once, twice, too late, from two brands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from threading import Event
from time import sleep
from typing import Any

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import DBAPIError

from data.store import SqlBooks, SqlStore, open_store
from data.tables import conversation, message_version
from inbox.appeals import judge, receive_appeal
from inbox.cases import CaseAct, Verdict
from inbox.changes import receive_edit
from inbox.delivery import DueSend, Look, last_look
from inbox.errors import NotPossible, StoreTrouble
from inbox.events import Appealed
from inbox.model import Standing, Status
from inbox.moderation import undo
from inbox.outgoing import OutboxKind, part_key
from inbox.pipeline import receive
from inbox.sentences import Sentence
from inbox.views import ChannelState, DraftState
from tests.builders import AClock, a_message, an_outcome, some_words
from tests.data.moderating import INES, TOM, Group
from tests.data.steps import (
    MODERATOR,
    a_person_replies,
    a_rule_replies,
    claim,
    send_out,
    take_in,
    the_conversation,
    the_queue,
    triage,
)
from tests.data.test_racing import at_once
from tests.inbox.builders import NOON, some_terms

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
PATIENCE_S = 30


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def look_at(store: SqlStore, send_id: int) -> DueSend:
    with store.read() as books:
        found = books.due_send(send_id, lately=NOON - HOUR)
    assert found is not None
    return found


# --- edits ---


def test_edits_that_are_delivered_again_change_nothing(store: SqlStore):
    take_in(store, a_message("un", external_id="1"))
    edits = [("deux", NOON + MINUTE), ("trois", NOON + 2 * MINUTE)]

    def deliver_edits() -> list[bool]:
        return [
            receive_edit(store, "telegram", "1", text=words, edited_at=at, clock=AClock(NOON + HOUR))
            for words, at in edits
        ]

    assert deliver_edits() == [True, True]
    triage(store, lambda one: an_outcome(one, drafts=[some_words()]))
    assert deliver_edits() == [False, False]

    view = the_conversation(store)
    assert (view.messages[0].text, view.messages[0].former_texts) == ("trois", ("un", "deux"))
    assert [draft.state for draft in view.drafts] == [DraftState.OPEN]


# --- automatic replies in parts ---


def in_parts(store: SqlStore, said: str, *parts: str, thread: str) -> None:
    """Take in a message to which a rule replies by itself in several messages."""
    take_in(store, a_message(said, thread=thread))

    def judged(one):
        outcome = an_outcome(one, sends=[some_words(part, response=part) for part in parts])
        key = f"reply:{one.id}:1:late"
        sends = [replace(send, idempotency_key=part_key(key, place)) for place, send in enumerate(outcome.sends)]
        return replace(outcome, sends=tuple(sends))

    triage(store, judged)


def test_an_automatic_reply_in_parts_counts_once_and_all_of_it_leaves(store: SqlStore):
    in_parts(store, "un", "A1.", "A2.", thread="a")
    in_parts(store, "deux", "B1.", "B2.", "B3.", thread="b")
    counted = []
    for number in range(20):
        for send_id in claim(store):
            send = look_at(store, send_id)
            counted.append((send.outgoing.text, send.automatic_lately))
            send_out(store, send_id, external_id=f"o{number}-{send_id}")

    assert sorted(counted) == [("A1.", 0), ("A2.", 1), ("B1.", 1), ("B2.", 1), ("B3.", 1)]


def test_a_limit_of_automatic_replies_stops_the_next_reply_and_not_half_of_this_one(store: SqlStore):
    in_parts(store, "un", "1.", "2.", "3.", "4.", thread="a")
    for number in range(3):
        (part,) = claim(store)
        send_out(store, part, external_id=f"o{number}")
    (last,) = claim(store)

    assert last_look(look_at(store, last), some_terms()) == (Look.GO, None)


# --- what ends by itself ---


def test_undoing_a_ban_whose_time_is_over_but_that_nobody_has_ended_ends_it(group: Group):
    case = group.act(CaseAct.BAN, group.say(channel="forum"), duration=DAY)
    group.deliver()
    group.clock.advance(DAY + MINUTE)  # and nobody has delivered since

    undo(group.desk, case.number, by=INES)

    assert [send.kind for send in group.deliver()] == ["unban"]


def test_undoing_a_ban_whose_end_was_refused_ends_it(group: Group):
    case = group.act(CaseAct.BAN, group.say(channel="forum"), duration=DAY)
    group.deliver()
    group.clock.advance(DAY)
    end = next(send.id for send in group.case(case.number).sends if send.kind == "unban")
    group.fail(end, Sentence("May not be done."))

    undo(group.desk, case.number, by=INES)

    assert [send.kind for send in group.deliver()] == ["unban"]


def test_undoing_a_ban_that_has_ended_does_nothing_outside(group: Group):
    case = group.act(CaseAct.BAN, group.say(channel="forum"), duration=DAY)
    group.deliver()
    group.clock.advance(DAY)
    group.deliver()

    undo(group.desk, case.number, by=INES)

    assert group.deliver() == []


# --- appeals ---


def test_of_a_case_that_was_undone_nobody_is_told_that_it_stands(group: Group):
    case = group.act(CaseAct.TIMEOUT, group.say(), duration=HOUR)
    receive_appeal(group.store, Appealed("telegram", "camille", "Une citation", NOON, case=1), clock=group.clock)
    undo(group.desk, case.number, by=INES)

    with pytest.raises(NotPossible, match="was undone already"):
        judge(group.desk, case.number, upheld=True, by=TOM, why="An insult")
    assert judge(group.desk, case.number, upheld=False, by=TOM, why="A quotation").verdict is Verdict.OVERTURNED


# --- moving ---


def in_the_group(said: str, *, place: str, **more):
    return replace(a_message(said, thread=place, **more), place=place)


def test_who_was_answered_before_the_group_moved_stays_answered_after(store: SqlStore):
    send_id = a_person_replies(store, in_the_group("Bonjour", place="-5"))
    claim(store)
    send_out(store, send_id, now=NOON + MINUTE)
    take_in(store, in_the_group("Re", place="-100", sent_at=NOON + HOUR), now=NOON + HOUR)

    with store.begin() as books:
        books.move_place("telegram", "-5", "-100")

    automatic = a_rule_replies(store, in_the_group("Merci", place="-100", sent_at=NOON + HOUR))
    claim(store)
    assert look_at(store, automatic).human_replied_at == NOON + MINUTE


def test_what_waited_before_the_group_moved_waits_after(store: SqlStore):
    send_id = a_person_replies(store, in_the_group("Bonjour", place="-100"))
    claim(store)
    send_out(store, send_id, now=NOON + MINUTE)
    take_in(store, in_the_group("Toujours rien", place="-5", sent_at=NOON + HOUR), now=NOON + HOUR)

    with store.begin() as books:
        books.move_place("telegram", "-5", "-100")
        row = books.connection.execute(select(conversation)).mappings().one()

    assert the_conversation(store).status is Status.OPEN
    assert (row["waiting_since"], row["last_message_at"]) == (NOON + HOUR, NOON + HOUR)


# --- channels ---


def test_a_channel_that_stays_down_tells_the_latest_reason(store: SqlStore):
    for minute, why in enumerate(["The network is gone.", "Another process listens already."]):
        with store.begin() as books:
            books.set_channel_state("telegram", ChannelState.DOWN, why=Sentence(why), now=NOON + minute * MINUTE)

    with store.read() as books:
        (channel,) = books.channels()
    assert (str(channel.why), channel.since) == ("Another process listens already.", NOON)


# --- two at once ---


def test_two_people_who_change_one_sent_reply_at_once_both_change_it(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)
    send_out(store, send_id, external_id="o1")

    def change(worker: int) -> int:
        with store.begin() as books:
            return books.change_sent(
                send_id, kind=OutboxKind.EDIT, text=f"Bonjour {worker}", by=MODERATOR, not_before=NOON, now=NOON
            )

    assert len(set(at_once(change))) == 4


def test_a_change_of_a_sent_reply_looks_at_no_other_conversation(sqlite_store: SqlStore):
    send_id = a_person_replies(sqlite_store, a_message())
    claim(sqlite_store)
    send_out(sqlite_store, send_id, external_id="o1")

    with sqlite_store.begin() as books, plans(books) as found:
        books.change_sent(send_id, kind=OutboxKind.EDIT, text="Salut", by=MODERATOR, not_before=NOON, now=NOON)

    assert any("outbox USING INDEX ix_outbox_conversation_id" in plan for plan in found)
    assert not any("ix_outbox_state" in plan or "SCAN outbox" in plan for plan in found)


@contextmanager
def plans(books: SqlBooks) -> Iterator[list[str]]:
    """How SQLite finds the rows of each statement that is executed meanwhile."""
    asked: list[tuple[str, Any]] = []
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(books.connection, "before_cursor_execute", note)
    yield found
    event.remove(books.connection, "before_cursor_execute", note)
    for statement, parameters in asked:
        plan = books.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        found.append(" / ".join(str(row[3]) for row in plan))


# --- words that no database keeps ---


def test_an_answer_of_the_team_with_half_a_character_is_kept(store: SqlStore):
    take_in(store, a_message("Toujours rien !", external_id="1"))
    answer = replace(
        a_message("Tout de suite \ud83d\x00", author="ines", author_name="Inès", parent="1", sent_at=NOON + MINUTE),
        standing=Standing.STAFF,
    )

    receive(store, [answer], clock=AClock(NOON + MINUTE))

    assert the_conversation(store).messages[-1].text == "Tout de suite \ufffd\ufffd"


# --- a database that breaks off ---


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[SqlStore]:
    with open_store(postgres_url, brand="Loriot") as opened:
        yield opened


def test_a_connection_that_is_gone_is_trouble_of_the_database_whatever_the_driver_says(on_postgres: SqlStore):
    def work() -> None:
        with on_postgres.begin() as books:
            books.count_waiting()
            driver = books.connection.connection.driver_connection
            assert driver is not None
            driver.close()
            books.count_waiting()

    with pytest.raises(StoreTrouble):
        work()


def test_an_error_of_the_database_carries_nobodys_words(store: SqlStore):
    with pytest.raises(DBAPIError) as told, store.begin() as books:
        books.connection.execute(insert(message_version).values(brand_id=1, message_id=1, version=1, text="secret"))

    assert "hidden" in str(told.value)


def test_a_group_that_moves_and_a_worker_do_not_wait_for_each_other_in_a_circle(on_postgres: SqlStore):
    store = on_postgres
    take_in(store, in_the_group("Bonjour", place="-5"), in_the_group("Re", place="-100"))
    triage(store, lambda one: an_outcome(one, drafts=[some_words(one.text, response=one.text)]))
    views = [the_conversation(store, item.conversation_id) for item in the_queue(store)]
    (old,) = [view for view in views if view.thread == "-5"]
    begun = Event()

    def work(worker: int) -> int:
        with store.begin() as books:
            if worker:
                begun.wait(PATIENCE_S)
                return books.move_place("telegram", "-5", "-100")
            books.call_attention(old.id, why=Sentence("Look."))
            begun.set()
            sleep(0.2)
            return books.approve(old.drafts[0].id, parts=["Oui"], by=MODERATOR, not_before=NOON, now=NOON) or 0

    assert at_once(work, workers=2)[1] == 1
    assert [send.text for send in the_conversation(store).sends] == ["Oui"]


def test_what_is_planned_for_later_is_not_looked_at_each_time(sqlite_store: SqlStore):
    a_rule_replies(sqlite_store, a_message(), not_before=NOON + DAY)

    with sqlite_store.begin() as books, plans(books) as found:
        assert books.claim_due(now=NOON, limit=32, lease=MINUTE, paused=False) == []

    assert "ix_outbox_active (brand_id=? AND not_before<?)" in found[0]
