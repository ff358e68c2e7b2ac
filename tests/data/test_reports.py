"""Members report messages: each once, all of them on one item, not without end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.events import Reported
from inbox.model import IncomingMessage, Label, Status
from inbox.policy import Policy
from inbox.reports import receive_report
from tests.builders import AClock, a_message, an_outcome
from tests.data.steps import (
    a_person_replies,
    a_rule_replies,
    claim,
    send_out,
    take_in,
    the_conversation,
    the_queue,
    triage,
)
from tests.data.test_racing import at_once
from tests.inbox.builders import NOON, a_prediction

CLOCK = AClock()
MINUTE = timedelta(minutes=1)
THANKS = "Thank you. The moderators have been told."


def report(store: SqlStore, said: IncomingMessage, *, by: str = "leo", minutes: int = 0) -> str:
    at = NOON + minutes * MINUTE
    event = Reported(said, reporter=by, reporter_name=by.title(), at=at, reason="Il insulte")
    return str(receive_report(store, event, policy=Policy(), clock=CLOCK))


def test_f63_5_reports_of_one_message_make_one_item_with_count_5(store: SqlStore):
    said = a_message("Bande d'idiots")
    take_in(store, said)
    triage(store, lambda message: an_outcome(message, priority_parts={"complaint": 40}))

    told = [report(store, said, by=f"member-{n}") for n in range(5)]

    assert told == [THANKS] * 5
    (item,) = the_queue(store)
    assert (item.reports, item.tags) == (5, ("reported",))
    assert item.priority_parts == {"complaint": 40, "reported": 50}
    assert item.priority == 90
    view = the_conversation(store)
    assert view.reports == 5
    assert str(view.status_reason) == "5 members have reported a message."


def test_f63_the_same_member_counts_once(store: SqlStore):
    said = a_message()
    take_in(store, said)

    assert report(store, said) == THANKS
    assert report(store, said).startswith("You have reported this message already")
    assert the_queue(store)[0].reports == 1


def test_f63_the_11th_report_of_one_member_in_an_hour_is_refused_politely_and_says_when(store: SqlStore):
    says = [a_message(f"texte {n}", author=f"author-{n}") for n in range(12)]
    take_in(store, *says)
    for n, said in enumerate(says[:10]):
        assert report(store, said, minutes=n) == THANKS

    refused = report(store, says[10], minutes=40)

    assert refused == "Thank you for your reports. That is enough for now: you can report again in 20 min."
    assert sum(item.reports for item in the_queue(store)) == 10
    assert report(store, says[10], by="zoe", minutes=40) == THANKS
    assert report(store, says[11], minutes=60) == THANKS


def test_f63_reports_beyond_five_raise_the_priority_no_further(store: SqlStore):
    said = a_message()
    take_in(store, said)

    for n in range(7):
        report(store, said, by=f"member-{n}")

    (item,) = the_queue(store)
    assert (item.reports, item.priority_parts) == (7, {"reported": 50})


def test_a_message_that_nobody_has_seen_is_taken_in_and_keeps_its_reports_through_triage(store: SqlStore):
    said = a_message("Bande d'idiots")

    assert report(store, said) == THANKS
    assert len(triage(store, lambda message: an_outcome(message, a_prediction(Label.OFFENSIVE)))) == 1

    (item,) = the_queue(store)
    assert (item.text, item.reports, item.labels) == ("Bande d'idiots", 1, (Label.OFFENSIVE,))
    assert item.priority_parts == {"reported": 10}


def test_a_report_reopens_what_was_answered_and_is_dealt_with_by_the_next_answer(store: SqlStore):
    said = a_message("un")
    send_id = a_person_replies(store, said)
    claim(store)
    send_out(store, send_id)
    assert the_conversation(store).status is Status.PENDING

    report(store, said)

    view = the_conversation(store)
    assert (view.status, str(view.status_reason)) == (Status.OPEN, "A member has reported a message.")
    assert view.priority_parts == {"reported": 10}
    again = a_person_replies(store, a_message("deux", thread=said.thread))
    claim(store)
    send_out(store, again, external_id="out-2")
    assert the_conversation(store).reports == 0
    assert the_conversation(store).priority_parts == {}


def test_ones_own_message_ours_and_one_that_is_gone_are_not_reported(store: SqlStore):
    said = a_message()
    send_id = a_rule_replies(store, said)
    claim(store)
    send_out(store, send_id, external_id="ours-1")
    with store.begin() as books:
        gone = books.add_messages([a_message("gone", external_id="gone-1")], now=NOON)[0]
        assert gone is not None
        books.mark_deleted(gone, deleted_at=NOON, keep_text=False)

    assert report(store, said, by=said.author).startswith("This message is your own")
    assert report(store, replace(said, external_id="ours-1", author="bot")).startswith("This message is one of ours")
    assert report(store, a_message(external_id="gone-1")) == "Thank you. This message is gone already."
    assert all(item.reports == 0 for item in the_queue(store))


def test_a_report_is_in_the_audit_log_without_the_name_or_the_words_of_the_member(store: SqlStore):
    said = a_message()
    take_in(store, said)

    report(store, said, by="leo")

    (line,) = [line for line in the_conversation(store).audit if line.what == "message.reported"]
    assert line.facts == {"reporter": "leo", "reports": 1}
    assert "Il insulte" not in repr(line)
    assert "Leo" not in repr(line)


@pytest.mark.parametrize("same", [True, False])
def test_reports_that_come_at_once_are_each_counted_once(store: SqlStore, same: bool):
    said = a_message()

    at_once(lambda worker: report(store, said, by="leo" if same else f"member-{worker}"))

    (item,) = the_queue(store)
    assert item.reports == (1 if same else 4)
