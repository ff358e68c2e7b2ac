"""Connected accounts: how they stand, what they have heard, and groups that go on under another id (row F06)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from data.store import SqlStore
from inbox.sentences import Sentence
from inbox.views import ChannelState
from tests.builders import a_message, an_escalation, an_outcome, some_words
from tests.data.steps import a_person_replies, claim, send_out, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON

MINUTE = timedelta(minutes=1)
GROUP, SUPERGROUP = "-55", "-1001"


def in_the_group(text: str, *, author: str = "camille", thread: str = GROUP, place: str = GROUP, at=NOON):
    return replace(a_message(text, author=author, thread=thread, sent_at=at), place=place)


def move(store: SqlStore, place: str = GROUP, new_place: str = SUPERGROUP) -> int:
    with store.begin() as books:
        return books.move_place("telegram", place, new_place)


def test_a_channel_that_breaks_is_shown_with_its_reason_and_since_when(store: SqlStore):
    why = Sentence("The token is refused.")
    with store.begin() as books:
        assert books.set_channel_state("discord", ChannelState.BROKEN, why=why, now=NOON)
        assert not books.set_channel_state("discord", ChannelState.BROKEN, why=why, now=NOON + MINUTE)

    with store.read() as books:
        (channel,) = books.channels()

    assert (channel.name, channel.state, channel.why, channel.since) == ("discord", ChannelState.BROKEN, why, NOON)
    assert not channel.may_train


def test_each_thread_is_heard_until_its_last_message_from_anybody_but_us(store: SqlStore):
    take_in(store, a_message("a", thread="t1"), a_message("b", thread="t1", author="lou", sent_at=NOON + MINUTE))
    send_id = a_person_replies(store, a_message("c", thread="t2"))
    claim(store)
    send_out(store, send_id, now=NOON + 5 * MINUTE)

    with store.read() as books:
        assert books.heard_until("telegram") == {"t1": NOON + MINUTE, "t2": NOON}
        assert books.heard_until("discord") == {}


def test_f06_a_group_that_moves_takes_threads_topics_and_what_waits_with_it(store: SqlStore):
    take_in(store, in_the_group("Bonjour"), in_the_group("Et le retard ?", thread=f"{GROUP}/7", author="lou"))
    take_in(store, in_the_group("ailleurs", place="-551", thread="-551", author="max"))
    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))

    assert move(store) == 2

    views = [the_conversation(store, item.conversation_id) for item in the_queue(store)]
    places = {(view.thread, view.place) for view in views}
    assert places == {(SUPERGROUP, SUPERGROUP), (f"{SUPERGROUP}/7", SUPERGROUP), ("-551", "-551")}
    with store.read() as books:
        assert books.moved_places("telegram") == {GROUP: SUPERGROUP}


def test_a_group_that_moves_twice_is_found_by_each_id_it_had(store: SqlStore):
    take_in(store, in_the_group("Bonjour"))

    move(store)
    move(store, SUPERGROUP, "-1002")

    with store.read() as books:
        assert books.moved_places("telegram") == {GROUP: "-1002", SUPERGROUP: "-1002"}


def test_who_has_written_under_the_new_id_already_goes_on_in_one_conversation(store: SqlStore):
    take_in(store, in_the_group("Toujours rien !"))
    triage(store, lambda one: an_outcome(one, drafts=[some_words("a")], escalation=an_escalation(), tags=["late"]))
    take_in(store, in_the_group("Allô ?", thread=SUPERGROUP, place=SUPERGROUP, at=NOON + MINUTE))
    triage(store, lambda one: an_outcome(one, escalation=an_escalation(due_at=NOON + 9 * MINUTE), tags=["again"]))

    move(store)

    (item,) = the_queue(store)
    view = the_conversation(store, item.conversation_id)
    assert [message.text for message in view.messages] == ["Toujours rien !", "Allô ?"]
    assert view.tags == ("again", "late")
    assert [draft.text for draft in view.drafts] == ["a"]
    assert len(view.escalations) == 2
    assert item.due_at == NOON + 9 * MINUTE


def test_a_later_message_of_a_moved_contact_goes_on_in_the_conversation(store: SqlStore):
    take_in(store, in_the_group("Bonjour"))
    move(store)

    take_in(store, in_the_group("Re", thread=SUPERGROUP, place=SUPERGROUP, at=NOON + MINUTE))

    (item,) = the_queue(store)
    assert item.messages == 2
