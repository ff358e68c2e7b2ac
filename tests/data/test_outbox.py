"""What is on its way: claimed under a lease, looked at once more, sent, or not."""

from __future__ import annotations

from datetime import timedelta

from data.store import SqlStore
from inbox.delivery import DueSend, Look, last_look
from inbox.findings import Finding
from inbox.model import Actor, Label, Status
from inbox.outgoing import OutboxKind
from inbox.sentences import Sentence
from inbox.views import DraftState, SendState, SendView
from tests.builders import a_message, an_escalation, an_outcome, some_words
from tests.data.steps import (
    LEASE,
    MODERATOR,
    a_person_replies,
    a_rule_replies,
    claim,
    send_out,
    take_in,
    the_conversation,
    the_queue,
    triage,
)
from tests.inbox.builders import NOON, a_prediction, some_terms

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
WHY = Sentence("The channel is down.")


def the_send(store: SqlStore, send_id: int) -> SendView:
    with store.read() as books:
        found = books.send(send_id)
    assert found is not None
    return found


def look_at(store: SqlStore, send_id: int) -> DueSend:
    with store.read() as books:
        found = books.due_send(send_id, lately=NOON - HOUR)
    assert found is not None
    return found


def test_nothing_is_claimed_before_its_hold_is_over(store: SqlStore):
    send_id = a_rule_replies(store, a_message(), not_before=NOON + SECOND)

    assert claim(store, now=NOON) == []
    assert claim(store, now=NOON + SECOND) == [send_id]


def test_a_claimed_row_is_nobody_elses_until_its_lease_is_over(store: SqlStore):
    send_id = a_rule_replies(store, a_message())

    assert claim(store) == [send_id]
    assert not look_at(store, send_id).perhaps_sent
    with store.begin() as books:
        books.note_attempt(send_id)
    assert claim(store, now=NOON + LEASE - SECOND) == []
    assert claim(store, now=NOON + LEASE) == [send_id]
    assert (look_at(store, send_id).perhaps_sent, look_at(store, send_id).attempts) == (True, 2)


def test_a_conversation_is_answered_in_order_one_at_a_time(store: SqlStore):
    first = a_rule_replies(store, a_message("un"))
    second = a_rule_replies(store, a_message("deux"), not_before=NOON - HOUR)
    elsewhere = a_rule_replies(store, a_message("trois", thread="post-2"))

    assert claim(store) == [first, elsewhere]
    assert claim(store) == []
    send_out(store, first)
    assert claim(store) == [second]


def test_a_pause_holds_rules_and_lets_people_through(store: SqlStore):
    a_rule_replies(store, a_message("un"))
    by_person = a_person_replies(store, a_message("deux"))

    assert claim(store, paused=True) == [by_person]


def test_a_row_given_back_is_as_if_nobody_had_claimed_it(store: SqlStore):
    send_id = a_rule_replies(store, a_message())
    claim(store)

    with store.begin() as books:
        books.release(send_id)

    assert (the_send(store, send_id).state, the_send(store, send_id).attempts) == (SendState.WAITING, 0)
    assert claim(store) == [send_id]
    assert not look_at(store, send_id).perhaps_sent


def test_a_reply_joins_its_conversation(store: SqlStore):
    send_id = a_rule_replies(store, a_message("Merci !"))
    claim(store)

    send_out(store, send_id, now=NOON + HOUR)
    send_out(store, send_id, now=NOON + HOUR)

    view = the_conversation(store)
    assert [(message.is_ours, message.author, message.text) for message in view.messages] == [
        (False, "Camille Rousseau", "Merci !"),
        (True, "late parcel", "Merci !"),
    ]
    assert view.status is Status.OPEN
    assert (the_send(store, send_id).state, the_send(store, send_id).external_id) == (SendState.SENT, "out-1")
    assert the_queue(store)[0].text == "Merci !"


def test_a_persons_reply_deals_with_the_conversation(store: SqlStore):
    take_in(store, a_message(thread="t"))
    triage(
        store,
        lambda message: an_outcome(
            message,
            a_prediction(Label.COMPLAINT),
            drafts=[some_words()],
            escalation=an_escalation(),
            priority_parts={"complaint": 40},
        ),
    )
    send_id = approve(store, the_conversation(store).drafts[0].id)
    claim(store)

    send_out(store, send_id, now=NOON + HOUR)

    view = the_conversation(store)
    assert (view.status, view.status_reason) == (Status.PENDING, Sentence("{person} has answered.", person="Ines"))
    assert view.escalations[0].acknowledged_at == NOON + HOUR
    (item,) = the_queue(store)
    assert (item.labels, item.priority, item.due_at) == ((), 0, view.escalations[0].resolution_due_at)


