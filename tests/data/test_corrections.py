"""A person's labels over the model's: what they change, and what may be learnt from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from data.store import SqlStore
from data.tables import correction
from inbox.books import Store
from inbox.changes import receive_deletion, receive_edit
from inbox.consent import consent
from inbox.corrections import correct, take_back
from inbox.desk import Desk
from inbox.errors import NotFound, NotPossible
from inbox.learning import ChannelLessons, CorrectedExample, Labelled, LeftOut
from inbox.model import Actor, Label, Prediction, Severity
from inbox.views import DraftState, QueueFilter, SendState
from tests.builders import AClock, a_message, an_outcome, some_words
from tests.data.steps import MODERATOR, a_rule_replies, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON, a_house, a_prediction

LATER = NOON + timedelta(hours=1)
CLOCK = AClock(LATER)
COMPLAINT, LEAD, PRAISE, OFFENSIVE = Label.COMPLAINT, Label.SALES_LEAD, Label.PRAISE, Label.OFFENSIVE


def a_desk(store: Store) -> Desk:
    """A desk at which labels are corrected: neither model nor rules have a part in it."""
    return Desk(
        brand=a_house().brand,
        store=store,
        classifier=None,  # type: ignore[arg-type]  # nothing is classified here
        rules=None,  # type: ignore[arg-type]  # nor decided by rules
        rule_book_version=1,
        responses={},
        clock=CLOCK,
    )


def a_labelled_message(
    store: SqlStore,
    prediction: Prediction,
    *,
    text: str = "Trois semaines et toujours rien !",
    channel: str = "telegram",
    external_id: str | None = None,
    priority_parts: Mapping[str, int] | None = None,
) -> int:
    (message_id,) = take_in(store, a_message(text, channel=channel, external_id=external_id, thread=text))
    triage(store, lambda message: an_outcome(message, prediction, priority_parts=priority_parts))
    assert message_id is not None
    return message_id


def label(store: SqlStore, message_id: int, *after: Label, by: Actor = MODERATOR, why: str = "") -> bool:
    with store.begin() as books:
        return books.keep_correction(message_id, after=after, why=why, by=by, now=LATER)


def allow(store: SqlStore, channel: str = "telegram") -> None:
    with store.begin() as books:
        assert books.set_may_train(channel, allowed=True)


def examples(store: SqlStore, *, languages: Sequence[str] = ("fr", "en")) -> list[CorrectedExample]:
    with store.read() as books:
        return list(books.corrected_examples(languages=languages))


def counts(store: SqlStore) -> list[ChannelLessons]:
    with store.read() as books:
        return books.count_corrections(languages=("fr", "en"))


def stands(store: SqlStore, message_id: int) -> Labelled:
    with store.read() as books:
        found = books.labels_of(message_id)
    assert found is not None
    return found


def test_f20_a_correction_is_kept_with_who_when_old_and_new(store: SqlStore):
    message_id = a_labelled_message(store, a_prediction(OFFENSIVE, severity=Severity.HIGH))

    assert label(store, message_id, LEAD, COMPLAINT, why="Il se moque de lui-même.")

    with store.begin() as books:
        (row,) = books.connection.execute(select(correction))
    assert (row.before, row.after) == (["offensive"], ["complaint", "sales_lead"])
    assert (row.message_version, row.why, row.corrected_at) == (1, "Il se moque de lui-même.", LATER)
    assert (row.actor_kind, row.actor_name) == ("person", "Ines")


def test_a_conversation_stands_in_the_queue_by_what_a_person_said(store: SqlStore):
    parts = {"offensive:high": 50, "unsure": 10, "urgent": 20, "public": 5, "rule:high": 25}
    prediction = a_prediction(
        OFFENSIVE, unsure=[COMPLAINT], scores={OFFENSIVE: 0.9, COMPLAINT: 0.5}, severity=Severity.HIGH
    )
    message_id = a_labelled_message(store, prediction, priority_parts=parts)

    label(store, message_id, COMPLAINT)

    (item,) = the_queue(store)
    assert (item.labels, item.unsure, item.severity) == ((COMPLAINT,), False, None)
    assert item.scores[COMPLAINT] == 1.0
    assert item.priority_parts == {"complaint": 40, "urgent": 20, "public": 5, "rule:high": 25}
    assert [len(the_queue(store, QueueFilter(label=one))) for one in ("complaint", "offensive", "unsure")] == [1, 0, 0]


def test_what_the_model_said_of_other_messages_of_the_conversation_still_counts(store: SqlStore):
    first, _second = take_in(store, a_message("Bof.", external_id="1"), a_message("Merci !", external_id="2"))
    triage(store, lambda message: an_outcome(message, a_prediction(COMPLAINT if message.text == "Bof." else PRAISE)))
    assert first is not None

    label(store, first)

    (item,) = the_queue(store)
    assert item.labels == (PRAISE,)


def test_a_later_message_leaves_the_correction_of_an_earlier_one_in_place(store: SqlStore):
    message_id = a_labelled_message(store, a_prediction(OFFENSIVE), text="Quelle tuerie, ce vélo")
    label(store, message_id, PRAISE)

    take_in(store, a_message("Vous ouvrez dimanche ?", thread="Quelle tuerie, ce vélo"))
    triage(store, lambda message: an_outcome(message, a_prediction(LEAD)))

    (item,) = the_queue(store)
    assert item.labels == (PRAISE, LEAD)


def test_an_edit_makes_a_correction_speak_of_what_is_no_longer_there(store: SqlStore):
    message_id = a_labelled_message(store, a_prediction(COMPLAINT), external_id="1")
    label(store, message_id, PRAISE)
    allow(store)

    receive_edit(store, "telegram", "1", text="Bande de voleurs !", edited_at=LATER, clock=CLOCK)
    assert not label(store, message_id, COMPLAINT)
    triage(store, lambda message: an_outcome(message, a_prediction(OFFENSIVE)))

    (item,) = the_queue(store)
    assert item.labels == (OFFENSIVE,)
    assert stands(store, message_id).person is None
    assert examples(store) == []
    assert counts(store) == [ChannelLessons("telegram", True, 0, {LeftOut.EDITED: 1})]
    assert label(store, message_id, COMPLAINT)
    assert [one.text for one in examples(store)] == ["Bande de voleurs !"]


def test_the_same_said_twice_is_said_once_and_another_label_replaces_it(store: SqlStore):
    message_id = a_labelled_message(store, a_prediction(COMPLAINT))

    assert label(store, message_id, COMPLAINT)
    assert not label(store, message_id, COMPLAINT)
    assert label(store, message_id, LEAD, PRAISE)
    assert not label(store, message_id, PRAISE, LEAD)

    with store.begin() as books:
        rows = books.connection.execute(select(correction).order_by(correction.c.id)).all()
    assert [(row.after, row.replaced_at) for row in rows] == [
        (["complaint"], LATER),
        (["praise", "sales_lead"], None),
    ]


def test_what_nobody_knows_or_no_model_has_read_cannot_be_corrected(store: SqlStore):
    (waiting,) = take_in(store, a_message())
    assert waiting is not None

    assert not label(store, 4711, COMPLAINT)
    assert not label(store, waiting, COMPLAINT)
    with pytest.raises(NotFound, match="no message 4711"):
        correct(a_desk(store), 4711, after=[COMPLAINT], by=MODERATOR)
    with pytest.raises(NotPossible, match="vigie triage"):
        correct(a_desk(store), waiting, after=[COMPLAINT], by=MODERATOR)


def test_correcting_withdraws_what_a_rule_would_send_and_leaves_drafts_to_the_person(store: SqlStore):
    send_id = a_rule_replies(store, a_message("Bravo, encore en retard…"))
    (said,) = the_conversation(store).messages
    take_in(store, a_message("Et ça continue", external_id="2"))
    triage(store, lambda message: an_outcome(message, a_prediction(PRAISE), drafts=[some_words()]))

    done = correct(a_desk(store), said.id, after=[COMPLAINT], by=MODERATOR)

    assert (done.before, done.after, done.withdrawn, done.is_confirmation) == ((), (COMPLAINT,), 1, False)
    view = the_conversation(store)
    assert [(send.id, send.state) for send in view.sends] == [(send_id, SendState.CANCELLED)]
    assert [draft.state for draft in view.drafts] == [DraftState.OPEN]


def test_confirming_lets_the_reply_of_a_rule_leave(store: SqlStore):
    a_rule_replies(store, a_message("Bravo !"))
    (said,) = the_conversation(store).messages

    done = correct(a_desk(store), said.id, after=[], by=MODERATOR)

    assert (done.is_confirmation, done.withdrawn) == (True, 0)
    assert [send.state for send in the_conversation(store).sends] == [SendState.WAITING]
    with pytest.raises(NotPossible, match="said the same"):
        correct(a_desk(store), said.id, after=[], by=MODERATOR)


def test_f20_a_correction_is_on_record_with_labels_before_and_after_and_no_words(store: SqlStore):
    message_id = a_labelled_message(store, a_prediction(OFFENSIVE))

    correct(a_desk(store), message_id, after=[COMPLAINT, PRAISE], by=MODERATOR, why="Il cite Camille.")

    line = the_conversation(store).audit[-1]
    assert (line.what, line.subject, line.subject_id, line.actor) == (
        "message.corrected",
        "message",
        message_id,
        MODERATOR,
    )
    assert str(line.reason) == "A person set the labels: praise, complaint."
    assert line.facts == {
        "before": ["offensive"],
        "after": ["praise", "complaint"],
        "model": ["offensive"],
        "withdrawn": 0,
    }


def test_f20_a_correction_adds_one_example_and_taking_it_back_removes_it(store: SqlStore):
    allow(store)
    message_id = a_labelled_message(store, a_prediction(PRAISE), text="Génial, trois semaines.")
    correct(a_desk(store), message_id, after=[COMPLAINT], by=MODERATOR)
    assert examples(store) == [CorrectedExample(message_id, "telegram", "Génial, trois semaines.", "fr", (COMPLAINT,))]

    back = take_back(a_desk(store), message_id, by=MODERATOR)

    assert back.labels == (PRAISE,)
    assert examples(store) == []
    (item,) = the_queue(store)
    assert item.labels == (PRAISE,)
    assert the_conversation(store).audit[-1].what == "message.correction_undone"
    with pytest.raises(NotPossible, match="no correction"):
        take_back(a_desk(store), message_id, by=MODERATOR)


def test_f20_a_thousand_automatic_labels_and_ten_confirmations_are_ten_examples(store: SqlStore):
    allow(store)
    ids = take_in(store, *[a_message(f"Merci numéro {n}", thread=f"post-{n % 50}") for n in range(1_000)])
    for _batch in range(10):
        triage(store, lambda message: an_outcome(message, a_prediction(PRAISE)))

    for message_id in ids[::100]:
        assert message_id is not None
        label(store, message_id, PRAISE)

    assert [one.message_id for one in examples(store)] == [*reversed(ids[::100])]
    assert counts(store) == [ChannelLessons("telegram", True, 10)]


def test_f27_discord_items_a_person_confirmed_train_only_once_may_train_is_on_and_are_counted(store: SqlStore):
    on_discord = [
        a_labelled_message(store, a_prediction(COMPLAINT), text=f"En panne depuis {n} jours", channel="discord")
        for n in range(12)
    ]
    on_telegram = a_labelled_message(store, a_prediction(PRAISE), text="Merci à vous", channel="telegram")
    allow(store, "telegram")
    for message_id in on_discord:
        correct(a_desk(store), message_id, after=[COMPLAINT], by=MODERATOR)
    correct(a_desk(store), on_telegram, after=[PRAISE], by=MODERATOR)

    assert {one.channel for one in examples(store)} == {"telegram"}
    assert counts(store) == [
        ChannelLessons("discord", False, 0, {LeftOut.NO_CONSENT: 12}),
        ChannelLessons("telegram", True, 1),
    ]

    consent(store, "discord", allowed=True, by=MODERATOR, clock=CLOCK)

    assert {one.message_id for one in examples(store)} == {*on_discord, on_telegram}
    assert counts(store)[0] == ChannelLessons("discord", True, 12)

    consent(store, "discord", allowed=False, by=MODERATOR, clock=CLOCK)

    assert [one.message_id for one in examples(store)] == [on_telegram]


def test_f27_who_let_a_channel_be_learnt_from_is_on_record(store: SqlStore):
    take_in(store, a_message(channel="import"))

    consent(store, "import", allowed=True, by=MODERATOR, clock=CLOCK)

    with store.begin() as books:
        line = [*books.read_audit()][-1].line
    assert (line.what, line.actor, line.facts) == ("channel.training_allowed", MODERATOR, {"channel": "import"})
    with pytest.raises(NotPossible, match="already"):
        consent(store, "import", allowed=True, by=MODERATOR, clock=CLOCK)
    with pytest.raises(NotFound, match="There are: import"):
        consent(store, "imprt", allowed=True, by=MODERATOR, clock=CLOCK)


def test_what_was_taken_back_has_no_words_or_is_in_another_language_is_counted_and_left_out(store: SqlStore):
    allow(store)
    deleted = a_labelled_message(store, a_prediction(COMPLAINT), text="Nul", external_id="gone")
    wordless = a_labelled_message(store, a_prediction(), text=" ")
    german = a_labelled_message(store, replace(a_prediction(PRAISE), lang="de", lang_known=False), text="Vielen Dank")
    for message_id in (deleted, wordless, german):
        label(store, message_id, PRAISE)

    receive_deletion(store, "telegram", ["gone"], deleted_at=LATER, keep_text=True, clock=CLOCK)

    assert examples(store) == []
    left_out = {LeftOut.DELETED: 1, LeftOut.NO_TEXT: 1, LeftOut.LANGUAGE: 1}
    assert counts(store) == [ChannelLessons("telegram", True, 0, left_out)]
    assert [one.message_id for one in examples(store, languages=["de"])] == [german]


def test_what_a_program_says_of_a_message_is_never_learnt_from(store: SqlStore):
    allow(store)
    message_id = a_labelled_message(store, a_prediction(COMPLAINT))

    label(store, message_id, PRAISE, by=Actor.vigie("triage"))

    assert examples(store) == []
    assert counts(store) == []


def test_a_channel_that_nothing_came_from_yet_can_be_set_beforehand(store: SqlStore):
    with store.begin() as books:
        assert not books.set_may_train("discord", allowed=False)
        assert books.set_may_train("discord", allowed=True)
        assert not books.set_may_train("discord", allowed=True)
        assert [(one.name, one.may_train) for one in books.channels()] == [("discord", True)]
