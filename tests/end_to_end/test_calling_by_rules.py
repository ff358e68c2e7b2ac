"""F57: a rule calls one of the team, in the team's chat and never a contact; in quiet hours calls wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from data.store import open_store
from inbox.brand import Brand
from inbox.clocks import watch
from inbox.desk import Desk
from inbox.hours import QuietHours
from inbox.model import Severity
from routing.rulebook import read_rule_book
from tests.builders import AClock, a_message, an_escalation, an_outcome
from tests.data.steps import take_in, triage
from tests.end_to_end.chats import INES, LEA
from tests.end_to_end.rooms import LATE, Room
from tests.end_to_end.shell import Shell
from tests.inbox.builders import ALWAYS_OPEN, NOON, PARIS

RULES = f"""
[[rule]]
name = "complaints"
when = {{ label = "complaint" }}
then = [{{ action = "escalate", queue = "customer-service", severity = "high" }}]

[[rule]]
name = "late"
when = {{ sla = "breached", label = "complaint" }}
then = [{{ action = "notify", to = "{INES}", text = "Look at this one first." }}]
"""
CALLS_AT_ONCE = f'[[rule]]\nname = "now"\nwhen = {{}}\nthen = [{{ action = "notify", to = "{LEA}" }}]\n'


def be_quiet_now(room: Room, minutes: int) -> None:
    """From now on for so many minutes by the clock of the brand."""
    now = room.clock().astimezone(PARIS)
    span = (now.time().replace(microsecond=0), (now + timedelta(minutes=minutes)).time())
    object.__setattr__(room.desk, "brand", replace(room.desk.brand, quiet=QuietHours(PARIS, (span,))))


async def test_f57_a_rule_calls_ines_when_a_promise_is_broken_and_her_tap_ends_it(room: Room):
    room.follow(RULES)
    object.__setattr__(room.desk, "chain", ())
    async with room.listening():
        await room.chat.ask(INES, "inbox")
        await room.hear(LATE)
        room.clock.now = room.view().escalations[0].first_response_due_at
        watch(room.desk)
        await room.look()
        call = room.chat.cards()[-1]
        late = (await room.chat.ask(INES, "inbox", label="late")).text
        soon = (await room.chat.ask(INES, "inbox", label="soon")).text
        status = (await room.chat.ask(INES, "status")).text
        await room.chat.tap(call, "Acknowledge", INES)
        await room.look()

    assert "Look at this one first." in call.text
    assert "The first answer is late." in call.text
    assert 'Called by the rule "late".' in call.text
    assert f"Called: {INES}." in call.text
    assert room.chat.called() == [[INES]]
    assert "breached" in late
    assert "Nothing waits." in soon
    assert "late: 1" in status
    assert f"✓ {INES} has acknowledged it" in room.chat.cards()[-1].text
    assert room.chat.replies() == []


async def test_f57_in_quiet_hours_a_call_waits_until_they_end(room: Room):
    room.follow(CALLS_AT_ONCE)
    be_quiet_now(room, 60)
    async with room.listening():
        await room.chat.ask(LEA, "inbox")
        await room.hear("Bonjour, une question.")
        quiet = room.chat.called()
        room.clock.advance(timedelta(minutes=61))
        await room.look()

    assert quiet == []
    assert room.chat.called() == [[LEA]]


async def test_f57_what_is_critical_does_not_wait(room: Room):
    room.follow(RULES.replace('severity = "high"', f'severity = "{Severity.CRITICAL}"') + CALLS_AT_ONCE)
    be_quiet_now(room, 600)
    async with room.listening():
        await room.chat.ask(LEA, "inbox")
        await room.hear(LATE)

    assert room.desk.brand.is_quiet(room.clock())
    assert room.chat.called() == [[LEA]]


def test_f71_the_shell_lists_what_is_late(sqlite_url: str, tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_DATABASE_URL": sqlite_url})
    rules, clock, nothing = read_rule_book(""), AClock(NOON + timedelta(hours=2)), None
    with open_store(sqlite_url, brand="main") as store:
        take_in(store, a_message(), a_message("Merci !", thread="two"))
        triage(store, lambda said: an_outcome(said, escalation=an_escalation() if said.thread == "post-1" else None))
        watch(Desk(Brand("", ALWAYS_OPEN), store, nothing, rules, 1, {}, clock, chain=()))  # type: ignore[arg-type]  # no message is read

    late = shell.vigie("inbox", "--sla", "breached", "--json")
    soon = shell.vigie("inbox", "--sla", "due_soon", "--json")
    wrong = shell.vigie("inbox", "--sla", "late")

    assert ([one["id"] for one in late.lines()], soon.lines()) == ([1], [])
    assert wrong.code == 2
