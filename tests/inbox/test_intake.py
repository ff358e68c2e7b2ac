"""The intake of connected channels: in order, many in a transaction, nothing lost when the store or an event fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import timedelta

import pytest

from data.store import SqlBooks, SqlStore, open_store
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.errors import StoreTrouble
from inbox.events import Deleted, Edited, Event, Moved
from inbox.intake import ChannelInlet, Intake
from inbox.sentences import Sentence
from tests.builders import AClock, a_message
from tests.data.steps import the_conversation, the_queue
from tests.inbox.builders import ALWAYS_OPEN, NOON

PATIENCE_S = 30
MINUTE = timedelta(minutes=1)


class Shaky(SqlStore):
    """A store that is out of reach for the first transactions."""

    troubles = 0
    transactions = 0

    @contextmanager
    def begin(self) -> Iterator[SqlBooks]:
        type(self).transactions += 1
        if self.troubles:
            self.troubles -= 1
            raise StoreTrouble(Sentence("No database answers."))
        with super().begin() as books:
            yield books


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Shaky]:
    with open_store(sqlite_url, brand="Loriot") as opened:
        yield Shaky(opened.engine, brand="Loriot")


class Watched:
    """An intake with notes of what it told."""

    def __init__(self, store: SqlStore) -> None:
        self.desk = Desk(Brand("Loriot", ALWAYS_OPEN), store, None, None, 1, {}, AClock(NOON + MINUTE))  # type: ignore[arg-type]  # nothing is triaged here
        self.kept: list[Event] = []
        self.troubles: list[Exception] = []
        self.intake = Intake(lambda _: self.desk, on_kept=self.kept.extend, on_trouble=self._trouble)

    def _trouble(self, _: Event, error: Exception) -> None:
        self.troubles.append(error)

    async def take_all(self, *events: Event) -> list[Sentence | BaseException | None]:
        async with asyncio.timeout(PATIENCE_S):
            return await asyncio.gather(*(self.intake.take(event) for event in events), return_exceptions=True)


@asynccontextmanager
async def running(store: SqlStore) -> AsyncIterator[Watched]:
    watched = Watched(store)
    task = asyncio.create_task(watched.intake.run())
    yield watched
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_comes_together_is_kept_in_one_transaction(store: Shaky):
    async with running(store) as watched:
        Shaky.transactions = 0
        await watched.take_all(*(a_message(f"m{n}", author=f"a{n}") for n in range(200)))

    assert len(the_queue(store)) == 50
    assert len(watched.kept) == 200
    assert Shaky.transactions <= 3


async def test_a_message_its_edit_and_its_deletion_are_kept_in_the_order_in_which_they_came(store: Shaky):
    async with running(store) as watched:
        await watched.take_all(
            a_message("un", external_id="1"),
            Edited("telegram", "1", "deux", NOON + MINUTE),
            a_message("autre", external_id="2", sent_at=NOON + MINUTE),
            Deleted("telegram", ("2", "unknown"), NOON + MINUTE),
        )

    first, second = the_conversation(store).messages
    assert (first.text, first.former_texts) == ("deux", ("un",))
    assert second.deleted_at == NOON + MINUTE


async def test_while_the_store_is_out_of_reach_nobody_is_told_that_anything_was_kept(store: Shaky):
    store.troubles = 2
    async with running(store) as watched:
        await watched.take_all(a_message("un"))

    assert [str(error) for error in watched.troubles] == ["No database answers."] * 2
    assert len(the_queue(store)) == 1


async def test_an_event_that_cannot_be_kept_is_named_and_costs_no_other(store: Shaky):
    faulty = a_message("x", external_id="2", sent_at=NOON.replace(tzinfo=None))
    async with running(store) as watched:
        told = await watched.take_all(a_message("un", external_id="1"), faulty, a_message("trois", external_id="3"))

    assert [isinstance(one, Exception) for one in told] == [False, True, False]
    assert {message.text for message in the_conversation(store).messages} == {"un", "trois"}
    assert len(watched.troubles) == 1


async def test_a_move_reaches_the_store(store: Shaky):
    async with running(store) as watched:
        await watched.take_all(a_message("un", thread="-5"), Moved("telegram", "-5", "-100", NOON))

    with store.read() as books:
        assert books.moved_places("telegram") == {"-5": "-100"}


async def test_a_channel_learns_until_when_each_thread_was_heard_and_tells_that_it_stands(store: Shaky):
    opened: list[bool] = []
    async with running(store) as watched:
        await watched.take_all(a_message("un", thread="t1"))
        inlet = ChannelInlet(watched.intake, [watched.desk], "telegram", on_opened=lambda: opened.append(True))

        inlet.opened()

        assert await inlet.heard_until() == {"t1": NOON}
    assert opened == [True]
