"""Nothing leaves that should not: what was right when it was queued is looked at again at the moment of sending."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from app.cli.conversation import show_conversation
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.options import TelegramOptions
from bot.commands.card import CardFacts, card
from data.store import SqlStore, open_store
from inbox import pipeline
from inbox.abilities import META_WINDOWS, Abilities
from inbox.breaker import FAILURES, FIRST_REST, RESTING, Breaker
from inbox.checks import Checks
from inbox.corrections import correct
from inbox.dead_letters import dead_letters, replay
from inbox.delivery import LATELY, DueSend
from inbox.drafting import write_draft
from inbox.errors import NotPossible, SendFailed
from inbox.looking import look_and_begin
from inbox.model import IncomingMessage, Label
from inbox.outgoing import OutboxKind
from inbox.rates import RateLimiter
from inbox.replies import send_draft, undo_send
from inbox.responses import CannedResponse, Polarity, Variant
from inbox.sentences import Sentence, in_english
from inbox.switches import pause
from inbox.variety import REPEATED, Said, reads_alike
from inbox.views import DraftState, SendState
from tests.builders import an_outcome, some_words
from tests.data.steps import LEASE, take_in, triage
from tests.end_to_end.leaving import HOLD, INES, PRICES, SECOND, WORDINGS, Floor, praise, private
from tests.end_to_end.worlds import OnTelegram
from tests.fakes.telegram import free_port
from tests.inbox.builders import ALWAYS_OPEN, NOON, a_prediction

EVERYTHING = frozenset(OutboxKind)
META = Abilities(acts=EVERYTHING, windows=META_WINDOWS)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINES = {"fr": "Réponse automatique", "en": "Automatic reply"}
ONE_WORDING = "Merci à vous, toute l’équipe lit votre message avec plaisir."


@pytest.fixture
def store(database_url: str) -> Iterator[SqlStore]:
    with open_store(database_url, brand="main") as opened:
        yield opened


def reasons(floor: Floor) -> list[str]:
    """Why words became drafts, in the order of the conversations."""
    drafts = [draft for view in floor.conversations() for draft in view.open_drafts]
    return [str(finding.sentence) for draft in drafts for finding in draft.findings]


# --- F40: the same words are not said to one after the other ---


async def test_f40_of_thirty_praises_under_one_post_no_two_neighbours_are_answered_alike(store: SqlStore):
    floor = Floor(store, replies_an_hour=99)

    for batch in range(3):
        floor.hear(*(praise(number) for number in range(10 * batch, 10 * batch + 10)))
    await floor.later()

    assert len(floor.outside.texts) == 30
    said = [Said(text, "Camille") for text in floor.outside.texts]
    assert not any(reads_alike(one, other) for one, other in pairwise(said))


async def test_f40_with_one_wording_the_first_is_answered_and_the_rest_wait_for_a_person(store: SqlStore):
    floor = Floor(store, wordings=[ONE_WORDING])

    floor.hear(*(praise(number) for number in range(30)))
    await floor.later()

    assert len(floor.outside.texts) == 1
    assert reasons(floor) == [str(REPEATED)] * 29


def queue_blindly(floor: Floor, said: IncomingMessage) -> None:
    """Another process triages a message before it can see what this one has queued: it takes the same words."""
    take_in(floor.store, said, now=floor.clock())
    triage(
        floor.store,
        lambda message: an_outcome(message, sends=[some_words(ONE_WORDING)], not_before=floor.clock() + HOLD),
        now=floor.clock(),
    )


async def test_f40_words_that_were_new_when_queued_are_compared_again_when_they_leave(store: SqlStore):
    floor = Floor(store, wordings=[ONE_WORDING])
    floor.hear(praise(1))
    queue_blindly(floor, praise(2))

    await floor.later()

    assert floor.outside.texts == [ONE_WORDING]
    assert reasons(floor) == [str(REPEATED)]


async def test_f40_two_workers_at_once_do_not_both_find_that_their_words_are_new(database_url: str):
    with open_store(database_url, brand="main") as one, open_store(database_url, brand="main") as other:
        floor = Floor(one, wordings=[ONE_WORDING])
        floor.hear(praise(1))
        queue_blindly(floor, praise(2))
        desks = [floor.desk, floor.settled(store=other)]

        begun = await asyncio.gather(
            *(asyncio.to_thread(look_and_begin, *both) for both in zip(desks, claim(floor), strict=True))
        )

        assert sum(send is not None for send in begun) == 1
        assert reasons(floor) == [str(REPEATED)]


async def test_f40_the_parts_of_a_long_reply_all_leave(store: SqlStore):
    sentence = "Nous lisons chaque message avec un très grand plaisir."
    narrow = Abilities(acts=EVERYTHING, longest=len(sentence))
    floor = Floor(store, wordings=[f"{sentence} {sentence} {sentence}"], channel_abilities=narrow)

    floor.hear(praise(1))
    await floor.later()

    assert floor.outside.texts == [sentence] * 3


# --- F44, F45: the label still stands, and the words fit ---


def claim(floor: Floor) -> list[DueSend]:
    """A worker has claimed what is due, and is about to look at it."""
    floor.clock.advance(HOLD)
    with floor.store.begin() as books:
        claimed = books.claim_due(now=floor.clock(), limit=9, lease=LEASE, paused=False)
        sends = [books.due_send(send_id, lately=None) for send_id in claimed]
    return [send for send in sends if send is not None]


def claim_one(floor: Floor) -> DueSend:
    (send,) = claim(floor)
    return send


def the_message(floor: Floor) -> int:
    (view,) = floor.conversations()
    return view.messages[0].id


@pytest.mark.parametrize("after", [(Label.COMPLAINT,), (Label.PRAISE, Label.OFFENSIVE), ()])
def test_f45_a_person_who_says_that_it_is_something_else_stops_what_is_leaving(
    store: SqlStore, after: tuple[Label, ...]
):
    floor = Floor(store)
    floor.hear(praise(1))
    claimed = claim_one(floor)

    correct(floor.desk, the_message(floor), after=after, by=INES)

    assert look_and_begin(floor.desk, claimed) is None
    assert [send.state for send in floor.sends(SendState.REFUSED)] == [SendState.REFUSED]
    assert len(reasons(floor)) == 1


def test_f45_a_person_who_confirms_the_labels_lets_it_leave(store: SqlStore):
    floor = Floor(store)
    floor.hear(praise(1))
    claimed = claim_one(floor)

    correct(floor.desk, the_message(floor), after=[Label.PRAISE], by=INES)

    assert look_and_begin(floor.desk, claimed) is not None


async def test_f43_words_that_the_brand_has_forbidden_since_they_were_queued_become_a_draft(store: SqlStore):
    floor = Floor(store)
    floor.hear(praise(1, text="sales_lead, c'est combien ?"))
    stricter = replace(floor.desk.brand, checks=Checks(promises=("répondons ici",)))

    await floor.later(desk=floor.settled(brand=stricter))

    assert floor.outside.texts == []
    assert len(reasons(floor)) >= 1


class OneSlur:
    """Knows one vulgar word, in texts and in names."""

    def in_text(self, text: str) -> list[tuple[int, int]]:
        at = text.lower().find("vulgaire")
        return [] if at < 0 else [(at, at + len("vulgaire"))]

    def in_name(self, name: str) -> bool:
        return bool(self.in_text(name))


async def test_f44_a_name_that_is_known_to_be_vulgar_by_now_is_not_given_back(store: SqlStore):
    floor = Floor(store, wordings=WORDINGS[:1])
    floor.hear(praise(1, author_name="Vulgaire Dupont"))
    wiser = replace(floor.desk.brand, checks=Checks(abuse=OneSlur()))

    await floor.later(desk=floor.settled(brand=wiser))

    assert floor.outside.texts == []
    assert len(reasons(floor)) >= 1


@pytest.mark.parametrize(
    ("polarity", "sorry"), [(Polarity.APOLOGY, "Bonjour"), (Polarity.NEUTRAL, "Nous sommes vraiment désolés.")]
)
async def test_f45_an_apology_that_was_queued_for_a_praise_never_leaves(
    store: SqlStore, polarity: Polarity, sorry: str
):
    floor = Floor(store)
    take_in(store, praise(1, text="Best Pizza Ever!"))
    triage(
        store,
        lambda message: an_outcome(message, a_prediction(Label.PRAISE), sends=[some_words(sorry, response="sorry")]),
    )
    response = CannedResponse("sorry", polarity, (Variant("fr", sorry),), {"fr": "Excuses"})

    await floor.later(desk=floor.settled(responses={"sorry": response}))

    assert floor.outside.texts == []
    assert len(reasons(floor)) >= 1


# --- F54: caps ---


async def test_f54_over_the_cap_of_the_brand_replies_become_drafts_and_one_alert_is_raised(store: SqlStore):
    floor = Floor(store, replies_a_brand=3)
    floor.hear(*(praise(number) for number in range(6)))

    await floor.later()

    assert len(floor.outside.texts) == 3
    assert reasons(floor) == ["3 automatic replies have left within the hour: a person goes on."] * 3
    assert len(floor.audit("flood.stopped")) == 1


async def test_f54_after_the_hour_the_brand_speaks_again_and_a_later_flood_is_alerted_anew(store: SqlStore):
    floor = Floor(store, replies_a_brand=1)
    floor.hear(praise(1), praise(2))
    await floor.later()

    floor.clock.advance(LATELY + SECOND)
    floor.hear(praise(3, sent_at=floor.clock()), praise(4, sent_at=floor.clock()))
    await floor.later()

    assert len(floor.outside.texts) == 2
    assert len(floor.audit("flood.stopped")) == 2


async def test_f54_two_workers_together_do_not_send_more_than_the_cap(database_url: str):
    with open_store(database_url, brand="main") as one, open_store(database_url, brand="main") as other:
        floor = Floor(one, replies_a_brand=4)
        floor.hear(*(praise(number) for number in range(12)))
        floor.clock.advance(HOLD)
        desks = [floor.desk, floor.settled(store=other)]

        await asyncio.gather(
            *(pipeline.deliver(desk, {"telegram": floor.outside}, RateLimiter(), Breaker()) for desk in desks)
        )
        await floor.later()

        assert len(floor.outside.texts) == 4


async def test_f54_a_machine_that_answers_a_machine_is_stopped_and_alerted_once(store: SqlStore):
    floor = Floor(store, replies_an_hour=2)

    for number in range(5):
        floor.hear(private(7, thread=f"dm-{number}", sent_at=floor.clock()))
        await floor.later()

    assert len(floor.outside.texts) == 2
    assert len(floor.audit("loop.stopped")) == 3  # one a conversation, and these were five


# --- F55, pause, deletion: the state changes between the queue and the sending ---


def test_f55_a_person_who_answers_while_it_is_being_claimed_silences_the_rule(store: SqlStore):
    floor = Floor(store)
    floor.hear(praise(1))
    claimed = claim_one(floor)
    with store.begin() as books:
        draft = books.keep_draft(the_message(floor), text="Merci, Camille !", lang="fr", response=None, now=NOON)
        send_id = books.approve(draft, parts=["Merci, Camille !"], by=INES, not_before=NOON, now=NOON)
        assert send_id is not None
        books.mark_sent(send_id, external_id="by-hand", now=floor.clock())

    assert look_and_begin(floor.desk, claimed) is None
    assert "A person has answered already." in reasons(floor)


def test_f58_a_pause_while_it_is_being_claimed_holds_it(store: SqlStore):
    floor = Floor(store)
    floor.hear(praise(1))
    claimed = claim_one(floor)

    pause(store, by=INES, clock=floor.clock)

    assert look_and_begin(floor.desk, claimed) is None
    assert [send.attempts for send in floor.sends(SendState.WAITING)] == [0]


# --- F46: windows ---


async def test_f46_a_rule_is_too_late_once_the_window_has_closed_and_a_person_is_not(store: SqlStore):
    floor = Floor(store, channel_abilities=META)
    floor.clock.advance(24 * HOUR)
    floor.hear(private(1, sent_at=floor.clock() - 24 * HOUR + HOLD / 2))

    await floor.later()
    refused = floor.outside.texts
    (view,) = floor.conversations()
    send_draft(floor.desk, view.open_drafts[0].id, by=INES)
    await floor.later()

    assert refused == []
    assert reasons(floor) == []
    assert [one.as_person for one in floor.outside.said.values()] == [True]


async def test_f46_a_dm_of_25_hours_offers_only_a_person_and_one_of_eight_days_nobody(store: SqlStore):
    floor = Floor(store, channel_abilities=META)
    floor.clock.advance(8 * DAY)
    floor.hear(private(1, sent_at=floor.clock() - 25 * HOUR))
    floor.hear(private(2, sent_at=NOON))

    await floor.later()

    assert floor.outside.texts == []
    young_draft, old_draft = (floor.conversations()[place].open_drafts[0].id for place in (0, 1))
    send_draft(floor.desk, young_draft, by=INES)
    with pytest.raises(NotPossible, match="nothing may follow until he writes again"):
        send_draft(floor.desk, old_draft, by=INES)


def test_f46_a_private_reply_to_a_comment_of_eight_days_is_refused_with_the_reason(store: SqlStore):
    floor = Floor(store, channel_abilities=META)
    floor.hear(praise(1, text="Bonjour"))
    floor.clock.advance(8 * DAY)
    (view,) = floor.conversations()
    draft = write_draft(floor.desk, view.id, text="Écrivons-nous ?", by=INES)

    with pytest.raises(NotPossible, match="no private reply may follow"):
        send_draft(floor.desk, draft.id, by=INES, privately=True)

    assert send_draft(floor.desk, draft.id, by=INES).state is SendState.WAITING


async def test_f46_a_private_reply_goes_to_the_contact_alone_and_is_kept_so(store: SqlStore):
    floor = Floor(store, channel_abilities=replace(META, private_thread="dm:{}".format))
    floor.hear(praise(1, text="Bonjour"))
    (view,) = floor.conversations()
    draft = write_draft(floor.desk, view.id, text="Écrivons-nous ?", by=INES)

    send_draft(floor.desk, draft.id, by=INES, privately=True)
    await floor.later()

    (told,) = floor.outside.said.values()
    assert (told.thread, told.target, told.contact) == ("dm:contact-1", None, "contact-1")


def test_f46_the_card_and_the_shell_show_how_long_it_can_be_answered(
    store: SqlStore, capsys: pytest.CaptureFixture[str]
):
    floor = Floor(store, channel_abilities=META)
    floor.hear(private(1, sent_at=NOON))
    (view,) = floor.conversations()
    late = NOON + 25 * HOUR

    shown = card(CardFacts(view, [], META, late, ALWAYS_OPEN))
    show_conversation(view, now=late, hours=ALWAYS_OPEN, reveal=False, abilities=META)

    assert "only a person may answer, until" in repr(shown.lines)
    assert "only a person may answer, until 2026-06-17" in capsys.readouterr().out


# --- F47: the line that says that it is automatic ---


async def test_f47_the_first_automatic_message_of_a_conversation_says_so_and_the_second_does_not(store: SqlStore):
    floor = Floor(store, disclosures=LINES)

    floor.hear(private(1))
    await floor.later()
    floor.hear(private(1, text="sales_lead, c'est combien ?", sent_at=floor.clock()))
    await floor.later()

    first, second = floor.outside.texts
    assert first.partition("\n")[0] == "Réponse automatique"
    assert second == PRICES
    (view,) = floor.conversations()
    assert [message.text for message in view.messages if message.is_ours] == [first, second]


async def test_f47_what_a_person_sends_never_says_so(store: SqlStore):
    floor = Floor(store, disclosures=LINES)
    floor.hear(private(1, text="Bonjour"))
    (view,) = floor.conversations()

    send_draft(floor.desk, write_draft(floor.desk, view.id, text="Bonjour Camille !", by=INES).id, by=INES)
    await floor.later()

    assert floor.outside.texts == ["Bonjour Camille !"]


async def test_f47_a_message_whose_answer_was_lost_says_it_once(store: SqlStore):
    floor = Floor(store, disclosures=LINES)
    floor.hear(private(1))
    floor.outside.answers_lost = 1

    await floor.later()
    await floor.later(HOUR)

    (view,) = floor.conversations()
    ours = [message.text for message in view.messages if message.is_ours]
    assert ours == floor.outside.texts
    assert ours[0].count("Réponse automatique") == 1


async def test_f47_a_message_that_is_tried_again_reads_as_it_did(store: SqlStore):
    floor = Floor(store, disclosures=LINES)
    floor.hear(private(1))
    floor.outside.refusals = [SendFailed(Sentence("Too fast."), permanent=False)]

    await floor.later()
    await floor.later(HOUR)

    assert [text.count("Réponse automatique") for text in floor.outside.texts] == [1]


async def test_f47_words_that_become_a_draft_do_not_say_so(store: SqlStore):
    floor = Floor(store, disclosures=LINES, replies_a_brand=0)
    floor.hear(private(1))

    await floor.later()

    (view,) = floor.conversations()
    assert "automatique" not in view.open_drafts[0].text


async def test_f47_a_long_reply_leaves_room_for_the_line(store: SqlStore):
    sentence = "Nous lisons chaque message avec un très grand plaisir."
    narrow = Abilities(acts=EVERYTHING, longest=2 * len(sentence) + 1)
    floor = Floor(store, wordings=[f"{sentence} {sentence}"], channel_abilities=narrow, disclosures=LINES)

    floor.hear(private(1))
    await floor.later()

    assert floor.outside.texts == [f"Réponse automatique\n{sentence}", sentence]


# --- F41: hold and undo ---


async def test_f41_undo_at_19_seconds_stops_it_and_at_21_says_too_late(store: SqlStore):
    floor = Floor(store)
    floor.hear(private(1), private(2))
    early, late = (view.sends[0].id for view in floor.conversations())
    await floor.later(HOLD - SECOND)

    undo_send(floor.desk, early, by=INES)
    await floor.later(2 * SECOND)

    with pytest.raises(NotPossible, match="Too late"):
        undo_send(floor.desk, late, by=INES)
    assert len(floor.outside.texts) == 1


# --- a channel that does not answer ---


async def test_a_channel_that_does_not_answer_costs_most_rows_no_attempt_and_one_probe_opens_it_again(store: SqlStore):
    floor = Floor(store, replies_a_brand=999)
    floor.hear(*(private(number) for number in range(40)))
    floor.outside.is_down = True

    await floor.later()
    tried = floor.outside.asked
    attempts = [send.attempts for send in floor.sends(SendState.WAITING)]
    await floor.later(FIRST_REST)
    probed = floor.outside.asked - tried
    floor.outside.is_down = False
    await floor.later(2 * FIRST_REST)
    await floor.later(HOUR)

    assert (tried, probed) == (FAILURES, 1)
    assert sorted(attempts) == [0] * (40 - FAILURES) + [1] * FAILURES
    assert len(floor.outside.texts) == 40
    assert len(floor.audit("channel.rests")) == 1
    assert len(floor.audit("channel.goes_on")) == 1


async def test_telegram_with_a_fault_of_its_own_is_left_alone_and_found_again(store: SqlStore):
    floor = Floor(store)
    floor.hear(*(private(number, thread=str(number)) for number in range(9)))
    async with OnTelegram() as telegram:
        floor.channel = channel = telegram.channel(floor.clock)
        for _ in range(FAILURES):
            telegram.fail_next("sendMessage", status=502, says="Bad Gateway")

        await floor.later()
        asked = len(telegram.calls("sendMessage"))
        await floor.later(HOUR)
        await channel.close()

        assert (asked, len(telegram.calls("sendMessage"))) == (FAILURES, FAILURES + 9)
        assert len(floor.sends(SendState.SENT)) == 9


async def test_a_server_that_refuses_the_connection_is_asked_only_now_and_then(store: SqlStore):
    floor = Floor(store)
    floor.hear(*(private(number, thread=str(number)) for number in range(9)))
    nobody = TelegramOptions(base_url=f"http://127.0.0.1:{free_port()}")
    floor.channel = channel = TelegramChannel("1:none", options=nobody, tell=in_english, clock=floor.clock)

    for after in (HOLD, FIRST_REST, SECOND, SECOND):
        await floor.later(after)
    await channel.close()

    assert sum(send.attempts for send in floor.sends(SendState.WAITING)) == FAILURES + 1


async def test_a_channel_that_rests_is_told_of_and_one_that_another_process_left_resting_is_cleared(store: SqlStore):
    floor = Floor(store)
    floor.hear(*(private(number) for number in range(FAILURES)))
    floor.outside.is_down = True
    await floor.later()
    with store.read() as books:
        resting = [one.name for one in books.switches_on(RESTING)]

    floor.outside.is_down, floor.breaker = False, Breaker()
    await floor.later(HOUR)

    with store.read() as books:
        assert (resting, books.switches_on(RESTING)) == (["resting:telegram"], [])


async def test_one_message_that_a_channel_chokes_on_keeps_no_other_waiting(store: SqlStore):
    floor = Floor(store)
    floor.hear(private(1))
    floor.outside.refusals = [SendFailed(Sentence("No answer."), permanent=False) for _ in range(9)]
    for _ in range(6):
        await floor.later(HOUR)
    floor.outside.refusals = []

    floor.hear(private(2, sent_at=floor.clock()))
    await floor.later()

    assert len(floor.outside.texts) == 1
    assert floor.audit("channel.rests") == []


# --- dead letters ---


async def test_what_was_given_up_says_why_and_is_replayed_and_what_was_refused_is_a_draft(store: SqlStore):
    floor = Floor(store, replies_a_brand=1)
    floor.hear(private(1), private(2))
    floor.outside.refusals = [SendFailed(Sentence("The contact has blocked us."), permanent=True)]
    await floor.later()

    (dead,) = dead_letters(store)
    replay(store, dead.id, by=INES, clock=floor.clock)
    floor.clock.advance(LATELY)
    await floor.later()

    assert str(dead.error) == "The contact has blocked us."
    assert dead_letters(store) == []
    assert len(floor.outside.texts) == 2


async def test_a_refused_reply_is_no_dead_letter_but_an_open_draft_with_its_reason(store: SqlStore):
    floor = Floor(store, replies_a_brand=0)
    floor.hear(private(1))

    await floor.later()

    (view,) = floor.conversations()
    assert dead_letters(store) == []
    assert [draft.state for draft in view.drafts] == [DraftState.OPEN]
    assert view.sends[0].state is SendState.REFUSED
