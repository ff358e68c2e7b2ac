"""The outbox as people look at it: in the order in which it leaves, counted, and left alone once somebody says so."""

from __future__ import annotations

from datetime import timedelta

from data.store import SqlStore
from inbox.model import Actor
from inbox.outboxbooks import OutboxCounts, OutboxFilter, OutboxLine
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState
from tests.builders import a_message
from tests.data.steps import a_person_replies, a_rule_replies, claim, send_out, the_conversation
from tests.inbox.builders import NOON

WHY = Sentence("The channel is down.")


def lines(store: SqlStore, wanted: OutboxFilter | None = None) -> list[OutboxLine]:
    with store.read() as books:
        return list(books.outbox_lines(wanted or OutboxFilter()))


def counts(store: SqlStore) -> OutboxCounts:
    with store.read() as books:
        return books.outbox_counts()


def give_up(store: SqlStore, send_id: int) -> None:
    assert claim(store) == [send_id]
    with store.begin() as books:
        books.mark_failed(send_id, error=WHY, again_at=None, now=NOON)


def test_what_waits_is_listed_in_the_order_in_which_it_leaves_with_whom_it_is_for(store: SqlStore):
    later = a_rule_replies(store, a_message(thread="a"), not_before=NOON + timedelta(minutes=5))
    sooner = a_person_replies(store, a_message(thread="b", author="paul", author_name="Paul"))

    found = lines(store)

    assert [(one.send.id, one.contact) for one in found] == [(sooner, "Paul"), (later, "Camille Rousseau")]
    assert counts(store) == OutboxCounts(waiting=2, automatic=1, failed=0)


def test_what_has_left_is_listed_the_latest_first_and_page_by_page(store: SqlStore):
    sent = []
    for thread in ("a", "b", "c"):
        send_id = a_person_replies(store, a_message(thread=thread, author=thread))
        claim(store)
        send_out(store, send_id, external_id=f"out-{thread}")
        sent.append(send_id)

    first = lines(store, OutboxFilter(SendState.SENT, limit=2))
    rest = lines(store, OutboxFilter(SendState.SENT, before=first[-1].send.id, limit=2))

    assert [one.send.id for one in (*first, *rest)] == sent[::-1]
    assert first[0].sent_at == NOON


def test_only_what_goes_to_the_channel_asked_for_is_listed(store: SqlStore):
    a_person_replies(store, a_message(channel="discord", author="tom"))
    there = a_person_replies(store, a_message(channel="telegram"))

    assert [one.send.id for one in lines(store, OutboxFilter(channel="telegram"))] == [there]


def test_what_was_given_up_is_counted_until_somebody_leaves_it_and_its_words_are_a_draft_again(store: SqlStore):
    send_id = a_person_replies(store, a_message(), text="Nous cherchons votre colis.")
    give_up(store, send_id)
    before = counts(store)

    with store.begin() as books:
        done = [books.set_aside(send_id), books.set_aside(send_id)]

    draft = the_conversation(store).drafts[-1]
    (line,) = lines(store, OutboxFilter(SendState.CANCELLED))
    assert (before.failed, counts(store).failed) == (1, 0)
    assert done == [True, False]
    assert (draft.state, draft.text) == (DraftState.OPEN, "Nous cherchons votre colis.")
    assert (line.send.error, line.open_draft) == (WHY, draft.id)


def test_the_parts_that_were_taken_back_with_a_reply_are_in_the_draft_too(store: SqlStore):
    first = a_person_replies(store, a_message())
    with store.begin() as books:
        books.cancel(first, why=Sentence("A person took it back."))
    draft = the_conversation(store).drafts[-1].id
    with store.begin() as books:
        send_id = books.approve(draft, parts=["Un.", "Deux."], by=Actor.person("Ines"), not_before=NOON, now=NOON)
    assert send_id is not None
    give_up(store, send_id)

    with store.begin() as books:
        books.set_aside(send_id)

    assert the_conversation(store).drafts[-1].text == "Un. Deux."


def test_what_waits_or_has_left_is_not_set_aside(store: SqlStore):
    send_id = a_person_replies(store, a_message())

    with store.begin() as books:
        assert not books.set_aside(send_id)
    assert counts(store).waiting == 1
