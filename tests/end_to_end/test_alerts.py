"""F75, F76: what is unusual, and a crisis declared elsewhere, reach the team's room; its buttons do what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from inbox import crisis
from inbox.alerts import AlertKind
from inbox.model import Actor, Label, Severity
from inbox.outgoing import OutboxKind
from inbox.switches import CRISIS
from inbox.watching import look
from tests.builders import a_message, an_outcome
from tests.data.steps import take_in, triage
from tests.data.test_raids import SPAM
from tests.end_to_end.chats import INES, LEA, OMAR, Seen
from tests.end_to_end.rooms import Room
from tests.end_to_end.shell import Shell
from tests.inbox.builders import a_prediction

FIRE = "Un chargeur a pris feu"
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def flood(room: Room, count: int = 40, *, text: str = "Le chargeur Alto a pris feu {n}", rude: int = 0) -> None:
    """Four people complain again and again; so many are rude. Nothing is known yet of what is usual."""
    store = room.desk.store
    for number in range(count):
        said = a_message(
            text.format(n=number),
            channel=room.chat.name,
            author=f"u{number % 4}",
            author_name=f"Zoe Martin {number % 4}",
            sent_at=room.clock(),
        )
        take_in(store, said, now=room.clock())  # type: ignore[arg-type]  # a room has a store of the real kind
        labels = [Label.COMPLAINT, *([Label.OFFENSIVE] if number < rude else [])]
        made = a_prediction(*labels, severity=Severity.HIGH if number < rude else None)
        triage(store, partial(an_outcome, prediction=made), now=room.clock())  # type: ignore[arg-type]  # as above


async def watch(room: Room) -> None:
    """Let a minute pass, as the clocks and the keeper of a running program see it."""
    room.clock.advance(MINUTE)
    look(room.desk)
    await room.look()


def alert_in(room: Room, says: str) -> Seen:
    """The only alert that says something."""
    (found,) = [card for card in room.chat.cards() if says in card.text]
    return found


async def test_f75_a_spike_is_put_up_once_with_samples_words_and_buttons(room: Room):
    async with room.listening():
        for who in (LEA, INES):
            await room.chat.ask(who, "inbox")
        flood(room, rude=1)
        for _ in range(4):
            await watch(room)
        card = alert_in(room, "Far more complaints than usual")
        refused = await room.chat.tap(card, "Declare a crisis", OMAR)
        seen = await room.chat.tap(card, "Seen", LEA)
        await room.look()
        after = alert_in(room, "Far more complaints than usual")
        status = await room.chat.ask(OMAR, "status")

    assert f"on {room.chat.name}: 40 in" in card.text
    assert "not enough history" in card.text
    assert "Words that stand out: " in card.text
    assert "chargeur" in card.text
    assert "Zoe" not in card.text
    assert card.text.count("Conversation ") == 3
    assert "a pris feu 0" not in card.text
    assert "▒▒▒ Offensive text, hidden until you ask for it ▒▒▒" in card.text
    assert card.buttons == ("Declare a crisis", "Seen")
    assert [LEA, INES] in room.chat.called() or [INES, LEA] in room.chat.called()
    assert "This takes the role moderator" in refused.text
    assert "The others see that you have seen it." in seen.text
    assert "✓ Léa has seen it" in after.text
    assert after.buttons == ("Declare a crisis",)
    assert "Far more complaints than usual" in status.text
    (line,) = room.audit("spike.noticed")
    assert line.actor == Actor.vigie("spikes")


async def test_f75_the_alert_starts_no_crisis_and_its_button_does(room: Room):
    async with room.listening():
        await room.chat.ask(INES, "inbox")
        flood(room)
        await watch(room)
        card = alert_in(room, "Far more complaints than usual")
        with room.desk.store.read() as books:
            before = books.switch(CRISIS).is_on
        form = await room.chat.tap(card, "Declare a crisis", INES)
        declared = await room.chat.fill(form, FIRE, INES)
        await room.look()
        after = alert_in(room, "Far more complaints than usual")
        calls = [one for one in room.chat.cards() if "A crisis runs, declared by" in one.text]

    assert not before
    assert "A crisis runs, declared by Inès." in declared.text
    assert FIRE in declared.text
    assert after.buttons == ("Seen",)
    # Who declares it there calls the team there: no second call.
    assert calls == []


async def test_f75_an_alert_survives_a_restart_and_says_when_it_is_over(room: Room):
    async with room.listening():
        await room.chat.ask(INES, "inbox")
        flood(room)
        room.clock.advance(MINUTE)
        look(room.desk)
    room.open()
    async with room.listening():
        await room.look()
        card = alert_in(room, "Far more complaints than usual")
        room.clock.advance(timedelta(hours=2))
        await watch(room)
        over = alert_in(room, "Far more complaints than usual")

    assert "✓ It is over" not in card.text
    assert "✓ It is over" in over.text
    assert over.buttons == ()
    assert "Conversation " not in over.text


async def test_f75_a_raid_is_put_up_with_what_was_done_and_the_way_back(room: Room):
    can = room.desk.abilities_of(room.chat.name).can(OutboxKind.SLOW_MODE)
    async with room.listening():
        await room.chat.ask(INES, "inbox")
        said = [
            replace(
                a_message(
                    SPAM.format(n=n), channel=room.chat.name, author=f"{9000 + n}", sent_at=room.clock(), thread="200"
                ),
                place="100",
            )
            for n in range(55)
        ]
        take_in(room.desk.store, *said, now=room.clock())  # type: ignore[arg-type]  # as above
        room.clock.advance(SECOND)
        look(room.desk)
        await room.look()
        card = alert_in(room, "It looks like a raid")
        if can:
            ended = await room.chat.tap(card, "End slow mode", INES)
            await room.look()
        after = alert_in(room, "It looks like a raid")

    assert "55 newcomers and 55 near-copies within a minute" in card.text
    assert "Nobody was banned." in card.text
    if can:
        assert "Slow mode is on: 30 seconds between two messages." in card.text
        assert card.buttons == ("End slow mode", "Declare a crisis", "Seen")
        assert "Slow mode is ended." in ended.text
        assert "Inès has ended the slow mode." in after.text
        assert after.buttons == ("Declare a crisis", "Seen")
    else:
        assert "A bot cannot set slow mode on telegram" in card.text
        assert card.buttons == ("Declare a crisis", "Seen")


async def test_f76_a_crisis_that_is_declared_elsewhere_calls_the_team_in_its_room(room: Room):
    async with room.listening():
        for who in (LEA, INES):
            await room.chat.ask(who, "inbox")
        await room.hear("Bonjour, mon colis a 3 semaines de retard, c'est inadmissible !")
        crisis.start(room.desk, by=Actor.person("shell/ops"), why=FIRE)
        await room.look()
        call = alert_in(room, "A crisis runs, declared by")
        called = room.chat.called()[-1]
        crisis.end(room.desk, by=Actor.person("shell/ops"))
        await room.look()
        over = alert_in(room, "has ended the crisis")
        told = await room.chat.ask(INES, "crisis", what="report")

    assert "A crisis runs, declared by shell/ops." in call.text
    assert FIRE in call.text
    assert "Automatic sending is paused." in call.text
    assert "nothing is sent" in call.text
    assert sorted(called) == sorted([LEA, INES])
    assert "shell/ops has ended the crisis." in over.text
    assert "Called: Inès, Léa." in told.text


async def test_f76_crisis_status_tells_what_runs_and_how_the_last_hour_stands(room: Room):
    async with room.listening():
        await room.chat.ask(INES, "inbox")
        calm = await room.chat.ask(INES, "crisis", what="status")
        flood(room)
        await watch(room)
        await room.chat.ask(INES, "crisis", what="start", why=FIRE)
        told = await room.chat.ask(INES, "crisis", what="status")

    assert "No crisis runs." in calm.text
    assert "Nothing is unusual." in calm.text
    assert "A crisis runs, declared by Inès." in told.text
    assert "Far more complaints than usual" in told.text
    assert "complaints: 40 in the last hour; not enough history to say what is usual" in told.text


def test_f76_the_shell_tells_how_things_stand_and_whether_it_can_call_the_team(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"})
    calm = shell.vigie("crisis", "status")
    alone = shell.vigie("crisis", "start", FIRE)
    runs = shell.vigie("crisis", "status")
    (machine,) = shell.vigie("crisis", "status", "--json").lines()

    assert calm.out.split("\n")[:2] == ["No crisis runs.", "Nothing is unusual."]
    assert (alone.code, "Called" in alone.out) == (0, False)
    assert "A crisis runs, declared by" in runs.out
    assert (machine["runs"], machine["alerts"], machine["last_hour"]) == (True, [], [])


async def test_f76_of_alerts_only_one_of_a_kind_is_open(room: Room):
    crisis.start(room.desk, by=Actor.person("Ines"), why=FIRE)
    crisis.end(room.desk, by=Actor.person("Ines"))
    crisis.start(room.desk, by=Actor.person("Ines"), why=FIRE)

    with room.desk.store.read() as books:
        (one,) = books.open_alerts([AlertKind.CRISIS])
    assert one.facts["number"] == 2
