"""Discord through the real client library, against a server on loopback (rows F01, F06–F08, F54, F63, F64)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.discord.channel import DiscordChannel
from bot.channels.discord.options import DiscordOptions, Patience
from inbox.errors import ChannelTrouble
from inbox.events import Appealed, Deleted, Edited, Joined, Reported
from inbox.model import Attachment, Kind, Standing, Visibility
from inbox.sentences import Sentence, in_english
from tests.fakes.discord import GENERAL, GUILD, POST, THREAD, FakeDiscord, person
from tests.fakes.inlet import ListeningInlet

NONE = timedelta()
SECOND = timedelta(seconds=1)
QUICK = Patience(servers=SECOND / 20, identify=NONE, outage=5 * SECOND, act=10 * SECOND)


def a_channel(discord: FakeDiscord, **options: Any) -> DiscordChannel:
    options = {"patience": QUICK, **options}
    return DiscordChannel(
        discord.token,
        options=DiscordOptions(api_url=discord.api_url, **options),
        tell=in_english,
        clock=lambda: discord.now,
    )


@asynccontextmanager
async def listening(discord: FakeDiscord, inlet: ListeningInlet, **options: Any) -> AsyncIterator[DiscordChannel]:
    """A channel that listens, once it stands."""
    channel = a_channel(discord, **options)
    task = asyncio.create_task(channel.listen(inlet))
    try:
        async with asyncio.timeout(20):
            while not inlet.times_opened and not task.done():
                await asyncio.sleep(0.005)
        if task.done():
            await task
        yield channel
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ChannelTrouble):
            await task
        await channel.close()


async def test_f75_who_joins_is_heard_where_the_server_greets(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("", type=7)
        discord.say("Bonjour à tous")
        events = await inlet.until(2)

    assert events[0] == Joined("discord", (inlet.messages[0].author,), discord.now, place=str(GUILD))
    assert inlet.texts == ["Bonjour à tous"]


async def test_f01_a_channel_message_a_thread_reply_a_forum_post_and_a_dm_become_items(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        first = discord.say("Bonjour à tous")
        discord.say("Dans le fil", channel=THREAD, answers=None)
        discord.say("Mon colis est cassé", channel=POST, id=str(POST))
        discord.say(
            "<@42> vous êtes là ?", mentions=[{"id": "42", "username": "Vigie", "discriminator": "0", "avatar": None}]
        )
        discord.say("Oui je confirme", answers=first)
        private = discord.say_privately("En privé")
        discord.say(
            "",
            attachments=[
                {
                    "id": "5",
                    "filename": "photo.png",
                    "size": 9,
                    "url": f"{discord.url}/files/photo.png",
                    "proxy_url": "x",
                    "content_type": "image/png",
                }
            ],
        )
        await inlet.until(7)

    said = inlet.messages
    assert [(one.kind, one.thread, one.place, one.visibility) for one in said] == [
        (Kind.COMMENT, str(GENERAL), str(GUILD), Visibility.PUBLIC),
        (Kind.THREAD_REPLY, str(THREAD), str(GUILD), Visibility.PUBLIC),
        (Kind.COMMENT, str(POST), str(GUILD), Visibility.PUBLIC),
        (Kind.MENTION, str(GENERAL), str(GUILD), Visibility.PUBLIC),
        (Kind.COMMENT, str(GENERAL), str(GUILD), Visibility.PUBLIC),
        (Kind.DM, private["channel_id"], None, Visibility.PRIVATE),
        (Kind.NO_TEXT, str(GENERAL), str(GUILD), Visibility.PUBLIC),
    ]
    assert said[0].permalink == f"https://discord.com/channels/{GUILD}/{GENERAL}/{first['id']}"
    assert said[5].permalink == f"https://discord.com/channels/@me/{private['channel_id']}/{private['id']}"
    assert (said[4].parent, said[4].parent_text) == (f"{GENERAL}:{first['id']}", "Bonjour à tous")
    assert (said[0].author, said[0].author_name) == ("7", "Camille Rousseau")
    assert [(file.name, file.media_type, file.size) for file in said[6].attachments] == [("photo.png", "image/png", 9)]


async def test_f07_f08_edits_deletions_and_bulk_deletions_are_followed_and_previews_are_not_edits(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        said = [discord.say(f"m{number}") for number in range(4)]
        discord.unfurl(said[0])
        discord.edit(said[0], "changé")
        discord.delete(said[1])
        discord.delete(said[2], said[3])
        await inlet.until(7)

    assert inlet.texts == ["m0", "m1", "m2", "m3"]
    assert inlet.events[4:] == [
        Edited("discord", f"{GENERAL}:{said[0]['id']}", "changé", discord.now, place=str(GUILD)),
        Deleted("discord", (f"{GENERAL}:{said[1]['id']}",), discord.now, place=str(GUILD)),
        Deleted("discord", tuple(f"{GENERAL}:{one['id']}" for one in said[2:]), discord.now, place=str(GUILD)),
    ]


async def test_f54_bots_webhooks_and_we_ourselves_are_never_taken_for_a_contact(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("Je suis un robot", author=discord.robot)
        discord.say(
            "C’est moi",
            author={"user": {"id": "42", "username": "Vigie", "discriminator": "0", "avatar": None}, "roles": []},
        )
        discord.say("Nouvel article", webhook_id="77")
        discord.say("Max a rejoint", type=7)
        discord.say("Une vraie personne")
        await inlet.until(1)

    assert inlet.texts == ["Une vraie personne"]


async def test_whoever_may_moderate_or_has_the_role_is_the_team_and_others_may_be_exempt(discord: FakeDiscord):
    discord.members[11] = named = person(11, "Lou", 1003)
    inlet = ListeningInlet()
    async with listening(discord, inlet, exempt_roles=frozenset({"VIP"})):
        for author in (discord.ines, discord.vip, discord.camille, named, person(1, "Propriétaire")):
            discord.say("bonjour", author=author)
        await inlet.until(5)

    assert [one.standing for one in inlet.messages] == [
        Standing.STAFF,
        Standing.EXEMPT,
        Standing.MEMBER,
        Standing.MEMBER,
        Standing.STAFF,
    ]


async def test_f06_what_was_written_while_we_were_away_comes_first_and_once(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("avant")
        discord.say_privately("avant, en privé")
        await inlet.until(2)
    discord.now += timedelta(hours=1)
    for number in range(150):
        discord.say(f"pendant {number}", unheard=True)
    discord.say("pendant, de l’équipe", author=discord.ines, unheard=True)
    discord.say("pendant, dans le fil", channel=THREAD, unheard=True)
    discord.say_privately("pendant, en privé")
    again = ListeningInlet(marks=await inlet.heard_until())

    async with listening(discord, again):
        discord.say("après")
        await again.until(156)

    texts = again.texts
    assert texts[-1] == "après"
    assert {"pendant, dans le fil", "pendant, en privé"} <= {*texts}
    general = [one.text for one in again.messages if one.thread == str(GENERAL)]
    assert [text for text in general if text.startswith("pendant ")] == [f"pendant {number}" for number in range(150)]
    assert len({one.external_id for one in again.messages}) - len(texts) in {0, -2}  # a mark's own message comes again
    team = next(one for one in again.messages if one.text == "pendant, de l’équipe")
    assert team.standing is Standing.STAFF


async def test_at_the_first_start_nothing_old_is_taken_in(discord: FakeDiscord):
    discord.say("il y a longtemps", unheard=True)
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("maintenant")
        await inlet.until(1)

    assert inlet.texts == ["maintenant"]


async def test_catching_up_is_bounded_in_time_and_number(discord: FakeDiscord):
    marks = {str(GENERAL): discord.now - timedelta(days=9)}
    discord.now -= timedelta(days=2)
    discord.say("trop vieux", unheard=True)
    discord.now += timedelta(days=2)
    for number in range(30):
        discord.say(f"m{number}", unheard=True)
    inlet = ListeningInlet(marks=marks)

    async with listening(discord, inlet, catch_up_most=20):
        await inlet.until(20)

    assert inlet.texts == [f"m{number}" for number in range(20)]


async def test_a_dropped_socket_is_resumed_and_what_was_missed_comes_in_order(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("un")
        await inlet.until(1)
        await discord.drop()
        discord.say("deux, pendant la coupure")
        await discord.until_resumed()
        discord.say("trois")
        await inlet.until(3)

    assert inlet.texts == ["un", "deux, pendant la coupure", "trois"]
    assert discord.identified == 1


async def test_a_missing_intent_is_explained_and_waiting_does_not_help(discord: FakeDiscord):
    discord.intents_allowed = False

    with pytest.raises(ChannelTrouble, match="Message Content Intent") as trouble:
        async with listening(discord, ListeningInlet()):
            pass

    assert trouble.value.permanent


async def test_a_refused_token_is_broken_for_good(discord: FakeDiscord):
    channel = a_channel(discord)
    discord.token = "another"

    with pytest.raises(ChannelTrouble, match="refuses the token") as trouble:
        await channel.listen(ListeningInlet())
    await channel.close()

    assert trouble.value.permanent


async def test_a_server_that_does_not_answer_is_down_for_now(discord: FakeDiscord):
    channel = DiscordChannel(
        "t", options=DiscordOptions(api_url="http://127.0.0.1:9/api"), tell=in_english, clock=lambda: discord.now
    )

    with pytest.raises(ChannelTrouble, match="out of reach") as trouble:
        await channel.listen(ListeningInlet())
    await channel.close()

    assert not trouble.value.permanent


async def test_f63_a_report_from_the_menu_is_answered_to_its_author_alone(discord: FakeDiscord):
    inlet = ListeningInlet(answer=Sentence("Thank you."))
    async with listening(discord, inlet):
        bad = discord.say("Vous êtes tous nuls", author=discord.vip)
        discord.report(bad, by=discord.camille)
        await discord.until_called("POST", "/webhooks/43/interaction")

    report = inlet.events[-1]
    assert isinstance(report, Reported)
    assert (report.message.text, report.message.author, report.reporter) == ("Vous êtes tous nuls", "9", "7")
    (deferred,) = discord.calls("POST", "/callback")
    (answer,) = discord.calls("POST", "/webhooks/43/interaction")
    assert deferred["data"]["flags"] == 64
    assert (answer["content"], answer["flags"]) == ("Thank you.", 64)
    assert [command["name"] for command in discord.commands] == ["appeal", "Report"]


async def test_f64_an_appeal_names_its_case_or_none(discord: FakeDiscord):
    inlet = ListeningInlet(answer=Sentence("Noted."))
    async with listening(discord, inlet):
        discord.appeal("C’était une citation", by=discord.camille, case=12)
        discord.appeal("C’était une citation", by=discord.camille)
        await inlet.until(2)

    first, second = inlet.events
    assert isinstance(first, Appealed)
    assert isinstance(second, Appealed)
    assert (first.case, first.author, first.text, second.case) == (12, "7", "C’était une citation", None)


async def test_the_examination_names_what_is_missing(discord: FakeDiscord):
    discord.may_read_content = False
    discord.rights = 1 << 10
    channel = a_channel(discord)

    remarks = await channel.examine()
    await channel.close()

    assert [remark.is_well for remark in remarks] == [True, False, False]
    assert "Message Content Intent" in str(remarks[1].sentence)
    assert "Manage Messages" in str(remarks[2].sentence)


async def test_files_are_fetched_while_their_links_live_and_not_too_large(discord: FakeDiscord):
    discord.files["photo.png"] = b"blue"
    channel = a_channel(discord)
    there, gone = (Attachment(name, url=f"{discord.url}/files/{name}") for name in ("photo.png", "gone.png"))

    assert await channel.fetch(there, most=4) == b"blue"
    with pytest.raises(ChannelTrouble, match="larger"):
        await channel.fetch(there, most=3)
    with pytest.raises(ChannelTrouble, match="cannot be had"):
        await channel.fetch(gone, most=4)
