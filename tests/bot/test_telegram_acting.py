"""What is done on Telegram reaches the server once, with the right parameters (rows F10, F48, F59, F60)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram.channel import TelegramChannel
from inbox.errors import SendFailed
from inbox.outgoing import OutboxKind, Outgoing
from tests.bot.test_telegram import GROUP, a_channel
from tests.fakes.telegram import BAD_GATEWAY, FakeTelegram
from tests.inbox.builders import NOON


@pytest.fixture
async def channel(telegram: FakeTelegram) -> AsyncIterator[TelegramChannel]:
    made = a_channel(telegram)
    yield made
    await made.close()


def to_do(kind: OutboxKind, **more: Any) -> Outgoing:
    told = {"thread": str(GROUP), "place": str(GROUP), "contact": "7", "queued_at": NOON, "key": f"{kind}:1", **more}
    return Outgoing(kind, **told)


REPLY = to_do(OutboxKind.REPLY, text="Bonjour <b>Camille</b> & *toi* _!_")


async def test_a_reply_is_threaded_and_arrives_letter_by_letter(telegram: FakeTelegram, channel: TelegramChannel):
    said = telegram.message("Où est mon colis ?")

    external_id = await channel.send(replace(REPLY, target=f"{GROUP}:{said['message_id']}"))

    (sent,) = telegram.sent
    assert sent["text"] == "Bonjour <b>Camille</b> & *toi* _!_"
    assert sent["given"]["reply_parameters"]["message_id"] == said["message_id"]
    assert "parse_mode" not in sent["given"]
    assert external_id == f"{GROUP}:{sent['message_id']}"


@pytest.mark.parametrize(
    ("thread", "given"),
    [
        (f"{GROUP}/9", {"chat_id": str(GROUP), "message_thread_id": "9"}),
        ("business/b1/7", {"chat_id": "7", "business_connection_id": "b1"}),
        ("7", {"chat_id": "7"}),
    ],
)
async def test_a_reply_goes_where_its_thread_is(
    thread: str, given: dict[str, str], telegram: FakeTelegram, channel: TelegramChannel
):
    external_id = await channel.send(replace(REPLY, thread=thread))

    (sent,) = telegram.calls("sendMessage")
    assert given.items() <= sent.items()
    assert external_id.startswith(thread.partition("/9")[0])


async def test_after_a_move_a_reply_no_longer_points_at_what_stayed_behind(
    telegram: FakeTelegram, channel: TelegramChannel
):
    await channel.send(replace(REPLY, target="-55:3"))

    assert "reply_parameters" not in telegram.calls("sendMessage")[0]


async def test_f48_a_sent_reply_is_changed_and_taken_back(telegram: FakeTelegram, channel: TelegramChannel):
    target = await channel.send(REPLY)

    await channel.send(to_do(OutboxKind.EDIT, target=target, text="Bonjour Camille"))
    await channel.send(to_do(OutboxKind.EDIT, target=target, text="Bonjour Camille"))
    changed = [said["text"] for said in telegram.messages.values()]
    await channel.send(to_do(OutboxKind.RETRACT, target=target))
    await channel.send(to_do(OutboxKind.RETRACT, target=target))

    assert changed == ["Bonjour Camille"]
    assert telegram.messages == {}
    assert len(telegram.sent) == 1


UNTIL = FakeTelegram().now + timedelta(hours=2)


@pytest.mark.parametrize(
    ("outgoing", "calls"),
    [
        (to_do(OutboxKind.TIMEOUT, until=UNTIL), {"restrictChatMember": {"until_date": str(int(UNTIL.timestamp()))}}),
        (to_do(OutboxKind.UNTIMEOUT), {"restrictChatMember": {"user_id": "7"}}),
        (to_do(OutboxKind.KICK), {"banChatMember": {"user_id": "7"}, "unbanChatMember": {"only_if_banned": "true"}}),
        (to_do(OutboxKind.BAN, until=UNTIL), {"banChatMember": {"until_date": str(int(UNTIL.timestamp()))}}),
        (to_do(OutboxKind.BAN, seconds=60), {"banChatMember": {"revoke_messages": "true"}}),
        (to_do(OutboxKind.UNBAN), {"unbanChatMember": {"only_if_banned": "true"}}),
        (to_do(OutboxKind.BAN, contact="chat:-1005"), {"banChatSenderChat": {"sender_chat_id": "-1005"}}),
        (to_do(OutboxKind.UNBAN, contact="chat:-1005"), {"unbanChatSenderChat": {"sender_chat_id": "-1005"}}),
    ],
)
async def test_f59_f60_each_act_and_what_undoes_it_reaches_the_server_once(
    outgoing: Outgoing, calls: dict[str, dict[str, str]], telegram: FakeTelegram, channel: TelegramChannel
):
    await channel.send(outgoing)

    for method, given in calls.items():
        (call,) = telegram.calls(method)
        assert {"chat_id": str(GROUP), **given}.items() <= call.items()


async def test_a_timeout_forbids_everything_and_its_end_gives_back_what_the_group_allows(
    telegram: FakeTelegram, channel: TelegramChannel
):
    await channel.send(to_do(OutboxKind.TIMEOUT, until=UNTIL))
    await channel.send(to_do(OutboxKind.UNTIMEOUT))

    silenced, restored = (call["permissions"] for call in telegram.calls("restrictChatMember"))
    assert not any(silenced.values())
    assert restored["can_send_messages"] is True


REFUSALS = [
    ("sendMessage", REPLY, 403, "Forbidden: bot was blocked by the user", "has blocked"),
    ("sendMessage", REPLY, 403, "Forbidden: bot was kicked from the group chat", "not in this group"),
    ("sendMessage", REPLY, 400, "Bad Request: message to be replied not found", "no longer there"),
    ("sendMessage", REPLY, 400, "Bad Request: something new", "omething new"),
    (
        "deleteMessage",
        to_do(OutboxKind.DELETE, target=f"{GROUP}:1"),
        400,
        "Bad Request: message can't be deleted for everyone",
        "48 hours",
    ),
    (
        "banChatMember",
        to_do(OutboxKind.BAN),
        400,
        "Bad Request: not enough rights to restrict/unrestrict chat member",
        "administrator of the group",
    ),
    ("banChatMember", to_do(OutboxKind.BAN), 400, "Bad Request: CHAT_ADMIN_REQUIRED", "administrator of the group"),
    ("banChatMember", to_do(OutboxKind.BAN), 400, "Bad Request: USER_NOT_PARTICIPANT", "not a member"),
    (
        "restrictChatMember",
        to_do(OutboxKind.TIMEOUT, until=UNTIL),
        400,
        "Bad Request: method is available only for supergroups",
        "supergroup",
    ),
]


@pytest.mark.parametrize("refused", REFUSALS, ids=[says for *_, says in REFUSALS])
async def test_a_refusal_for_good_is_told_in_words(
    refused: tuple[str, Outgoing, int, str, str], telegram: FakeTelegram, channel: TelegramChannel
):
    method, outgoing, status, answer, says = refused
    telegram.fail_next(method, status=status, says=answer)

    with pytest.raises(SendFailed, match=says) as failed:
        await channel.send(outgoing)

    assert (failed.value.permanent, failed.value.outcome_unknown) == (True, False)


@pytest.mark.parametrize("says", ["Bad Gateway", BAD_GATEWAY])
async def test_a_fault_of_telegrams_own_leaves_no_doubt_that_nothing_was_said(
    says: str, telegram: FakeTelegram, channel: TelegramChannel
):
    telegram.fail_next("sendMessage", status=502, says=says)

    with pytest.raises(SendFailed, match="out of reach") as failed:
        await channel.send(REPLY)

    assert (failed.value.permanent, failed.value.outcome_unknown) == (False, False)


async def test_f10_a_retry_after_is_handed_on_to_the_second(telegram: FakeTelegram, channel: TelegramChannel):
    telegram.fail_next("sendMessage", status=429, says="Too Many Requests: retry after 7", retry_after=7)

    with pytest.raises(SendFailed) as failed:
        await channel.send(REPLY)

    assert (failed.value.permanent, failed.value.retry_after) == (False, timedelta(seconds=7))


async def test_f10_the_buckets_are_telegrams(channel: TelegramChannel):
    group, person, act = (
        channel.buckets(REPLY),
        channel.buckets(replace(REPLY, thread="7")),
        channel.buckets(to_do(OutboxKind.BAN)),
    )

    assert [(bucket.most, bucket.per.total_seconds()) for bucket in group] == [(30, 1), (20, 60)]
    assert [(bucket.most, bucket.per.total_seconds()) for bucket in person] == [(30, 1), (1, 1)]
    assert len(act) == 1


async def test_words_whose_answer_was_lost_are_not_sent_again_unseen_and_acts_are(
    telegram: FakeTelegram, channel: TelegramChannel
):
    telegram.lose_answer("sendMessage")
    telegram.lose_answer("banChatMember")

    with pytest.raises(SendFailed, match="may have been sent") as words:
        await channel.send(REPLY)
    with pytest.raises(SendFailed) as act:
        await channel.send(to_do(OutboxKind.BAN))
    with pytest.raises(SendFailed, match="may have been sent"):
        await channel.find_sent(REPLY)

    assert (words.value.permanent, words.value.outcome_unknown) == (True, True)
    assert act.value.permanent is False
    assert await channel.find_sent(to_do(OutboxKind.BAN)) is None
    assert len(telegram.sent) == 1


async def test_a_group_that_moved_is_told_and_tried_again(telegram: FakeTelegram, channel: TelegramChannel):
    telegram.fail_next("sendMessage", says="Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)

    with pytest.raises(SendFailed, match="another id") as failed:
        await channel.send(REPLY)

    assert failed.value.retry_after is not None


async def test_a_refused_token_breaks_the_channel(telegram: FakeTelegram, channel: TelegramChannel):
    telegram.token = "4242:NEW"

    with pytest.raises(SendFailed, match="refuses the token") as failed:
        await channel.send(REPLY)

    assert failed.value.broken
