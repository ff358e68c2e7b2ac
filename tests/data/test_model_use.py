"""What is asked of the store about the model: what nobody has judged, what people said, which labels it gave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.model import Actor, Label
from inbox.stats import OTHER, kinds_of
from tests.data.steps import MODERATOR
from tests.data.test_stats import DAY, HOUR, Inbox
from tests.inbox.builders import NOON, a_prediction

COMPLAINT, PRAISE = Label.COMPLAINT, Label.PRAISE


@pytest.fixture
def inbox(store: SqlStore) -> Inbox:
    return Inbox(store)


def waiting(inbox: Inbox, limit: int = 10) -> list[int]:
    with inbox.store.read() as books:
        return [one.message_id for one in books.unjudged(limit=limit)]


def test_what_nobody_has_judged_as_it_reads_now_waits_the_latest_first(inbox: Inbox):
    plain, judged, gone, edited = (inbox.hears(name, at=NOON, external_id=name) for name in "abcd")
    unread = inbox.hears("e", at=NOON, read=False)
    with inbox.store.begin() as books:
        books.keep_correction(judged, after=[PRAISE], why="", by=MODERATOR, now=NOON)
        books.keep_correction(edited, after=[PRAISE], why="", by=MODERATOR, now=NOON)
        books.mark_deleted(gone, deleted_at=NOON, keep_text=True)

    assert waiting(inbox) == [plain]

    again = inbox.hears("f", at=NOON)  # which has the one before read as well
    with inbox.store.begin() as books:
        books.add_version(edited, text="Autre chose", edited_at=NOON)
        books.drop_correction(judged, now=NOON)
    assert waiting(inbox) == [again, unread, judged, plain]
    assert waiting(inbox, limit=2) == [again, unread]


def test_a_message_that_waits_comes_with_what_the_model_said(inbox: Inbox):
    inbox.hears("a", at=NOON, prediction=a_prediction(COMPLAINT, unsure=[PRAISE], scores={COMPLAINT: 0.9, PRAISE: 0.5}))

    with inbox.store.read() as books:
        (one,) = books.unjudged(limit=5)

    assert (one.labels, one.unsure, one.scores[PRAISE]) == ((COMPLAINT,), (PRAISE,), 0.5)
    assert (one.channel, one.author, one.lang, one.sent_at) == ("telegram", "Camille Rousseau", "fr", NOON)


def test_what_people_said_stands_with_who_and_when_the_latest_first(inbox: Inbox):
    first = inbox.hears("a", at=NOON, prediction=a_prediction(COMPLAINT))
    second = inbox.hears("b", at=NOON, prediction=a_prediction(PRAISE))
    with inbox.store.begin() as books:
        books.keep_correction(first, after=[PRAISE], why="ironic", by=MODERATOR, now=NOON)
        books.keep_correction(first, after=[], why="", by=MODERATOR, now=NOON + HOUR)
        books.keep_correction(second, after=[PRAISE], why="", by=Actor.person("Noé"), now=NOON + 2 * HOUR)
        books.mark_spam(first, is_spam=True, by=MODERATOR, now=NOON + HOUR)

    with inbox.store.read() as books:
        judged, spam = books.judged_lately(limit=5), books.spam_lately(limit=5)

    told = [(one.message_id, one.before, one.after, one.by.name, one.at) for one in judged]
    assert told == [
        (second, (PRAISE,), (PRAISE,), "Noé", NOON + 2 * HOUR),
        (first, (COMPLAINT,), (), MODERATOR.name, NOON + HOUR),
    ]
    assert [(one.message_id, one.is_spam, one.by) for one in spam] == [(first, True, MODERATOR)]


def test_the_labels_that_the_model_gave_are_counted_whatever_people_said_since(inbox: Inbox):
    said = inbox.hears("a", at=NOON - HOUR, prediction=a_prediction(COMPLAINT))
    inbox.hears("b", at=NOON - HOUR, prediction=a_prediction())
    inbox.hears("old", at=NOON - 2 * DAY, prediction=a_prediction(PRAISE))
    with inbox.store.begin() as books:
        books.keep_correction(said, after=[PRAISE], why="", by=MODERATOR, now=NOON)

    with inbox.store.read() as books:
        given = kinds_of(books.read_labels_given(since=NOON - timedelta(days=1), until=NOON))

    assert {kind: n for kind, n in given.items() if n} == {"complaint": 1, OTHER: 1}


def test_the_brands_of_one_database_are_told_of_their_own(inbox: Inbox):
    said = inbox.hears("a", at=NOON)
    with inbox.store.begin() as books:
        books.mark_spam(said, is_spam=True, by=MODERATOR, now=NOON)
    other = Inbox(SqlStore(inbox.store.engine, brand="Merle"))

    with other.store.read() as books:
        assert [*books.unjudged(limit=5), *books.judged_lately(limit=5), *books.spam_lately(limit=5)] == []
        assert books.read_labels_given(since=NOON - DAY, until=NOON + DAY) == []
