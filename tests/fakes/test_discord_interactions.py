"""The Discord on loopback, asked by small bots written with the real client library."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord import app_commands

from tests.fakes.discord import GENERAL, STAFF, FakeDiscord

Said = discord.Interaction[Any]


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord() as made:
        monkeypatch.setattr(discord.http.Route, "BASE", made.api_url)
        gateway = yarl.URL(made.url.replace("http", "ws") + "/gw")
        monkeypatch.setattr(discord.gateway.DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield made


class Bot(discord.Client):
    """A bot whose commands are functions."""

    def __init__(self, *commands: Any) -> None:
        super().__init__(intents=discord.Intents.default(), guild_ready_timeout=0.05)
        self.tree = app_commands.CommandTree(self)
        for command in commands:
            self.tree.add_command(command)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    def place(self, number: int) -> discord.TextChannel:
        found = self.get_channel(number)
        assert isinstance(found, discord.TextChannel)
        return found


@asynccontextmanager
async def running(server: FakeDiscord, *commands: Any, bot: Bot | None = None) -> AsyncIterator[Bot]:
    bot = bot or Bot(*commands)
    task = asyncio.create_task(bot.start(server.token))
    try:
        async with asyncio.timeout(20):
            while not (bot.is_ready() or task.done()):
                await asyncio.sleep(0.005)
        if task.done():
            await task
        yield bot
    finally:
        await bot.close()
        await asyncio.gather(task, return_exceptions=True)


def a_command(does: Callable[[Said], Awaitable[Any]], name: str = "next") -> app_commands.Command[Any, Any, Any]:
    async def callback(asked: Said) -> None:
        await does(asked)

    return app_commands.Command(name=name, description="What it does", callback=callback)


def a_card(*items: discord.ui.Item[Any]) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


def a_button(label: str, does: Callable[[Said], Awaitable[Any]], **more: Any) -> discord.ui.Button[Any]:
    button: discord.ui.Button[Any] = discord.ui.Button(label=label, **more)
    button.callback = does  # type: ignore[assignment, method-assign]  # as discord.py's guide does
    return button


async def refused(doing: Awaitable[Any]) -> tuple[int, int, str]:
    with pytest.raises(discord.HTTPException) as error:
        await doing
    return error.value.status, error.value.code, error.value.text


async def test_a_command_is_answered_to_its_caller_alone_or_to_everyone(server: FakeDiscord):
    async def whisper(asked: Said) -> None:
        await asked.response.send_message(f"Rien, {asked.user.display_name}", ephemeral=True)

    async def shout(asked: Said) -> None:
        await asked.response.send_message("Trois")

    async with running(server, a_command(whisper), a_command(shout, "queue")):
        whispered = server.command("next", by=server.lea)
        shouted = server.command("queue", by=server.omar, channel=GENERAL)
        await whispered.until_answered()
        await shouted.until_answered()

    assert (whispered.answer_text, whispered.is_whispered) == ("Rien, Léa", True)
    assert (shouted.answer_text, shouted.is_whispered) == ("Trois", False)
    assert [said["content"] for said in server.said_by_bot] == ["Trois"]
    assert whispered.took is not None
    assert whispered.took < 3


async def test_options_of_a_group_come_as_the_bot_declared_them(server: FakeDiscord):
    heard: list[Any] = []
    group = app_commands.Group(name="case", description="Cases")

    @group.command(name="note", description="Write a note")
    @app_commands.choices(kind=[app_commands.Choice(name="Interne", value="internal")])
    async def note(  # noqa: PLR0917  # an option is a parameter
        asked: Said,
        text: app_commands.Range[str, 1, 10],
        number: int,
        whom: discord.Member,
        kind: str = "none",
        urgent: bool = False,
    ) -> None:
        heard.extend([text, number, whom.display_name, [role.name for role in whom.roles], kind, urgent])
        await asked.response.defer(ephemeral=True)

    async with running(server, group):
        asked = server.command(
            "case", by=server.lea, sub="note", text="bonjour", number=12, whom=server.omar, kind="Interne", urgent=True
        )
        await asked.until_acknowledged()
        with pytest.raises(AssertionError, match="without number, whom"):
            server.command("case", by=server.lea, sub="note", text="bonjour")
        with pytest.raises(AssertionError, match="may not be"):
            server.command("case", by=server.lea, sub="note", text="bien trop long", number=1, whom=server.omar)
        with pytest.raises(AssertionError, match="no command 'cases', only: \\['case'\\]"):
            server.command("cases", by=server.lea)

    assert heard == ["bonjour", 12, "Omar", ["@everyone", "Lecture"], "internal", True]


async def test_the_menu_of_a_message_hands_the_message_over(server: FakeDiscord):
    heard: list[str] = []

    async def triage(asked: Said, message: discord.Message) -> None:
        heard.append(f"{message.content} #{message.channel} by {asked.user.name}")
        await asked.response.send_message("Noté", ephemeral=True)

    async with running(server, app_commands.ContextMenu(name="Triage this message", callback=triage)):
        asked = server.menu("Triage this message", server.say("Où est mon colis ?"), by=server.lea)
        await asked.until_answered()

    assert heard == ["Où est mon colis ? #general by léa"]


async def test_a_promised_answer_takes_the_first_words_that_follow_and_more_may_come(server: FakeDiscord):
    async def slow(asked: Said) -> None:
        await asked.response.defer(ephemeral=True, thinking=True)
        first = await asked.followup.send("un", wait=True)
        await asked.followup.send("deux", ephemeral=True)
        await first.edit(content="un, corrigé")
        await asked.edit_original_response(content=f"{(await asked.original_response()).content}, deux fois")

    async with running(server, a_command(slow)):
        asked = server.command("next", by=server.lea)
        await asked.until(lambda: asked.updates == 2)

    assert [said["content"] for said in asked.answers] == ["un, corrigé, deux fois", "deux"]
    assert [said["flags"] & 64 for said in asked.answers] == [64, 64]


async def test_a_form_goes_round_from_a_button_and_changes_the_card_in_place(server: FakeDiscord):
    class Edit(discord.ui.Modal, title="Modifier"):
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Texte", default="Merci", max_length=20)
        why: discord.ui.Label[Any] = discord.ui.Label(
            text="Pourquoi",
            component=discord.ui.Select(
                custom_id="why", options=[discord.SelectOption(label="Le ton", value="tone")], required=False
            ),
        )

        async def on_submit(self, asked: Said) -> None:
            assert isinstance(self.why.component, discord.ui.Select)
            words = f"{self.words.value} ({', '.join(self.why.component.values)})"
            await asked.response.edit_message(content=words, view=None)

    async def edit(asked: Said) -> None:
        await asked.response.send_modal(Edit())

    async with running(server) as bot:
        await bot.place(STAFF).send("Un brouillon", view=a_card(a_button("Edit", edit, custom_id="edit")))
        (card,) = server.said_by_bot
        pressed = server.press(card, "edit", by=server.lea)
        await pressed.until_modal()
        with pytest.raises(AssertionError, match="no field colour"):
            server.submit(pressed, colour="bleu")
        with pytest.raises(AssertionError, match="must be filled in"):
            server.submit(pressed, Texte="")
        with pytest.raises(AssertionError, match="takes 0 to 20 letters, not 21"):
            server.submit(pressed, Texte="m" * 21)
        sent = server.submit(pressed, Texte="Merci beaucoup", why="Le ton")
        await sent.until_updated()
        with pytest.raises(AssertionError, match="no button 'Edit', only: \\[\\]"):
            server.press(card, "Edit", by=server.lea)

    assert sent.updated is not None
    assert sent.updated["content"] == "Merci beaucoup (tone)"
    assert server.said_by_bot == [sent.updated]
    assert pressed.modal is not None
    assert pressed.modal["title"] == "Modifier"


async def test_a_menu_gives_its_values_and_people_where_it_lists_people(server: FakeDiscord):
    heard: list[Any] = []

    def answering(menu: Any) -> Any:
        async def callback(asked: Said) -> None:
            heard.append([getattr(one, "display_name", one) for one in menu.values])
            await asked.response.defer()
            await asked.edit_original_response(content=f"choix {len(heard)}")

        menu.callback = callback
        return menu

    options = [discord.SelectOption(label="Une heure", value="1h"), discord.SelectOption(label="Demain", value="1d")]
    snooze = answering(discord.ui.Select(custom_id="snooze", options=options, max_values=2))
    assign = answering(discord.ui.UserSelect(custom_id="assign"))

    async with running(server) as bot:
        await bot.place(STAFF).send("Carte", view=a_card(snooze, assign))
        (card,) = server.said_by_bot
        await server.choose(card, "Demain", "1h", by=server.lea).until_updated()
        assigned = server.choose(card, server.omar, by=server.lea, menu="assign")
        await assigned.until_updated()
        with pytest.raises(AssertionError, match="no option 'Jamais', only: \\['Une heure', 'Demain'\\]"):
            server.choose(card, "Jamais", by=server.lea, menu="snooze")

    assert heard == [["1d", "1h"], ["Omar"]]
    assert assigned.updated is not None
    assert assigned.updated["content"] == "choix 2"


async def test_a_button_of_an_answer_is_pressed_by_whoever_sees_it_and_only_while_it_can_be(server: FakeDiscord):
    async def sure(asked: Said) -> None:
        await asked.response.edit_message(content="Fait", view=None)

    async def ask(asked: Said) -> None:
        view = a_card(a_button("Oui", sure), a_button("Non", sure, disabled=True))
        await asked.response.send_message("Sûr ?", view=view, ephemeral=True)

    async with running(server, a_command(ask, "ban")):
        asked = server.command("ban", by=server.lea)
        await asked.until_answered()
        question = asked.answers[-1]
        with pytest.raises(AssertionError, match="disabled"):
            server.press(question, "Non", by=server.lea)
        with pytest.raises(AssertionError, match="somebody else"):
            server.press(question, "Oui", by=server.omar)
        pressed = server.press(question, "Oui", by=server.lea)
        await pressed.until_updated()

    assert (asked.answer_text, question["components"]) == ("Fait", [])
    assert server.said_by_bot == []


async def test_the_second_callback_is_refused(server: FakeDiscord):
    heard: list[Any] = []

    async def twice(asked: Said) -> None:
        again = discord.InteractionResponse[Any](asked)
        await asked.response.send_message("un")
        heard.append(await refused(again.send_message("deux")))

    async with running(server, a_command(twice)):
        asked = server.command("next", by=server.lea)
        await asked.until_refused()

    assert heard == [(400, 40060, "Interaction has already been acknowledged.")]
    assert [said["content"] for said in asked.answers] == ["un"]


async def test_an_answer_after_three_seconds_or_after_the_token_ran_out_is_refused(server: FakeDiscord):
    heard: list[Any] = []

    async def late(asked: Said) -> None:
        heard.append((await refused(asked.response.defer()))[:2])

    async def much_later(asked: Said) -> None:
        await asked.response.defer()
        server.now += timedelta(minutes=16)
        heard.append((await refused(asked.followup.send("enfin")))[:2])
        await server._notify()

    async with running(server, a_command(late), a_command(much_later, "queue")):
        server.interactions.answer_within_s = 0
        asked = server.command("next", by=server.lea)
        await asked.until_refused()
        server.interactions.answer_within_s = 3
        waited = server.command("queue", by=server.lea)
        await waited.until(lambda: len(heard) == 2)

    assert heard == [(404, 10062), (401, 50027)]
    assert (asked.acknowledged, asked.refused, waited.answers) == (False, ["10062 Unknown interaction"], [])


def buttons(*rows: int, **more: Any) -> list[dict[str, Any]]:
    names = iter(range(100))
    return [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 1, "label": "L", "custom_id": f"b{next(names)}", **more} for _ in range(n_buttons)
            ],
        }
        for n_buttons in rows
    ]


def a_menu(*values: str, **more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "m", "options": [{"label": "o", "value": value} for value in values], **more}


@pytest.mark.parametrize(
    ("message", "why"),
    [
        ({"content": "m" * 2001}, "In content: Must be 2000 or fewer in length."),
        ({"content": "x", "components": buttons(*[1] * 6)}, "In components: Must be 5 or fewer in length."),
        ({"content": "x", "components": buttons(6)}, "In components.0.components: Must be between 1 and 5 in length."),
        ({"content": "x", "components": buttons(1, custom_id="b" * 101)}, "custom_id: Must be between 1 and 100"),
        ({"content": "x", "components": buttons(2, custom_id="same")}, "custom id cannot be duplicated"),
        ({"content": "x", "components": buttons(1, label="l" * 81)}, "label: Must be 80 or fewer"),
        (
            {"content": "x", "components": [{"type": 1, "components": [a_menu("a"), *buttons(1)[0]["components"]]}]},
            "width",
        ),
        ({"content": "x", "components": [{"type": 1, "components": [a_menu()]}]}, "options: This field is required"),
        (
            {"content": "x", "components": [{"type": 1, "components": [a_menu(*(str(n) for n in range(26)))]}]},
            "options: Must be between 1 and 25",
        ),
        ({"content": "x", "components": [{"type": 1, "components": [a_menu("v" * 101)]}]}, "value: Must be between 1"),
        ({"content": "x", "embeds": [{"title": "t" * 257}]}, "In embeds.0.title: Must be 256 or fewer"),
        ({"content": "  "}, "Cannot send an empty message"),
    ],
)
async def test_a_message_beyond_a_limit_is_refused_by_name(server: FakeDiscord, message: dict[str, Any], why: str):
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=STAFF)
    async with running(server) as bot:
        status, code, text = await refused(bot.http.request(route, json=message))

    assert (status, code) == (400, 50006 if "empty" in why else 50035)
    assert why in text
    assert server.messages[STAFF] == {}


async def test_an_answer_beyond_a_limit_is_refused_and_may_be_tried_again(server: FakeDiscord):
    heard: list[str] = []

    class Long(discord.ui.Modal, title="t" * 46):
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Texte")

    async def clumsy(asked: Said) -> None:
        heard.append((await refused(asked.response.send_message("m" * 2001)))[2])
        heard.append((await refused(asked.response.send_modal(Long())))[2])
        await asked.response.send_message("court")

    async with running(server, a_command(clumsy)):
        asked = server.command("next", by=server.lea)
        await asked.until_answered()

    assert "In data.content: Must be 2000 or fewer in length." in heard[0]
    assert "In data.title: Must be between 1 and 45 in length." in heard[1]
    assert (asked.answer_text, len(asked.refused)) == ("court", 2)


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ([{"name": "Next", "description": "d"}], "Command name is invalid: 'Next'"),
        ([{"name": "n" * 33, "description": "d"}], "Command name is invalid"),
        ([{"name": "next", "description": "d" * 101}], "In 0.description: Must be between 1 and 100"),
        ([{"name": "next", "description": "d", "description_localizations": {"fr": "d" * 101}}], "description"),
        (
            [
                {
                    "name": "next",
                    "description": "d",
                    "options": [{"type": 3, "name": f"o{n}", "description": "d"} for n in range(26)],
                }
            ],
            "In 0.options: Must be 25 or fewer",
        ),
        (
            [
                {
                    "name": "next",
                    "description": "d",
                    "options": [
                        {"type": 3, "name": "a", "description": "d"},
                        {"type": 3, "name": "b", "description": "d", "required": True},
                    ],
                }
            ],
            "Required options must be placed before",
        ),
        ([{"name": f"Menu {n}", "type": 3} for n in range(16)], "Maximum number of application commands reached (15)"),
        ([{"name": "next", "description": "d"}] * 2, "Application command names must be unique"),
    ],
)
async def test_commands_beyond_a_limit_are_refused_by_name(
    server: FakeDiscord, commands: list[dict[str, Any]], why: str
):
    async with running(server) as bot:
        assert bot.application_id is not None
        status, _, text = await refused(bot.http.bulk_upsert_global_commands(bot.application_id, commands))

    assert status == 400
    assert why in text
    assert server.commands == []


async def test_files_of_messages_and_answers_are_kept_and_served(server: FakeDiscord):
    async def export(asked: Said) -> None:
        file = discord.File(io.BytesIO(b"a;b"), "cas.csv")
        await asked.response.send_message("Voici", file=file, ephemeral=True)

    async with running(server, a_command(export, "export")) as bot:
        picture = discord.Embed(title="Photo").set_image(url="attachment://photo.png")
        said = await bot.place(STAFF).send(embed=picture, files=[discord.File(io.BytesIO(b"blue"), "photo.png")])
        await said.edit(content="avec une photo")
        asked = server.command("export", by=server.paule)
        await asked.until_answered()

    (card,) = server.said_by_bot
    (photo,), (table,) = card["attachments"], asked.answers[0]["attachments"]
    async with aiohttp.ClientSession() as session, session.get(photo["url"]) as got:
        served = await got.read()
    assert (photo["filename"], photo["content_type"], served) == ("photo.png", "image/png", b"blue")
    assert card["embeds"][0]["image"]["url"] == photo["url"]
    assert (table["filename"], server.interactions.bytes_of(table)) == ("cas.csv", b"a;b")
    assert card["content"] == "avec une photo"


async def test_messages_in_the_staff_channel_are_edited_fetched_and_deleted(server: FakeDiscord):
    async def nothing(asked: Said) -> None: ...

    async with running(server) as bot:
        staff = bot.place(STAFF)
        said = await staff.send("un", view=a_card(a_button("Edit", nothing)), silent=True)
        told: asyncio.Task[Any] = asyncio.create_task(bot.wait_for("message_edit", timeout=20))
        await asyncio.sleep(0)
        await said.edit(content="deux", view=None, allowed_mentions=discord.AllowedMentions.none())
        fetched = await staff.fetch_message(said.id)
        before, after = await told
        (kept,) = server.said_by_bot
        await said.delete()

    assert (staff.name, fetched.content, fetched.components) == ("moderation", "deux", [])
    assert (before.id, after.content) == (said.id, "deux")
    assert kept["allowed_mentions"] == {"parse": []}
    assert server.said_by_bot == []


class Resolve(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"resolve:(?P<number>\d+)"):
    """A button that knows by its custom_id what it is about, whichever process has made it."""

    def __init__(self, number: int) -> None:
        super().__init__(discord.ui.Button(label="Resolve", custom_id=f"resolve:{number}"))
        self.number = number

    @classmethod
    async def from_custom_id(cls, asked: Said, item: discord.ui.Item[Any], match: re.Match[str]) -> Resolve:  # noqa: ARG003  # the library's signature
        return cls(int(match["number"]))

    async def callback(self, asked: Said) -> None:
        assert asked.message is not None
        await asked.response.edit_message(content=f"{asked.message.content} : résolu {self.number}", view=None)


async def test_a_card_of_before_a_restart_still_works_and_so_do_its_answers(server: FakeDiscord):
    tokens: list[str] = []

    async def ask(asked: Said) -> None:
        tokens.append(asked.token)
        await asked.response.send_message("un", ephemeral=True)

    async with running(server, a_command(ask)) as bot:
        await bot.place(STAFF).send("Carte", view=a_card(Resolve(7)))
        asked = server.command("next", by=server.lea)
        await asked.until_answered()

    again = Bot(a_command(ask))
    again.add_dynamic_items(Resolve)
    async with running(server, bot=again):
        pressed = server.press(server.said_by_bot[0], "Resolve", by=server.lea)
        await pressed.until_updated()
        old = discord.Webhook.from_state({"id": 43, "type": 3, "token": tokens[0]}, again._connection)
        await old.edit_message(int(asked.answers[0]["id"]), content="deux")

    assert server.said_by_bot[0]["content"] == "Carte : résolu 7"
    assert asked.answer_text == "deux"


async def test_the_rights_that_an_interaction_carries_are_those_of_its_roles(server: FakeDiscord):
    heard: list[tuple[str, bool, list[str]]] = []

    async def who(asked: Said) -> None:
        assert isinstance(asked.user, discord.Member)
        heard.append((asked.user.name, asked.permissions.manage_messages, [role.name for role in asked.user.roles[1:]]))
        await asked.response.defer()

    async with running(server, a_command(who)):
        for whom in (server.camille, server.ines, server.lea, server.omar, server.paule):
            await server.command("next", by=whom).until_acknowledged()

    assert heard == [
        ("camille rousseau", False, []),
        ("inès", True, ["Équipe"]),
        ("léa", False, ["Support"]),
        ("omar", False, ["Lecture"]),
        ("paule", False, ["Patron"]),
    ]


async def test_an_interaction_in_a_private_channel_names_its_user(server: FakeDiscord):
    heard: list[Any] = []

    async def who(asked: Said) -> None:
        heard.append((asked.user.name, asked.guild, type(asked.channel)))
        await asked.response.send_message("bonjour")

    async with running(server, a_command(who)):
        private = server.open_private(7)
        asked = server.command("next", by=server.camille, channel=private)
        await asked.until_answered()

    assert heard == [("camille rousseau", None, discord.DMChannel)]
    assert [said["content"] for said in server.messages[private].values()] == ["bonjour"]


async def test_an_answer_of_the_wrong_kind_is_refused_and_one_that_was_taken_back_is_gone(server: FakeDiscord):
    heard: list[str] = []

    class Again(discord.ui.Modal, title="Encore"):
        words: discord.ui.TextInput[Any] = discord.ui.TextInput(label="Texte", custom_id="words")

        async def on_submit(self, asked: Said) -> None:
            heard.append((await refused(asked.response.send_modal(Again())))[2])
            await asked.response.send_message(self.words.value, ephemeral=True, view=a_card(Resolve(1)))
            await asked.delete_original_response()
            heard.append((await refused(asked.edit_original_response(content="trop tard")))[2])
            await asked.followup.send("fini", ephemeral=True)

    async def ask(asked: Said) -> None:
        await asked.response.send_modal(Again())

    async with running(server, a_command(ask)):
        asked = server.command("next", by=server.lea)
        await asked.until_modal()
        sent = server.submit(asked, words="oui")
        await sent.until_answered(2)
        with pytest.raises(AssertionError, match="gone"):
            server.press(sent.answers[0], "Resolve", by=server.lea)

    assert heard == ["Invalid Form Body\nIn type: A form cannot be answered with a form", "Unknown Message"]
    assert [said["content"] for said in sent.answers] == ["oui", "fini"]


async def test_a_card_of_the_newer_components_is_kept_and_its_buttons_can_be_pressed(server: FakeDiscord):
    async def done(asked: Said) -> None:
        await asked.response.send_message("Fait", ephemeral=True)

    class Card(discord.ui.LayoutView):
        def __init__(self) -> None:
            super().__init__(timeout=None)
            button = a_button("Voir", done, custom_id="see")
            row: discord.ui.ActionRow[Any] = discord.ui.ActionRow(a_button("Envoyer", done, custom_id="send"))
            self.add_item(
                discord.ui.Container(discord.ui.Section(discord.ui.TextDisplay("Colis"), accessory=button), row)
            )

    async with running(server) as bot:
        await bot.place(STAFF).send(view=Card())
        (card,) = server.said_by_bot
        await server.press(card, "Envoyer", by=server.lea).until_answered()
        seen = server.press(card, "see", by=server.lea)
        await seen.until_answered()

    assert (seen.answer_text, card["content"]) == ("Fait", "")
    assert card["flags"] & 1 << 15


async def test_two_people_who_press_at_once_are_both_heard(server: FakeDiscord):
    async def take(asked: Said) -> None:
        await asked.response.edit_message(content=f"pris par {asked.user.display_name}")

    async with running(server) as bot:
        await bot.place(STAFF).send("Carte", view=a_card(a_button("Prendre", take)))
        (card,) = server.said_by_bot
        both = [server.press(card, "Prendre", by=whom) for whom in (server.lea, server.omar)]
        for pressed in both:
            await pressed.until_updated()

    assert card["content"] in {"pris par Léa", "pris par Omar"}
