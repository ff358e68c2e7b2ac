"""F72: an escalation that nobody acknowledges climbs a chain of people, through the team's chat."""

from __future__ import annotations

from datetime import timedelta

import pytest

from inbox.clocks import watch
from inbox.sla import ChainStep
from tests.end_to_end.chats import INES, LEA, OMAR
from tests.end_to_end.rooms import LATE, Room

MINUTE = timedelta(minutes=1)
CHAIN = (ChainStep(15 * MINUTE, (LEA,)), ChainStep(30 * MINUTE, (INES,)))


@pytest.fixture
def room(room: Room) -> Room:
    object.__setattr__(room.desk, "chain", CHAIN)
    return room


async def after(room: Room, minutes: int) -> None:
    """Let time pass, as the clocks and the keeper of a running program see it."""
    room.clock.advance(minutes * MINUTE)
    watch(room.desk)
    await room.look()


async def test_f72_no_acknowledgement_in_15_minutes_pings_the_next_name_and_acknowledging_stops_the_chain(room: Room):
    async with room.listening():
        for who in (LEA, INES):
            await room.chat.ask(who, "inbox")
        await room.hear(LATE)
        await after(room, 5)
        early = len(room.chat.cards())
        await after(room, 12)
        first = room.chat.cards()[-1]
        await after(room, 15)
        second = room.chat.cards()[-1]
        answer = await room.chat.tap(second, "Acknowledge", INES)
        await room.look()
        at_last = len(room.chat.cards())
        await after(room, 60)

    assert early == 1
    assert "Called: Léa." in first.text
    assert "Called: Inès." in second.text
    assert first.buttons == second.buttons == ("Acknowledge",)
    assert room.chat.called() == [[LEA], [INES]]
    assert "You have acknowledged conversation 1." in answer.text
    assert len(room.chat.cards()) == at_last == 3
    assert ["✓ Inès has acknowledged it" in seen.text for seen in room.chat.cards()] == [True, True, True]
    assert [seen.buttons for seen in room.chat.cards()[1:]] == [(), ()]
    (line,) = room.audit("escalation.acknowledged")
    assert (line.actor.name, line.subject_id) == (INES, 1)
    assert room.view().escalations[0].acknowledged_at is None


async def test_f72_a_call_is_acknowledged_by_a_command_and_by_who_may_work(room: Room):
    async with room.listening():
        await room.chat.ask(LEA, "inbox")
        await room.hear(LATE)
        await after(room, 17)
        call = room.chat.cards()[-1]
        refused = await room.chat.tap(call, "Acknowledge", OMAR)
        done = await room.chat.ask(LEA, "ack", conversation=1)
        late = await room.chat.tap(call, "Acknowledge", INES)

    assert "This takes the role agent" in refused.text
    assert "You have acknowledged conversation 1." in done.text
    assert "Léa has acknowledged conversation 1 already." in late.text


async def test_f72_a_call_survives_a_restart_and_an_answer_ends_it(room: Room):
    async with room.listening():
        await room.chat.ask(LEA, "inbox")
        await room.hear(LATE)
        room.clock.advance(17 * MINUTE)
        watch(room.desk)
    room.open()
    async with room.listening():
        await room.look()
        call = room.chat.cards()[-1]
        await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        await room.deliver()
        await after(room, 60)

    assert "Called: Léa." in call.text
    assert len(room.chat.cards()) == 2
    assert "It is taken care of." in room.chat.cards()[-1].text


async def test_the_card_and_the_list_say_that_a_promise_is_due_soon_and_then_that_it_is_broken(room: Room):
    async with room.listening():
        await room.hear(LATE)
        due = room.view().escalations[0].first_response_due_at
        object.__setattr__(room.desk, "chain", ())
        room.clock.now = due - 20 * MINUTE
        await after(room, 0)
        soon = room.card().text
        listed = (await room.chat.ask(LEA, "inbox")).text
        room.clock.now = due
        await after(room, 0)
        late = room.card().text
        why = (await room.chat.ask(LEA, "why", conversation=1)).text

    assert "due soon" in soon
    assert "due soon 15" in soon
    assert "due soon" in listed
    assert "breached" in late
    assert "breached 40" in why
