"""F75: far more complaints than usual are told once and soon; what is usual, however busy, is not told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import insert, select

from data.store import SqlStore, open_store
from data.tables import channel_account, tally, tally_mark
from inbox.alerts import Alert, AlertKind, AlertPolicy, Spike
from inbox.model import Label
from inbox.spikes import read_counts, readings
from inbox.usual import ALL, SLOT, slot_of
from inbox.watching import look
from tests.builders import a_message, an_outcome
from tests.data.moderating import Group
from tests.data.steps import take_in, triage
from tests.data.test_racing import at_once
from tests.inbox.builders import NOON, PARIS, a_prediction, in_paris

MINUTE, HOUR, WEEK = timedelta(minutes=1), timedelta(hours=1), timedelta(weeks=1)
COMPLAINT, OFFENSIVE = Label.COMPLAINT.value, Label.OFFENSIVE.value
A_SLOT = {COMPLAINT: 20 / 12, OFFENSIVE: 4 / 12, ALL: 60 / 12}
"""How many come in five minutes as a rule."""

FIRE = "Le chargeur Alto a pris feu"


@pytest.fixture
def group(store: SqlStore) -> Group:
    return a_group(store)


def a_group(store: SqlStore) -> Group:
    """A group in which no number of newcomers is a raid: here, everybody who writes is new."""
    group = Group(store)
    group.desk = replace(group.desk, alerts=AlertPolicy(arrivals=10_000))
    return group


def is_promotion(at: datetime) -> bool:
    """Every Wednesday from six to seven by the clocks of Paris, give or take a little."""
    local = at.astimezone(PARIS)
    return local.weekday() == 2 and local.hour == 18


def learn(
    group: Group, *, weeks: int = 8, until: datetime | None = None, peak: float = 10.0, channel: str = "telegram"
):
    """Have so many weeks been counted up to a moment, as steady as chance lets them be."""
    random = Random(7)
    until = slot_of(until or group.clock())
    (message_id,) = take_in(group.store, a_message("Bonjour", channel=channel, sent_at=until - 10 * WEEK))
    triage(group.store)
    rows = []
    at = until - weeks * WEEK - 2 * HOUR
    with group.store.begin() as books:
        account = books.connection.scalar(select(channel_account.c.id).where(channel_account.c.name == channel))
        while at < until:
            more = peak if is_promotion(at + random.choice((-1, 0, 1)) * SLOT) else 1.0
            counts = {label: poisson(random, rate * more) for label, rate in A_SLOT.items()}
            rows += [
                {
                    "brand_id": group.store.brand_id,
                    "channel_account_id": account,
                    "label": label,
                    "slot": at,
                    "messages": count,
                }
                for label, count in counts.items()
                if count or at < until - weeks * WEEK
            ]
            at += SLOT
        books.connection.execute(insert(tally), rows)
        if books.connection.scalar(select(tally_mark.c.message_id)) is None:
            books.connection.execute(insert(tally_mark).values(brand_id=group.store.brand_id, message_id=message_id))


def poisson(random: Random, rate: float) -> int:
    """How many come by chance where so many come as a rule: as many as the waits between them leave room for."""
    count, waited = 0, random.expovariate(1.0)
    while waited < rate:
        count += 1
        waited += random.expovariate(1.0)
    return count


def write(group: Group, count: int, *labels: Label, text: str = "Bonjour", channel: str = "telegram") -> None:
    """So many people write just now."""
    now = group.clock()
    said = [
        a_message(
            f"{text} {number}",
            channel=channel,
            author=f"{now.timestamp()}-{labels}-{number}",
            author_name="Zoe Martin",
            sent_at=now,
        )
        for number in range(count)
    ]
    take_in(group.store, *said, now=now)
    while triage(group.store, lambda one: an_outcome(one, a_prediction(*labels)), now=group.clock()):
        pass


def live(
    group: Group, minutes: int, *, times: float = 1.0, label: Label = Label.COMPLAINT, text: str = "Bonjour"
) -> None:
    """Let so many minutes go by, with so many times as many complaints as usual, and the rest as usual."""
    random = Random(minutes)
    for _ in range(minutes):
        write(group, poisson(random, times * A_SLOT[label.value] / 5), label, text=text)
        write(group, poisson(random, (A_SLOT[ALL] - A_SLOT[COMPLAINT]) / 5), text="Il fait beau")
        group.clock.advance(MINUTE)
        look(group.desk)


def alerts(group: Group, *, ended: bool = False) -> list[Alert]:
    with group.store.read() as books:
        found = [books.find_alert(number) for number in range(1, 20)]
    return [one for one in found if one is not None and (ended or one.ended_at is None)]


def lines(group: Group, subject: str = "alert") -> list[tuple[str, str, Mapping[str, object]]]:
    with group.store.begin() as books:
        books.seal_audit()
    with group.store.read() as books:
        return [
            (one.line.what, str(one.line.reason), one.line.facts)
            for one in books.read_audit()
            if one.line.subject == subject
        ]


def test_f75_five_times_the_complaints_raise_one_alert_within_ten_minutes(group: Group):
    learn(group)
    live(group, 20)
    assert alerts(group) == []

    live(group, 11, times=5, text=FIRE)

    (alert,) = alerts(group)
    spike = Spike.from_facts(alert.facts)
    assert (alert.kind, alert.subject, alert.level) == (AlertKind.SPIKE, "telegram", 1)
    assert spike.label == COMPLAINT
    assert spike.usual == pytest.approx(20 / 60 * spike.minutes, rel=0.3)
    assert spike.factor is not None
    assert spike.factor > 3
    assert len(spike.samples) == 3
    assert {"chargeur", "alto", "feu"} <= set(spike.words)
    assert not {"zoe", "martin"} & set(spike.words)
    live(group, 60, times=5, text=FIRE)
    assert [one.id for one in alerts(group)] == [alert.id]
    ((what, says, facts),) = lines(group)
    assert what == "spike.noticed"
    assert says.startswith("Far more complaints than usual on telegram: ")
    assert "words" not in facts


def test_f75_the_weekly_promotion_raises_none(group: Group):
    group.clock.now = in_paris(2026, 6, 10, 17, 40)
    learn(group)
    # The whole promotion, ten times as much as before it, and the quarter of an hour round it.
    for minute in range(100):
        times = 10.0 if is_promotion(group.clock()) else 1.0
        random = Random(minute)
        write(group, poisson(random, times * 20 / 60), Label.COMPLAINT)
        write(group, poisson(random, times * 40 / 60))
        group.clock.advance(MINUTE)
        look(group.desk)

    assert alerts(group, ended=True) == []


def test_f75_a_spike_on_the_promotion_of_all_times_is_told(group: Group):
    group.clock.now = in_paris(2026, 6, 10, 18, 20)
    learn(group)
    for minute in range(12):
        write(group, poisson(Random(minute), 40 * 20 / 60), Label.COMPLAINT)
        group.clock.advance(MINUTE)
        look(group.desk)

    assert [Spike.from_facts(one.facts).label for one in alerts(group)] == [COMPLAINT]


def test_f75_an_earlier_spike_at_the_same_time_does_not_hide_this_one(group: Group):
    learn(group)
    with group.store.begin() as books:
        a_week_ago = (tally.c.slot >= NOON - WEEK - HOUR) & (tally.c.slot <= NOON - WEEK + HOUR)
        books.connection.execute(tally.update().where(a_week_ago).values(messages=tally.c.messages * 6))

    live(group, 11, times=5)

    assert len(alerts(group)) == 1


def test_it_is_over_when_the_rate_is_back_for_half_an_hour_and_then_told_anew(group: Group):
    learn(group)
    live(group, 12, times=6)
    live(group, 30)
    (still,) = alerts(group)
    live(group, 30)

    assert alerts(group) == []
    live(group, 12, times=6)
    (again,) = alerts(group)
    assert again.id != still.id
    assert [what for what, _, _ in lines(group)] == ["spike.noticed", "spike.over", "spike.noticed"]


def test_it_is_told_again_only_when_it_has_grown_much_further(group: Group):
    learn(group)
    live(group, 12, times=5)
    live(group, 12, times=7)
    (alert,) = alerts(group)
    assert alert.level == 1

    live(group, 12, times=30)

    (grown,) = alerts(group)
    assert grown.id == alert.id
    assert grown.level == 2
    assert [what for what, _, _ in lines(group)] == ["spike.noticed", "spike.grown"]


@pytest.mark.parametrize("weeks", [1, 2])
def test_without_enough_history_only_a_flood_is_told_and_says_so(group: Group, weeks: int):
    learn(group, weeks=weeks)
    live(group, 12, times=2)
    assert alerts(group) == []

    write(group, 60, Label.COMPLAINT)
    group.clock.advance(MINUTE)
    look(group.desk)

    (alert,) = alerts(group)
    assert Spike.from_facts(alert.facts).usual is None


def test_the_same_time_is_that_of_the_clock_on_the_wall_across_the_change_in_autumn(group: Group):
    group.clock.now = in_paris(2026, 10, 28, 18, 31)
    learn(group, peak=20)
    with group.store.read() as books:
        counts = read_counts(group.desk, books, now=group.clock(), besides=["telegram"])
        _, (half_hour, _), _ = readings(counts, "telegram", COMPLAINT)

    assert half_hour.usual is not None
    assert half_hour.usual > 10 * 20 / 60 * half_hour.minutes


def test_a_past_that_is_imported_is_learnt_and_raises_nothing(group: Group):
    for week in range(1, 6):
        said = [
            a_message(
                f"{week} {n}", author=f"w{week}-{n}", thread=f"w{week}-{n}", sent_at=NOON - week * WEEK + n * MINUTE
            )
            for n in range(60)
        ]
        take_in(group.store, *said, now=group.clock())
        triage(group.store, lambda one: an_outcome(one, a_prediction(Label.COMPLAINT)), now=group.clock())
    group.clock.advance(30 * MINUTE)

    for _ in range(3):
        look(group.desk)
        group.clock.advance(MINUTE)

    assert alerts(group) == []
    with group.store.read() as books:
        found = books.read_slots([(NOON - 6 * WEEK, NOON)])
    assert sum(slot.messages for slot in found if slot.label == COMPLAINT) == 300
    assert sum(slot.messages for slot in found if slot.label == ALL) == 300


def test_every_message_is_counted_once_whoever_counts(store: SqlStore, database_url: str):
    group = a_group(store)
    write(group, 90, Label.COMPLAINT)
    group.clock.advance(MINUTE)

    def count(worker: int) -> None:
        with open_store(database_url, brand="Loriot") as mine:
            other = replace(a_group(mine).desk, clock=group.clock)
            for _ in range(3):
                look(other)

    at_once(count)

    with store.read() as books:
        found = books.read_slots([(NOON - HOUR, NOON + HOUR)])
    assert {slot.label: slot.messages for slot in found} == {COMPLAINT: 90, ALL: 90}


def test_of_many_processes_that_notice_it_one_tells_it(store: SqlStore, database_url: str):
    group = a_group(store)
    write(group, 60, Label.COMPLAINT)
    group.clock.advance(MINUTE)

    def watch(worker: int) -> int:
        with open_store(database_url, brand="Loriot") as mine:
            return look(replace(a_group(mine).desk, clock=group.clock)) + look(
                replace(a_group(mine).desk, clock=group.clock)
            )

    assert sum(at_once(watch)) == 1
    assert [what for what, _, _ in lines(group)] == ["spike.noticed"]


def test_what_contacts_did_not_say_and_what_waits_for_triage_is_not_counted(group: Group):
    write(group, 3, Label.COMPLAINT)
    take_in(group.store, a_message("Et moi ?", sent_at=group.clock()), now=group.clock())
    group.clock.advance(MINUTE)
    look(group.desk)

    with group.store.read() as books:
        found = books.read_slots([(NOON - HOUR, NOON + HOUR)])
    assert {slot.label: slot.messages for slot in found} == {COMPLAINT: 3, ALL: 3}


def test_alerts_can_be_switched_off(group: Group):
    group.desk = replace(group.desk, alerts=replace(group.desk.alerts, spikes=False))
    write(group, 60, Label.COMPLAINT)
    group.clock.advance(MINUTE)

    assert look(group.desk) == 0
    assert alerts(group) == []
