"""Switches, and the audit log that only grows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from data.store import SqlStore
from data.tables import audit
from inbox.audit import FIRST, verify
from inbox.pipeline import receive
from inbox.switches import PAUSED, Held, pause, resume
from inbox.views import DraftState, SendState, SwitchState
from tests.builders import AClock, a_message
from tests.data.steps import MODERATOR, a_rule_replies, the_conversation
from tests.inbox.builders import NOON, an_audit_line

CLOCK = AClock()


def write(store: SqlStore, *numbers: int) -> None:
    with store.begin() as books:
        books.write_audit([an_audit_line(number) for number in numbers])


def seal(store: SqlStore, limit: int = 10_000) -> int:
    with store.begin() as books:
        return books.seal_audit(limit)


def test_a_switch_never_set_is_off(store: SqlStore):
    with store.begin() as books:
        assert books.switch(PAUSED) == SwitchState(PAUSED, is_on=False)
        assert not books.set_switch(PAUSED, on=False, by=MODERATOR, now=NOON)


def test_a_switch_is_set_once_and_remembers_by_whom(store: SqlStore):
    with store.begin() as books:
        assert books.set_switch(PAUSED, on=True, by=MODERATOR, now=NOON)
        assert not books.set_switch(PAUSED, on=True, by=MODERATOR, now=NOON + timedelta(hours=1))
        assert books.switch(PAUSED) == SwitchState(PAUSED, is_on=True, by=MODERATOR, since=NOON)
        assert books.set_switch(PAUSED, on=False, by=MODERATOR, now=NOON)
        assert not books.switch(PAUSED).is_on


def test_what_a_pause_held_back_goes_where_a_person_says(store: SqlStore):
    sends = [a_rule_replies(store, a_message(text, thread=text)) for text in ("un", "deux", "trois")]

    held = pause(store, by=MODERATOR, clock=CLOCK)
    assert resume(store, held={sends[0]: Held.SEND, sends[1]: Held.DROP}, by=MODERATOR, clock=CLOCK)

    assert [send.id for send in held] == sends
    with store.read() as books:
        found = [books.send(send_id) for send_id in sends]
    states = [send.state for send in found if send is not None]
    assert states == [SendState.WAITING, SendState.CANCELLED, SendState.REFUSED]
    drafted = [send.conversation_id for send in found if send is not None][2]
    assert [draft.state for draft in the_conversation(store, drafted).drafts] == [DraftState.OPEN]
    assert not resume(store, held={}, by=MODERATOR, clock=CLOCK)


def test_sealing_gives_every_line_its_place_in_a_chain_that_holds(store: SqlStore):
    write(store, 1, 2, 3)
    write(store, 4)

    assert [seal(store, limit=3), seal(store), seal(store)] == [3, 1, 0]

    with store.read() as books:
        lines = list(books.read_audit())
        assert books.count_unsealed() == 0
        assert verify(books.read_audit()).holds
    assert [sealed.seq for sealed in lines] == [1, 2, 3, 4]
    assert [sealed.line for sealed in lines] == [an_audit_line(number) for number in (1, 2, 3, 4)]


def test_lines_that_are_not_sealed_are_not_read_yet(store: SqlStore):
    write(store, 1, 2)

    with store.read() as books:
        assert list(books.read_audit()) == []
        assert books.count_unsealed() == 2
        assert verify(books.read_audit()).head == FIRST


def test_a_line_that_turns_up_below_sealed_ones_is_sealed_after_them(store: SqlStore):
    write(store, 1, 2, 3)
    with store.begin() as books:
        row = books.connection.execute(audit.select().where(audit.c.id == 2)).mappings().one()
        late = dict(row)
    _as_administrator(store, f"DELETE FROM audit WHERE id = {late['id']}")
    seal(store)
    with store.begin() as books:
        books.connection.execute(audit.insert().values(late))

    assert seal(store) == 1

    with store.read() as books:
        assert [sealed.id for sealed in books.read_audit()] == [1, 3, 2]
        assert verify(books.read_audit()).holds


@pytest.mark.parametrize("sealed", [False, True], ids=["unsealed", "sealed"])
@pytest.mark.parametrize(
    "change",
    [
        delete(audit),
        update(audit).values(what="message.praised"),
        update(audit).values(facts={}),
        update(audit).values(seq=None, hash=None),
        update(audit).values(seq=7, hash="0", actor_name="somebody"),
    ],
    ids=["delete", "event", "facts", "unseal", "actor"],
)
def test_the_database_refuses_to_change_the_audit_log(store: SqlStore, change, sealed: bool):
    write(store, 1)
    if sealed:
        seal(store)

    with pytest.raises(DatabaseError, match="append-only"), store.begin() as books:
        books.connection.execute(change)


def test_whoever_gets_round_the_refusal_is_named_by_the_chain(store: SqlStore):
    write(store, *range(1, 30))
    seal(store)

    _as_administrator(store, "UPDATE audit SET what = 'message.praised' WHERE id = 17")

    with store.read() as books:
        assert verify(books.read_audit()).broken_at == 17


def test_each_brand_has_a_chain_of_its_own(store: SqlStore, database_url: str):
    write(store, 1, 2)
    with SqlStore(store.engine, brand="Pinson") as other:
        write(other, 3)
        assert seal(other) == 1
        with other.read() as books:
            assert [sealed.seq for sealed in books.read_audit()] == [1]
    assert seal(store) == 2


def test_a_long_log_is_read_in_order(store: SqlStore):
    write(store, *range(1, 2_501))
    receive(store, [a_message()], clock=CLOCK)
    seal(store)

    with store.read() as books:
        assert [sealed.seq for sealed in books.read_audit()] == list(range(1, 2_501))


def _as_administrator(store: SqlStore, statement: str) -> None:
    """Do what only somebody with full power over the database can: switch the triggers off."""
    with store.begin() as books:
        if books.is_postgresql:
            books.connection.exec_driver_sql("ALTER TABLE audit DISABLE TRIGGER ALL")
            books.connection.exec_driver_sql(statement)
            books.connection.exec_driver_sql("ALTER TABLE audit ENABLE TRIGGER ALL")
        else:
            triggers = books.connection.exec_driver_sql(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            ).all()
            for name, _ in triggers:
                books.connection.exec_driver_sql(f"DROP TRIGGER {name}")
            books.connection.exec_driver_sql(statement)
            for _, sql in triggers:
                books.connection.exec_driver_sql(sql)
