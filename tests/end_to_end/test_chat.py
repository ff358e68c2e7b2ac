"""The team's chat: every command and button, told once and run through the real clients on Discord and Telegram."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta

from data.store import open_store
from inbox import work
from inbox.model import Label, Prediction, Status
from tests.end_to_end.chats import CAMILLE, INES, LEA, OMAR, PAULE, Chat, DiscordChat, Seen, TelegramChat
from tests.end_to_end.rooms import LATE, RUDE, THANKS, Room
from tests.inbox.builders import a_prediction

LIVE = """
[[rule]]
name = "thank"
when = { label = "praise" }
then = [{ action = "reply", response = "thanks" }]
mode = "live"
"""


async def test_f66_a_draft_is_sent_with_one_tap_taken_back_with_another_and_the_card_says_so_in_place(room: Room):
    async with room.listening():
        await room.hear(LATE)
        card = room.card()
        sent = await room.chat.tap(card, "Send draft", LEA)
        await room.look()
        held = room.card()
        undone = await room.chat.tap(held, "Undo", LEA)
        await room.look()
        again = await room.chat.tap(room.card(), "Send draft", LEA)
        await room.deliver()

    assert LATE in card.text
    assert "complaint 99%" in card.text
    assert "PUBLIC" in card.text
    assert card.buttons == ("Send draft", "Edit", "Resolve", "More…")
    assert "in public" in sent.text
    assert "Léa answers: " in held.text
    assert held.buttons == ("Resolve", "More…", "Undo")
    assert "nothing has left" in undone.text
    assert "leaves in 20 s" in again.text
    assert len(room.chat.cards()) == 1
    assert "✓ Léa has answered" in room.card().text
    assert room.card().buttons == ()
    assert len(room.chat.replies()) == 1


async def test_f66_buttons_of_an_old_card_work_after_a_restart(room: Room):
    async with room.listening():
        await room.hear(LATE)
    old = room.card()
    room.open()
    async with room.listening():
        answer = await room.chat.tap(old, "Resolve", LEA)
        await room.look()

    assert "is resolved" in answer.text
    assert "resolved · Léa has resolved it." in room.card().text.replace("*", "")
    assert room.card().buttons == ("Undo",)
    assert len(room.chat.cards()) == 1


async def test_a_resolution_that_is_taken_back_goes_on_on_the_same_card(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Resolve", LEA)
        await room.look()
        await room.chat.tap(room.card(), "Undo", LEA)
        await room.look()

    assert len(room.chat.cards()) == 1
    assert room.card().buttons == ("Send draft", "Edit", "Resolve", "More…")
    assert room.view().status is Status.OPEN
    assert room.view().escalations[0].queue == "customer-service"


async def test_what_a_contact_writes_after_an_answer_gets_a_new_card(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.tap(room.card(), "Resolve", LEA)
        await room.look()
        await room.hear("Toujours rien, c'est vraiment inadmissible, remboursez-moi !")

    assert len(room.chat.cards()) == 2
    assert "Toujours rien" in room.card().text


async def test_f32_the_second_sender_is_refused_and_shown_the_first_answer_and_his_draft_is_kept(room: Room):
    async with room.listening():
        await room.hear(LATE)
        card = room.card()
        first = await room.chat.ask(LEA, "reply", conversation=1, text="Nous cherchons votre colis.")
        second = await room.chat.tap(card, "Send draft", INES)
        twice = await room.chat.tap(card, "Send draft", INES)
        await room.deliver()

    assert "leaves in 20 s" in first.text
    assert "Léa has answered already: Nous cherchons votre colis." in second.text
    assert "Your draft is kept" in second.text
    assert second.buttons == ("Send all the same",)
    assert twice.text == second.text
    assert room.chat.replies() == ["Nous cherchons votre colis."]


async def test_f32_who_has_a_conversation_in_hand_is_not_overtaken_until_the_claim_runs_out(room: Room):
    async with room.listening():
        await room.hear(LATE)
        taken = await room.chat.ask(LEA, "claim", conversation=1)
        refused = await room.chat.ask(INES, "claim", conversation=1)
        sent = await room.chat.tap(room.card(), "Send draft", INES)
        room.clock.advance(timedelta(minutes=16))
        free = await room.chat.ask(INES, "claim", conversation=1)

    assert "in your hands for 15 minutes" in taken.text
    assert "Léa is at conversation 1" in refused.text
    assert "Léa is at conversation 1" in sent.text
    assert "in your hands" in free.text


async def test_a_draft_is_changed_in_a_form_and_then_sent(room: Room):
    async with room.listening():
        await room.hear(LATE)
        form = await room.chat.tap(room.card(), "Edit", LEA)
        ready = await room.chat.fill(form, "Bonjour Camille, votre colis arrive demain.", LEA)
        await room.look()
        changed = room.card()
        sent = await room.chat.tap(ready, "Send draft", LEA)
        await room.deliver()

    assert form.asks is not None
    assert "Nothing is sent yet" in ready.text
    assert "votre colis arrive demain" in changed.text
    assert "leaves" in sent.text
    assert room.chat.replies() == ["Bonjour Camille, votre colis arrive demain."]


async def test_f86_a_viewer_sees_and_may_not_act_and_a_stranger_gets_nothing_and_both_are_on_record(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        card = room.card()
        seen = await room.chat.ask(OMAR, "inbox")
        resolved = await room.chat.tap(card, "Resolve", OMAR)
        forged = await room.chat.forge(card, "ban:1", OMAR)
        agent = await room.chat.tap(card, "Ban", LEA)
        stranger = await room.chat.ask(CAMILLE, "pause")

    assert "#1" in seen.text.replace("\\", "")
    assert "This takes the role agent; yours is viewer." in resolved.text
    assert "This takes the role moderator; yours is viewer." in forged.text
    assert "This takes the role moderator; yours is agent." in agent.text
    assert "This is for the team of Loriot." in stranger.text
    refused = [(line.actor.name.split()[0], line.facts["what"]) for line in room.audit("team.refused")]
    assert refused == [(OMAR, "resolve"), (OMAR, "ban"), (LEA, "ban"), (CAMILLE, "/pause")]
    assert room.view().status is Status.OPEN


async def test_f67_an_insult_is_blurred_until_asked_for_and_who_asks_is_counted(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        card = room.card()
        shown = await room.chat.tap(card, "Show the text", INES)
        with room.desk.store.read() as books:
            before = books.count_exposures(INES, since=room.clock() - timedelta(days=1))
        for _ in range(19):
            last = await room.chat.tap(card, "Show the text", INES)

    assert "connard" not in card.text
    assert "hidden until you ask" in card.text
    assert "connard" in shown.text
    assert "break" not in shown.text
    assert before == 1
    assert "You have read 20 such texts today. Take a break" in last.text


async def test_an_insult_is_deleted_only_after_it_was_asked_twice_and_its_case_cannot_be_undone(room: Room):
    async with room.listening():
        (said,) = await room.hear(RUDE)
        asked = await room.chat.tap(room.card(), "Delete", INES)
        there = room.chat.still_there(said)
        done = await room.chat.tap(asked, "Yes: message deleted", INES)
        await room.deliver()

    assert "cannot be brought back" in asked.text
    assert "Nothing has been done yet" in asked.text
    assert there
    assert "Case 1: message deleted" in done.text
    assert not room.chat.still_there(said)
    assert "Case 1" in room.card().text


async def test_a_timeout_by_a_tap_tells_the_author_and_is_undone_by_another(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        done = await room.chat.tap(room.card(), "Timeout 1 h", INES)
        await room.deliver()
        undone = await room.chat.tap(room.card(), "Undo case 1", INES)
        await room.deliver()

    assert "Case 1: timeout" in done.text
    assert room.chat.silenced() == [True, False]  # type: ignore[attr-defined]  # one platform's alone
    assert "Case 1 is undone" in undone.text


async def test_f20_a_label_is_put_right_with_a_tap_and_taken_back_with_another(room: Room):
    async with room.listening():
        await room.hear(RUDE)
        put_right = await room.chat.tap(room.card(), "Not offensive", LEA)
        await room.look()
        with room.desk.store.read() as books:
            rows = books.labels_of(1)
        corrected = room.card()
        again = await room.chat.tap(corrected, "Undo the labels", LEA)
        with room.desk.store.read() as books:
            after = books.labels_of(1)

    assert "labels are now" in put_right.text
    assert "Models do not learn from" in put_right.text
    assert rows is not None
    assert rows.person is not None
    assert Label.OFFENSIVE not in rows.person
    assert "a person said so" in corrected.text
    assert "again those of the model" in again.text
    assert after is not None
    assert after.person is None
    (line,) = room.audit("message.corrected")
    assert line.actor.name == LEA


async def test_a_card_that_somebody_deleted_is_put_up_again(room: Room):
    async with room.listening():
        await room.hear(LATE)
        remove(room, room.card())
        await room.chat.ask(LEA, "claim", conversation=1)
        await room.look()
        await room.look()

    assert len(room.chat.cards()) == 1
    assert "Léa is at it" in room.card().text


def remove(room: Room, card: Seen) -> None:
    if room.chat.name == "discord":
        room.chat.delete(card.raw)  # type: ignore[attr-defined]  # one platform's alone
    else:
        del room.chat.messages[card.raw["chat"]["id"], card.raw["message_id"]]  # type: ignore[attr-defined]  # one platform's alone


async def test_a_card_that_could_not_be_changed_is_brought_up_to_date_later(room: Room):
    async with room.listening():
        await room.hear(LATE)
        if room.chat.name == "discord":
            for _ in range(8):
                room.chat.fail_next("PATCH", f"/messages/{room.card().raw['id']}", status=403, code=50001)  # type: ignore[attr-defined]  # one platform's alone
        else:
            room.chat.fail_next("editMessageText", status=403, says="Forbidden: bot was kicked")  # type: ignore[attr-defined]  # one platform's alone
        await room.chat.ask(LEA, "claim", conversation=1)
        await room.look()
        stale = room.card().text
        if room.chat.name == "discord":
            room.chat._staged.clear()  # type: ignore[attr-defined]  # it is let again
        room.clock.advance(timedelta(minutes=5))
        await room.look()

    assert "at it" not in stale
    assert len(room.chat.cards()) == 1


async def test_f58_a_pause_stops_what_rules_send_and_each_thing_held_back_is_asked_about(room: Room):
    room.follow(LIVE)
    async with room.listening():
        await room.hear(THANKS)
        with room.desk.store.read() as books:
            (waiting,) = books.waiting_automatic()
        paused = await room.chat.ask(LEA, "pause")
        await room.deliver()
        held = room.chat.replies()
        asked = await room.chat.ask(INES, "resume")
        one = await room.chat.tap(asked, room.chat.button(asked, "resume-one"), INES)
        again = await room.chat.ask(INES, "resume")
        await room.deliver()

    assert "Held back: 1" in paused.text
    assert held == []
    assert "What becomes of it? Nothing leaves until you say." in asked.text
    assert "it is sent now, in your name" in one.text
    assert "Automatic sending goes on." in again.text
    assert room.chat.replies() == [waiting.text]


async def test_f58_what_a_pause_held_back_becomes_drafts_with_one_tap(room: Room):
    room.follow(LIVE)
    async with room.listening():
        await room.hear(THANKS)
        await room.chat.ask(LEA, "pause")
        asked = await room.chat.ask(INES, "resume")
        gone_on = await room.chat.tap(asked, "Resume, all as drafts", INES)
        await room.deliver()

    assert "Automatic sending goes on." in gone_on.text
    assert room.chat.replies() == []
    assert len(room.view().open_drafts) == 1


async def test_f28_the_queue_has_the_same_order_for_all_and_shows_the_parts_of_each_priority(room: Room):
    async with room.listening():
        await room.hear(THANKS, author=31)
        await room.hear(LATE, author=32)
        await room.hear(LATE, author=33)
        await room.hear(RUDE, author=34)
        mine = await room.chat.ask(LEA, "inbox")
        theirs = await room.chat.ask(OMAR, "inbox")
        first = await room.chat.ask(LEA, "next")

    assert mine.text == theirs.text
    assert [line.partition(" ")[0] for line in mine.text.splitlines() if line.startswith("#")] == [
        "#2",
        "#3",
        "#4",
        "#1",
    ]
    assert "priority 45 = complaint 40 + public 5" in first.text
    assert "#2" in first.text


async def test_f29_what_is_put_off_comes_back_at_its_hour_or_when_the_contact_writes(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(LEA, "snooze", conversation=1, duration="4h")
        waiting = await room.chat.ask(LEA, "inbox")
        room.clock.advance(timedelta(hours=4))
        woken = work.wake(room.desk)
        back = await room.chat.ask(LEA, "inbox")
        await room.chat.ask(LEA, "resolve", conversation=1)
        await room.hear("Et alors, toujours rien ? C'est inadmissible !")

    assert "Nothing waits." in waiting.text
    assert woken == 1
    assert "#1" in back.text
    assert room.view().status is Status.OPEN


async def test_f31_an_absent_agents_conversations_go_to_her_deputy_and_a_note_never_leaves(room: Room):
    async with room.listening():
        await room.hear(LATE)
        await room.chat.ask(INES, "claim", conversation=1)
        await room.chat.ask(INES, "release", conversation=1)
        await room.chat.ask(LEA, "assign", conversation=1, to=LEA)
        noted = await room.chat.ask(LEA, "note", conversation=1, text="@Inès cliente fidèle")
        gone = await room.chat.ask(LEA, "away", deputy=INES)
        await room.chat.ask(INES, "reply", conversation=1, text="Bonjour, je m'en occupe.")
        await room.deliver()

    assert "Note by Léa" in noted.text
    assert not noted.is_whispered
    assert "To Inès went conversations: 1." in gone.text
    assert room.view().assignee == INES
    assert [line.subject_id for line in room.audit("conversation.assigned")] == [1, 1]
    assert [line.facts["conversations"] for line in room.audit("team.absent")] == [[1]]
    assert room.view().notes[0].mentions == (INES,)
    assert [send.text for send in room.view().sends] == room.chat.replies() == ["Bonjour, je m'en occupe."]


async def test_f37_every_message_with_a_fitting_response_has_a_draft_and_nothing_leaves(room: Room):
    texts = [
        THANKS,
        LATE,
        "Bonjour, vous livrez à Lyon ? C'est combien ?",
        "Quand rouvrez-vous le magasin ?",
    ]
    async with room.listening():
        for number, text in enumerate(texts, 50):
            await room.hear(text, author=number)
        await room.deliver()

    assert [len(room.view(number).open_drafts) for number in range(1, 5)] == [1, 1, 1, 1]
    assert room.chat.replies() == []


async def test_a_card_offers_to_escalate_what_no_rule_has_escalated(room: Room):
    async with room.listening():
        await room.hear(THANKS)
        handed = await room.chat.tap(room.card(), "Escalate", LEA)
        await room.look()

    assert "is with customer-service" in handed.text
    assert "with customer-service" in room.card().text
    assert "Escalate" not in room.card().buttons


async def test_f66_a_slow_command_is_acknowledged_at_once(room: Room):
    class Slow:
        version = "slow"

        def predict(self, texts: Sequence[str], **_: object) -> list[Prediction]:
            time.sleep(4)
            return [a_prediction() for _ in texts]

    async with room.listening():
        object.__setattr__(room.desk, "classifier", Slow())
        answer = await room.chat.ask(LEA, "rules", what="test", text="Bonjour")

    assert "Nothing was done." in answer.text
    if isinstance(room.chat, DiscordChat):
        assert room.chat.slowest_acknowledgement() < 3


async def test_a_button_of_a_card_that_is_stale_says_what_has_become_of_it(room: Room):
    async with room.listening():
        await room.hear(LATE)
        stale = room.card()
        await room.chat.tap(stale, "Send draft", LEA)
        await room.deliver()
        twice = await room.chat.forge(stale, "send:1", LEA)
        other = await room.chat.forge(stale, "send:99", LEA)
        strange = await room.chat.forge(stale, "dance:1", LEA)
        unreadable = await room.chat.forge(stale, "send:one", LEA)

    assert "Draft 1 is not open any more: it is approved." in twice.text
    assert "There is no draft 99." in other.text
    assert "This button is of another time." in strange.text
    assert "This button is of another time." in unreadable.text
    assert len(room.chat.replies()) == 1


async def test_on_telegram_a_command_answers_the_message_it_is_about_and_does_not_stay_in_the_group(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = Room(store, chat)
            async with room.listening():
                (said,) = await room.hear(RUDE)
                warned = await chat.ask(INES, "swarn", about=("", said), reason="Restez poli")
                await room.deliver()
                deleted = await chat.ask(INES, "dmute", about=("", said), duration="2h", reason="Insultes")
                await room.deliver()

    assert "Case 1: warning, Camille Rousseau." in warned.text
    assert warned.is_whispered
    assert "Case 2: timeout" in deleted.text
    assert "Case 3: message deleted" in deleted.text
    assert not chat.still_there(said)
    assert chat.silenced() == [True]
    assert [text for text in chat.notices() if "Restez poli" in text and "Case" not in text] == []
    assert not any((message.get("text") or "").startswith("/") for message in chat.messages.values())


async def test_on_discord_the_menu_of_a_message_triages_drafts_and_escalates_it(sqlite_url: str):
    async with DiscordChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = Room(store, chat)
            async with room.listening():
                (said,) = await room.hear(LATE)
                why = await chat.ask(LEA, "", about=("Triage this message", said))
                drafts = await chat.ask(LEA, "", about=("Draft a reply", said))
                handed = await chat.ask(LEA, "", about=("Escalate to support", said))
                unknown = await chat.ask(LEA, "", about=("Triage this message", chat.say("Bonjour", author=INES_ID)))

    assert "rule: late parcel" in why.text
    assert drafts.buttons[:1] == ("Take 1",)
    assert "is with customer-service" in handed.text
    assert "Which conversation?" in unknown.text


INES_ID = 8


async def test_f86_what_belongs_to_another_brand_is_not_there(sqlite_url: str, chat: Chat):
    with open_store(sqlite_url, brand="brume") as other:
        elsewhere = Room(other, chat)
        async with elsewhere.listening():
            await elsewhere.hear(LATE)
    with open_store(sqlite_url, brand="main") as store:
        room = Room(store, chat)
        async with room.listening():
            await room.hear(THANKS)
            card = room.card()
            shown = await chat.ask(PAULE, "show", conversation=1)
            answers = [await chat.forge(card, press, PAULE) for press in ("send:1", "resolve:1", "reveal:1", "ban:1")]

    assert "There is no conversation 1." in shown.text
    assert [answer.text.split(" ")[:3] for answer in answers] == [["There", "is", "no"]] * 4


async def test_on_telegram_the_bot_tells_the_id_of_a_group_that_the_settings_want(sqlite_url: str):
    async with TelegramChat() as chat:
        with open_store(sqlite_url, brand="main") as store:
            room = Room(store, chat)
            async with room.listening():
                chat.say("/chatid", chat=-100777)
                await chat.until(lambda: chat.sent)

    assert chat.sent[-1]["text"] == "L’identifiant de ce lieu\u202f: -100777"
