"""The console channel: what is typed becomes messages, what is said is printed once and noted."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.console import ConsoleChannel, to_message
from inbox.errors import SendFailed
from inbox.model import Visibility
from inbox.outgoing import OutboxKind, Outgoing

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def test_a_typed_line_names_its_author_before_a_colon():
    message = to_message("Marie: où est mon colis ?\n", number=1, session="a1", now=NOW)

    assert message is not None
    assert (message.author_name, message.text, message.external_id) == ("Marie", "où est mon colis ?", "a1:1")
    assert message.visibility is Visibility.PRIVATE


def test_a_line_without_an_author_comes_from_a_visitor():
    message = to_message("Note: this is what I got", number=1, session="a1", now=NOW)
    plain = to_message("où est mon colis ?", number=1, session="a1", now=NOW)

    assert message is not None
    assert plain is not None
    assert plain.author == "visitor"


@pytest.mark.parametrize("line", ["", "\n", "   ", "\0"])
def test_a_line_without_words_is_no_message(line: str):
    assert to_message(line, number=1, session="a1", now=NOW) is None


async def said(channel: ConsoleChannel, *keys: str) -> list[str]:
    return [await channel.send(a_reply(key)) for key in keys]


def a_reply(key: str) -> Outgoing:
    return Outgoing(OutboxKind.REPLY, key, "marie", NOW, text=f"words {key}")


async def test_a_reply_is_printed_and_found_again_by_its_key(tmp_path: Path):
    printed = io.StringIO()
    channel = ConsoleChannel(printed, tmp_path / "var" / "console.jsonl")

    ids = await said(channel, "k1", "k2")

    assert printed.getvalue() == "→ marie: words k1\n→ marie: words k2\n"
    assert [await channel.find_sent(a_reply("k1")), await channel.find_sent(a_reply("k2"))] == ids
    assert len(set(ids)) == 2


async def test_a_key_that_was_never_used_finds_nothing(tmp_path: Path):
    channel = ConsoleChannel(io.StringIO(), tmp_path / "console.jsonl")

    assert await channel.find_sent(a_reply("k1")) is None


async def test_a_line_cut_off_by_a_crash_hides_no_other(tmp_path: Path):
    transcript = tmp_path / "console.jsonl"
    channel = ConsoleChannel(io.StringIO(), transcript)
    (first,) = await said(channel, "k1")
    with transcript.open("a") as kept:
        kept.write('{"key": "k2", "th')

    (third,) = await said(channel, "k3")

    assert await channel.find_sent(a_reply("k1")) == first
    assert await channel.find_sent(a_reply("k2")) is None
    assert await channel.find_sent(a_reply("k3")) == third


async def test_a_transcript_that_cannot_be_written_fails_the_send_and_prints_nothing(tmp_path: Path):
    printed = io.StringIO()
    (tmp_path / "file").write_text("in the way")
    channel = ConsoleChannel(printed, tmp_path / "file" / "console.jsonl")

    with pytest.raises(SendFailed, match="cannot be written") as failure:
        await said(channel, "k1")

    assert not failure.value.permanent
    assert printed.getvalue() == ""


async def test_a_console_can_only_be_spoken_to(tmp_path: Path):
    channel = ConsoleChannel(io.StringIO(), tmp_path / "console.jsonl")

    with pytest.raises(SendFailed, match="only be spoken to") as failure:
        await channel.send(Outgoing(OutboxKind.DELETE, "k1", "marie", NOW, target="a1:1"))

    assert failure.value.permanent
