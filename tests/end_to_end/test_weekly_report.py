"""F79: the report of the week stands in the team's room, once, in its language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from inbox.bulletin import look
from inbox.policy import Bulletin
from tests.end_to_end.rooms import Room

PARIS = ZoneInfo("Europe/Paris")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def test_f79_the_week_is_put_up_once_though_the_program_restarts_before_and_after(room: Room):
    object.__setattr__(room.desk, "bulletin", Bulletin())
    monday = datetime.combine(_next_monday(room), time(8), PARIS)
    async with room.listening():
        await room.hear("Bonjour, mon colis a 3 semaines de retard !")
        room.clock.now = monday - MINUTE
        await _step(room)
        before = _reports(room)
    room.open()
    async with room.listening():
        room.clock.now = monday
        for _ in range(3):
            await _step(room)
        after = _reports(room)
    room.open()
    async with room.listening():
        room.clock.now = monday + HOUR
        await _step(room)
        later = _reports(room)

    assert before == []
    assert len(after) == 1
    assert later == after
    assert "Messages: 1." in after[0]


def _next_monday(room: Room) -> date:
    today = room.clock().astimezone(PARIS).date()
    return today + timedelta(days=7 - today.weekday())


async def _step(room: Room) -> None:
    look(room.desk)
    await room.look()


def _reports(room: Room) -> list[str]:
    """What is said in the room of a week."""
    return [card.text for card in room.chat.cards() if "vigie report --week" in card.text]
