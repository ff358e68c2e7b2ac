"""What goes wrong between Telegram and us stops nothing for good, and is never taken for something else."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.webhook import HEADER
from inbox.errors import ChannelTrouble, SendFailed
from inbox.events import Appealed, Event, Reported
from inbox.model import Attachment, IncomingMessage, Kind, Standing
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from tests.bot.test_telegram import GROUP, QUICK, a_channel, heard, listening
from tests.bot.test_telegram_acting import REPLY, to_do
from tests.fakes.inlet import ListeningInlet
from tests.fakes.telegram import BAD_GATEWAY, FakeTelegram, free_port

INES = {"id": 8, "is_bot": False, "first_name": "Inès"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
BRAND: dict[str, Any] = {"id": -1007, "type": "channel", "title": "Loriot"}
SECOND = timedelta(seconds=1)


@pytest.fixture
async def channel(telegram: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    made = a_channel(telegram)
    yield made
    await made.close()


# --- hearing ---


async def test_an_update_that_the_library_cannot_read_costs_the_others_nothing(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    telegram.say("avant")
    telegram.update({"message": {"message_id": 2, "chat": telegram.chat(GROUP), "text": "d’une autre sorte"}})
    telegram.say("après")
    telegram.update({"message": {"message_id": 4, "chat": telegram.chat(GROUP), "text": "d’une autre sorte"}})
    inlet = ListeningInlet()

    with monkeypatch.context() as nobody_listens:
        nobody_listens.setattr(logging.getLogger(), "handlers", [])
        async with listening(a_channel(telegram), inlet):
            await inlet.until(2)
            await telegram.until_called("getUpdates", 3)

    assert inlet.texts == ["avant", "après"]
    assert telegram.pending == []
    assert "d’une autre sorte" not in capfd.readouterr().err  # people's words are in no log


async def test_a_call_that_the_library_cannot_read_is_not_asked_for_again(telegram: FakeTelegram):
    port = free_port()
    channel = a_channel(telegram, webhook_url="https://example.org/hook", webhook_port=port, secret_token="s3cret")
    call = {"update_id": 1, "message": {**telegram.message("un jour lointain"), "date": 10**15}}
    async with listening(channel, ListeningInlet()), aiohttp.ClientSession() as client:
        await telegram.until_called("setWebhook")
        async with client.post(f"http://127.0.0.1:{port}/hook", json=call, headers={HEADER: "s3cret"}) as answer:
            status = answer.status

    assert status == 200


async def test_the_end_does_not_wait_for_a_call_that_nobody_keeps(telegram: FakeTelegram):
    port = free_port()
    channel = a_channel(telegram, webhook_url="https://example.org/hook", webhook_port=port, secret_token="s3cret")
    call = {"update_id": 1, "message": telegram.message("au dernier moment")}
    inlet = ListeningInlet()
    inlet.gate.clear()
    listening = asyncio.create_task(channel.listen(inlet))
    await telegram.until_called("setWebhook")
    async with aiohttp.ClientSession() as client:
        calling = asyncio.create_task(
            client.post(f"http://127.0.0.1:{port}/hook", json=call, headers={HEADER: "s3cret"})
        )
        await inlet.until(1)
        listening.cancel()

        ended, _ = await asyncio.wait([listening], timeout=15)

        inlet.gate.set()
        with suppress(aiohttp.ClientError):
            (await calling).close()
    await asyncio.gather(listening, return_exceptions=True)
    await channel.close()

    assert ended


async def test_an_address_that_telegram_does_not_take_is_told_in_its_words(telegram: FakeTelegram):
    refusal = "Bad Request: bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
    telegram.fail_next("setWebhook", says=refusal)
    channel = a_channel(telegram, webhook_url="https://example.org:9443/hook", webhook_port=free_port())

    with pytest.raises(ChannelTrouble, match="only on ports 80, 88, 443 or 8443"):
        await channel.listen(ListeningInlet())
    await channel.close()


async def test_a_server_that_falls_silent_is_noticed_once_its_answer_is_due(telegram: FakeTelegram):
    telegram.hold_next("getUpdates")
    channel = a_channel(telegram, patience=replace(QUICK, poll=30 * SECOND, answer=SECOND))

    with pytest.raises(ChannelTrouble, match="out of reach"):
        async with asyncio.timeout(10):
            await channel.listen(ListeningInlet())
    await channel.close()


# --- who is who ---


async def test_a_team_that_could_not_be_asked_for_is_asked_for_again_soon(telegram: FakeTelegram):
    telegram.administrators[GROUP] = [INES]
    telegram.fail_next("getChatAdministrators", status=502, says="Bad Gateway")
    inlet = ListeningInlet()
    async with listening(a_channel(telegram), inlet):
        telegram.say("pendant la panne", author=8)
        await inlet.until(1)
        telegram.now += timedelta(minutes=1)
        telegram.say("après la panne", author=8)
        await inlet.until(2)

    assert inlet.messages[1].standing is Standing.STAFF


async def test_a_team_that_the_library_cannot_read_costs_no_message(telegram: FakeTelegram):
    telegram.administrators[GROUP] = [{"id": 8}]
    telegram.say("Bonjour")
    telegram.say("Bonsoir")

    inlet = await heard(telegram, 2)

    assert inlet.texts == ["Bonjour", "Bonsoir"]


def a_change(telegram: FakeTelegram, who: dict[str, Any], before: str, after: str) -> dict[str, Any]:
    more = {"is_anonymous": False}
    return {
        "chat_member": {
            "chat": telegram.chat(GROUP),
            "from": who,
            "date": int(telegram.now.timestamp()),
            "old_chat_member": {"user": who, "status": before, **more},
            "new_chat_member": {"user": who, "status": after, **more},
        }
    }


async def test_the_team_is_asked_for_again_when_it_changes_and_not_whenever_somebody_joins(telegram: FakeTelegram):
    inlet = ListeningInlet()
    async with listening(a_channel(telegram), inlet):
        telegram.say("avant", author=8)
        joined = range(20, 40)
        for number in joined:
            camille = {"id": number, "is_bot": False, "first_name": "Camille"}
            telegram.update(a_change(telegram, camille, "left", "member"))
        telegram.say("entre", author=8)
        await inlet.until(2 + len(joined))
        asked_before = len(telegram.calls("getChatAdministrators"))
        telegram.administrators[GROUP] = [INES]
        telegram.update(a_change(telegram, INES, "member", "creator"))
        telegram.say("après", author=8)
        await inlet.until(3 + len(joined))

    assert asked_before == 1
    assert [one.standing for one in inlet.messages] == [Standing.MEMBER, Standing.MEMBER, Standing.STAFF]


async def test_the_channel_that_a_group_belongs_to_is_of_the_team_and_another_channel_is_not(telegram: FakeTelegram):
    telegram.linked[GROUP] = BRAND["id"]
    other = {"id": -1008, "type": "channel", "title": "Ailleurs"}
    telegram.say("Nous regardons", sender_chat=BRAND, **{"from": CHANNEL_BOT})
    telegram.say("Venez chez nous", sender_chat=other, **{"from": CHANNEL_BOT})

    inlet = await heard(telegram, 2)

    assert [one.standing for one in inlet.messages] == [Standing.STAFF, Standing.MEMBER]


async def test_who_calls_while_the_team_is_asked_for_waits_for_the_answer(telegram: FakeTelegram):
    telegram.administrators[GROUP] = [INES]
    held = telegram.hold_next("getChatAdministrators")
    port = free_port()
    channel = a_channel(telegram, webhook_url="https://example.org/hook", webhook_port=port, secret_token="s3cret")
    inlet = ListeningInlet()

    async def call(client: aiohttp.ClientSession, number: int) -> int:
        told = {"update_id": number, "message": telegram.message(f"{number}", author=8)}
        async with client.post(f"http://127.0.0.1:{port}/hook", json=told, headers={HEADER: "s3cret"}) as answer:
            return answer.status

    async with listening(channel, inlet), aiohttp.ClientSession() as client:
        await telegram.until_called("setWebhook")
        calls = [asyncio.create_task(call(client, 1))]
        await telegram.until_called("getChatAdministrators")
        calls.append(asyncio.create_task(call(client, 2)))
        await asyncio.sleep(0.1)
        held.set()
        await asyncio.gather(*calls)

    assert [one.standing for one in inlet.messages] == [Standing.STAFF, Standing.STAFF]


async def test_a_report_about_a_post_of_the_channel_itself_says_so(telegram: FakeTelegram):
    post = telegram.message(
        "Nos horaires",
        sender_chat=BRAND,
        is_automatic_forward=True,
        **{"from": {"id": 777000, "is_bot": False, "first_name": "Telegram"}},
    )
    telegram.say("/report", reply_to_message=post)

    inlet = await heard(telegram)

    (report,) = inlet.events
    assert isinstance(report, Reported)
    assert report.message.standing is Standing.STAFF


# --- commands ---


def appeal(event: Event) -> tuple[int | None, str]:
    assert isinstance(event, Appealed)
    return event.case, event.text


async def test_a_command_may_go_on_on_the_next_line(telegram: FakeTelegram):
    bad = telegram.message("Vous êtes tous nuls", author=13)
    telegram.say("/appeal 12\nJe ne visais personne.\nVraiment.", chat=7)
    telegram.say("/appeal\nC’était une citation", chat=7)
    telegram.say("/Report@Vigie_Bot\ninsulte", reply_to_message=bad)

    inlet = await heard(telegram, 3)

    assert appeal(inlet.events[0]) == (12, "Je ne visais personne.\nVraiment.")
    assert appeal(inlet.events[1]) == (None, "C’était une citation")
    report = inlet.events[2]
    assert isinstance(report, Reported)
    assert report.reason == "insulte"


async def test_what_is_written_to_a_business_is_no_command_to_the_bot(telegram: FakeTelegram):
    telegram.say("/appeal 12 Je ne visais personne", chat=7, business_connection_id="b1")

    inlet = await heard(telegram)

    assert [(one.text, one.kind) for one in inlet.messages] == [("/appeal 12 Je ne visais personne", Kind.DM)]


async def test_a_report_is_kept_once_even_where_what_follows_it_is_answered_strangely(telegram: FakeTelegram):
    telegram.fail_next("deleteMessage", status=200, says="")
    telegram.fail_next("sendMessage", status=200, says="")
    telegram.say("/report", reply_to_message=telegram.message("Vous êtes tous nuls", author=13))
    telegram.say("après")
    inlet = ListeningInlet(answer=Sentence("Thank you."))

    async with listening(a_channel(telegram), inlet):
        await telegram.until_called("getUpdates", 2)

    assert [type(event) for event in inlet.events] == [Reported, IncomingMessage]
    assert telegram.pending == []


async def test_a_file_of_a_size_that_is_not_told_or_an_answer_that_is_none_is_no_fault_of_ours(
    telegram: FakeTelegram, channel: TelegramChannel
):
    telegram.tells_sizes = False
    telegram.files["files/f1"] = b"blue"
    file = Attachment("a.pdf", "application/pdf", None, "telegram-file:f1")

    with pytest.raises(ChannelTrouble, match="larger"):
        await channel.fetch(file, most=3)
    telegram.fail_next("getFile", status=200, says="")
    with pytest.raises(ChannelTrouble, match="cannot be had"):
        await channel.fetch(file, most=10)
    assert await channel.fetch(file, most=10) == b"blue"


async def test_a_link_to_an_answer_names_no_thread_that_is_not_known(telegram: FakeTelegram):
    asked = telegram.message("Vous ouvrez quand ?")
    telegram.say("Oui, quand ?", reply_to_message=asked)
    telegram.say("Et le lundi ?", reply_to_message=asked, message_thread_id=1)

    inlet = await heard(telegram, 2)

    assert [one.permalink for one in inlet.messages] == ["https://t.me/c/1/2", "https://t.me/c/1/3?thread=1"]


# --- acting ---


@pytest.mark.parametrize(
    ("kind", "method"), [(OutboxKind.TIMEOUT, "restrictChatMember"), (OutboxKind.BAN, "banChatMember")]
)
@pytest.mark.parametrize("left", [timedelta(minutes=-20), timedelta(), timedelta(seconds=20)])
async def test_what_is_over_or_nearly_when_it_is_done_does_not_last_for_ever(
    left: timedelta, kind: OutboxKind, method: str, telegram: FakeTelegram, channel: TelegramChannel
):
    await channel.send(to_do(kind, until=telegram.now + left))

    (call,) = telegram.calls(method)
    # Telegram takes less than 30 seconds from now for ever.
    assert 30 < int(call["until_date"]) - telegram.now.timestamp() <= 120


async def test_who_writes_as_a_channel_is_not_banned_for_good_where_a_time_was_meant(
    telegram: FakeTelegram, channel: TelegramChannel
):
    with pytest.raises(SendFailed, match="only for good") as failed:
        await channel.send(to_do(OutboxKind.BAN, contact="chat:-1005", until=telegram.now + timedelta(days=7)))

    assert failed.value.permanent
    assert telegram.calls("banChatSenderChat") == []


async def test_a_timeout_that_ends_while_the_group_is_closed_does_not_outlast_that(
    telegram: FakeTelegram, channel: TelegramChannel
):
    telegram.allowed = False

    await channel.send(to_do(OutboxKind.UNTIMEOUT))

    (call,) = telegram.calls("restrictChatMember")
    assert call["permissions"]["can_send_messages"] is True  # all of them lift what was laid on the person alone


async def test_who_is_kicked_from_a_group_that_keeps_nobody_out_is_kicked(
    telegram: FakeTelegram, channel: TelegramChannel
):
    await channel.send(to_do(OutboxKind.KICK, thread="-55", place="-55"))
    await channel.send(to_do(OutboxKind.UNBAN, thread="-55", place="-55"))

    assert len(telegram.calls("banChatMember")) == 1


@pytest.mark.parametrize(
    ("kind", "method"), [(OutboxKind.EDIT, "editMessageText"), (OutboxKind.DELETE, "deleteMessage")]
)
async def test_what_stayed_behind_when_a_group_moved_is_given_up_and_moves_nothing_again(
    kind: OutboxKind, method: str, telegram: FakeTelegram, channel: TelegramChannel
):
    inlet = ListeningInlet()
    async with listening(channel, inlet):
        await telegram.until_called("getUpdates")
        telegram.fail_next(method, says="Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)

        with pytest.raises(SendFailed, match="no longer there") as failed:
            await channel.send(to_do(kind, thread="-1009/3", place="-1009", target="-55:3", text="Bonjour"))

    assert (failed.value.permanent, inlet.events) == (True, [])


@pytest.mark.parametrize(
    ("status", "says"), [(504, "Gateway Timeout"), (504, BAD_GATEWAY), (200, BAD_GATEWAY), (200, "")]
)
async def test_without_an_answer_of_telegrams_words_may_have_been_said_and_acts_are_repeated(
    status: int, says: str, telegram: FakeTelegram, channel: TelegramChannel
):
    telegram.fail_next("sendMessage", status=status, says=says)
    telegram.fail_next("banChatMember", status=status, says=says)

    with pytest.raises(SendFailed, match="may have been sent") as words:
        await channel.send(REPLY)
    with pytest.raises(SendFailed) as act:
        await channel.send(to_do(OutboxKind.BAN))

    assert (words.value.permanent, words.value.outcome_unknown) == (True, True)
    assert act.value.permanent is False
