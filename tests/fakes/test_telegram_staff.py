"""The Telegram on loopback, asked by the real client library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeChat,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest

from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_staff import PICTURE, to_visible

GROUP, INES, LEA = -1001, 8, 21


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as made:
        yield made


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[Bot]:
    async with Bot(server.token, base_url=f"{server.url}/bot", base_file_url=f"{server.url}/file/bot") as made:
        yield made


def keyboard(*labels: str, data: str | None = None) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [[InlineKeyboardButton(label, callback_data=label if data is None else data)] for label in labels]
    )


async def told(bot: Bot) -> Update:
    """The one update that waits."""
    (update,) = await bot.get_updates()
    await bot.get_updates(offset=update.update_id + 1)
    return update


async def refused(doing: Awaitable[Any]) -> str:
    with pytest.raises(BadRequest) as error:
        await doing
    return error.value.message


async def test_a_press_names_its_message_its_person_and_its_data_and_is_answered_once(server: FakeTelegram, bot: Bot):
    await bot.send_message(
        GROUP, "<b>Colis</b> &amp; retard", parse_mode="HTML", reply_markup=keyboard("Envoyer", "Plus")
    )
    pressed = server.press(server.sent[-1], "Envoyer", by=INES, name="Inès Martin", lang="de")
    query = (await told(bot)).callback_query
    assert query is not None
    await query.answer("Envoyé", show_alert=True)
    again = await refused(query.answer())
    unknown = await refused(bot.answer_callback_query("12", "?"))
    await pressed.until_answered()

    assert isinstance(query.message, Message)
    assert (query.data, query.message.text, query.message.chat_id) == ("Envoyer", "Colis & retard", GROUP)
    assert (query.from_user.id, query.from_user.full_name, query.from_user.language_code) == (8, "Inès Martin", "de")
    assert query.message.reply_markup == keyboard("Envoyer", "Plus")
    assert pressed.note == "Envoyé"
    assert pressed.answer is not None
    assert pressed.answer["show_alert"] == "true"
    assert again == unknown
    assert again.startswith("Query is too old")
    assert len(pressed.refused) == 1


async def test_a_press_that_nobody_waits_for_any_more_cannot_be_answered(server: FakeTelegram, bot: Bot):
    await bot.send_message(GROUP, "Carte", reply_markup=keyboard("Plus"))
    pressed = server.press(server.sent[-1], "Plus", by=INES)
    pressed.expire()

    assert "query is too old" in (await refused(bot.answer_callback_query(pressed.id))).casefold()
    assert pressed.answer is None


async def test_only_buttons_that_stand_there_can_be_pressed_but_any_data_can_be_forged(server: FakeTelegram, bot: Bot):
    sent = await bot.send_message(GROUP, "Carte", reply_markup=keyboard("Plus"))
    card = server.sent[-1]
    with pytest.raises(AssertionError, match="no button 'Ban', only: \\['Plus'\\]"):
        server.press(card, "Ban", by=INES)
    await bot.edit_message_reply_markup(GROUP, sent.message_id)
    with pytest.raises(AssertionError, match="no button 'Plus', only: \\[\\]"):
        server.press(card, "Plus", by=INES)
    server.press(card, by=LEA, data="ban:7")
    forged = (await told(bot)).callback_query
    await sent.delete()
    with pytest.raises(AssertionError, match="gone"):
        server.press(card, "Plus", by=INES)
    server.press(card, by=LEA, data="ban:7")
    on_nothing = (await told(bot)).callback_query

    assert forged is not None
    assert (forged.data, forged.from_user.id) == ("ban:7", LEA)
    assert on_nothing is not None
    assert on_nothing.message is not None
    assert not on_nothing.message.is_accessible


async def test_a_card_is_edited_in_place_and_a_change_of_nothing_is_refused(server: FakeTelegram, bot: Bot):
    sent = await bot.send_message(GROUP, "un", reply_markup=keyboard("Plus"))
    same = await refused(sent.edit_text("un", reply_markup=keyboard("Plus")))
    await sent.edit_text("un", reply_markup=keyboard("Moins"))
    only_markup = server.kept(server.sent[-1])["reply_markup"]
    await sent.edit_text("<i>deux</i>", parse_mode="HTML")
    kept = server.kept(server.sent[-1])
    same_markup = await refused(sent.edit_reply_markup())
    not_ours = await refused(bot.edit_message_text("non", GROUP, server.say("à moi")["message_id"]))

    assert "not modified" in same
    assert "not modified" in same_markup
    assert only_markup["inline_keyboard"][0][0]["text"] == "Moins"
    assert (kept["text"], kept.get("reply_markup")) == ("deux", None)
    assert kept["entities"] == [{"type": "italic", "offset": 0, "length": 4}]
    assert not_ours.casefold() == "message can't be edited"


async def test_somebody_answers_a_message_of_the_bot_where_it_stands(server: FakeTelegram, bot: Bot):
    await bot.send_message(GROUP, "Votre texte ?", message_thread_id=9, reply_markup=ForceReply(selective=True))
    server.reply_to(server.sent[-1], "Merci beaucoup", by=LEA, name="Léa")
    message = (await told(bot)).message

    assert message is not None
    assert message.reply_to_message is not None
    assert (message.text, message.message_thread_id) == ("Merci beaucoup", 9)
    assert message.reply_to_message.from_user is not None
    assert (message.reply_to_message.text, message.reply_to_message.from_user.id) == ("Votre texte ?", bot.id)
    assert server.sent[-1]["given"]["reply_markup"] == {"force_reply": True, "selective": True}
    assert "reply_markup" not in server.sent[-1]


async def test_an_answer_to_what_is_gone_is_refused_unless_it_may_stand_alone(server: FakeTelegram, bot: Bot):
    gone = ReplyParameters(99)
    alone = ReplyParameters(99, allow_sending_without_reply=True)

    assert "not found" in await refused(bot.send_message(GROUP, "à qui ?", reply_parameters=gone))
    assert (await bot.send_message(GROUP, "à tous", reply_parameters=alone)).reply_to_message is None


async def test_a_picture_is_kept_with_its_caption_which_can_be_edited(server: FakeTelegram, bot: Bot):
    sent = await bot.send_photo(GROUP, PICTURE + b"blue", caption="Semaine <b>48</b>", parse_mode="HTML")
    await sent.edit_caption("Semaine 49", reply_markup=keyboard("Plus"))
    kept = server.kept(server.sent[-1])
    file = await bot.get_file(sent.photo[-1].file_id)
    again = await bot.send_photo(GROUP, sent.photo[-1].file_id)
    document = await bot.send_document(GROUP, b"a;b", filename="cas.csv")
    not_one = await refused(bot.send_photo(GROUP, b"ceci est un texte"))
    no_text = await refused(sent.edit_text("texte"))

    assert (server.sent[0]["caption"], server.calls("sendPhoto")[0]["photo"]) == ("Semaine 48", PICTURE + b"blue")
    assert (kept["caption"], kept["reply_markup"]["inline_keyboard"][0][0]["text"]) == ("Semaine 49", "Plus")
    assert bytes(await file.download_as_bytearray()) == PICTURE + b"blue"
    assert again.photo[-1].file_id == sent.photo[-1].file_id
    assert document.document is not None
    assert (document.document.file_name, document.document.file_size) == ("cas.csv", 3)
    assert not_one.casefold() == "image_process_failed"
    assert "no text in the message" in no_text.casefold()


async def test_commands_are_listed_per_place_and_language(server: FakeTelegram, bot: Bot):
    team = BotCommandScopeChat(GROUP)
    await bot.set_my_commands([("report", "Report a message")])
    await bot.set_my_commands([("report", "Signaler un message")], language_code="fr")
    await bot.set_my_commands([BotCommand("next", "Suivant")], scope=team, language_code="fr")
    listed = await bot.get_my_commands(scope=team, language_code="fr")
    await bot.delete_my_commands(language_code="fr")

    assert listed == (BotCommand("next", "Suivant"),)
    assert await bot.get_my_commands(language_code="fr") == ()
    assert server.menus == {
        ("default", ""): [{"command": "report", "description": "Report a message"}],
        ("chat:-1001", "fr"): [{"command": "next", "description": "Suivant"}],
    }


async def test_the_creator_the_administrators_and_the_members_are_told_apart(server: FakeTelegram, bot: Bot):
    server.administrators[GROUP] = [
        {"id": number, "is_bot": False, "first_name": name} for number, name in ((INES, "Inès"), (LEA, "Léa"))
    ]
    before = [one.status for one in await bot.get_chat_administrators(GROUP)]
    server.creators[GROUP] = LEA

    assert before == ["creator", "creator"]
    assert [one.status for one in await bot.get_chat_administrators(GROUP)] == ["administrator", "creator"]
    assert [(await bot.get_chat_member(GROUP, whom)).status for whom in (INES, LEA, 7)] == [
        "administrator",
        "creator",
        "member",
    ]
    assert await bot.send_chat_action(GROUP, "typing")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<b>gras", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<b><i>gras</b></i>", "Unmatched end tag at byte offset 10"),
        ("été <h1>titre</h1>", 'Unsupported start tag "h1" at byte offset 6'),
        ("3 < 4", "at byte offset 2"),
        ("fin</b>", "Unmatched end tag"),
    ],
)
async def test_html_that_does_not_hold_together_is_refused(server: FakeTelegram, bot: Bot, text: str, why: str):
    says = await refused(bot.send_message(GROUP, text, parse_mode="HTML"))

    assert says.startswith("Can't parse entities")
    assert why.casefold() in says.casefold()  # the library writes capitals of its own
    assert server.sent == []


def test_html_becomes_words_and_entities_counted_in_utf_16():
    shown = to_visible(
        '🐦 <b>Loriot &lt;3</b> <a href="https://example.org/?a=1&amp;b=2">ici</a> &nbsp; <code>x</code>'
    )

    assert shown == (
        "🐦 Loriot <3 ici &nbsp; x",
        [
            {"type": "bold", "offset": 3, "length": 9},
            {"type": "text_link", "offset": 13, "length": 3, "url": "https://example.org/?a=1&b=2"},
            {"type": "code", "offset": 24, "length": 1},
        ],
    )


async def test_text_that_looks_like_json_is_text(server: FakeTelegram, bot: Bot):
    for text in ("[1, 2]", "{brouillon", "[Colis] bonjour"):
        await bot.send_message(GROUP, text)

    assert [said["text"] for said in server.sent] == ["[1, 2]", "{brouillon", "[Colis] bonjour"]


async def test_what_is_too_long_is_refused_and_markup_does_not_count(server: FakeTelegram, bot: Bot):
    long = "m" * 4096
    await bot.send_message(GROUP, f"<b>{long}</b>", parse_mode="HTML")
    pressed = server.press(server.sent[-1], by=INES, data="x")

    says = [
        await refused(bot.send_message(GROUP, f"{long}m")),
        await refused(bot.send_message(GROUP, "🐦" * 2049)),
        await refused(bot.send_message(GROUP, "  ")),
        await refused(bot.send_photo(GROUP, PICTURE, caption="m" * 1025)),
        await refused(bot.send_message(GROUP, "x", reply_markup=keyboard("Plus", data="d" * 65))),
        await refused(bot.send_message(GROUP, "x", reply_markup=keyboard("Plus", data="é" * 33))),
        await refused(bot.answer_callback_query(pressed.id, "m" * 201)),
        await refused(bot.set_my_commands([("Next", "d")])),
        await refused(bot.set_my_commands([("n" * 33, "d")])),
        await refused(bot.set_my_commands([("next", "d" * 257)])),
        await refused(bot.set_my_commands([(f"c{number}", "d") for number in range(101)])),
    ]

    assert [one.casefold() for one in says] == [
        "message is too long",
        "message is too long",
        "message text is empty",
        "message caption is too long",
        *["button_data_invalid"] * 2,
        "message_too_long",
        *["bot_command_invalid"] * 2,
        "bot_command_description_invalid",
        "bot_commands_too_much",
    ]
    assert len(server.sent) == 1
