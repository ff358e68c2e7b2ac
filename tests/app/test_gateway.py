"""Keeping channels connected: down, broken, well; files copied; each brand its own events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from app import gateway
from app.attachments import Copier
from app.brands import Brands
from app.gateway import Gateway
from data.store import SqlStore, open_store
from inbox.abilities import NOTHING, Abilities, Bucket, Remark
from inbox.brand import Brand
from inbox.desk import Desk
from inbox.errors import ChannelTrouble
from inbox.events import Event, Moved
from inbox.model import Attachment
from inbox.outgoing import Outgoing
from inbox.ports import Inlet
from inbox.sentences import Sentence
from inbox.views import ChannelState, ChannelView
from tests.builders import AClock, a_message
from tests.data.steps import the_conversation, the_queue
from tests.inbox.builders import ALWAYS_OPEN, NOON

PATIENCE_S = 30
DOWN = ChannelTrouble(Sentence("The network is gone."), permanent=False)
BROKEN = ChannelTrouble(Sentence("The token is refused."), permanent=True)


class Scripted:
    """A connection whose turns are written down: a trouble, or events to hand over before it stays connected."""

    def __init__(self, *turns: Exception | Sequence[Event], files: dict[str, bytes] | None = None) -> None:
        self._turns = [*turns]
        self._files = files or {}
        self.handed_over = asyncio.Event()

    name = "telegram"
    abilities: Abilities = NOTHING

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        raise AssertionError(outgoing)

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        return None

    async def listen(self, inlet: Inlet) -> None:
        turn = self._turns.pop(0)
        if isinstance(turn, Exception):
            raise turn
        inlet.opened()
        for event in turn:
            await inlet.take(event)
        self.handed_over.set()
        await asyncio.Event().wait()

    async def fetch(self, attachment: Attachment, *, most: int) -> bytes:
        if attachment.url not in self._files:
            raise ChannelTrouble(Sentence("The file is gone."), permanent=True)
        return self._files[attachment.url]

    async def examine(self) -> Sequence[Remark]:
        return ()

    async def close(self) -> None:
        return


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    with open_store(sqlite_url, brand="loriot") as opened:
        yield opened


def a_desk(store: SqlStore) -> Desk:
    return Desk(Brand("Loriot", ALWAYS_OPEN), store, None, None, 1, {}, AClock(NOON))  # type: ignore[arg-type]  # nothing is triaged here


@asynccontextmanager
async def running(made: Gateway) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(made.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(store: SqlStore, state: ChannelState) -> ChannelView:
    while True:
        with store.read() as books:
            for channel in books.channels():
                if channel.state is state:
                    return channel
        await asyncio.sleep(0.01)


async def test_a_channel_that_is_down_is_tried_again_and_then_well(store: SqlStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gateway, "FIRST_WAIT_S", 0.05)
    connection = Scripted(DOWN, DOWN, [a_message("un")])
    woken: list[bool] = []
    made = Gateway({"telegram": connection}, Brands({"main": a_desk(store)}, {}), on_kept=lambda: woken.append(True))

    async with running(made):
        down = await until(store, ChannelState.DOWN)
        await connection.handed_over.wait()
        well = await until(store, ChannelState.WELL)

    assert (str(down.why), well.why) == ("The network is gone.", None)
    assert len(the_queue(store)) == 1
    assert woken


async def test_a_channel_that_refuses_us_for_good_is_broken_and_leaves_the_others_alone(store: SqlStore):
    other = Scripted([a_message("un", channel="discord")])
    made = Gateway({"telegram": Scripted(BROKEN), "discord": other}, Brands({"main": a_desk(store)}, {}))

    async with running(made):
        broken = await until(store, ChannelState.BROKEN)
        await other.handed_over.wait()

    assert (broken.name, str(broken.why)) == ("telegram", "The token is refused.")
    assert [item.channel for item in the_queue(store)] == ["discord"]


async def test_a_fault_of_one_channel_ends_no_other_and_is_tried_again(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(gateway, "FIRST_WAIT_S", 0.05)
    faulty = Scripted(KeyError("op"), [a_message("un")])
    other = Scripted([a_message("deux", channel="discord")])
    made = Gateway({"telegram": faulty, "discord": other}, Brands({"main": a_desk(store)}, {}))

    async with running(made):
        down = await until(store, ChannelState.DOWN)
        await faulty.handed_over.wait()
        await other.handed_over.wait()

    assert str(down.why) == "A fault of our own: KeyError. It is tried again."
    assert len(the_queue(store)) == 2


async def test_files_are_copied_under_the_hash_of_what_they_hold_and_lost_ones_stay_noted(
    store: SqlStore, tmp_path: Path
):
    files = (
        Attachment("photo.png", "image/png", 4, "u1"),
        Attachment("../../etc/passwd", "", 4, "u2"),
        Attachment("gone.png", "image/png", 4, "u3"),
        Attachment("huge.mov", "video/mp4", 10_000, "u4"),
    )
    said = replace(a_message("Regardez", external_id="1"), attachments=files)
    connection = Scripted([said], files={"u1": b"blue", "u2": b"blue", "u4": b"x"})
    copier = Copier(tmp_path, most=1_000)

    async with running(Gateway({"telegram": connection}, Brands({"main": a_desk(store)}, {}), copier=copier)):
        while not (the_queue(store) and any(file.path for file in the_conversation(store).messages[0].attachments)):
            await asyncio.sleep(0.01)

    one, two, three, four = the_conversation(store).messages[0].attachments
    assert [(tmp_path / file.path).read_bytes() for file in (one, two)] == [b"blue", b"blue"]
    assert one.path.endswith(".png")
    assert (three.path, four.path) == ("", "")
    assert all(path.resolve().is_relative_to(tmp_path) for path in tmp_path.rglob("*"))


def test_each_server_belongs_to_its_brand_and_a_group_that_moves_stays_with_it(sqlite_url: str):
    with open_store(sqlite_url, brand="loriot") as loriot, open_store(sqlite_url, brand="brume") as brume:
        desks = {"loriot": a_desk(loriot), "brume": a_desk(brume)}
        brands = Brands(desks, {("telegram", "-5"): "brume"})

        assert brands.of(replace(a_message(), place="-5")) is desks["brume"]
        assert brands.of(replace(a_message(), place="-6")) is desks["loriot"]
        assert brands.of(a_message()) is desks["loriot"]
        assert brands.of(Moved("telegram", "-5", "-100", NOON)) is desks["brume"]
        assert brands.of(replace(a_message(), place="-100")) is desks["brume"]

        with brume.begin() as books:
            books.move_place("telegram", "-5", "-100")
        assert Brands(desks, {("telegram", "-5"): "brume"}).of(replace(a_message(), place="-100")) is desks["brume"]