def approve(store: SqlStore, draft_id: int, text: str = "Bonjour !") -> int:
    with store.begin() as books:
        send_id = books.approve(draft_id, parts=[text], by=MODERATOR, not_before=NOON, now=NOON)
    assert send_id is not None
    return send_id


def test_what_came_after_the_reply_was_written_is_still_to_be_looked_at(store: SqlStore):
    send_id = a_person_replies(store, a_message("un"))
    take_in(store, a_message("deux", sent_at=NOON + SECOND), now=NOON + SECOND)
    triage(store, lambda message: an_outcome(message, a_prediction(Label.COMPLAINT), priority_parts={"complaint": 40}))
    claim(store, now=NOON + HOUR)

    send_out(store, send_id, now=NOON + HOUR)

    (item,) = the_queue(store)
    assert (item.status, item.labels, item.priority) == (Status.OPEN, (Label.COMPLAINT,), 40)


def test_after_a_persons_reply_rules_stay_silent(store: SqlStore):
    send_id = a_person_replies(store, a_message("un"))
    claim(store)
    send_out(store, send_id)
    automatic = a_rule_replies(store, a_message("deux"))
    claim(store)

    look, why = last_look(look_at(store, automatic), some_terms())

    assert (look, why) == (Look.REFUSE, Sentence("A person has answered already."))


def test_an_echo_of_our_own_words_does_not_stop_the_row(store: SqlStore):
    send_id = a_rule_replies(store, a_message("Merci !"))
    claim(store)
    take_in(store, a_message("Merci !", external_id="out-1", author="us"))

    send_out(store, send_id, external_id="out-1")

    assert the_send(store, send_id).state is SendState.SENT
    assert [message.is_ours for message in the_conversation(store).messages].count(True) <= 1


def test_a_failure_that_may_pass_is_tried_again_later(store: SqlStore):
    send_id = a_rule_replies(store, a_message())
    claim(store)
    with store.begin() as books:
        books.mark_failed(send_id, error=WHY, again_at=NOON + HOUR, now=NOON)

    assert (the_send(store, send_id).state, the_send(store, send_id).error) == (SendState.WAITING, WHY)
    assert claim(store, now=NOON + HOUR - SECOND) == []
    assert claim(store, now=NOON + HOUR) == [send_id]
    send_out(store, send_id)
    assert the_send(store, send_id).error is None


def test_a_failure_for_good_is_shown_and_the_conversation_stays_open(store: SqlStore):
    first, second = a_person_replies(store, a_message("un")), a_person_replies(store, a_message("deux"))
    claim(store)
    send_out(store, first)
    claim(store)
    with store.begin() as books:
        books.mark_failed(second, error=WHY, again_at=None, now=NOON)
        assert [send.id for send in books.list_sends(state=SendState.FAILED, limit=5)] == [second]

    view = the_conversation(store)
    assert (view.status, view.status_reason) == (
        Status.OPEN,
        Sentence("A reply could not be sent: {error}", error=WHY),
    )
    assert claim(store, now=NOON + HOUR) == []


def test_refused_words_of_a_rule_become_a_draft_with_the_reason(store: SqlStore):
    send_id = a_rule_replies(store, a_message("Merci !"))
    claim(store)
    with store.begin() as books:
        books.refuse(send_id, why=WHY, now=NOON)
        books.refuse(send_id, why=WHY, now=NOON)

    (draft,) = the_conversation(store).drafts
    assert (draft.text, draft.rule, draft.state) == ("Merci !", "late parcel", DraftState.OPEN)
    assert draft.findings == (Finding(WHY, blocking=False),)
    assert the_send(store, send_id).state is SendState.REFUSED


def test_refused_words_of_a_person_go_back_to_the_draft_they_came_from(store: SqlStore):
    send_id = a_person_replies(store, a_message(), text="Bonjour {{order.number}}")
    claim(store)
    with store.begin() as books:
        books.refuse(send_id, why=WHY, now=NOON)

    (draft,) = the_conversation(store).drafts
    assert (draft.text, draft.state) == ("Bonjour {{order.number}}", DraftState.OPEN)
    assert [finding.blocking for finding in draft.findings] == [False, True]


def test_a_cancelled_reply_gives_its_draft_back_to_be_sent_another_time(store: SqlStore):
    send_id = a_person_replies(store, a_message(), text="Mes mots")
    with store.begin() as books:
        assert books.cancel(send_id, why=WHY)
        assert not books.cancel(send_id, why=WHY)
    (draft,) = the_conversation(store).drafts
    assert (draft.state, draft.text) == (DraftState.OPEN, "Mes mots")

    again = approve(store, draft.id)

    assert claim(store) == [again]
    keys = {look_at(store, again).outgoing.key, f"draft:{draft.id}:1"}
    assert len(keys) == 2


def test_what_is_being_sent_cannot_be_cancelled(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)

    with store.begin() as books:
        assert not books.cancel(send_id, why=WHY)


