"""What is done on Discord reaches the server once, with the right parameters (rows F10, F11, F48, F59, F60)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from discord.utils import escape_markdown as library_escape

from bot.channels.discord.channel import DiscordChannel
from bot.channels.discord.words import escape_markdown, measure
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from tests.bot.test_discord import a_channel
from tests.fakes.discord import GENERAL, GUILD, FakeDiscord


@pytest.fixture
async def channel(discord: FakeDiscord) -> AsyncIterator[DiscordChannel]:
    made = a_channel(discord)
    yield made
    await made.close()


def to_do(discord: FakeDiscord, kind: OutboxKind, **more: Any) -> Outgoing:
    told = {"thread": str(GENERAL), "place": str(GUILD), "contact": "7", "queued_at": discord.now, "key": f"{kind}:1"}
    return Outgoing(kind, **{**told, **more})


def a_reply(discord: FakeDiscord, text: str = "Bonjour *Camille* @everyone", **more: Any) -> Outgoing:
    return to_do(discord, OutboxKind.REPLY, text=text, **more)


async def test_a_reply_is_threaded_shown_as_written_and_pings_nobody(discord: FakeDiscord, channel: DiscordChannel):
    asked = discord.say("Où est mon colis ?")

    external_id = await channel.send(a_reply(discord, target=f"{GENERAL}:{asked['id']}"))

    (body,) = discord.calls("POST", f"/channels/{GENERAL}/messages")
    assert body["content"] == "Bonjour \\*Camille\\* @everyone"
    assert body["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert body["message_reference"] == {"message_id": asked["id"], "fail_if_not_exists": True}
    assert external_id == f"{GENERAL}:{discord.said_by_bot[0]['id']}"


@pytest.mark.parametrize(
    "text", ["a_b_c *d* ~e~ `f` |g|", "> cité\n# titre\n- liste", "https://e.org/a_b voir _ça_", "[a](b)"]
)
def test_marks_are_escaped_as_the_library_escapes_them(text: str):
    assert escape_markdown(text).replace("\\", "") == text
    assert escape_markdown(text).count("\\") >= library_escape(text, ignore_links=True).count("\\") - 1


def test_f11_discord_counts_what_is_sent_marks_included():
    assert (measure("a*b"), measure("😀"), measure("https://e.org/a_b")) == (4, 2, 17)


async def test_a_notice_goes_to_the_person_alone(discord: FakeDiscord, channel: DiscordChannel):
    notice = to_do(discord, OutboxKind.NOTICE, thread="@7", text="Votre message a été supprimé.")

    await channel.send(notice)
    await channel.send(replace(notice, key="notice:2"))

    assert [said["channel_id"] for said in discord.said_by_bot] == ["9007", "9007"]
    assert len(discord.calls("POST", "/users/@me/channels")) == 1


async def test_a_resend_with_the_same_key_says_nothing_twice(discord: FakeDiscord, channel: DiscordChannel):
    ids = [await channel.send(a_reply(discord)) for _ in range(2)]

    assert ids[0] == ids[1]
    assert len(discord.said_by_bot) == 1


async def test_a_reply_whose_answer_was_lost_is_found_again(discord: FakeDiscord, channel: DiscordChannel):
    reply = a_reply(discord)
    discord.lose_answer("POST", "/messages")

    with pytest.raises(SendFailed) as failed:
        await channel.send(reply)

    assert (failed.value.permanent, failed.value.outcome_unknown) == (False, True)
    assert await channel.find_sent(reply) == f"{GENERAL}:{discord.said_by_bot[0]['id']}"
    assert await channel.find_sent(replace(reply, key="another", text="autre chose")) is None
    assert await channel.find_sent(to_do(discord, OutboxKind.BAN)) is None


async def test_f48_a_sent_reply_is_changed_and_taken_back(discord: FakeDiscord, channel: DiscordChannel):
    target = await channel.send(a_reply(discord, "Bonjuor"))

    await channel.send(to_do(discord, OutboxKind.EDIT, target=target, text="Bonjour"))
    changed = [said["content"] for said in discord.said_by_bot]
    await channel.send(to_do(discord, OutboxKind.RETRACT, target=target))
    await channel.send(to_do(discord, OutboxKind.RETRACT, target=target))

    assert changed == ["Bonjour"]
    assert discord.said_by_bot == []
    assert len(discord.calls("POST", "/messages")) == 1


async def test_f59_f60_each_act_and_what_undoes_it_reaches_the_server_once(
    discord: FakeDiscord, channel: DiscordChannel
):
    said = discord.say("insulte")
    until = discord.now + timedelta(hours=2)
    member, ban = "/guilds/{guild}/members/7", "/guilds/{guild}/bans/7"

    await channel.send(to_do(discord, OutboxKind.DELETE, target=f"{GENERAL}:{said['id']}", text="Respect"))
    await channel.send(to_do(discord, OutboxKind.TIMEOUT, until=until))
    await channel.send(to_do(discord, OutboxKind.UNTIMEOUT))
    await channel.send(to_do(discord, OutboxKind.KICK))
    await channel.send(to_do(discord, OutboxKind.BAN, seconds=3_600))
    await channel.send(to_do(discord, OutboxKind.UNBAN))
    await channel.send(to_do(discord, OutboxKind.UNBAN))
    await channel.send(to_do(discord, OutboxKind.SLOW_MODE, seconds=30))

    assert int(said["id"]) not in discord.messages[GENERAL]
    assert [body["communication_disabled_until"] for body in discord.calls("PATCH", member)] == [
        until.isoformat(),
        None,
    ]
    assert len(discord.calls("DELETE", member)) == 1
    assert discord.calls("PUT", ban) == [{"delete_message_seconds": "3600"}]
    assert discord.banned == set()
    assert discord.calls("PATCH", "/channels/{general}") == [{"rate_limit_per_user": 30}]


async def test_deleting_what_is_gone_already_is_done(discord: FakeDiscord, channel: DiscordChannel):
    gone = f"{GENERAL}:123"

    assert await channel.send(to_do(discord, OutboxKind.DELETE, target=gone)) == gone


REFUSALS = [
    (OutboxKind.NOTICE, "POST", "/messages", 403, 50007, "takes no private messages"),
    (OutboxKind.REPLY, "POST", "/messages", 403, 50013, "Send Messages"),
    (OutboxKind.REPLY, "POST", "/messages", 404, 10003, "no longer there"),
    (OutboxKind.TIMEOUT, "PATCH", "/members/7", 403, 50013, "Timeout Members"),
    (OutboxKind.KICK, "DELETE", "/members/7", 404, 10007, "not a member"),
]


@pytest.mark.parametrize("refused", REFUSALS, ids=[says for *_, says in REFUSALS])
async def test_a_refusal_for_good_is_told_in_words(
    refused: tuple[OutboxKind, str, str, int, int, str], discord: FakeDiscord, channel: DiscordChannel
):
    kind, method, path, status, code, says = refused
    discord.fail_next(method, path, status=status, code=code)

    with pytest.raises(SendFailed, match=says) as failed:
        await channel.send(to_do(discord, kind, text="x", until=discord.now))

    assert (failed.value.permanent, failed.value.outcome_unknown) == (True, False)


async def test_a_reply_to_what_is_gone_is_refused(discord: FakeDiscord, channel: DiscordChannel):
    with pytest.raises(SendFailed, match="no longer there") as failed:
        await channel.send(a_reply(discord, target=f"{GENERAL}:99"))

    assert failed.value.permanent


async def test_f10_a_short_retry_after_is_waited_out_and_a_long_one_handed_on(
    discord: FakeDiscord, channel: DiscordChannel
):
    discord.fail_next("POST", "/messages", status=429, retry_after=0.05)
    await channel.send(a_reply(discord))
    discord.fail_next("POST", "/messages", status=429, retry_after=70)

    with pytest.raises(SendFailed) as failed:
        await channel.send(a_reply(discord, key="2"))

    assert len(discord.said_by_bot) == 1
    assert (failed.value.permanent, failed.value.retry_after) == (False, timedelta(seconds=70))


async def test_a_fault_of_discords_own_is_tried_again(discord: FakeDiscord, channel: DiscordChannel):
    discord.fail_next("POST", "/messages", status=502)

    await channel.send(a_reply(discord))

    assert len(discord.said_by_bot) == 1


async def test_a_refused_token_breaks_the_channel(discord: FakeDiscord, channel: DiscordChannel):
    discord.token = "another"

    with pytest.raises(SendFailed, match="refuses the token") as failed:
        await channel.send(a_reply(discord))

    assert failed.value.broken


async def test_f10_the_buckets_are_discords(discord: FakeDiscord, channel: DiscordChannel):
    rates = [(bucket.most, bucket.per.total_seconds()) for bucket in channel.buckets(a_reply(discord))]

    assert rates == [(50, 1), (5, 5)]
    assert len(channel.buckets(to_do(discord, OutboxKind.BAN))) == 1
