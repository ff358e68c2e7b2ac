"""What a team's chat must not do, whoever asks, taps twice, tells twice or breaks off: on Discord and on Telegram."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from app.words import tell_in
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import TelegramOptions
from bot.commands.calling import Tools
from bot.commands.card import CardFacts, card, moment_of
from bot.commands.counter import Counter
from bot.commands.keeper import Keeper
from bot.commands.views import View
from data.store import SqlStore, open_store
from inbox.desk import Desk
from inbox.drafting import change_draft
from inbox.model import Actor, Label, Status
from inbox.people import Role
from inbox.ports import Clock, Connection
from inbox.rates import RateLimiter
from inbox.replies import discard_draft
from inbox.views import SendState
from tests.end_to_end.chats import CAMILLE, INES, LEA, PAULE, TEAM, DiscordChat, TelegramChat
from tests.end_to_end.rooms import LATE, PICTURE, RUDE, THANKS, Room
from tests.fakes.discord import GENERAL, STAFF, SUPPORT_ROLE, THREAD

SPAM = "Achetez ma liste de 10 000 numéros de téléphone sur www.spam.example !!!"
OTHER_TEAM = -1010


def a_room(store: SqlStore, chat: Any) -> Room:
    return Room(store, chat)


def is_paused(room: Room) -> bool:
    with room.desk.store.read() as books:
        return books.switch("paused").is_on


# --- who may ---


async def test_whoever_takes_the_bot_into_a_group_of_his_own_is_nobody_to_the_brand(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            chat.administrators[-100_777] = [{"id": 7, "is_bot": False, "first_name": CAMILLE}]
            chat.creators[-100_777] = 7
            async with room.listening():
                chat.say("/pause", chat=-100_777, author=7)
                await chat.until(lambda: any(said["chat"]["id"] == 7 for said in chat.sent))

            assert "réservé à l’équipe" in chat.sent[-1]["text"]
            assert not is_paused(room)


class OfAnotherServer(DiscordChat):
    """The bot is in a server that has no channel of the team."""

    team = "99"


async def test_the_roles_of_a_server_that_is_not_the_brands_count_for_nothing(sqlite_url: str):
    async with OfAnotherServer() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                answer = await chat.ask(PAULE, "pause")

            assert "for the team" in answer.text
            assert not is_paused(room)


class WithARoleCalledOwner(DiscordChat):
    """A server that gives its regulars a role with a name that means something to us."""

    roles = {"discord/owner": Role.ADMIN, "discord/team": Role.VIEWER}  # noqa: RUF012  # a protocol's attribute

    def _guild(self) -> dict[str, Any]:
        guild = super()._guild()
        for role in guild["roles"]:
            role["name"] = "owner" if role["id"] == str(SUPPORT_ROLE) else role["name"]
        return guild


async def test_a_role_that_is_only_called_owner_makes_nobody_an_administrator(sqlite_url: str):
    async with WithARoleCalledOwner() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                answer = await chat.ask(LEA, "pause")

            assert "yours is viewer" in answer.text
            assert not is_paused(room)


class TwoTeams(TelegramChat):
    """One bot with the groups of two brands' teams."""

    def connect(self, clock: Clock, counter: Counter) -> Connection:
        options = TelegramOptions(base_url=self.url, staff_chats=frozenset({self.team, str(OTHER_TEAM)}))
        return TelegramChannel(self.token, options=options, tell=tell_in, clock=clock, counter=counter)


async def test_a_moderator_of_one_brand_is_nobody_to_another(sqlite_url: str):
    async with TwoTeams() as chat:
        with open_store(sqlite_url, brand="main") as store, open_store(sqlite_url, brand="other") as others:
            room, other = a_room(store, chat), a_room(others, chat)
            desk_of = lambda _channel, thread, _place: other.desk if thread == str(OTHER_TEAM) else room.desk  # noqa: E731  # one line, used once
            room.counter._desk_of = desk_of
            async with room.listening():
                chat.say("/pause", chat=OTHER_TEAM, author=8)
                await chat.until(lambda: any(said["chat"]["id"] == OTHER_TEAM for said in chat.sent))

            assert "réservé à l’équipe" in chat.sent[-1]["text"]
            assert not is_paused(other)