def test_the_second_person_to_settle_a_draft_is_told_so(store: SqlStore):
    take_in(store, a_message())
    triage(store, lambda message: an_outcome(message, drafts=[some_words()]))
    (draft,) = the_conversation(store).drafts
    approve(store, draft.id)

    with store.begin() as books:
        assert books.approve(draft.id, parts=["x"], by=Actor.person("Alix"), not_before=NOON, now=NOON) is None
        assert not books.discard(draft.id)
        assert books.draft(draft.id + 1) is None


def test_the_last_look_sees_what_the_author_did_since(store: SqlStore):
    send_id = a_rule_replies(store, a_message(external_id="1"))
    claim(store)
    with store.begin() as books:
        found = books.find_message("telegram", "1")
        assert found is not None
        books.add_version(found.id, text="Autre chose", edited_at=NOON)
        books.mark_deleted(found.id, deleted_at=NOON, keep_text=True)

    send = look_at(store, send_id)

    assert (send.message_version_then, send.message_version_now, send.message_deleted) == (1, 2, True)


def test_a_rule_asking_twice_for_one_reply_sends_it_once(store: SqlStore):
    take_in(store, a_message(), a_message())
    triage(store, lambda message: an_outcome(message, sends=[some_words()]))

    with store.read() as books:
        assert len(books.waiting_automatic()) == 1


# --- several parts, several kinds ---


def in_parts(store: SqlStore, *parts: str) -> list[int]:
    """Approve a draft that leaves in several messages; the rows."""
    take_in(store, a_message())
    triage(store, lambda message: an_outcome(message, drafts=[some_words(" ".join(parts))]))
    draft = the_conversation(store).drafts[0]
    with store.begin() as books:
        first = books.approve(draft.id, parts=parts, by=MODERATOR, not_before=NOON, now=NOON)
    sends = the_conversation(store).sends
    assert first == sends[0].id
    assert [send.text for send in sends] == [*parts]
    return [send.id for send in sends]


def test_the_parts_of_a_long_reply_leave_in_order_one_after_the_other(store: SqlStore):
    one, two, three = in_parts(store, "Un.", "Deux.", "Trois.")

    assert claim(store) == [one]
    assert claim(store) == []
    send_out(store, one, external_id="o1")
    assert claim(store) == [two]
    send_out(store, two, external_id="o2")
    assert claim(store) == [three]


def test_taking_one_part_back_takes_back_all_that_wait_and_gives_the_whole_draft_back(store: SqlStore):
    _, two, _ = in_parts(store, "Un.", "Deux.", "Trois.")

    with store.begin() as books:
        assert books.cancel(two, why=WHY)

    view = the_conversation(store)
    assert {send.state for send in view.sends} == {SendState.CANCELLED}
    assert (view.drafts[0].state, sorted(view.drafts[0].text.split())) == (DraftState.OPEN, ["Deux.", "Trois.", "Un."])


def test_the_parts_of_automatic_replies_stay_in_order_though_many_messages_are_triaged_at_once(store: SqlStore):
    take_in(store, *(a_message(f"m{number}", author=f"a{number}") for number in range(20)))
    triage(
        store,
        lambda one: an_outcome(
            one, sends=[some_words(f"{one.id} {part}", response=f"{one.id} {part}") for part in "abc"]
        ),
    )

    for item in the_queue(store):
        sends = the_conversation(store, item.conversation_id).sends
        assert [send.text[-1] for send in sends] == ["a", "b", "c"]


def test_a_part_given_up_keeps_the_rest_from_leaving(store: SqlStore):
    one, two = in_parts(store, "Un.", "Deux.")
    claim(store)

    with store.begin() as books:
        books.mark_failed(one, error=WHY, again_at=None, now=NOON)

    assert (the_send(store, one).state, the_send(store, two).state) == (SendState.FAILED, SendState.CANCELLED)
    assert claim(store) == []


def test_a_definite_refusal_leaves_no_doubt_and_a_lost_answer_does(store: SqlStore):
    send_id = a_rule_replies(store, a_message())
    claim(store)
    with store.begin() as books:
        books.mark_failed(send_id, error=WHY, again_at=NOON, now=NOON)
    claim(store)
    refused = look_at(store, send_id)

    with store.begin() as books:
        books.mark_failed(send_id, error=WHY, again_at=NOON, outcome_unknown=True, now=NOON)
    claim(store)

    assert (refused.perhaps_sent, look_at(store, send_id).perhaps_sent) == (False, True)


def test_what_was_put_off_counts_no_attempt_and_waits_for_its_turn(store: SqlStore):
    send_id = a_rule_replies(store, a_message())
    claim(store)

    with store.begin() as books:
        books.release(send_id, until=NOON + HOUR)

    assert (the_send(store, send_id).attempts, the_send(store, send_id).state) == (0, SendState.WAITING)
    assert claim(store, now=NOON + HOUR - SECOND) == []
    assert claim(store, now=NOON + HOUR) == [send_id]


