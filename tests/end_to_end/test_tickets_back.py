"""What becomes of a ticket comes back: who has it, that it is solved, what the agent has answered (F69)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.commands.card import card
from bot.commands.cards import facts_of
from bot.commands.views import View
from bot.desks.zammad import ZammadDesk
from data.store import open_store
from inbox import work
from inbox.desk_news import LATEST, SOONEST, WATCHED_AFTER, DeskAnswer, DeskCall, DeskNews
from inbox.following import follow, take_call, take_news
from inbox.model import Severity, Status
from inbox.replies import send_draft
from inbox.views import DraftState, SendState, TicketStatus
from tests.end_to_end.helpdesks import ASKED, OnMail, OnWebhook, OnZammad
from tests.end_to_end.ticketing import HOUR, INES, Room, late
from tests.fakes.desks import LEILA, PAUL

MINUTE = timedelta(minutes=1)
REPLY = "Votre colis repart demain."


@pytest.fixture(params=ASKED, ids=lambda world: world.name)
async def world(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with request.param() as server:
        yield server


@pytest.fixture
async def room(database_url: str, world: Any) -> AsyncIterator[Room]:
    with open_store(database_url, brand="loriot") as store:
        made = Room(store, world)
        world.clock = made.clock
        made.hear(late())
        await made.later()
        made.clock.advance(MINUTE)
        yield made
        await made.help_desk.close()


only_zammad = pytest.mark.parametrize("world", [OnZammad], ids=lambda world: world.name, indirect=True)


def the_ticket(room: Room) -> int:
    (number,) = room.world.tickets
    return int(number)


async def test_f69_a_solved_ticket_resolves_the_conversation_and_offers_the_answer_as_a_draft(room: Room):
    number = the_ticket(room)
    room.world.says(number, "Colis perdu par le transporteur, geste à prévoir.", internal=True)
    room.world.says(number, REPLY)
    room.world.stands(number, "solved", by=PAUL)

    await room.ask()

    view = room.view()
    (offer,) = room.offers()
    assert view.status is Status.RESOLVED
    assert str(view.status_reason) == f"{PAUL} has solved ticket {number} in support."
    assert (offer.text, offer.state, offer.desk) == (REPLY, DraftState.OPEN, "support")
    assert offer.message_id == view.messages[0].id
    assert str(offer.findings[0].sentence) == f"{PAUL} has written this in support."
    assert [send.kind for send in view.sends] == ["ticket"], "an answer leaves only when a person sends it"
    acts = [line.what for line in view.audit if line.actor.name == "desk/support"]
    assert acts == ["ticket.answered", "ticket.changed", "conversation.resolved"]


async def test_f69_the_same_news_twice_change_nothing(room: Room):
    room.world.says(the_ticket(room), REPLY)
    room.world.stands(the_ticket(room), "solved")
    await room.ask()
    before = room.view()

    asked = await room.ask()

    assert asked == 1
    assert room.view() == before


async def test_f69_who_has_a_ticket_and_how_it_stands_is_known_here(room: Room):
    opened = room.ticket()
    room.world.stands(the_ticket(room), "pending", by=LEILA)

    await room.ask()

    there = room.ticket()
    assert (opened.status, opened.assignee, opened.since) == (TicketStatus.OPEN, None, room.view().audit[1].at)
    assert (there.status, there.assignee, there.since) == (TicketStatus.PENDING, LEILA, room.clock())
    assert room.view().status is Status.OPEN
    assert str(room.view().audit[-1].reason) == f"Ticket {the_ticket(room)} in support: pending, with {LEILA}."


async def test_f69_what_is_opened_again_there_is_open_again_here(room: Room):
    room.world.stands(the_ticket(room), "solved")
    await room.ask()
    room.clock.advance(HOUR)
    room.world.stands(the_ticket(room), "open")

    await room.ask()

    view = room.view()
    assert view.status is Status.OPEN
    assert view.escalation is not None
    assert room.ticket().status is TicketStatus.OPEN
    assert view.audit[-1].what == "conversation.reopened"


@only_zammad
async def test_f69_an_offered_answer_leaves_once_a_person_sends_it_and_what_is_resolved_stays_so(room: Room):
    room.world.says(the_ticket(room), REPLY)
    room.world.stands(the_ticket(room), "solved")
    await room.ask()

    send = send_draft(room.desk, room.offers()[0].id, by=INES)

    assert (send.text, send.state) == (REPLY, SendState.WAITING)
    assert room.view().status is Status.RESOLVED


@only_zammad
async def test_f69_an_answer_with_an_open_blank_is_blocked_like_any_draft(room: Room):
    room.world.says(the_ticket(room), "Bonjour {{ticket.customer.firstname}}, c'est réglé.")

    await room.ask()

    assert any(finding.blocking for finding in room.offers()[0].findings)


async def test_f69_a_ticket_that_was_solved_before_the_contact_wrote_again_resolves_nothing(room: Room):
    number = the_ticket(room)
    room.world.stands(number, "solved")
    room.clock.advance(MINUTE)
    room.hear(late("Et maintenant ? Toujours aucun colis !", sent_at=room.clock()))

    await room.ask(MINUTE)

    view = room.view()
    assert view.status is Status.OPEN
    assert str(view.status_reason) == (
        f"support has solved ticket {number}, but the contact has written since: it stays open."
    )
    assert view.escalation is None, "the next escalation decides, and opens a ticket of its own"


async def test_f69_after_it_was_solved_a_new_escalation_opens_a_new_ticket(room: Room):
    room.world.stands(the_ticket(room), "solved")
    await room.ask()
    room.clock.advance(HOUR)

    room.hear(late("Encore en retard, trois semaines, toujours rien reçu !", sent_at=room.clock()))
    await room.later()

    assert len(room.world.filed()) == 2
    assert room.view().status is Status.OPEN


@only_zammad
async def test_f69_what_somebody_has_in_hand_is_not_closed_under_his_hands(room: Room):
    room.world.stands(the_ticket(room), "solved")
    room.clock.advance(HOUR)
    work.claim(room.desk, 1, by=INES)

    await room.ask(MINUTE)

    assert room.view().status is Status.OPEN
    assert "Inès is at it" in str(room.view().status_reason)


@only_zammad
async def test_f69_an_old_ticket_does_not_close_what_a_newer_escalation_is_about(room: Room):
    (old,) = room.world.tickets
    work.resolve(room.desk, 1, by=INES)
    room.clock.advance(HOUR)
    room.hear(late("Encore en retard, trois semaines, toujours rien reçu !", sent_at=room.clock()))
    await room.later()
    room.world.stands(old, "solved")

    await room.ask()

    assert room.view().status is Status.OPEN
    assert [one.ticket.status for one in room.view().escalations if one.ticket] == [
        TicketStatus.SOLVED,
        TicketStatus.OPEN,
    ]


@only_zammad
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 2, 1), (1, 0, 2)])
async def test_f69_in_whatever_order_news_come_the_latest_stands(room: Room, order: tuple[int, ...]):
    began = room.clock()
    number = str(the_ticket(room))
    news = [
        DeskNews(number, TicketStatus.PENDING, began, LEILA, (DeskAnswer("a", LEILA, began, "Nous cherchons."),)),
        DeskNews(number, TicketStatus.SOLVED, began + MINUTE, PAUL, (DeskAnswer("b", PAUL, began + MINUTE, REPLY),)),
        DeskNews(number, TicketStatus.OPEN, began + 2 * MINUTE, PAUL),
    ]

    for place in (*order, *order):
        take_news(room.desk, "support", news[place])

    assert (room.ticket().status, room.ticket().assignee) == (TicketStatus.OPEN, PAUL)
    assert room.view().status is Status.OPEN
    assert room.view().escalation is not None
    assert {draft.text for draft in room.offers()} == {"Nous cherchons.", REPLY}
    assert len(room.offers()) == 2


@only_zammad
async def test_f69_an_answer_to_what_was_taken_back_is_on_record_but_no_draft(room: Room):
    with room.desk.store.begin() as books:
        books.mark_deleted(room.view().messages[0].id, deleted_at=room.clock(), keep_text=False)
    room.world.says(the_ticket(room), REPLY)

    await room.ask()

    assert room.offers() == []
    assert str(room.view().audit[-1].reason) == (
        f"{PAUL} has answered in support, but the message is gone: there is nobody to answer here."
    )


@only_zammad
async def test_f69_a_busy_ticket_is_asked_after_soon_and_a_quiet_one_seldom(room: Room):
    at_once = await room.ask(timedelta(0))
    after_a_minute = await room.ask(SOONEST)
    again_at_once = await room.ask(timedelta(seconds=1))
    after_an_hour = await room.ask(LATEST)

    assert (at_once, after_a_minute, again_at_once, after_an_hour) == (1, 1, 0, 1)


@only_zammad
async def test_f69_a_ticket_that_has_been_solved_for_long_is_not_asked_after_any_more(room: Room):
    room.world.stands(the_ticket(room), "solved")
    await room.ask(WATCHED_AFTER + HOUR)

    assert await room.ask(WATCHED_AFTER) == 0


@only_zammad
async def test_f69_a_call_that_comes_while_the_help_desk_is_being_asked_is_not_lost(room: Room):
    number = str(the_ticket(room))

    class Changing(ZammadDesk):
        """The ticket is solved, and a call says so, just after it was read."""

        async def read_ticket(self, external_id: str, *, told: Collection[str] = ()) -> DeskNews | None:
            before = await super().read_ticket(external_id, told=told)
            if room.ticket().status is not TicketStatus.SOLVED and before and before.status is TicketStatus.OPEN:
                room.world.stands(int(number), "solved")
                await asyncio.to_thread(take_call, [room.desk], "support", DeskCall(number, "sha1=abc"))
            return before

    changing = Changing("support", room.world.url, room.world.token, group=OnZammad.group, put=str)
    room.desk = replace(room.desk, help_desks={"support": changing})

    await room.ask()
    asked_at_once = await room.ask(timedelta(0))
    await changing.close()

    assert asked_at_once == 1
    assert room.view().status is Status.RESOLVED


@only_zammad
async def test_f69_a_help_desk_that_is_away_is_asked_again_later_and_the_trouble_is_told(room: Room):
    room.world.fail_next("GET", f"/tickets/{the_ticket(room)}", status=503)
    room.world.stands(the_ticket(room), "solved")

    await room.ask()
    trouble = room.ticket().trouble
    at_once = await room.ask(timedelta(seconds=1))
    await room.ask()

    assert str(trouble) == "support has a fault of its own (503). It is tried again."
    assert at_once == 0
    assert room.ticket().trouble is None
    assert room.view().status is Status.RESOLVED


@only_zammad
async def test_f69_a_ticket_that_is_gone_there_keeps_no_other_from_being_asked_after(room: Room):
    room.hear(late(author="omar", author_name="Omar"))
    await room.later()
    first, second = room.world.tickets
    del room.world.tickets[first]
    room.world.stands(second, "solved")

    await room.ask()

    assert room.view(2).status is Status.RESOLVED
    assert "finds nothing at" in str(room.ticket(1).trouble)


@only_zammad
async def test_f69_a_help_desk_that_asks_for_a_pause_gets_it(room: Room):
    room.world.fail_next("GET", f"/tickets/{the_ticket(room)}", status=429, Retry_After="7200")

    await room.ask()
    meanwhile = await room.ask(HOUR)
    later = await room.ask(HOUR)

    assert (meanwhile, later) == (0, 1)


async def test_f69_what_the_contact_says_later_is_added_to_his_ticket_each_once_and_in_order(room: Room):
    for words in ("Et alors ?", "Je suis toujours là.", "Quelqu'un ?"):
        room.clock.advance(MINUTE)
        room.hear(late(words, sent_at=room.clock()))
    await room.later()
    await room.later(HOUR)

    said = [text.split("    ")[-1].splitlines()[0] for text in room.world.told_later()]
    assert said == ["Et alors ?", "Je suis toujours là.", "Quelqu'un ?"]
    assert len(room.world.filed()) == 1
    assert [state for kind, state in room.states() if kind == "addition"] == [SendState.SENT] * 3


async def test_f69_what_came_while_the_ticket_was_being_opened_is_added_to_it(database_url: str, world: Any):
    with open_store(database_url, brand="loriot") as store:
        room = Room(store, world)
        world.clock = room.clock
        world.lose_answer(*world.creating)
        room.hear(late())
        await room.later()
        room.hear(late("Toujours rien ce soir.", sent_at=room.clock()))
        await room.later(HOUR)
        await room.later(HOUR)
        await room.help_desk.close()

        (filed,) = world.filed()
        assert "ce soir" not in filed.text
        (added,) = world.told_later()
        assert "Toujours rien ce soir." in added


async def test_f69_an_addition_whose_answer_was_lost_is_looked_for_before_it_is_made_again(room: Room):
    adding = {"zammad": "/ticket_articles", "chatwoot": "/messages", "zendesk": ".json", "freshdesk": "/notes"}
    method = "PUT" if room.world.name == "zendesk" else "POST"
    room.world.lose_answer(method, adding[room.world.name])
    room.hear(late("Et alors ?", sent_at=room.clock()))

    await room.later()
    await room.later(HOUR)

    assert len(room.world.told_later()) == 1
    assert room.states()[-1] == ("addition", SendState.SENT)


async def test_f69_nothing_is_added_to_a_ticket_that_is_solved(room: Room):
    room.hear(late("Merci beaucoup !", sent_at=room.clock()))
    room.world.stands(the_ticket(room), "solved")
    await room.ask(timedelta(0))

    await room.later()
    room.hear(late("Une dernière chose.", sent_at=room.clock()))
    await room.later(HOUR)

    assert room.world.told_later() == []
    assert [state for kind, state in room.states() if kind == "addition"] == [SendState.REFUSED]


@only_zammad
async def test_f69_what_was_taken_back_is_not_added(room: Room):
    room.hear(late("Ne publiez pas mon adresse.", sent_at=room.clock()))
    with room.desk.store.begin() as books:
        books.mark_deleted(room.view().messages[-1].id, deleted_at=room.clock(), keep_text=False)

    await room.later()

    assert room.world.told_later() == []


@only_zammad
async def test_f69_what_the_agent_knew_when_he_solved_it_does_not_keep_it_open(room: Room):
    room.hear(late("Voici ma facture.", sent_at=room.clock()))
    await room.later()
    room.clock.advance(MINUTE)
    room.world.stands(the_ticket(room), "solved")

    await room.ask()

    assert len(room.world.told_later()) == 1
    assert room.view().status is Status.RESOLVED


@pytest.mark.parametrize("world", [OnWebhook, OnMail], ids=lambda world: world.name, indirect=True)
async def test_f69_what_cannot_be_asked_is_asked_once_and_told_what_comes_later(database_url: str, world: Any):
    with open_store(database_url, brand="loriot") as store:
        room = Room(store, world)
        room.hear(late())
        await room.later()
        room.hear(late("Et alors ?", sent_at=room.clock()))
        await room.later(HOUR)
        asked = [await follow(room.desk, room.limiter)]
        room.clock.advance(HOUR)
        asked.append(await follow(room.desk, room.limiter))
        await room.help_desk.close()

    assert asked == [1, 0]
    (added,) = world.told_later()
    assert "Et alors ?" in added


@pytest.mark.parametrize("world", [OnWebhook], ids=lambda world: world.name, indirect=True)
async def test_f69_two_brands_do_not_hear_of_each_others_tickets(database_url: str, world: Any):
    with open_store(database_url, brand="loriot") as mine, open_store(database_url, brand="merle") as theirs:
        room = Room(mine, world)
        other = Room(theirs, world)
        room.hear(late())
        await room.later()
        news = DeskNews("T-1", TicketStatus.SOLVED, room.clock())

        taken = take_news(other.desk, "support", news)
        await room.help_desk.close()
        await other.help_desk.close()

    assert not taken
    assert room.world.filed()


@only_zammad
async def test_f69_a_stricter_escalation_has_the_same_ticket_still(room: Room):
    work.escalate(room.desk, 1, by=INES, severity=Severity.CRITICAL)
    await room.later()

    assert len(room.world.filed()) == 1
    assert room.view().escalations[0].severity is Severity.CRITICAL


def card_of(room: Room) -> View:
    facts = facts_of(room.desk, 1)
    assert facts is not None
    return card(facts)


def words_of(view: View) -> str:
    return "\n".join("".join(str(span.text) for span in line.spans) for line in view.lines)


def buttons_of(view: View) -> list[str]:
    return [str(button.label) for row in view.rows for button in row]


@only_zammad
async def test_f69_the_card_says_who_has_the_ticket_and_since_when(room: Room):
    number = the_ticket(room)
    room.world.stands(number, "pending", by=LEILA)

    await room.ask()

    view = card_of(room)
    (line,) = [line for line in view.lines if f"ticket {number} in support" in "".join(str(s.text) for s in line.spans)]
    assert line.spans[0].link == f"{room.world.url}/#ticket/zoom/{number}"
    assert [str(span.text) for span in line.spans if str(span.text).strip(" ·")][1:4] == [LEILA, "pending", "since"]


@only_zammad
async def test_f69_the_card_of_what_was_solved_offers_the_answer_until_it_has_left(room: Room):
    room.world.says(the_ticket(room), REPLY)
    room.world.stands(the_ticket(room), "solved")

    await room.ask()
    offered = card_of(room)
    send_draft(room.desk, room.offers()[0].id, by=INES)
    sent = card_of(room)

    assert REPLY in words_of(offered)
    assert f"{PAUL} has written this in support." in words_of(offered)
    assert buttons_of(offered) == ["Send draft", "Edit", "Undo"]
    assert "Send draft" not in buttons_of(sent)