class InAThread(DiscordChat):
    """A team that also talks in a thread of its channel."""

    team = str(GENERAL)


async def test_a_thread_of_the_teams_channel_is_the_same_place_as_the_channel(sqlite_url: str):
    async with InAThread() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            asked: list[str] = []

            def desk_of(_channel: str, thread: str, _place: str | None) -> Desk:
                asked.append(thread)
                return room.desk

            room.counter._desk_of = desk_of
            async with room.listening():
                status = chat.command("status", by=chat.lea, channel=THREAD)
                await status.until(lambda: status.answers)

            assert asked == [str(GENERAL)]


# --- what the team says among itself ---


async def test_a_card_that_is_reported_does_not_become_a_contacts_message(sqlite_url: str):
    async with DiscordChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                await room.hear(LATE)
                said = chat.say("Quel client pénible", author=chat.ines, channel=STAFF)
                await chat.ask(LEA, "", about=("Report", said))
                await chat.ask(LEA, "", about=("Report", room.card().raw))

            assert room._messages() == 1


async def test_a_command_for_another_bot_in_answer_to_a_card_is_no_draft(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                await room.hear(LATE)
                before = room.view().open_drafts[0].text
                chat.reply_to(room.card().raw, "/stats@AnotherBot", by=21)
                chat.reply_to(room.card().raw, "/report", by=21)
                await chat.ask(LEA, "status")

            assert room.view().open_drafts[0].text == before


async def test_a_note_that_is_written_in_a_form_is_seen_by_all(room: Room):
    async with room.listening():
        await room.hear(LATE)
        more = await room.chat.tap(room.card(), "More…", LEA)
        form = await room.chat.tap(more, "Note", LEA)
        noted = await room.chat.fill(form, "Rappelle-la demain.", LEA)

    assert "Note by Léa" in noted.text
    assert not noted.is_whispered


# --- what offends ---


async def test_f67_an_insult_that_was_dealt_with_stays_blurred_in_what_a_search_finds(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        await room.chat.ask(INES, "resolve", conversation=1)
        found = await room.chat.ask(INES, "search", text="connard")

    assert "#1" in found.text
    assert "gueule" not in found.text


async def test_f67_the_insult_that_a_message_answers_is_blurred_on_its_card(room: Room):
    async with room.listening():
        (insult,) = await room.hear(RUDE)
        if room.chat.name == "discord":
            room.chat.say(LATE, author=9, answers=insult)  # type: ignore[call-arg]  # each platform's own
        else:
            room.chat.say(LATE, author=9, reply_to_message=insult)  # type: ignore[call-arg]  # each platform's own
        await room.hear()
        async with asyncio.timeout(10):
            while room._messages() < 2:
                await asyncio.sleep(0.01)
        await room.hear()

    assert LATE in room.card().text
    assert "answers Camille" in room.card().text
    assert "connard" not in room.card().text


async def test_f67_a_long_insult_can_be_read_and_is_veiled_where_all_see_the_answer(room: Room):
    # Discord shows marks with a stroke before each; Telegram shows 4096 letters in all.
    insult = f"{RUDE} ".ljust(1_900, "*") if room.chat.name == "discord" else (f"{RUDE} " * 100)[:4_096].strip()
    async with room.listening():
        await room.hear(insult)
        shown = await room.chat.tap(room.card(), "Show the text", INES)

    assert "connard" in shown.text
    assert shown.text.endswith("…")
    assert shown.is_whispered or "<tg-spoiler>ferme" in shown.sent


# --- twice, or too late ---


async def test_a_reply_that_is_told_of_twice_is_sent_once(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        again = await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        await room.deliver()

    assert "You have answered in these words already." in again.text
    assert room.chat.replies() == ["Nous cherchons votre colis."]
    assert "Nous cherchons votre colis." not in [draft.text for draft in room.view().open_drafts]


async def test_a_reply_that_was_taken_back_can_be_given_again(room: Room):
    async with room.listening():
        await room.hear(LATE)
        first = await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        await room.chat.tap(first, "Undo", LEA)
        again = await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")

    assert "leaves in 20 s" in again.text


async def test_a_label_that_is_tapped_twice_holds(room: Room):
    async with room.listening():
        await room.hear(LATE)
        more = await room.chat.tap(room.card(), "More…", LEA)
        await room.chat.tap(more, "praise", LEA)
        await room.chat.tap(more, "praise", LEA)
        with room.desk.store.read() as books:
            stands = books.labels_of(1)

    assert stands is not None
    assert set(stands.labels) == {Label.PRAISE, Label.COMPLAINT}


async def test_spam_is_the_message_that_was_seen_whatever_has_come_since(room: Room):
    async with room.listening():
        await room.hear(SPAM)
        seen = await room.chat.ask(INES, "why", conversation=1)
        await room.hear(THANKS)
        done = await room.chat.tap(seen, "Spam", INES)
        with room.desk.store.read() as books:
            case = books.find_case(1)

    assert "Case 1" in done.text
    assert case is not None
    assert case.evidence.text == SPAM
    (line,) = room.audit("conversation.spam")
    assert line.actor.name == INES


async def test_undo_takes_back_what_was_done_last_and_no_old_case(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        await room.chat.ask(INES, "ban", user=CAMILLE, reason="Insultes")
        await room.deliver()
        await room.hear(LATE)
        await room.chat.ask(INES, "resolve", conversation=1)
        await room.look()
        undone = await room.chat.ask(INES, "undo", conversation=1)
        with room.desk.store.read() as books:
            case = books.find_case(1)

    assert "is open again" in undone.text
    assert room.view().status is Status.OPEN
    assert case is not None
    assert case.stands


async def test_a_name_with_a_space_is_not_taken_for_somebody_with_half_of_it(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                await room.hear(LATE)
                chat.say(THANKS, author=31, name="Camille")
                async with asyncio.timeout(10):
                    while room._messages() < 2:
                        await asyncio.sleep(0.01)
                done = await chat.ask(INES, "warn", user="Camille Rousseau", reason="Insultes répétées")
                with store.read() as books:
                    case = books.find_case(1)

            assert "Case 1: warning, Camille Rousseau." in done.text
            assert case is not None
            assert case.reason == "Insultes répétées"


async def test_a_long_draft_is_changed_whole(room: Room):
    longest = 1_900 if room.chat.name == "discord" else 4_080
    words = "Bonjour Camille. ".ljust(longest, "é")
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "draft", conversation=1, text=words)
        await room.look()
        form = await room.chat.tap(room.card(), "Edit", LEA)
        ready = await room.chat.fill(form, "Bonjour, votre colis arrive.", LEA)

    assert form.asks is not None
    assert "Nothing is sent yet" in ready.text


# --- what was seen is what is done ---


async def test_a_draft_that_was_changed_since_the_card_was_shown_does_not_leave_unread(room: Room):
    async with room.listening():
        await room.hear(LATE)
        stale = room.card()
        change_draft(room.desk, 1, text="Bonjour, votre colis est perdu.", by=Actor.person(INES))
        refused = await room.chat.tap(stale, "Send draft", LEA)
        before = len(room.view().sends)
        sent = await room.chat.tap(refused, "Send draft", LEA)
        await room.deliver()

    assert "has changed since it was shown here. Nothing was sent." in refused.text
    assert "votre colis est perdu" in refused.text
    assert before == 0
    assert "leaves in 20 s" in sent.text
    assert room.chat.replies() == ["Bonjour, votre colis est perdu."]


async def test_another_answer_of_a_colleague_is_shown_before_anything_follows_it(room: Room):
    async with room.listening():
        await room.hear(LATE)
        answer = await room.chat.ask(LEA, "reply", conversation=1, text="Il arrive demain.")
        first = await room.chat.ask(INES, "reply", conversation=1, text="Je regarde.")
        await room.chat.tap(answer, "Undo", LEA)
        await room.chat.ask(LEA, "reply", conversation=1, text="Non, il est perdu.")
        again = await room.chat.tap(first, "Send all the same", INES)
        sent = await room.chat.tap(again, "Send all the same", INES)

    assert "Il arrive demain." in first.text
    assert "Non, il est perdu." in again.text
    assert "Nothing was sent" in again.text
    assert "leaves in 20 s" in sent.text


async def test_a_draft_that_was_offered_is_the_one_that_is_taken(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "draft", conversation=1, text="Bonjour, nous cherchons.")
        offered = await room.chat.ask(LEA, "draft", conversation=1)
        first = room.view().open_drafts[0]
        discard_draft(room.desk, first.id, by=Actor.person(INES))
        gone = await room.chat.tap(offered, "Take 1", LEA)
        second = await room.chat.tap(offered, "Take 2", LEA)

    assert "The drafts have changed since. Ask for them again." in gone.text
    assert "Nothing is sent yet" in second.text
    assert first.text not in second.text


async def test_an_old_undo_opens_nothing_that_was_closed_again_since(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "resolve", conversation=1)
        await room.look()
        stale = room.card()
        (closed,) = room.audit("conversation.resolved")
        await room.chat.ask(LEA, "reopen", conversation=1)
        await room.look()
        await room.chat.ask(INES, "resolve", conversation=1)
        refused = await room.chat.forge(stale, f"reopen:1:{moment_of(closed)}", LEA)
        stands = room.view().status
        await room.look()
        undone = await room.chat.tap(room.card(), "Undo", LEA)

    assert room.chat.button(stale, "reopen")
    assert f"Since then: {INES} has resolved it." in refused.text
    assert "/reopen 1" in refused.text
    assert stands is Status.RESOLVED
    assert "is open again" in undone.text


# --- the board ---


async def test_a_card_that_cannot_be_made_keeps_no_other_from_being_shown(room: Room, monkeypatch: pytest.MonkeyPatch):
    def broken(facts: CardFacts) -> View:
        if facts.view.id == 1:
            raise KeyError("no such part")
        return card(facts)

    async with room.listening():
        monkeypatch.setattr("bot.commands.keeper.card", broken)
        await room.hear(LATE)
        await room.hear("Toujours rien, c'est vraiment inadmissible, remboursez-moi !", author=9)
        monkeypatch.undo()
        others = [one.text for one in room.chat.cards()]
        room.clock.advance(timedelta(minutes=30))
        await room.look()

    assert len(others) == 1
    assert "Toujours rien" in others[0]
    assert len(room.chat.cards()) == 2


class Slow:
    """A board on which putting something up takes until it is let go."""

    def __init__(self, board: Any) -> None:
        self._board = board
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._board, name)

    async def post(self, view: View, *, lang: str, key: str) -> str:
        self.begun.set()
        await self.go_on.wait()
        return str(await self._board.post(view, lang=lang, key=key))


async def test_two_processes_that_keep_one_board_put_a_card_up_once(room: Room):
    slow = Slow(room.keeper.board)
    room.keeper = Keeper(room.desk, slow, lang="en", limiter=RateLimiter())
    second = Keeper(room.desk, slow._board, lang="en", limiter=RateLimiter())
    async with room.listening():
        hearing = asyncio.create_task(room.hear(LATE))
        async with asyncio.timeout(10):
            await slow.begun.wait()
        await second.step()
        meanwhile = len(room.chat.cards())
        slow.go_on.set()
        await hearing

    assert meanwhile == 0
    assert len(room.chat.cards()) == 1


async def test_what_was_escalated_by_hand_has_a_card_whatever_its_label(room: Room):
    async with room.listening():
        await room.hear("Le magasin est rue de Rivoli.")
        before = len(room.chat.cards())
        await room.chat.ask(LEA, "escalate", conversation=1)
        await room.look()

    assert before == 0
    assert len(room.chat.cards()) == 1
    assert "with customer-service" in room.card().text


async def test_what_changed_while_the_program_was_down_is_on_the_cards_when_it_starts(room: Room):
    async with room.listening():
        await room.hear(LATE)
    with room.desk.store.begin() as books:
        books.set_assignee(1, assignee=LEA)
    room.open()
    async with room.listening():
        await room.look()

    assert "with Léa" in room.card().text
    assert all(send.state is not SendState.SENT for send in room.view().sends)


# --- what takes its time, and what goes wrong on the way ---


async def test_f58_a_picture_that_takes_its_time_keeps_no_pause_waiting(room: Room):
    drawn = threading.Event()

    def draw(*_: object) -> bytes:
        assert drawn.wait(20)
        return PICTURE

    room.counter._tools = Tools(draw_stats=draw)
    async with room.listening():
        stats = asyncio.create_task(room.chat.ask(LEA, "stats"))
        await asyncio.sleep(0.2)
        try:
            async with asyncio.timeout(10):
                paused = await room.chat.ask(INES, "pause")
        finally:
            drawn.set()
        await stats

    assert "is paused by Inès" in paused.text


async def test_a_conversation_closed_while_its_answer_is_on_its_way_stays_closed_and_its_card_says_both(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Send draft", LEA)
        await room.look()
        room.clock.advance(-timedelta(minutes=2))
        await room.chat.tap(room.card(), "Resolve", LEA)
        await room.look()
        await room.deliver()

    assert room.view().status is Status.RESOLVED
    assert "✓ Léa has answered" in room.card().text
    assert "resolved" in room.card().text


async def test_an_answer_that_could_not_be_sent_opens_the_conversation_that_was_closed_meanwhile(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Send draft", LEA)
        await room.chat.ask(LEA, "resolve", conversation=1)
        await room.look()
        if room.chat.name == "discord":
            room.chat.fail_next("POST", f"/channels/{GENERAL}/messages", status=403, code=50013)  # type: ignore[attr-defined]  # one platform's alone
        else:
            room.chat.fail_next("sendMessage", status=403, says="Forbidden: bot was kicked")  # type: ignore[attr-defined]  # one platform's alone
        await room.deliver()

    assert room.view().status is Status.OPEN
    assert "not sent" in room.card().text
    assert "A reply could not be sent" in room.card().text


async def test_what_is_escalated_after_it_was_closed_is_open_again(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "resolve", conversation=1)
        await room.look()
        await room.chat.ask(LEA, "escalate", conversation=1)
        await room.look()

    assert room.view().status is Status.OPEN
    assert "with customer-service" in room.card().text


async def test_the_teams_group_stays_the_teams_when_it_becomes_a_supergroup(sqlite_url: str):
    moved = -1_001_009
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = a_room(store, chat)
            async with room.listening():
                await room.hear(LATE)
                chat.migrate(TEAM, moved)
                chat.say("Quel client pénible, c'est inadmissible", chat=moved, author=21)
                chat.say("/status", chat=moved, author=21)
                await chat.until(lambda: any(said["chat"]["id"] == moved for said in chat.sent))
                chat.fail_next("editMessageText", says="group chat was upgraded", migrate_to_chat_id=moved)
                with store.begin() as books:
                    books.set_assignee(1, assignee=LEA)
                await room.look()
                await room.look()

            assert room._messages() == 1
            assert len([said for said in chat.sent if said["chat"]["id"] == moved]) == 2
            assert "avec Léa" in chat.sent[-1]["text"] or "with Léa" in chat.sent[-1]["text"]
