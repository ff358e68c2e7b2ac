"""What the help says, what the manual lists and what the platforms are told come from one book of commands."""

from __future__ import annotations

from pathlib import Path

from app.words import tell_in
from bot.commands.book import BOOK
from data.store import open_store
from tests.end_to_end.chats import PAULE, TEAM, DiscordChat, TelegramChat
from tests.end_to_end.rooms import Room

MANUAL = Path(__file__).parents[2] / "docs" / "commands.md"
MEMBERS_OWN = {"Report", "appeal"}


async def test_discord_is_told_the_commands_of_the_book_with_their_help_in_both_languages(sqlite_url: str):
    async with DiscordChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            async with Room(store, chat).listening():
                await chat.until_ready()
        told = {one["name"]: one for one in chat.commands}

    names = {name for one in BOOK.commands.values() for name in (one.name, *one.aliases)}
    menus = {one.menu.says for one in BOOK.commands.values() if one.menu is not None}
    assert set(told) == names | menus | MEMBERS_OWN
    for command in BOOK.commands.values():
        one = told[command.name]
        assert one["description"] == command.help.says[:100]
        assert one["description_localizations"]["fr"] == tell_in(command.help, "fr")[:100]
        assert {option["name"] for option in one["options"]} == {parameter.name for parameter in command.parameters}
        required = {option["name"] for option in one["options"] if option.get("required")}
        assert required == {parameter.name for parameter in command.parameters if parameter.required}


async def test_telegram_is_told_the_commands_of_the_book_where_the_team_sits_and_nowhere_else(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            async with Room(store, chat).listening():
                pass
        menus = dict(chat.menus)

    assert {scope for scope, _ in menus} == {f"chat:{TEAM}"}
    for lang in ("", "fr"):
        listed = {one["command"]: one["description"] for one in menus[f"chat:{TEAM}", lang]}
        assert listed == {one.name: tell_in(one.help, lang or None)[:256] for one in BOOK.commands.values()}


async def test_the_help_and_the_manual_list_the_commands_of_the_book(sqlite_url: str):
    async with DiscordChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            async with Room(store, chat).listening() as _:
                told = await chat.ask(PAULE, "help")

    manual = MANUAL.read_text(encoding="utf-8")
    for command in BOOK.commands.values():
        assert f"/{command.name} " in f"{told.text} ".replace("\n", " ")
        assert f"| `{command.usage}` |" in manual
