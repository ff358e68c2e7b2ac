"""Telegram through the real client library, against a server on loopback (rows F02, F06, F07, F54, F63, F64)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import Patience, TelegramOptions
from bot.channels.telegram.webhook import HEADER
from inbox.errors import ChannelTrouble
from inbox.events import Appealed, Deleted, Edited, Joined, Moved, Reported
from inbox.model import Kind, Standing, Visibility
from inbox.sentences import Sentence, in_english
from tests.fakes.inlet import ListeningInlet
from tests.fakes.telegram import BOT, FakeTelegram, free_port

SECOND = timedelta(seconds=1)
QUICK = Patience(poll=2 * SECOND, answer=5 * SECOND)
GROUP = -1001


def a_channel(telegram: FakeTelegram, **options: Any) -> TelegramChannel:
    options = {"patience": QUICK, **options}
    return TelegramChannel(
        telegram.token,
        options=TelegramOptions(base_url=telegram.url, **options),
        tell=in_english,
        clock=lambda: telegram.now,
    )


@asynccontextmanager
async def listening(channel: TelegramChannel, inlet: ListeningInlet) -> AsyncIterator[None]:
    task = asyncio.create_task(channel.listen(inlet))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await channel.close()


async def heard(telegram: FakeTelegram, n_events: int = 1, **options: Any) -> ListeningInlet:
    inlet = ListeningInlet()
    async with listening(a_channel(telegram, **options), inlet):
        await inlet.until(n_events)
    return inlet


async def test_f02_an_update_of_each_type_becomes_one_item_each(telegram: FakeTelegram):
    post = telegram.message("Nos horaires", author=777000, is_automatic_forward=True)
    telegram.say("Bonjour à tous")
    telegram.say("Dans le sujet", message_thread_id=9, is_topic_message=True)
    telegram.say("Vous ouvrez quand ?", reply_to_message=post)
    telegram.say("@vigie_bot où est mon colis ?", entities=[{"type": "mention", "offset": 0, "length": 10}])
    telegram.say("En privé", chat=7)
    telegram.say("Chez le pro", chat=7, business_connection_id="b1")
    telegram.say(None, photo=[{"file_id": "f1", "file_unique_id": "u1", "width": 9, "height": 9, "file_size": 12}])

    inlet = await heard(telegram, 7)

    said = inlet.messages
    assert [(one.text, one.kind, one.thread, one.place, one.visibility) for one in said] == [
        ("Bonjour à tous", Kind.COMMENT, "-1001", "-1001", Visibility.PUBLIC),
        ("Dans le sujet", Kind.COMMENT, "-1001/9", "-1001", Visibility.PUBLIC),
        ("Vous ouvrez quand ?", Kind.THREAD_REPLY, "-1001", "-1001", Visibility.PUBLIC),
        ("@vigie_bot où est mon colis ?", Kind.MENTION, "-1001", "-1001", Visibility.PUBLIC),
        ("En privé", Kind.DM, "7", None, Visibility.PRIVATE),
        ("Chez le pro", Kind.DM, "business/b1/7", None, Visibility.PRIVATE),
        ("", Kind.NO_TEXT, "-1001", "-1001", Visibility.PUBLIC),
    ]
    assert said[0].external_id == "-1001:2"
    assert (said[0].author, said[0].author_name, said[0].lang) == ("7", "Camille Rousseau", "fr")
    assert said[0].permalink == "https://t.me/c/1/2"
    assert (said[2].parent, said[2].parent_text) == ("-1001:1", "Nos horaires")
    assert [(file.name, file.url, file.size) for file in said[6].attachments] == [("photo.jpg", "telegram-file:f1", 12)]


async def test_f07_edits_are_told_and_business_deletions_too(telegram: FakeTelegram):
    said = telegram.say("Bravo")
    telegram.edit(said, "Bande de voleurs")
    telegram.update(
        {
            "deleted_business_messages": {
                "business_connection_id": "b1",
                "chat": telegram.chat(7),
                "message_ids": [3, 4],
            }
        }
    )

    inlet = await heard(telegram, 3)

    assert inlet.events[1] == Edited("telegram", "-1001:1", "Bande de voleurs", telegram.now, place="-1001")
    assert inlet.events[2] == Deleted("telegram", ("business/b1/7:3", "business/b1/7:4"), telegram.now)


async def test_f54_what_machines_write_is_never_taken_for_a_contacts(telegram: FakeTelegram):
    telegram.say("Je suis un autre bot", **{"from": {"id": 5, "is_bot": True, "first_name": "Rose"}})
    telegram.say("C’est moi", **{"from": BOT})
    telegram.say("Absent jusqu’à lundi", chat=7, business_connection_id="b1", is_from_offline=True)
    telegram.say("Nouvelle offre", is_automatic_forward=True)
    telegram.say(None, new_chat_members=[{"id": 7, "is_bot": False, "first_name": "Camille"}])
    telegram.say("Une vraie personne")

    inlet = await heard(telegram, 2)

    assert inlet.texts == ["Une vraie personne"]


async def test_f75_who_joins_a_group_is_heard_however_telegram_tells_of_it(telegram: FakeTelegram):
    camille, rose = {"id": 7, "is_bot": False, "first_name": "Camille"}, {"id": 5, "is_bot": True, "first_name": "R"}
    leo = {"id": 8, "is_bot": False, "first_name": "Léo"}
    telegram.say(None, new_chat_members=[camille, rose, leo])
    for before, after in (("left", "member"), ("member", "left"), ("member", "administrator")):
        telegram.update(
            {
                "chat_member": {
                    "chat": telegram.chat(GROUP),
                    "from": leo,
                    "date": int(telegram.now.timestamp()),
                    "old_chat_member": {"status": before, "user": leo} | _rights(before),
                    "new_chat_member": {"status": after, "user": leo} | _rights(after),
                }
            }
        )
    telegram.say("Une vraie personne")

    inlet = await heard(telegram, 3)

    assert inlet.events[:2] == [
        Joined("telegram", ("7", "8"), telegram.now, place="-1001"),
        Joined("telegram", ("8",), telegram.now, place="-1001"),
    ]
    assert inlet.texts == ["Une vraie personne"]


def _rights(status: str) -> dict[str, bool]:
    """What Telegram tells of an administrator besides."""
    if status != "administrator":
        return {}
    may = ("be_edited", "manage_chat", "delete_messages", "manage_video_chats", "restrict_members")
    more = ("promote_members", "change_info", "invite_users", "post_stories", "edit_stories", "delete_stories")
    return {"is_anonymous": False} | {f"can_{name}": True for name in may + more}


async def test_administrators_the_group_itself_and_the_owner_of_a_business_are_the_team(telegram: FakeTelegram):
    telegram.administrators[GROUP] = [{"id": 8, "is_bot": False, "first_name": "Inès"}]
    telegram.say("Je regarde", author=8)
    telegram.say("Anonyme", sender_chat=telegram.chat(GROUP), **{"from": {"id": 1, "is_bot": True, "first_name": "G"}})
    telegram.say("Bonjour, je m’en occupe", chat=7, author=9, business_connection_id="b1")
    telegram.say("De l’équipe", author=10)
    telegram.say("Partenaire", author=11)
    telegram.say("Quelqu’un", author=12)

    inlet = await heard(telegram, 6, staff=frozenset({"10"}), exempt=frozenset({"11"}))

    assert [one.standing for one in inlet.messages] == [
        *[Standing.STAFF] * 4,
        Standing.EXEMPT,
        Standing.MEMBER,
    ]
    assert len(telegram.calls("getChatAdministrators")) == 1


async def test_f06_a_group_that_becomes_a_supergroup_is_followed(telegram: FakeTelegram):
    telegram.migrate(-55, -1009)

    inlet = await heard(telegram, 2)

    assert inlet.events[0] == Moved("telegram", "-55", "-1009", telegram.now)


async def test_f06_updates_are_acknowledged_only_once_they_are_kept(telegram: FakeTelegram):
    telegram.say("un")
    telegram.say("deux")
    inlet = ListeningInlet()
    inlet.gate.clear()
    async with listening(a_channel(telegram), inlet):
        await inlet.until(2)
        killed_before_the_commit = [*telegram.pending]
    again = ListeningInlet()

    async with listening(a_channel(telegram), again):
        await again.until(2)
        await telegram.until_called("getUpdates", 3)

    assert len(killed_before_the_commit) == 2
    assert again.texts == ["un", "deux"]
    assert telegram.pending == []


async def test_an_update_that_cannot_be_kept_or_read_holds_nothing_up(telegram: FakeTelegram):
    telegram.update(
        {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "sans auteur"}}
    )
    telegram.say("après")

    inlet = await heard(telegram, 2)

    assert inlet.texts[-1] == "après"


async def test_f02_a_webhook_call_without_the_right_secret_is_refused_and_leaves_nothing(
    telegram: FakeTelegram,
):
    inlet = ListeningInlet()
    port = free_port()
    channel = a_channel(telegram, webhook_url="https://example.org/hook", webhook_port=port, secret_token="s3cret")
    call = {"update_id": 1, "message": telegram.message("par appel")}
    async with listening(channel, inlet), aiohttp.ClientSession() as client:
        await telegram.until_called("setWebhook")
        url = f"http://127.0.0.1:{port}/hook"
        statuses = []
        for secret in ({}, {HEADER: "guess"}, {HEADER: "s3cret"}):
            async with client.post(url, json=call, headers=secret) as answer:
                statuses.append(answer.status)
        async with client.post(url, data=b"{nonsense", headers={HEADER: "s3cret"}) as answer:
            statuses.append(answer.status)

    assert statuses == [403, 403, 200, 200]
    assert inlet.texts == ["par appel"]
    assert telegram.webhook["secret_token"] == "s3cret"


async def test_f63_a_report_names_the_message_and_its_command_does_not_stay(telegram: FakeTelegram):
    bad = telegram.message("Vous êtes tous nuls", author=13, name="Zoé Petit")
    telegram.say("/report@vigie_bot insulte", reply_to_message=bad)
    inlet = ListeningInlet(answer=Sentence("Thank you."))
    async with listening(a_channel(telegram), inlet):
        await inlet.until(1)
        await telegram.until_called("sendMessage")

    (report,) = inlet.events
    assert isinstance(report, Reported)
    assert (report.message.text, report.message.author, report.reporter, report.reason) == (
        "Vous êtes tous nuls",
        "13",
        "7",
        "insulte",
    )
    assert [call["message_id"] for call in telegram.calls("deleteMessage")] == ["2"]
    assert [(said["chat"]["id"], said["text"]) for said in telegram.sent] == [(7, "Thank you.")]


async def test_f64_an_appeal_is_made_in_private_with_or_without_the_number(telegram: FakeTelegram):
    telegram.say("/appeal 12 Je ne visais personne", chat=7)
    telegram.say("/appeal C’était une citation", chat=7)

    inlet = await heard(telegram, 2)

    first, second = inlet.events
    assert isinstance(first, Appealed)
    assert isinstance(second, Appealed)
    assert (first.case, first.text, first.author) == (12, "Je ne visais personne", "7")
    assert (second.case, second.text) == (None, "C’était une citation")


async def test_a_refused_token_is_broken_for_good_and_another_poller_only_for_now(telegram: FakeTelegram):
    channel = a_channel(telegram)
    telegram.fail_next("getUpdates", status=409, says="Conflict: terminated by other getUpdates request")
    with pytest.raises(ChannelTrouble, match="Another program") as conflict:
        await channel.listen(ListeningInlet())
    telegram.token = "4242:NEW"
    with pytest.raises(ChannelTrouble, match="refuses the token") as refused:
        await channel.listen(ListeningInlet())
    await channel.close()

    assert (conflict.value.permanent, refused.value.permanent) == (False, True)


async def test_a_fault_of_telegrams_is_down_for_now_and_a_retry_after_while_polling_is_waited_for(
    telegram: FakeTelegram,
):
    telegram.fail_next("getUpdates", status=502, says="Bad Gateway")
    channel = a_channel(telegram)
    with pytest.raises(ChannelTrouble, match="out of reach") as down:
        await channel.listen(ListeningInlet())
    telegram.fail_next("getUpdates", status=429, says="Too Many Requests", retry_after=1)
    telegram.say("après")
    inlet = ListeningInlet()

    async with listening(channel, inlet):
        await inlet.until(1)

    assert not down.value.permanent
    assert inlet.times_opened == 1


async def test_privacy_mode_is_explained_by_the_examination(telegram: FakeTelegram):
    telegram.reads_all = False
    channel = a_channel(telegram)

    remarks = await channel.examine()
    await channel.close()

    assert [remark.is_well for remark in remarks] == [True, False]
    assert "/setprivacy" in str(remarks[1].sentence)


async def test_files_are_fetched_while_they_are_there_and_not_too_large(telegram: FakeTelegram):
    telegram.files["files/f1"] = b"blue"
    telegram.say(None, document={"file_id": "f1", "file_unique_id": "u", "file_name": "a.pdf", "file_size": 4})
    inlet = await heard(telegram)
    (file,) = inlet.messages[0].attachments
    channel = a_channel(telegram)

    assert await channel.fetch(file, most=10) == b"blue"
    with pytest.raises(ChannelTrouble, match="larger"):
        await channel.fetch(file, most=3)
    with pytest.raises(ChannelTrouble, match="cannot be had"):
        await channel.fetch(replace(file, url="telegram-file:gone"), most=10)
    await channel.close()
