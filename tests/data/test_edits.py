"""Following what happens to a message after it came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from data.store import SqlStore
from inbox.changes import receive_deletion, receive_edit
from inbox.model import Label, Status
from inbox.sentences import Sentence
from inbox.views import DraftState, QueueFilter, SendState
from tests.builders import AClock, a_message, an_outcome, some_words
from tests.data.steps import a_person_replies, a_rule_replies, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON, a_prediction

LATER = NOON + timedelta(hours=1)
CLOCK = AClock(LATER)


def edit(store: SqlStore, external_id: str, text: str) -> bool:
    return receive_edit(store, "telegram", external_id, text=text, edited_at=LATER, clock=CLOCK)


def delete(store: SqlStore, external_id: str, *, keep_text: bool = False) -> bool:
    ids = [external_id]
    return bool(receive_deletion(store, "telegram", ids, deleted_at=LATER, keep_text=keep_text, clock=CLOCK))


def test_an_edit_keeps_the_former_text_and_has_the_message_triaged_anew(store: SqlStore):
    take_in(store, a_message("Merci !", external_id="1"))
    triage(store, lambda message: an_outcome(message, a_prediction(Label.PRAISE), priority_parts={"praise": 5}))

    assert edit(store, "1", "Bande de voleurs !")
    again = triage(
        store, lambda message: an_outcome(message, a_prediction(Label.OFFENSIVE), priority_parts={"offensive": 30})
    )

    assert [(message.text, message.version) for message in again] == [("Bande de voleurs !", 2)]
    (message,) = the_conversation(store).messages
    assert (message.text, message.former_texts, message.edited_at) == ("Bande de voleurs !", ("Merci !",), LATER)
    assert message.prediction is not None
    assert message.prediction.labels == (Label.OFFENSIVE,)
    (item,) = the_queue(store)
    assert (item.labels, item.priority) == ((Label.OFFENSIVE,), 30)
    assert the_queue(store, QueueFilter(label="praise")) == []


def test_an_edit_that_changes_nothing_is_no_edit(store: SqlStore):
    take_in(store, a_message("Merci !", external_id="1"))

    assert not edit(store, "1", "Merci !")
    assert not edit(store, "unknown", "Merci !")


def test_an_edit_opens_a_conversation_that_was_answered(store: SqlStore):
    send_id = a_person_replies(store, a_message(external_id="1"))
    with store.begin() as books:
        books.mark_sent(send_id, external_id="out", now=NOON)

    edit(store, "1", "Toujours rien !")

    assert the_conversation(store).status is Status.OPEN


def test_an_edit_withdraws_the_draft_and_a_new_one_may_be_made(store: SqlStore):
    take_in(store, a_message(external_id="1"))
    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))

    edit(store, "1", "Toujours pas de colis !")
    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))

    assert [draft.state for draft in the_conversation(store).drafts] == [DraftState.WITHDRAWN, DraftState.OPEN]


def test_an_edit_cancels_an_approved_reply_that_has_not_left(store: SqlStore):
    send_id = a_person_replies(store, a_message(external_id="1"))

    edit(store, "1", "Finalement, merci !")

    view = the_conversation(store)
    assert [(send.id, send.state) for send in view.sends] == [(send_id, SendState.CANCELLED)]
    assert [draft.state for draft in view.drafts] == [DraftState.WITHDRAWN]


def test_a_deleted_message_is_blanked_with_everything_quoted_from_it(store: SqlStore):
    take_in(store, a_message("Merci !", external_id="1"))
    edit(store, "1", "Voleurs !")
    thought = replace(a_prediction(Label.OFFENSIVE), reasons={Label.OFFENSIVE: ("Voleurs",)})
    triage(store, lambda message: an_outcome(message, thought))

    assert delete(store, "1")
    assert not delete(store, "1")

    (message,) = the_conversation(store).messages
    assert (message.text, message.former_texts, message.deleted_at) == ("", ("",), LATER)
    assert message.prediction is not None
    assert message.prediction.reasons == {}


def test_a_deleted_message_keeps_its_words_where_the_brand_wants_them(store: SqlStore):
    take_in(store, a_message("Voleurs !", external_id="1"))

    delete(store, "1", keep_text=True)

    (message,) = the_conversation(store).messages
    assert (message.text, message.deleted_at) == ("Voleurs !", LATER)


def test_a_message_deleted_before_triage_is_not_triaged(store: SqlStore):
    take_in(store, a_message(external_id="1"))

    delete(store, "1")

    assert triage(store) == []


def test_nothing_leaves_on_a_deleted_message(store: SqlStore):
    send_id = a_rule_replies(store, a_message(external_id="1"))

    delete(store, "1")

    with store.begin() as books:
        send = books.send(send_id)
        assert send is not None
        assert send.state is SendState.CANCELLED
        assert not books.cancel(send_id, why=Sentence("Too late."))
