"""What goes wrong between Discord and us stops nothing for good, and is never taken for something else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta

import pytest

from bot.channels.discord.channel import DiscordChannel
from inbox.errors import ChannelTrouble, SendFailed, StoreTrouble
from inbox.events import Reported
from inbox.model import Standing
from inbox.outgoing import OutboxKind, Outgoing
from inbox.sentences import Sentence
from tests.bot.test_discord import a_channel, listening
from tests.fakes.discord import GENERAL, GUILD, THREAD, FakeDiscord
from tests.fakes.inlet import ListeningInlet


@pytest.fixture
async def channel(discord: FakeDiscord) -> AsyncIterator[DiscordChannel]:
    made = a_channel(discord)
    yield made
    await made.close()


class StoreIsOut(ListeningInlet):
    """An inlet whose store cannot be read."""

    async def heard_until(self) -> Mapping[str, datetime]:
        raise StoreTrouble(Sentence("The database is out of reach."))


async def listen_until_trouble(channel: DiscordChannel, inlet: ListeningInlet) -> ChannelTrouble:
    """The trouble that ends the listening, soon."""
    with pytest.raises(ChannelTrouble) as trouble:
        async with asyncio.timeout(4):
            await channel.listen(inlet)
    assert not trouble.value.permanent
    return trouble.value


async def test_a_store_that_cannot_be_read_has_the_connection_made_anew(discord: FakeDiscord, channel: DiscordChannel):
    await listen_until_trouble(channel, StoreIsOut())


async def test_a_history_that_cannot_be_read_has_the_connection_made_anew(
    discord: FakeDiscord, channel: DiscordChannel
):
    discord.say("pendant", unheard=True)
    for _ in range(3):  # a lost answer to a question is asked again by the client itself
        discord.lose_answer("GET", f"/channels/{GENERAL}/messages")
    inlet = ListeningInlet(marks={str(GENERAL): discord.now - timedelta(hours=1)})

    await listen_until_trouble(channel, inlet)

    assert (inlet.texts, inlet.times_opened) == ([], 0)


async def test_a_gateway_that_does_not_answer_at_first_is_down_for_now(discord: FakeDiscord, channel: DiscordChannel):
    discord.gateway_is_up = False

    await listen_until_trouble(channel, ListeningInlet())


async def test_a_message_that_the_library_cannot_read_ends_the_connection_and_not_the_program(
    discord: FakeDiscord, channel: DiscordChannel
):
    listening = asyncio.create_task(listen_until_trouble(channel, ListeningInlet()))
    await discord.until_ready()
    discord.tell("MESSAGE_CREATE", {"id": "1", "channel_id": str(GENERAL), "guild_id": str(GUILD)})

    await listening


async def test_a_thread_that_cannot_be_read_costs_the_others_nothing(discord: FakeDiscord):
    del discord.say("d’une autre sorte", unheard=True)["type"]
    discord.say("dans le fil", channel=THREAD, unheard=True)
    inlet = ListeningInlet(marks={str(GENERAL): discord.now - timedelta(hours=1)})

    async with listening(discord, inlet):
        await inlet.until(1)

    assert inlet.texts == ["dans le fil"]


async def test_resuming_in_the_middle_of_catching_up_lets_nothing_live_pass_what_was_missed(discord: FakeDiscord):
    for number in range(3):
        discord.say(f"pendant {number}", unheard=True)
    inlet = ListeningInlet(marks={str(GENERAL): discord.now - timedelta(hours=1)})
    discord.hold_history.clear()
    channel = a_channel(discord)
    listening = asyncio.create_task(channel.listen(inlet))
    await discord.until_called("GET", f"/channels/{GENERAL}/messages")
    await discord.drop()
    await discord.until_resumed()
    discord.say("après")
    await asyncio.sleep(0.1)
    discord.hold_history.set()

    await inlet.until(4)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await channel.close()

    assert inlet.texts == ["pendant 0", "pendant 1", "pendant 2", "après"]


async def test_a_server_that_comes_back_from_an_outage_is_caught_up_with(discord: FakeDiscord):
    inlet = ListeningInlet()
    async with listening(discord, inlet):
        discord.say("avant")
        await inlet.until(1)
        discord.now += timedelta(seconds=1)
        discord.say("pendant", unheard=True)
        discord.come_back()
        discord.say("après")
        await inlet.until(4)

    assert inlet.texts == ["avant", "avant", "pendant", "après"]  # the last one known comes again


async def test_a_report_about_the_team_says_so(discord: FakeDiscord):
    inlet = ListeningInlet(answer=Sentence("Thank you."))
    async with listening(discord, inlet):
        discord.report(discord.say("La règle est la règle", author=discord.ines), by=discord.camille)
        await discord.until_called("POST", "/webhooks/43/interaction")

    report = inlet.events[-1]
    assert isinstance(report, Reported)
    assert report.message.standing is Standing.STAFF


async def test_a_report_is_kept_even_when_discord_takes_no_answer(discord: FakeDiscord):
    inlet = ListeningInlet(answer=Sentence("Thank you."))
    async with listening(discord, inlet):
        said = discord.say("Vous êtes tous nuls", author=discord.vip)
        discord.fail_next("POST", "/callback", status=404, code=10062)
        discord.report(said, by=discord.camille)
        await inlet.until(2)

    assert isinstance(inlet.events[-1], Reported)


def a_reply(discord: FakeDiscord, text: str, *, key: str, target: str | None = None) -> Outgoing:
    return Outgoing(
        OutboxKind.REPLY, key, str(GENERAL), discord.now, text=text, target=target, place=str(GUILD), contact="7"
    )


async def test_the_same_words_to_somebody_else_are_not_taken_for_the_reply(
    discord: FakeDiscord, channel: DiscordChannel
):
    asked = [f"{GENERAL}:{discord.say(f'Où est mon colis ? {n}')['id']}" for n in range(2)]
    await channel.send(a_reply(discord, "Nous regardons.", key="1", target=asked[0]))

    assert await channel.find_sent(a_reply(discord, "Nous regardons.", key="2", target=asked[1])) is None


async def test_a_reply_is_found_by_its_words_once_discord_has_forgotten_its_nonce(
    discord: FakeDiscord, channel: DiscordChannel
):
    asked = [f"{GENERAL}:{discord.say(f'Où est mon colis ? {n}')['id']}" for n in range(2)]
    replies = [a_reply(discord, " Nous regardons.\n", key=str(n), target=asked[n]) for n in range(2)]
    sent = await channel.send(replies[0])
    for said in discord.said_by_bot:
        said.pop("nonce")

    assert await channel.find_sent(replies[0]) == sent
    assert await channel.find_sent(replies[1]) is None


async def test_where_too_much_was_said_since_it_is_not_said_again_unseen(discord: FakeDiscord, channel: DiscordChannel):
    for number in range(600):
        discord.say(f"m{number}", unheard=True)

    reply = a_reply(discord, "Nous regardons.", key="1")
    discord.now += timedelta(minutes=1)
    sent = await channel.send(reply)

    assert await channel.find_sent(reply) == sent
    for number in range(2_500):
        discord.say(f"n{number}", unheard=True)
    with pytest.raises(SendFailed, match="Look before") as failed:
        await channel.find_sent(a_reply(discord, "Autre chose.", key="2"))
    assert (failed.value.permanent, failed.value.outcome_unknown) == (True, True)


async def test_an_id_that_is_not_discords_is_refused_for_good(discord: FakeDiscord, channel: DiscordChannel):
    reply = Outgoing(OutboxKind.REPLY, "1", "marie", discord.now, text="Bonjour")

    for asked in (channel.send, channel.find_sent):
        with pytest.raises(SendFailed) as failed:
            await asked(reply)
        assert failed.value.permanent
