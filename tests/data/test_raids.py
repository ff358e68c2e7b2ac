"""F75: fifty newcomers and thirty near-copies within a minute turn slow mode on for a while; nobody is banned."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from data.store import SqlStore, open_store
from data.tables import arrival, outbox
from inbox.alerts import Alert, AlertKind, Raid
from inbox.errors import NotFound, NotPossible
from inbox.events import Joined
from inbox.model import Actor
from inbox.outgoing import OutboxKind
from inbox.raids import calm, receive_arrivals, slow
from inbox.switches import Held, pause, resume
from inbox.views import SendState, SendView
from inbox.watching import look
from tests.builders import a_message
from tests.data.moderating import Group, kinds
from tests.data.steps import claim, take_in, triage
from tests.data.test_racing import at_once
from tests.data.test_spikes import lines

INES = Actor.person("Ines")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SPAM = "Rejoignez-nous sur https://raid.example/{n} , tout est GRATUIT {n} !!"


@pytest.fixture
def group(store: SqlStore) -> Group:
    return Group(store)


def join(group: Group, count: int, *, channel: str = "forum", place: str | None = "group-1") -> None:
    members = tuple(f"raider-{n}" for n in range(count))
    receive_arrivals(group.store, Joined(channel, members, group.clock(), place=place))


def flood(
    group: Group,
    count: int,
    *,
    text: str = SPAM,
    channel: str = "forum",
    place: str = "group-1",
    authors: int = 50,
    thread: str = "general",
) -> None:
    said = [
        replace(
            a_message(
                text.format(n=n),
                channel=channel,
                author=f"raider-{n % authors}",
                author_name=f"Raider {n % authors}",
                sent_at=group.clock(),
                thread=thread,
            ),
            place=place,
        )
        for n in range(count)
    ]
    take_in(group.store, *said, now=group.clock())


def raid(group: Group, *, channel: str = "forum", arrivals: int = 50, copies: int = 30) -> None:
    """Newcomers arrive over half a minute, then post."""
    join(group, arrivals, channel=channel)
    group.clock.advance(30 * SECOND)
    flood(group, copies, channel=channel)
    group.clock.advance(SECOND)
    look(group.desk)


def open_raids(group: Group) -> list[Alert]:
    with group.store.read() as books:
        return books.open_alerts([AlertKind.RAID])


def sends(group: Group) -> list[SendView]:
    with group.store.read() as books:
        return [
            found
            for number in books.connection.scalars(select(outbox.c.id).order_by(outbox.c.id))
            if (found := books.send(number)) is not None
        ]


def test_f75_fifty_joins_and_thirty_near_copies_turn_slow_mode_on_and_ban_nobody(group: Group):
    raid(group)

    (alert,) = open_raids(group)
    seen = Raid.from_facts(alert.facts)
    assert (seen.channel, seen.place, seen.threads, seen.slowed) == ("forum", "group-1", ("general",), ("general",))
    assert (seen.arrivals, seen.copies, seen.authors, seen.seconds) == (50, 30, 30, 30)
    assert len(seen.samples) == 3
    (left,) = group.deliver()
    assert (left.kind, left.actor.name) == (OutboxKind.SLOW_MODE, "raids")
    assert Counter(kinds(sends(group))) == {"slow_mode": 2}
    assert [what for what, _, _ in lines(group)] == ["raid.noticed", "raid.slowed"]
    assert lines(group)[0][1] == "It looks like a raid on forum: 50 newcomers and 30 near-copies within a minute."
    for _ in range(20):
        group.clock.advance(SECOND)
        look(group.desk)
    assert len(sends(group)) == 2
    assert group.deliver() == []


def test_f75_slow_mode_ends_by_itself_and_then_the_alert_is_over(group: Group):
    raid(group)
    group.deliver()
    group.clock.advance(29 * MINUTE)
    early = group.deliver()
    group.clock.advance(2 * MINUTE)
    look(group.desk)
    (still,) = open_raids(group)
    late = group.deliver()
    look(group.desk)

    assert early == []
    assert [one.kind for one in late] == [OutboxKind.SLOW_MODE]
    assert open_raids(group) == []
    assert still.ended_at is None
    with group.store.read() as books:
        pauses = list(books.connection.scalars(select(outbox.c.seconds).order_by(outbox.c.id)))
    assert pauses == [30, 0]
    assert [what for what, _, _ in lines(group)][-1] == "raid.over"


def test_f75_accounts_that_write_for_the_first_time_count_where_joins_are_not_heard(group: Group):
    flood(group, 55, authors=55)
    group.clock.advance(SECOND)
    look(group.desk)

    (alert,) = open_raids(group)
    assert Raid.from_facts(alert.facts).arrivals == 55


@pytest.mark.parametrize(
    ("arrivals", "copies"), [(49, 29), (50, 29), (200, 0)], ids=["neither", "few copies", "only joins"]
)
def test_f75_less_than_that_is_no_raid(group: Group, arrivals: int, copies: int):
    raid(group, arrivals=arrivals, copies=copies)

    assert open_raids(group) == []
    assert sends(group) == []


def test_many_old_hands_who_say_the_same_are_no_raid(group: Group):
    flood(group, 60, text="Bonjour {n}", authors=60)
    triage(group.store)
    group.clock.advance(timedelta(hours=1))
    flood(group, 60, text="Allez les bleus {n} !!", authors=60)
    group.clock.advance(SECOND)
    look(group.desk)

    assert open_raids(group) == []


def test_newcomers_who_each_say_something_else_are_no_raid(group: Group):
    join(group, 60)
    words = ("colis", "retard", "notice", "facture", "ecran", "prise", "lampe", "casque", "cable", "avis")
    for n in range(60):
        text = f"{words[n % 10]} {words[n // 10]} {words[(n * 7 + n // 10) % 10]} {chr(97 + n % 26) * 5}"
        flood(group, 1, text=text, authors=1, thread=f"t{n}")
    group.clock.advance(SECOND)
    look(group.desk)

    assert open_raids(group) == []


def test_what_one_account_repeats_is_no_raid(group: Group):
    join(group, 60)
    flood(group, 40, authors=2)
    group.clock.advance(SECOND)
    look(group.desk)

    assert open_raids(group) == []


def test_joins_in_one_group_and_copies_in_another_are_no_raid(group: Group):
    join(group, 60, place="group-2")
    flood(group, 40, authors=40)
    group.clock.advance(SECOND)
    look(group.desk)

    assert open_raids(group) == []


def test_an_import_of_the_past_is_no_raid(group: Group):
    old = [
        replace(
            a_message(
                SPAM.format(n=n), channel="forum", author=f"raider-{n}", sent_at=group.clock() - timedelta(days=9)
            ),
            place="group-1",
        )
        for n in range(80)
    ]
    take_in(group.store, *old, now=group.clock())
    group.clock.advance(SECOND)
    look(group.desk)

    assert open_raids(group) == []


def test_a_channel_without_slow_mode_is_told_of_and_left_to_people(group: Group):
    raid(group, channel="telegram")

    (alert,) = open_raids(group)
    assert Raid.from_facts(alert.facts).slowed == ()
    assert sends(group) == []
    with pytest.raises(NotPossible, match="Slow mode cannot be set by a bot on telegram"):
        slow(group.desk, alert.id, by=INES)


def test_where_it_is_switched_off_a_person_slows_it_down(group: Group):
    group.desk = replace(group.desk, alerts=replace(group.desk.alerts, slows=False))
    raid(group)
    (alert,) = open_raids(group)
    before = sends(group)

    slow(group.desk, alert.id, by=INES)

    assert before == []
    (left,) = group.deliver()
    assert (left.kind, left.actor) == (OutboxKind.SLOW_MODE, INES)
    with pytest.raises(NotPossible, match="slowed down already"):
        slow(group.desk, alert.id, by=INES)


def test_f58_a_pause_holds_slow_mode_back_and_never_keeps_it_from_ending(group: Group):
    raid(group)
    group.deliver()
    held = pause(group.store, by=INES, clock=group.clock)
    group.clock.advance(31 * MINUTE)
    ended = claim(group.store, now=group.clock(), paused=True)
    resume(group.store, held={}, by=INES, clock=group.clock)

    assert held == []
    assert len(ended) == 1


def test_f58_during_a_pause_a_raid_is_told_of_and_nothing_is_done_by_itself(group: Group):
    pause(group.store, by=INES, clock=group.clock)
    raid(group)

    (alert,) = open_raids(group)
    assert sends(group) == []
    assert Raid.from_facts(alert.facts).slowed == ()
    slow(group.desk, alert.id, by=INES)
    assert len(claim(group.store, now=group.clock(), paused=True)) == 1


def test_a_person_ends_slow_mode_before_its_time(group: Group):
    raid(group)
    group.deliver()
    (alert,) = open_raids(group)

    calmed = calm(group.desk, alert.id, by=INES)

    (left,) = group.deliver()
    assert (left.kind, left.actor) == (OutboxKind.SLOW_MODE, INES)
    assert Raid.from_facts(calmed.facts).calmed_by == "Ines"
    assert ("raid.calmed", "Ines has ended the slow mode.") in [line[:2] for line in lines(group)]
    with pytest.raises(NotPossible, match="Nothing is slowed down any more"):
        calm(group.desk, alert.id, by=INES)


def test_slow_mode_that_has_not_begun_is_not_begun_any_more(group: Group):
    raid(group)
    (alert,) = open_raids(group)

    calm(group.desk, alert.id, by=INES)

    assert [one.state for one in sends(group)] == [SendState.CANCELLED, SendState.WAITING]


def test_an_alert_that_is_not_there_is_said_so(group: Group):
    with pytest.raises(NotFound, match="There is no alert 7"):
        calm(group.desk, 7, by=INES)


def test_each_thread_that_is_raided_is_slowed_down_and_no_other(group: Group):
    join(group, 60)
    for thread, count in (("general", 30), ("aide/1", 20), ("photos", 1)):
        flood(group, count, thread=thread)
    flood(group, 1, text="Bonjour, ma lampe clignote", thread="sav")
    group.clock.advance(SECOND)
    look(group.desk)

    (alert,) = open_raids(group)
    assert Raid.from_facts(alert.facts).slowed == ("general", "aide/1")
    assert Counter(kinds(sends(group))) == {"slow_mode": 4}


def test_of_many_processes_that_see_it_one_acts(store: SqlStore, database_url: str):
    group = Group(store)
    join(group, 50)
    flood(group, 30)
    group.clock.advance(SECOND)

    def watch(worker: int) -> int:
        with open_store(database_url, brand="Loriot") as mine:
            return look(replace(Group(mine).desk, clock=group.clock))

    assert sum(at_once(watch)) == 1
    assert len(sends(group)) == 2
    assert [what for what, _, _ in lines(group)] == ["raid.noticed", "raid.slowed"]


def test_who_has_joined_is_forgotten_after_some_minutes(group: Group):
    join(group, 50)
    group.clock.advance(11 * MINUTE)
    join(group, 1)

    with group.store.read() as books:
        assert books.connection.scalar(select(func.count()).select_from(arrival)) == 1


def test_held_back_sends_know_nothing_of_slow_mode_that_ends(group: Group):
    raid(group)
    pause(group.store, by=INES, clock=group.clock)

    with group.store.read() as books:
        assert [one.kind for one in books.waiting_automatic()] == [OutboxKind.SLOW_MODE]
        (on,) = books.waiting_automatic()
    resume(group.store, held={on.id: Held.DROP}, by=INES, clock=group.clock)
    group.clock.advance(31 * MINUTE)
    (left,) = group.deliver()
    assert left.kind == OutboxKind.SLOW_MODE
