"""Taking messages in: each once, in the conversation it belongs to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore, open_store
from inbox.model import Kind, Label, Status
from inbox.sentences import Sentence
from tests.builders import a_message, an_outcome
from tests.data.steps import a_person_replies, claim, send_out, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON, a_prediction

HOUR = timedelta(hours=1)


def test_a_message_delivered_again_changes_nothing(store: SqlStore):
    said = a_message()
    first = take_in(store, said)

    assert isinstance(first[0], int)
    assert take_in(store, said) == [None]
    assert take_in(store, a_message("Autre chose", external_id=said.external_id, author="autre")) == [None]
    assert [message.text for message in the_conversation(store).messages] == [said.text]
    assert len(the_queue(store)) == 1


def test_a_message_twice_in_one_batch_is_kept_once(store: SqlStore):
    said = a_message()

    ids = take_in(store, said, a_message(), said)

    assert [one is not None for one in ids] == [True, True, False]


def test_two_channels_may_use_the_same_id(store: SqlStore):
    ids = take_in(store, a_message(external_id="7"), a_message(external_id="7", channel="discord"))

    assert len({*ids} - {None}) == 2
    assert {item.channel for item in the_queue(store)} == {"telegram", "discord"}


def test_one_contact_in_one_thread_is_one_conversation(store: SqlStore):
    take_in(store, a_message(), a_message(), a_message(thread="post-2"), a_message(author="alix", author_name="Alix"))

    assert sorted((item.contact, item.messages) for item in the_queue(store)) == [
        ("Alix", 1),
        ("Camille Rousseau", 1),
        ("Camille Rousseau", 2),
    ]


def test_contacts_of_one_name_stay_apart(store: SqlStore):
    take_in(store, a_message(author="a"), a_message(author="b"), a_message(author="c", author_name=""))
    take_in(store, a_message(author="a"))

    assert sorted((item.contact, item.messages) for item in the_queue(store)) == [
        ("Camille Rousseau", 1),
        ("Camille Rousseau", 2),
        ("c", 1),
    ]


def test_a_contact_goes_by_the_name_seen_last(store: SqlStore):
    take_in(store, a_message(author_name="Camille R"))
    take_in(store, a_message(author_name="Camille Rousseau"), a_message(author_name=""))

    assert the_queue(store)[0].contact == "Camille Rousseau"


def test_a_message_without_words_is_kept(store: SqlStore):
    take_in(store, a_message("", kind=Kind.NO_TEXT))

    assert (the_queue(store)[0].kind, the_queue(store)[0].text) == (Kind.NO_TEXT, "")


def test_what_no_database_keeps_is_replaced_and_the_batch_goes_on(store: SqlStore):
    take_in(
        store, a_message("a\x00b", author="x\x00"), a_message("half \ud83d of a smile"), a_message("whole \U0001f600")
    )

    assert {message.text for message in triage(store)} == {"a\ufffdb", "half \ufffd of a smile", "whole \U0001f600"}


def test_a_new_message_opens_a_conversation_that_waited_for_the_contact(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)
    send_out(store, send_id)
    assert the_conversation(store).status is Status.PENDING

    take_in(store, a_message("Et alors ?", sent_at=NOON + HOUR), now=NOON + HOUR)

    again = the_conversation(store)
    assert (again.status, again.status_reason) == (Status.OPEN, Sentence("The contact wrote again."))


def test_a_redelivery_leaves_a_conversation_at_rest(store: SqlStore):
    said = a_message()
    send_id = a_person_replies(store, said)
    claim(store)
    send_out(store, send_id)

    take_in(store, said, now=NOON + HOUR)

    assert the_conversation(store).status is Status.PENDING


def test_an_older_message_that_comes_late_keeps_the_moment_of_the_latest(store: SqlStore):
    take_in(store, a_message(sent_at=NOON))
    take_in(store, a_message(sent_at=NOON - HOUR))

    assert the_queue(store)[0].last_message_at == NOON
    assert [message.sent_at for message in the_conversation(store).messages] == [NOON - HOUR, NOON]


def test_two_brands_in_one_database_see_nothing_of_each_other(store: SqlStore, database_url: str):
    said = a_message()
    take_in(store, said)
    triage(store, lambda message: an_outcome(message, a_prediction(Label.COMPLAINT)))
    place = the_queue(store)[0].conversation_id

    with open_store(database_url, brand="Pinson") as other:
        assert the_queue(other) == []
        assert take_in(other, said) != [None]
        with other.read() as books:
            assert books.conversation(place) is None
            assert books.summary().messages == 1
            assert books.count_waiting() == 1


def test_nothing_stays_of_a_transaction_that_fails(store: SqlStore):
    def fail() -> None:
        with store.begin() as books:
            assert books.add_messages([a_message()], now=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert the_queue(store) == []
