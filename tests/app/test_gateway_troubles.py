"""The gateway and its loops when something beside the channels fails: the store, a file, one message; and brands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from app import gateway
from app import running as running_module
from app.attachments import Copier
from app.brands import Brands
from app.gateway import Gateway
from app.running import Running
from data.store import SqlBooks, SqlStore, open_store
from inbox.background import NO_NEEDS
from inbox.cases import CaseAct
from inbox.decisions import Decision, Facts
from inbox.errors import StoreTrouble
from inbox.events import Appealed
from inbox.model import Attachment, Prediction
from inbox.sentences import Sentence
from inbox.views import ChannelState
from tests.app.test_gateway import DOWN, Scripted, a_desk, running, until
from tests.builders import a_message
from tests.data.moderating import Group
from tests.data.steps import take_in, the_conversation, the_queue
from tests.inbox.builders import NOON, a_prediction

PATIENCE_S = 30


class Failing(SqlStore):
    """A store that fails once where the next transaction that writes begins."""

    fault: Exception | None = None

    @contextmanager
    def begin(self) -> Iterator[SqlBooks]:
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault
        with super().begin() as books:
            yield books


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Failing]:
    with open_store(sqlite_url, brand="loriot") as opened:
        yield Failing(opened.engine, brand="loriot")


@pytest.mark.parametrize("fault", [StoreTrouble(Sentence("No database answers.")), RuntimeError("x")])
async def test_a_file_that_cannot_be_noted_ends_no_channel_and_no_later_file(
    store: Failing, tmp_path: Path, fault: Exception
):
    first, second = (
        replace(a_message(name, external_id=name), attachments=(Attachment(f"{name}.png", "image/png", 4, name),))
        for name in ("un", "deux")
    )
    connection = Scripted([first, second], files={"un": b"1", "deux": b"2"})
    take_in(store, first, second)

    copier, desk = Copier(tmp_path, most=1_000), a_desk(store)
    copier.copy(first, connection, desk)
    copier.copy(second, connection, desk)
    store.fault = fault
    copying = asyncio.create_task(copier.run())

    def copied() -> list[str]:
        return [one.text for one in the_conversation(store).messages if one.attachments[0].path]

    async with asyncio.timeout(PATIENCE_S):
        while not copied():
            assert not copying.done()
            await asyncio.sleep(0.01)
    copying.cancel()
    assert copied() == ["deux"]


async def test_a_state_that_cannot_be_noted_keeps_no_later_one_from_being_noted_and_no_channel_from_ending(
    store: Failing, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gateway, "FIRST_WAIT_S", 0.2)
    store.fault = RuntimeError("x")
    connection = Scripted(DOWN, [a_message("un")])
    task = asyncio.create_task(Gateway({"telegram": connection}, Brands({"main": a_desk(store)}, {})).run())

    await asyncio.wait_for(connection.handed_over.wait(), PATIENCE_S)
    task.cancel()
    await asyncio.wait([task], timeout=PATIENCE_S)

    assert task.done()
    with store.read() as books:
        assert [channel.state for channel in books.channels()] == [ChannelState.WELL]


async def test_a_state_that_the_store_could_not_take_is_noted_once_it_can(
    store: Failing, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gateway, "FIRST_WAIT_S", 0.05)
    store.fault = StoreTrouble(Sentence("No database answers."))
    made = Gateway({"telegram": Scripted([])}, Brands({"main": a_desk(store)}, {}))

    async with running(made):
        assert (await until(store, ChannelState.WELL)).name == "telegram"


async def test_a_channel_ends_though_the_store_takes_nothing_any_more(store: Failing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gateway, "FIRST_WAIT_S", 0.05)
    monkeypatch.setattr(gateway, "LAST_NOTE_S", 0.2)

    def gone() -> NoReturn:
        raise StoreTrouble(Sentence("No database answers."))

    monkeypatch.setattr(store, "begin", gone)
    connection = Scripted([])
    task = asyncio.create_task(Gateway({"telegram": connection}, Brands({"main": a_desk(store)}, {})).run())
    await asyncio.wait_for(connection.handed_over.wait(), PATIENCE_S)

    task.cancel()
    await asyncio.wait([task], timeout=PATIENCE_S)

    assert task.done()


class Judge:
    """A classifier that fails over one text."""

    version = "judge"
    text = ""
    names: Sequence[str] = ()
    needs = NO_NEEDS

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        if "illisible" in texts:
            raise IndexError("unreadable")
        return [a_prediction() for _ in texts]

    def decide(self, facts: Facts, *, traced: bool = True) -> Decision:
        return Decision()


async def test_a_message_that_cannot_be_judged_ends_no_loop(store: Failing):
    take_in(store, a_message("illisible", author="lou"), a_message("Bonjour"))
    made = Running([replace(a_desk(store), classifier=Judge(), rules=Judge())], None)

    assert await made.triage() == 2

    assert {item.text: item.unsure for item in the_queue(store)} == {"illisible": True, "Bonjour": False}


async def test_a_fault_in_one_step_ends_no_loop(store: Failing, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(running_module, "_TROUBLE_S", 0.01)
    made = Running([replace(a_desk(store), classifier=Judge(), rules=Judge())], {})
    faults: list[Exception] = [RuntimeError("x"), RuntimeError("y")]

    async def deliver() -> int:
        if faults:
            raise faults.pop()
        made.stop()
        return 0

    monkeypatch.setattr(made, "deliver", deliver)

    await asyncio.wait_for(made.forever(), PATIENCE_S)

    assert faults == []


def test_an_appeal_in_private_reaches_the_brand_that_has_the_case(sqlite_url: str):
    with open_store(sqlite_url, brand="loriot") as loriot, open_store(sqlite_url, brand="brume") as brume:
        main, other = Group(loriot), Group(brume)
        main.act(CaseAct.DELETE, main.say(author="leo"))
        other.act(CaseAct.DELETE, other.say(author="camille"))
        brands = Brands({"loriot": main.desk, "brume": other.desk}, {("telegram", "group-1"): "brume"})

        def appeal(author: str, number: int | None) -> Appealed:
            return Appealed("telegram", author, "Une citation", NOON, case=number)

        assert brands.of(appeal("leo", 1)) is main.desk
        assert brands.of(appeal("camille", 1)) is other.desk
        assert brands.of(appeal("camille", None)) is other.desk
        assert brands.of(appeal("max", 1)) is main.desk
        assert brands.of(replace(appeal("leo", 1), place="group-1")) is other.desk
