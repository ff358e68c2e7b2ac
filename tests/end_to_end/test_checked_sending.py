"""F43 where people work: the shell and the team's chat say what stops words, and let a person insist where he may."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.chats import LEA
from tests.end_to_end.rooms import LATE, Room
from tests.end_to_end.shell import Done, Shell, a_row

LINK = "Bonjour, voyez https://example.com pour la suite."
CARD = "Bonjour, votre carte 4111 1111 1111 1111 est notée."


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    (tmp_path / "vigie.toml").write_text('[brand]\nname = "Loriot"\n', encoding="utf-8")
    shell = Shell(tmp_path)
    rows = shell.write("said.jsonl", [a_row(1)])
    assert shell.vigie("import", str(rows), "--channel", "console").code == 0
    assert shell.vigie("triage").code == 0
    return shell


def refused(done: Done) -> str:
    assert done.code == 1, done.out
    return done.err


def test_f43_the_shell_names_what_stops_a_reply_and_lets_a_person_insist(shell: Shell):
    told = refused(shell.vigie("send", "1", "--text", f"{LINK} Je vous promets une réponse."))

    assert "The link “https://example.com” is not allowed" in told
    assert "“Je vous promets” promises what may not be promised" in told
    assert "--all-the-same" in told
    assert shell.vigie("send", "1", "--text", LINK, "--all-the-same").code == 0


def test_f43_nobody_sends_a_card_number_and_spaces_can_be_set_right(shell: Shell):
    told = refused(shell.vigie("send", "1", "--text", CARD, "--all-the-same"))

    assert "There is a card number in it" in told
    assert "To send it" not in told
    assert "4111" not in told
    assert shell.vigie("send", "1", "--text", "Bonjour! Nous cherchons.", "--mend").code == 0
    assert "Bonjour\u202f! Nous cherchons." in shell.vigie("show", "1").out


def test_a_check_is_settled_in_the_settings(shell: Shell):
    settings = '[brand]\nname = "Loriot"\n[brand.checks]\nallowed_links = ["example.com"]\n'
    (shell.folder / "vigie.toml").write_text(settings, encoding="utf-8")

    assert shell.vigie("send", "1", "--text", LINK).code == 0


async def test_f43_the_chat_shows_what_stops_a_reply_keeps_it_and_offers_to_send_it_all_the_same(room: Room):
    async with room.listening():
        await room.hear(LATE)
        stopped = await room.chat.ask(LEA, "reply", conversation=1, text=LINK)
        before = len(room.view().sends)
        sent = await room.chat.tap(stopped, "Send all the same", LEA)
        await room.deliver()

    assert "is not allowed" in stopped.text
    assert "Your draft is kept. Nothing was sent." in stopped.text
    assert (before, "leaves in 20 s" in sent.text) == (0, True)
    assert room.chat.replies() == [LINK]


async def test_f43_the_chat_offers_no_such_thing_for_an_open_blank(room: Room):
    async with room.listening():
        await room.hear(LATE)
        stopped = await room.chat.ask(LEA, "reply", conversation=1, text="Bonjour {{name}}, merci.")

    assert "Nothing fills the blank name" in stopped.text
    assert stopped.buttons == ("Edit",)
    assert room.view().sends == ()
