"""Delivery and triage when something is wrong with one row, one message, one channel, one worker."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import SqlStore, open_store
from inbox.abilities import NOTHING, Abilities, Bucket
from inbox.background import NO_NEEDS
from inbox.brand import Brand
from inbox.decisions import Decision, Facts
from inbox.desk import Desk
from inbox.errors import NotPossible, SendFailed, StoreTrouble
from inbox.model import Actor, Prediction
from inbox.outgoing import Outgoing
from inbox.pipeline import deliver, triage
from inbox.rates import RateLimiter
from inbox.replies import undo_send
from inbox.sentences import Sentence
from inbox.views import SendState, SendView
from tests.builders import AClock, a_message
from tests.data.steps import a_person_replies, a_rule_replies, claim, send_out, take_in, the_conversation, the_queue
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
INES = Actor.person("Ines")
UNREADABLE = "Ce texte ne se lit pas"


class Line:
    """A channel on which `during` happens each time something is said, before it is."""

    abilities: Abilities = NOTHING

    def __init__(self, name: str, during: Callable[[Outgoing], object] = lambda _: None) -> None:
        self.name = name
        self.said: list[str] = []
        self._during = during

    def buckets(self, outgoing: Outgoing) -> Sequence[Bucket]:
        return ()

    async def send(self, outgoing: Outgoing) -> str:
        await asyncio.sleep(0)
        told = self._during(outgoing)
        if isinstance(told, asyncio.Event):
            await told.wait()
        self.said.append(outgoing.text)
        return f"out-{outgoing.key}"

    async def find_sent(self, outgoing: Outgoing) -> str | None:
        return None


class Judge:
    """A classifier that fails over one text, and a rule book in which no rule holds."""

    version = "judge"
    text = ""
    names: Sequence[str] = ()
    needs = NO_NEEDS

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        if UNREADABLE in texts:
            raise IndexError("unreadable")
        return [a_prediction() for _ in texts]

    def decide(self, facts: Facts, *, traced: bool = True) -> Decision:
        return Decision()


@pytest.fixture
def store(sqlite_url: str) -> Iterator[SqlStore]:
    with open_store(sqlite_url, brand="Loriot") as opened:
        yield opened


@pytest.fixture
def desk(store: SqlStore) -> Desk:
    return Desk(Brand("Loriot", ALWAYS_OPEN), store, Judge(), Judge(), 1, {}, AClock(NOON))


def the_send(store: SqlStore, send_id: int) -> SendView:
    with store.read() as books:
        found = books.send(send_id)
    assert found is not None
    return found


async def test_a_row_over_which_a_channel_stumbles_is_tried_again_and_stops_no_other(desk: Desk, store: SqlStore):
    def stumble(outgoing: Outgoing) -> None:
        if outgoing.text == "pierre":
            raise KeyError(outgoing.text)

    stone = a_rule_replies(store, a_message("pierre", thread="a"))
    a_rule_replies(store, a_message("sable", thread="b"))
    line = Line("telegram", stumble)

    await deliver(desk, {"telegram": line}, RateLimiter())

    assert line.said == ["sable"]
    tried = the_send(store, stone)
    assert (tried.state, str(tried.error)) == (
        SendState.WAITING,
        "A fault of our own: KeyError. It is tried again.",
    )
    claim(store, now=NOON + HOUR)
    with store.read() as books:
        due = books.due_send(stone, lately=NOON)
    assert due is not None
    assert due.perhaps_sent


async def test_trouble_while_one_channel_sends_is_told_once_the_others_are_done(
    desk: Desk, store: SqlStore, monkeypatch: pytest.MonkeyPatch
):
    go_on = asyncio.Event()
    a_rule_replies(store, a_message("un", channel="telegram"))
    slow_id = a_rule_replies(store, a_message("deux", channel="discord"))

    def lose_the_store(_: Outgoing) -> None:
        asyncio.get_running_loop().call_later(0.1, go_on.set)
        raise StoreTrouble(Sentence("No database answers."))

    slow = Line("discord", lambda _: go_on)
    with pytest.raises(StoreTrouble):
        await deliver(desk, {"telegram": Line("telegram", lose_the_store), "discord": slow}, RateLimiter())

    assert slow.said == ["deux"]
    assert the_send(store, slow_id).state is SendState.SENT


async def test_what_may_have_been_said_is_looked_up_again_where_looking_it_up_failed(desk: Desk, store: SqlStore):
    class Closed(Line):
        async def find_sent(self, outgoing: Outgoing) -> str | None:
            raise SendFailed(Sentence("Discord is out of reach."), permanent=False)

    send_id = a_rule_replies(store, a_message("un"))
    claim(store)
    with store.begin() as books:
        books.mark_failed(send_id, error=Sentence("No answer."), again_at=NOON, outcome_unknown=True, now=NOON)
    line = Closed("telegram")

    await deliver(replace(desk, clock=AClock(NOON + HOUR)), {"telegram": line}, RateLimiter())
    await deliver(replace(desk, clock=AClock(NOON + 2 * HOUR)), {"telegram": line}, RateLimiter())

    assert (line.said, the_send(store, send_id).attempts) == ([], 3)


@pytest.mark.parametrize(
    "end",
    [
        SendFailed(Sentence("Refused."), permanent=False),
        SendFailed(Sentence("Refused for good."), permanent=True),
        SendFailed(Sentence("Too fast."), permanent=False, retry_after=SECOND),
    ],
)
async def test_a_worker_whose_lease_is_over_takes_nothing_from_the_one_who_has_the_row_now(
    desk: Desk, store: SqlStore, end: SendFailed
):
    send_id = a_rule_replies(store, a_message("un"))

    def lose_the_lease(_: Outgoing) -> None:
        # This worker slept for long, and another one has begun to send.
        assert claim(store, now=NOON + HOUR) == [send_id]
        raise end

    await deliver(desk, {"telegram": Line("telegram", lose_the_lease)}, RateLimiter())

    assert (the_send(store, send_id).state, the_send(store, send_id).attempts) == (SendState.SENDING, 2)


async def test_a_worker_that_slept_sends_nothing_that_another_has_claimed_since(desk: Desk, store: SqlStore):
    a_rule_replies(store, a_message("un", thread="a"))
    second = a_rule_replies(store, a_message("deux", thread="b"))
    line = Line("telegram", lambda _: claim(store, now=NOON + HOUR))

    await deliver(desk, {"telegram": line}, RateLimiter())

    assert line.said == ["un"]
    assert the_send(store, second).state is SendState.SENDING


def test_a_message_that_cannot_be_judged_is_left_to_a_person_and_stops_no_other(desk: Desk, store: SqlStore):
    take_in(store, a_message(UNREADABLE, author="lou"), a_message("Bonjour"))
    with pytest.raises(IndexError):
        triage(desk)

    assert triage(desk, one_by_one=True) == 2
    assert triage(desk) == 0

    unsure = {item.text: item.unsure for item in the_queue(store)}
    assert unsure == {UNREADABLE: True, "Bonjour": False}


def test_what_waits_behind_a_reply_that_is_tried_again_can_still_be_taken_back(desk: Desk, store: SqlStore):
    first = a_person_replies(store, a_message("un"), text="Un.")
    second = a_person_replies(store, a_message("deux"), text="Deux.")
    claim(store)
    with store.begin() as books:
        books.mark_failed(first, error=Sentence("Down."), again_at=NOON + HOUR, now=NOON)
    later = replace(desk, clock=AClock(NOON + MINUTE))

    assert undo_send(later, second, by=INES).state is SendState.CANCELLED


def test_what_has_left_or_is_leaving_cannot_be_taken_back(desk: Desk, store: SqlStore):
    send_id = a_person_replies(store, a_message("un"))
    claim(store)
    with pytest.raises(NotPossible, match="Too late"):
        undo_send(desk, send_id, by=INES)
    send_out(store, send_id)
    with pytest.raises(NotPossible, match="Too late"):
        undo_send(desk, send_id, by=INES)
    assert the_conversation(store).sends[0].state is SendState.SENT


# --- rates ---


def test_of_ten_thousand_chats_only_those_spoken_to_lately_are_remembered():
    limiter, every = RateLimiter(), Bucket("telegram", 30, SECOND)
    for number in range(10_000):
        limiter.take([every, Bucket(f"telegram:{number}", 20, MINUTE)], now=NOON + number * SECOND)

    assert len(limiter._left) < 200


def test_a_clock_that_is_put_back_makes_nothing_wait_for_longer_than_its_rate():
    limiter, group = RateLimiter(), Bucket("telegram:-5", 2, MINUTE)
    limiter.take([group], now=NOON)
    limiter.take([group], now=NOON + SECOND)
    limiter.block([group], until=NOON + 10 * SECOND)
    limiter.take([group], now=NOON + SECOND)

    back = NOON - HOUR

    assert limiter.take([group], now=back) <= MINUTE
    assert limiter.take([group], now=back + MINUTE) == timedelta()
