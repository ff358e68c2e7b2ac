"""Looking lines of the audit log up, and the messages that a rule held for: the same on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.audit import AuditLine
from inbox.auditfilter import AuditFilter
from inbox.auditing import VERIFIED, last_verdict, verify_log
from inbox.corrections import correct
from inbox.model import Actor, Label
from inbox.sentences import Sentence
from tests.builders import AClock, a_message
from tests.data.test_backtest import INES, LATE, RUDE, THANKS
from tests.data.test_record import Watched
from tests.inbox.builders import NOON, an_audit_line

RULES = """
[[rule]]
name = "rough"
when = { label = "offensive" }
then = [{ action = "queue", queue = "moderation" }]
stop = true
[[rule]]
name = "late \\"100 %\\""
when = { label = "complaint" }
then = [{ action = "draft", response = "handed-over" }]
mode = "shadow"
"""
CLOCK = AClock()


def a_line(what: str, *, subject: str = "rule_book", subject_id: int = 1, by: Actor = INES, day: int = 0) -> AuditLine:
    return AuditLine(NOON + timedelta(days=day), by, what, subject, subject_id, Sentence("Because."), {})


def written(store: SqlStore, *lines: AuditLine) -> None:
    with store.begin() as books:
        books.write_audit(lines)
        books.seal_audit()


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (AuditFilter(), [4, 3, 2, 1, 0]),
        (AuditFilter(actor="Omar"), [1]),
        (AuditFilter(what="rules"), [2, 1, 0]),
        (AuditFilter(what="rules.mode"), [1]),
        (AuditFilter(what="rules_"), []),
        (AuditFilter(subject="case", subject_id=7), [4]),
        (AuditFilter(since=NOON + timedelta(days=1), until=NOON + timedelta(days=3)), [2, 1]),
    ],
)
def test_f85_lines_are_found_the_latest_first(store: SqlStore, wanted: AuditFilter, places: list[int]):
    lines = [
        a_line("rules.edited"),
        a_line("rules.mode", by=Actor.person("Omar"), day=1),
        a_line("rules.edited", day=2),
        a_line("rulesx.edited", day=3),
        a_line("case.opened", subject="case", subject_id=7, day=4),
    ]
    written(store, *lines)

    with store.read() as books:
        found = [one.line for one in books.audit_before(wanted, limit=10)]
        streamed = [one.line for one in books.audit_stream(wanted)]

    assert found == [lines[place] for place in places]
    assert streamed == [lines[place] for place in reversed(places)]


def test_f85_a_page_goes_on_before_the_last_line_of_the_one_before(store: SqlStore):
    written(store, *(an_audit_line(number) for number in range(5)))

    with store.read() as books:
        first = books.audit_before(AuditFilter(), limit=3)
        second = books.audit_before(AuditFilter(), before=first[-1].id, limit=3)
        choices = books.audit_choices()

    assert len(first) == 3
    assert len(second) == 2
    assert [one.seq for one in (*first, *second)] == [5, 4, 3, 2, 1]
    assert choices.whats == tuple(sorted({one.line.what for one in first}))


def test_f85_a_look_at_the_whole_log_is_on_record_and_the_next_one_asks_for_its_head(store: SqlStore):
    written(store, *(an_audit_line(number) for number in range(3)))
    seen: list[tuple[int, int]] = []

    first = verify_log(store, by=INES, clock=CLOCK, watch=lambda done, total: seen.append((done, total)))
    second = verify_log(store, by=INES, clock=CLOCK)
    last = last_verdict(store)

    assert (first.holds, first.sealed, second.sealed) == (True, 3, 4)
    assert seen == [(0, 3)]
    assert last is not None
    assert (last.line.what, last.line.facts["head"]) == (VERIFIED, second.head)


def test_lines_lead_to_the_conversation_of_what_they_are_about(store: SqlStore):
    house = Watched(store, RULES)
    (message_id,) = house.hears(a_message(RUDE, sent_at=house.clock()))
    conversation = house.conversation_of(message_id)
    lines = [
        a_line("x.y", subject="message", subject_id=message_id),
        a_line("x.y", subject="conversation", subject_id=conversation),
        a_line("x.y", subject="draft", subject_id=99),
        a_line("x.y", subject="rule_book", subject_id=1),
    ]

    with store.read() as books:
        found = books.conversations_about(lines)

    assert found == {("message", message_id): conversation, ("conversation", conversation): conversation}


def test_the_latest_messages_of_a_rule_are_found_whatever_its_name_and_mode_and_what_offends_is_not_quoted(
    store: SqlStore,
):
    house = Watched(store, RULES)
    said = [LATE, THANKS, LATE + " !", RUDE]
    ids = house.hears(*(a_message(text, thread=str(at), sent_at=house.clock()) for at, text in enumerate(said)))
    with store.read() as books:
        late = books.held_lately('late "100 %"', limit=5)
        (latest,) = books.held_lately('late "100 %"', limit=1)
        (rude,) = books.held_lately("rough", limit=5)
        nothing = books.held_lately("no such rule", limit=5)
    correct(house.desk, ids[2], after=[Label.OFFENSIVE], by=INES, why="It is.")
    with store.read() as books:
        corrected = books.held_lately('late "100 %"', limit=1)

    assert [one.message_id for one in late] == [ids[2], ids[0]]
    assert late[1].text == LATE
    assert latest.message_id == ids[2]
    assert (rude.message_id, rude.text) == (ids[3], None)
    assert nothing == []
    assert corrected[0].text is None
