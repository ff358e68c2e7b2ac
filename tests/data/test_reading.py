"""What people are shown: the queue, one conversation, the counts."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from data.store import SqlStore
from inbox.actions import Draft, Escalate, Tag
from inbox.model import Kind, Label, Severity, Status, Visibility
from inbox.views import QueueFilter
from tests.builders import a_message, an_escalation, an_outcome, some_words
from tests.data.steps import a_person_replies, claim, send_out, take_in, the_conversation, the_queue, triage
from tests.inbox.builders import NOON, a_decision, a_prediction

HOUR = timedelta(hours=1)


def with_priority(store: SqlStore, thread: str, score: int, *, age: timedelta = HOUR) -> None:
    take_in(store, a_message(thread, thread=thread, sent_at=NOON - age))
    triage(store, lambda message: an_outcome(message, priority_parts={"complaint": score}))


def test_the_highest_priority_comes_first_and_the_oldest_among_equals(store: SqlStore):
    with_priority(store, "calm", 5)
    with_priority(store, "young", 40, age=HOUR)
    with_priority(store, "old", 40, age=2 * HOUR)
    with_priority(store, "grave", 90)

    assert [item.text for item in the_queue(store)] == ["grave", "old", "young", "calm"]
    assert [item.text for item in the_queue(store, QueueFilter(limit=2))] == ["grave", "old"]


def test_the_queue_can_be_narrowed(store: SqlStore):
    take_in(store, a_message("a", thread="a"), a_message("b", thread="b", channel="discord"))
    outcomes = {
        "a": (a_prediction(Label.COMPLAINT), an_escalation()),
        "b": (a_prediction(unsure=[Label.PRAISE]), None),
    }

    triage(store, lambda one: an_outcome(one, outcomes[one.text][0], escalation=outcomes[one.text][1]))

    def texts(wanted: QueueFilter) -> list[str]:
        return [item.text for item in the_queue(store, wanted)]

    assert texts(QueueFilter(label="complaint")) == ["a"]
    assert texts(QueueFilter(label="unsure")) == ["b"]
    assert texts(QueueFilter(channel="discord")) == ["b"]
    assert texts(QueueFilter(queue="sav")) == ["a"]
    assert texts(QueueFilter(status=Status.RESOLVED)) == []
    assert texts(QueueFilter(status=Status.OPEN, label="complaint", channel="discord")) == []


def test_the_queue_shows_all_that_is_known(store: SqlStore):
    said = a_message(kind=Kind.DM, visibility=Visibility.PRIVATE, sent_at=NOON - HOUR)
    take_in(store, said)
    triage(
        store,
        lambda message: an_outcome(
            message,
            a_prediction(Label.OFFENSIVE, severity=Severity.HIGH, scores={Label.OFFENSIVE: 0.75}),
            drafts=[some_words()],
            escalation=an_escalation(due_at=NOON),
            tags=["insulte"],
            priority_parts={"offensive:high": 50},
        ),
    )

    (item,) = the_queue(store)

    assert (item.channel, item.kind, item.visibility) == ("telegram", Kind.DM, Visibility.PRIVATE)
    assert (item.contact, item.text, item.lang) == ("Camille Rousseau", said.text, "fr")
    assert (item.labels, item.scores, item.severity) == ((Label.OFFENSIVE,), {Label.OFFENSIVE: 0.75}, Severity.HIGH)
    assert (item.priority, item.priority_parts, item.queue) == (50, {"offensive:high": 50}, "sav")
    assert (item.tags, item.messages, item.open_drafts) == (("insulte",), 1, 1)
    assert (item.due_at, item.last_message_at) == (NOON, NOON - HOUR)


def test_the_queue_takes_the_same_few_statements_however_long_it_is(store: SqlStore):
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    take_in(store, a_message(thread="1"))
    event.listen(store.engine, "before_cursor_execute", note)
    the_queue(store)
    for_one = len(statements)
    take_in(store, *(a_message(thread=f"{number}") for number in range(40)))
    statements.clear()

    assert len(the_queue(store)) == 40
    assert len(statements) == for_one <= 6


def test_a_conversation_that_is_not_there_is_none(store: SqlStore):
    with store.read() as books:
        assert books.conversation(1) is None


def test_a_conversation_is_shown_whole(store: SqlStore):
    send_id = a_person_replies(store, a_message("Bonjour", external_id="1"))
    claim(store)
    send_out(store, send_id)

    view = the_conversation(store)

    assert (view.channel, view.thread, view.contact) == ("telegram", "post-1", "Camille Rousseau")
    assert [message.text for message in view.messages] == ["Bonjour", "Bonjour !"]
    assert [send.id for send in view.sends] == [send_id]
    assert len(view.drafts) == 1
    assert [(line.subject, line.what) for line in view.audit] == [("message", "message.triaged")]


def test_the_summary_of_an_empty_inbox_counts_nothing(store: SqlStore):
    with store.read() as books:
        summary = books.summary()

    assert (summary.messages, summary.waiting, summary.conversations, summary.unsure) == (0, 0, 0, 0)
    assert set(summary.labels) == {*Label, "other"}
    assert set(summary.labels.values()) == {0}
    assert (summary.channels, summary.actions, summary.sends) == ({}, {}, {})


def test_the_summary_counts_messages_by_what_they_are(store: SqlStore):
    said = [a_message(text, thread=text) for text in ("plainte", "plainte et merci", "rien", "qui sait")]
    take_in(store, *said, a_message("et là ?", channel="discord"))
    late = a_decision(Tag("colis"), Draft("late"), Escalate("sav"))
    judged = {
        "plainte": (a_prediction(Label.COMPLAINT), late),
        "plainte et merci": (a_prediction(Label.COMPLAINT, Label.PRAISE), late),
        "rien": (a_prediction(lang="en"), None),
        "qui sait": (a_prediction(unsure=[Label.OFFENSIVE]), None),
        "et là ?": (a_prediction(lang="xx", lang_known=False), None),
    }
    triage(store, lambda one: an_outcome(one, judged[one.text][0], decision=judged[one.text][1]))
    take_in(store, a_message("pas encore lu", channel="discord"))

    with store.read() as books:
        summary = books.summary()

    assert (summary.messages, summary.waiting, summary.conversations) == (6, 1, 5)
    assert summary.labels == {"praise": 1, "complaint": 2, "sales_lead": 0, "offensive": 0, "other": 1}
    assert (summary.unsure, summary.languages) == (2, {"fr": 3, "en": 1, "xx": 1})
    assert summary.channels == {
        "discord": {"messages": 2, "unsure": 1},
        "telegram": {"messages": 4, "complaint": 2, "praise": 1, "other": 1, "unsure": 1},
    }
    assert summary.actions == {"tag": 2, "draft": 2, "escalate": 2}
    assert summary.rules == {"late parcel": 2}


def test_the_summary_counts_what_a_message_is_now(store: SqlStore):
    take_in(store, a_message("Merci", external_id="1"))
    triage(store, lambda message: an_outcome(message, a_prediction(Label.PRAISE)))
    with store.begin() as books:
        found = books.find_message("telegram", "1")
        assert found is not None
        books.add_version(found.id, text="Voleurs", edited_at=NOON)
    triage(store, lambda message: an_outcome(message, a_prediction(Label.OFFENSIVE)))

    with store.read() as books:
        assert (books.summary().labels["praise"], books.summary().labels["offensive"]) == (0, 1)
