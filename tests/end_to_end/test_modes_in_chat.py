"""F53: the record of rules and their modes in the team's chat, on both platforms."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.in_force import BookFiles
from app.settings import Settings
from inbox.model import Actor
from tests.end_to_end.chats import INES, OMAR, PAULE
from tests.end_to_end.rooms import LATE, THANKS, Room

RULES = """\
[[rule]]
name = "thank"
when = { label = "praise" }   # who thanks us
then = [{ action = "reply", response = "thanks" }]
mode = "shadow"
"""


@pytest.fixture
def rules(room: Room, tmp_path: Path) -> Path:
    """The file of the rules that the room follows."""
    path = tmp_path / "rules.toml"
    path.write_text(RULES, encoding="utf-8")
    files = BookFiles(Settings(rules=path), room.desk.store)
    with room.desk.store.begin() as books:
        files.put_on_record(books, author=Actor.person("Paule"))
    object.__setattr__(room.desk, "in_force", files)
    return path


async def test_f53_an_administrator_promotes_a_rule_whose_record_carries_it(room: Room, rules: Path):
    async with room.listening():
        await room.hear(*[THANKS] * 10)
        modes = await room.chat.ask(OMAR, "rules", what="modes")
        offered = await room.chat.ask(PAULE, "rules", what="promote", text="thank")
        done = await room.chat.tap(offered, "Put it to draft", PAULE)
        again = await room.chat.tap(offered, "Put it to draft", PAULE)
        await room.hear(THANKS)
        listed = await room.chat.ask(OMAR, "rules", what="modes")

    assert "thank · shadow · in shadow 10 ×" in modes.text
    assert "thank: shadow → draft" in offered.text
    assert 'has put rule "thank" to draft' in done.text
    assert "The rules have changed since" in again.text
    assert rules.read_text(encoding="utf-8") == RULES.replace('"shadow"', '"draft"')
    assert room.view(1).open_drafts
    assert "thank · draft · 1 ×" in listed.text
    (line,) = room.audit("rules.mode")
    assert (line.actor.kind, line.facts["from"], line.facts["to"]) == ("person", "shadow", "draft")


async def test_f53_what_the_record_speaks_against_takes_a_reason(room: Room, rules: Path):
    async with room.listening():
        offered = await room.chat.ask(PAULE, "rules", what="promote", text="1 share:10")
        asked = await room.chat.tap(offered, "All the same…", PAULE)
        done = await room.chat.fill(asked, "We have tried it elsewhere", PAULE)
        back = await room.chat.ask(PAULE, "rules", what="demote", text="thank")
        demoted = await room.chat.tap(back, "Put it to draft", PAULE)

    assert "✗ It has held 0 times since it stands so; 10 are wanted." in offered.text
    assert 'has put rule "thank" to share:10' in done.text
    assert 'has put rule "thank" to draft' in demoted.text
    reasons = [str(line.reason) for line in room.audit("rules.mode")]
    assert reasons[0].endswith("from shadow to share:10: We have tried it elsewhere")
    assert len(reasons) == 2


async def test_f53_only_an_administrator_may_and_only_a_rule_there_is(room: Room, rules: Path):
    async with room.listening():
        moderator = await room.chat.ask(INES, "rules", what="promote", text="thank")
        unnamed = await room.chat.ask(PAULE, "rules", what="promote")
        unknown = await room.chat.ask(PAULE, "rules", what="demote", text="nobody")
        further = await room.chat.ask(PAULE, "rules", what="demote", text="thank live")
        offered = await room.chat.ask(PAULE, "rules", what="promote", text="thank")
        forged = await room.chat.forge(offered, "rule-mode:7:x:live", PAULE)

    assert "This takes the role administrator" in moderator.text
    assert "Which rule?" in unnamed.text
    assert 'There is no rule "nobody"' in unknown.text
    assert "live goes further than shadow" in further.text
    assert "The rules have changed since" in forged.text
    assert rules.read_text(encoding="utf-8") == RULES


async def test_f56_a_faulty_file_stands_in_the_status_and_no_step_is_taken_over_it(room: Room, rules: Path):
    async with room.listening():
        rules.write_text("[[rule]]\nname = 3\n", encoding="utf-8")
        await room.hear(LATE)
        status = await room.chat.ask(OMAR, "status")
        offered = await room.chat.ask(PAULE, "rules", what="promote", text="thank draft")
        asked = await room.chat.tap(offered, "All the same…", PAULE)
        refused = await room.chat.fill(asked, "Now", PAULE)

    assert "The files of the rules are faulty, so what was in force stays." in status.text
    assert "has been changed meanwhile, or is faulty" in refused.text
    assert rules.read_text(encoding="utf-8") == "[[rule]]\nname = 3\n"