def test_a_reply_in_public_answers_its_message_and_one_in_private_needs_no_such_mark(store: SqlStore):
    public = a_person_replies(store, a_message("a", external_id="7:1", author="lou"))
    claim(store)
    about = look_at(store, public).outgoing

    assert (about.target, about.contact, about.thread) == ("7:1", "lou", "post-1")


def test_f48_a_sent_reply_that_is_changed_reads_so_here_too_and_keeps_what_it_was(store: SqlStore):
    send_id = a_person_replies(store, a_message("a"), text="Bonjuor")
    claim(store)
    send_out(store, send_id, external_id="o1")
    with store.begin() as books:
        change = books.change_sent(
            send_id, kind=OutboxKind.EDIT, text="Bonjour", by=MODERATOR, not_before=NOON, now=NOON
        )
    assert claim(store) == [change]
    told = look_at(store, change).outgoing

    send_out(store, change, external_id="o1")

    ours = the_conversation(store).messages[-1]
    assert (told.kind, told.target, told.text) == (OutboxKind.EDIT, "o1", "Bonjour")
    assert (ours.text, ours.former_texts) == ("Bonjour", ("Bonjuor",))


def test_f48_a_sent_reply_that_is_taken_back_is_marked_and_its_words_stay_on_record(store: SqlStore):
    send_id = a_person_replies(store, a_message("a"), text="Bonjour")
    claim(store)
    send_out(store, send_id, external_id="o1")
    with store.begin() as books:
        change = books.change_sent(send_id, kind=OutboxKind.RETRACT, text="", by=MODERATOR, not_before=NOON, now=NOON)
    claim(store)

    send_out(store, change, external_id="o1", now=NOON + HOUR)

    ours = the_conversation(store).messages[-1]
    assert (ours.text, ours.deleted_at) == ("Bonjour", NOON + HOUR)


def test_f54_automatic_replies_to_a_contact_are_counted_over_all_his_conversations(store: SqlStore):
    for number, thread in enumerate(("a", "b")):
        send_id = a_rule_replies(store, a_message(f"merci {number}", thread=thread))
        claim(store)
        send_out(store, send_id, external_id=f"o{number}", now=NOON)
    third = a_rule_replies(store, a_message("merci 3", thread="c"))
    claim(store)

    assert look_at(store, third).automatic_lately == 2
    with store.read() as books:
        later = books.due_send(third, lately=NOON + SECOND)
    assert later is not None
    assert later.automatic_lately == 0


def test_f54_a_loop_is_alerted_once(store: SqlStore):
    a_rule_replies(store, a_message())
    place = the_conversation(store).id

    with store.begin() as books:
        alerts = [books.alert_loop(place), books.alert_loop(place)]

    assert alerts == [True, False]
    assert the_conversation(store).tags == ("loop",)


def replay(store: SqlStore, send_id: int) -> bool:
    with store.begin() as books:
        return books.replay(send_id, now=NOON + HOUR)


def test_what_was_given_up_is_replayed_from_now_on_with_as_many_attempts_as_before(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)
    with store.begin() as books:
        books.mark_failed(send_id, error=WHY, again_at=None, now=NOON)

    assert replay(store, send_id)

    again = the_send(store, send_id)
    assert (again.state, again.attempts, again.not_before) == (SendState.WAITING, 0, NOON + HOUR)
    assert claim(store, now=NOON + HOUR) == [send_id]
    assert not replay(store, send_id)


def test_what_may_have_got_through_before_it_was_given_up_is_still_in_doubt_when_it_is_replayed(store: SqlStore):
    send_id = a_person_replies(store, a_message())
    claim(store)
    with store.begin() as books:
        books.note_attempt(send_id)
        books.mark_failed(send_id, error=WHY, again_at=None, outcome_unknown=True, now=NOON)

    replay(store, send_id)
    claim(store, now=NOON + HOUR)

    with store.read() as books:
        due = books.due_send(send_id, lately=NOON)
    assert due is not None
    assert due.perhaps_sent


def test_the_rest_of_a_long_reply_is_replayed_with_the_part_that_was_given_up(store: SqlStore):
    one, two, three = in_parts(store, "Un.", "Deux.", "Trois.")
    claim(store)
    send_out(store, one)
    claim(store)
    with store.begin() as books:
        books.mark_failed(two, error=WHY, again_at=None, now=NOON)

    replay(store, two)

    assert claim(store, now=NOON + HOUR) == [two]
    send_out(store, two, external_id="out-2", now=NOON + HOUR)
    assert claim(store, now=NOON + HOUR) == [three]
