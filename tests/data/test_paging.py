"""F28: the order of the queue page by page: the same every time, nothing twice, nothing left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from data.store import SqlStore
from inbox.model import Kind, Label, Status, Visibility
from inbox.sentences import Sentence
from inbox.views import QueueFilter
from tests.builders import a_message, an_outcome
from tests.data.steps import take_in, the_queue, triage
from tests.inbox.builders import NOON, a_prediction

MINUTE = timedelta(minutes=1)


def have(store: SqlStore, *priorities_and_ages: tuple[int, int]) -> None:
    """Conversations by what they weigh and for how many minutes they wait."""
    for number, (priority, minutes) in enumerate(priorities_and_ages):
        take_in(store, a_message(f"{number}", thread=f"{number}", sent_at=NOON - minutes * MINUTE))
        triage(store, partial(an_outcome, priority_parts={"complaint": priority}))


def pages(store: SqlStore, wanted: QueueFilter) -> list[list[int]]:
    found: list[list[int]] = []
    while items := the_queue(store, wanted):
        found.append([item.conversation_id for item in items])
        wanted = replace(wanted, after=items[-1].spot)
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
@pytest.mark.parametrize("status", [Status.OPEN, None])
def test_f28_the_pages_together_are_the_queue(store: SqlStore, limit: int, status: Status | None):
    have(store, (5, 1), (40, 1), (40, 3), (40, 3), (0, 9), (90, 1), (40, 2), (5, 1))
    whole = [item.conversation_id for item in the_queue(store, QueueFilter(status=status))]

    found = pages(store, QueueFilter(status=status, limit=limit))

    assert [one for page in found for one in page] == whole
    assert {len(page) for page in found[:-1]} <= {limit}


def test_a_page_goes_on_where_it_ended_though_what_was_shown_is_gone(store: SqlStore):
    have(store, (40, 3), (40, 2), (40, 1))
    _, second, third = the_queue(store)
    with store.begin() as books:
        books.lock(second.conversation_id)
        books.snooze(second.conversation_id, until=NOON, why=Sentence("It is put off."))

    behind = the_queue(store, QueueFilter(status=Status.OPEN, after=second.spot))

    assert [item.conversation_id for item in behind] == [third.conversation_id]


def test_each_filter_keeps_what_it_names(store: SqlStore):
    take_in(
        store,
        a_message("a", thread="a", kind=Kind.REVIEW, visibility=Visibility.PUBLIC, sent_at=NOON),
        a_message("b", thread="b", kind=Kind.DM, visibility=Visibility.PRIVATE, sent_at=NOON - 60 * MINUTE),
    )
    outcomes = {"a": a_prediction(Label.PRAISE, lang="fr"), "b": a_prediction(Label.COMPLAINT, lang="en")}
    triage(store, lambda one: an_outcome(one, outcomes[one.text], tags=["presse"] if one.text == "a" else []))
    with store.begin() as books:
        numbers = {item.text: item.conversation_id for item in books.queue(QueueFilter())}
        books.set_assignee(numbers["b"], assignee="Ines")

    def texts(wanted: QueueFilter) -> list[str]:
        return [item.text for item in the_queue(store, wanted)]

    assert texts(QueueFilter(tag="presse")) == ["a"]
    assert texts(QueueFilter(kind=Kind.DM)) == ["b"]
    assert texts(QueueFilter(visibility=Visibility.PUBLIC)) == ["a"]
    assert texts(QueueFilter(lang="en")) == ["b"]
    assert texts(QueueFilter(is_free=True)) == ["a"]
    assert texts(QueueFilter(since=NOON)) == ["a"]
    assert texts(QueueFilter(until=NOON)) == ["b"]
    assert texts(QueueFilter(label="complaint", lang="fr")) == []


@pytest.mark.parametrize(("limit", "counted"), [(2, 2), (3, 3), (10, 3)])
def test_counting_stops_at_the_limit(store: SqlStore, limit: int, counted: int):
    have(store, (1, 1), (2, 1), (3, 1))

    with store.read() as books:
        assert books.count_queue(QueueFilter(limit=limit)) == counted
