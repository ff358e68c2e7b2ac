"""A crisis, steered from the team's chat on both platforms and from the shell."""

from __future__ import annotations

import json
import re
from pathlib import Path

from inbox.switches import CRISIS, PAUSED
from inbox.views import DraftState
from tests.end_to_end.chats import INES, LEA, OMAR, PAULE
from tests.end_to_end.rooms import LATE, THANKS, Room
from tests.end_to_end.shell import Shell, a_row

FIRE = "Un chargeur a pris feu"
RULES = """
[[rule]]
name = "thank"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"
"""
"""Praise is answered by itself; nothing is drafted for a complaint."""


def is_on(room: Room, name: str) -> bool:
    with room.desk.store.read() as books:
        return books.switch(name).is_on


async def test_f76_crisis_start_does_all_six_and_crisis_report_lists_each_act_with_time_and_person(room: Room):
    room.follow(RULES)
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "away")
        await room.chat.ask(OMAR, "status")
        await room.chat.ask(PAULE, "status")
        since = room.clock()
        started = await room.chat.ask(INES, "crisis", what="start", why=FIRE)
        await room.look()
        card, view = room.card(), room.view()
        why = await room.chat.ask(OMAR, "why", conversation=1)
        status = await room.chat.ask(OMAR, "status")
        await room.chat.ask(PAULE, "claim", conversation=1)
        claimed_at = room.clock()
        told = await room.chat.ask(PAULE, "crisis", what="report")

    # It says so to all, and calls everybody who is there: each by his id on the channel.
    assert not started.is_whispered
    assert "A crisis runs, declared by Inès." in started.text
    assert FIRE in started.text
    called = {"discord": r"<@\d+>", "telegram": r"tg://user\?id=\d+"}[room.chat.name]
    assert len(re.findall(called, started.sent)) == 3
    assert "Called: Inès, Omar, Paule." in started.text
    # Automation is paused, the statement waits as a draft, the complaint stands higher.
    assert is_on(room, PAUSED)
    assert [draft.response for draft in view.open_drafts] == ["crisis-holding"]
    assert view.sends == ()
    assert room.chat.replies() == []
    assert view.open_drafts[0].text in card.text
    assert "priority 95 = complaint 40 + public 5 + crisis 50" in card.text
    assert "crisis 50" in why.text
    assert "A crisis runs, declared by Inès." in status.text
    # The timeline says who did what, when; the whole is exported.
    acts = [
        "Inès · Inès has declared a crisis: Un chargeur a pris feu",
        "Inès · Automatic sending was paused.",
        "Inès · Complaints that stand higher: 1.",
        "Inès · The holding statement was offered as a draft. Conversations: 1.",
        "Inès · Called: Inès, Omar, Paule.",
        "Paule · Paule takes it. · conversation 1",
    ]
    lines = told.text.replace("*", "").split("\n")
    shown = [line.partition(" · ")[2] for line in lines if line.partition(" · ")[2] in acts]
    assert shown == acts
    moments = {line.partition(" · ")[0] for line in lines if line.partition(" · ")[2] in acts}
    assert len(moments) == 2
    if room.chat.name == "discord":
        assert moments == {f"<t:{int(at.timestamp())}:R>" for at in (since, claimed_at)}
    assert "vigie crisis report --markdown" in told.text
    assert not told.is_whispered


async def test_f76_crisis_end_restores_the_former_settings(room: Room):
    room.follow(RULES)
    async with room.listening():
        await room.hear(LATE)
        await room.hear(THANKS, author=31)
        started = await room.chat.ask(INES, "crisis", what="start", why=FIRE)
        await room.deliver()
        held = room.chat.replies()
        ended = await room.chat.ask(INES, "crisis", what="end")
        await room.deliver()
        told = await room.chat.ask(INES, "crisis", what="report")

    assert "Held back: 1" in started.text
    assert held == []
    assert not ended.is_whispered
    assert "Inès has ended the crisis." in ended.text
    assert "Of what was held back, drafts now: 1." in ended.text
    assert not is_on(room, PAUSED)
    assert not is_on(room, CRISIS)
    assert room.chat.replies() == []
    complaint, praise = room.view(1), room.view(2)
    assert complaint.priority_parts == {"complaint": 40, "public": 5}
    assert [draft.state for draft in complaint.drafts][-1] is DraftState.WITHDRAWN
    assert len(praise.open_drafts) == 1
    assert "Ended by Inès" in told.text
    assert "Inès has ended the crisis." in told.text


async def test_f76_a_pause_from_before_outlasts_the_crisis(room: Room):
    async with room.listening():
        paused = await room.chat.ask(LEA, "pause")
        started = await room.chat.ask(INES, "crisis", what="start")
        ended = await room.chat.ask(INES, "crisis", what="end")

    assert "paused by Léa" in paused.text
    assert "was paused already" in started.text
    assert "paused before the crisis" in ended.text
    assert is_on(room, PAUSED)


async def test_f76_what_cannot_be_and_who_may_not_is_told(room: Room):
    async with room.listening():
        may_not = await room.chat.ask(LEA, "crisis", what="start", why=FIRE)
        none = await room.chat.ask(INES, "crisis", what="end")
        no_report = await room.chat.ask(INES, "crisis", what="report")
        await room.chat.ask(INES, "crisis", what="start", why=FIRE)
        twice = await room.chat.ask(PAULE, "crisis", what="start", why=FIRE)

    assert "This takes the role moderator; yours is agent." in may_not.text
    assert "No crisis runs." in none.text
    assert "There has been no crisis yet." in no_report.text
    assert "A crisis runs already, declared by Inès." in twice.text


async def test_f76_a_long_timeline_shows_the_latest_and_counts_the_rest(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(INES, "crisis", what="start", why="x" * 1_500)
        for _ in range(15):
            await room.chat.ask(PAULE, "claim", conversation=1)
            await room.chat.ask(PAULE, "release", conversation=1)
        told = await room.chat.ask(INES, "crisis", what="report")

    lines = [line for line in told.text.replace("*", "").split("\n") if "· Paule ·" in line or "· Inès ·" in line]
    counted = re.search(r"Acts before these: (\d+)", told.text)
    assert counted is not None
    assert len(lines) + int(counted[1]) == 35
    assert 10 <= len(lines) <= 20
    assert lines[-1].endswith("Paule gives it back. · conversation 1")
    assert "vigie crisis report --markdown" in told.text
    assert "…" not in told.text.split("\n")


def test_f76_the_shell_starts_reports_exports_and_ends_it(tmp_path: Path):
    shell = Shell(tmp_path, {"VIGIE_BRAND__NAME": "Loriot"})
    shell.write("in.jsonl", [a_row(1)])
    shell.vigie("import", "in.jsonl", "--channel", "instagram")
    shell.vigie("triage")
    none = shell.vigie("crisis", "report")

    started = shell.vigie("crisis", "start", "Un chargeur | a pris feu")
    twice = shell.vigie("crisis", "start")
    shown = shell.vigie("show", "1")
    doctor = shell.vigie("doctor")
    told = shell.vigie("crisis", "report")
    (machine,) = shell.vigie("crisis", "report", "--json").lines()
    page = shell.vigie("crisis", "report", "--markdown").out
    both = shell.vigie("crisis", "report", "--markdown", "--json")
    ended = shell.vigie("crisis", "end")
    (over,) = shell.vigie("crisis", "report", "--json").lines()
    audit = shell.vigie("audit", "verify")

    assert (none.code, "There has been no crisis yet." in none.err) == (1, True)
    assert started.code == 0
    assert "Automatic sending is paused." in started.out
    assert "Complaints that stand higher by 50: 1." in started.out
    assert (twice.code, "A crisis runs already" in twice.err) == (1, True)
    assert "crisis 50" in shown.out
    assert "a crisis runs since" in doctor.out
    assert "has declared a crisis: Un chargeur | a pris feu" in told.out
    assert (machine["runs"], machine["why"], len(machine["acts"])) == (True, "Un chargeur | a pris feu", 4)
    assert {"at", "by", "what", "says"} <= set(machine["acts"][0])
    assert page.startswith("# Crisis 1\n\n> Un chargeur \\| a pris feu\n")
    assert page.count("\n| 20") == 4
    assert "Europe/Paris" in page
    assert (both.code, "Choose one" in both.err) == (1, True)
    assert "Automatic sending goes on." in ended.out
    assert over["ended_at"] is not None
    assert [json.dumps(act) for act in over["acts"][:4]] == [json.dumps(act) for act in machine["acts"]]
    assert audit.code == 0
