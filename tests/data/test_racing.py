"""Several workers over one database at the same time, as threads with connections of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar

from sqlalchemy import select

from data.store import SqlStore, open_store
from data.tables import contact, contact_identity, conversation, message
from inbox.audit import verify
from inbox.model import Actor, IncomingMessage
from inbox.views import QueueFilter, SendState
from tests.builders import a_message, an_escalation, an_outcome, some_words
from tests.data.steps import a_rule_replies, claim, take_in, the_conversation, triage
from tests.inbox.builders import NOON

WORKERS = 4
T = TypeVar("T")


def at_once(work: Callable[[int], T], *, workers: int = WORKERS) -> list[T]:
    """What each worker returned, all of them having started at the same moment."""
    start = Barrier(workers)

    def run(number: int) -> T:
        start.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(workers), timeout=60))


def a_file(lines: int = 300) -> list[IncomingMessage]:
    return [
        a_message(
            f"texte {number}",
            external_id=str(number),
            author=f"author-{number % 40}",
            author_name=f"Name {number % 10}",
            thread=f"post-{number % 7}",
            sent_at=NOON + timedelta(seconds=number % 50),
        )
        for number in range(lines)
    ]


def test_a_file_imported_by_several_processes_at_once_is_there_once(store: SqlStore):
    lines = a_file()

    def take(worker: int) -> int:
        said = lines if worker % 2 else lines[::-1]
        kept = 0
        for start in range(0, len(said), 100):
            kept += sum(one is not None for one in take_in(store, *said[start : start + 100]))
        return kept

    assert sum(at_once(take)) == len(lines)

    with store.read() as books:
        everything = books.connection
        ids = Counter(everything.scalars(select(message.c.external_id)))
        places = Counter(row[:] for row in everything.execute(select(conversation.c.contact_id, conversation.c.thread)))
        people = set(everything.scalars(select(contact.c.id)))
        known = set(everything.scalars(select(contact_identity.c.contact_id)))
    assert ids == Counter(str(number) for number in range(len(lines)))
    assert set(places.values()) == {1}
    assert people == known
    assert len(people) == 40


def test_the_same_webhook_fifty_times_in_parallel_is_one_message(store: SqlStore):
    said = a_message()

    kept = at_once(lambda _: [take_in(store, said) for _ in range(10)], workers=5)

    assert sum(ids != [None] for tries in kept for ids in tries) == 1
    assert len(triage(store)) == 1


def test_no_message_is_triaged_by_two_workers(store: SqlStore):
    take_in(store, *a_file())
    judge = partial(an_outcome, drafts=[some_words()], escalation=an_escalation(), tags=["colis"])

    def work(_: int) -> list[int]:
        seen: list[int] = []
        while True:
            with store.begin() as books:
                waiting = books.claim_waiting(20)
                outcomes = [judge(one) for one in waiting]
                books.keep_outcomes(outcomes, rule_book_version=1, now=NOON)
                if not waiting:
                    return seen
                seen += [one.id for one in waiting]

    seen = Counter(one for worker in at_once(work) for one in worker)

    assert set(seen.values()) == {1}
    assert len(seen) == 300
    with store.read() as books:
        items = books.queue(QueueFilter(limit=500))
        views = [books.conversation(item.conversation_id) for item in items]
    assert {(len(view.drafts), len(view.escalations)) for view in views if view is not None} == {(1, 1)}


def test_taking_in_and_triage_do_not_wait_for_each_other_in_a_circle(store: SqlStore):
    lines = a_file(400)

    def work(worker: int) -> int:
        if worker % 2:
            return sum(len(triage(store)) for _ in range(20))
        for start in range(0, len(lines), 50):
            take_in(store, *lines[start : start + 50])
        return 0

    triaged = sum(at_once(work))
    while more := triage(store):
        triaged += len(more)

    assert triaged == len(lines)


def test_a_row_of_the_outbox_is_claimed_by_one_worker(store: SqlStore):
    sends = {a_rule_replies(store, a_message(f"merci {number}", thread=f"post-{number}")) for number in range(12)}

    claimed = Counter(one for worker in at_once(lambda _: claim(store) + claim(store)) for one in worker)

    assert claimed == Counter(sends)


def test_two_people_who_send_one_draft_send_it_once(store: SqlStore):
    take_in(store, a_message())
    triage(store, lambda one: an_outcome(one, drafts=[some_words()]))
    (draft,) = the_conversation(store).drafts

    def send(worker: int) -> int | None:
        with store.begin() as books:
            by = Actor.person(f"person {worker}")
            return books.approve(draft.id, parts=["Bonjour"], by=by, not_before=NOON, now=NOON)

    assert sum(send_id is not None for send_id in at_once(send)) == 1
    assert [one.state for one in the_conversation(store).sends] == [SendState.WAITING]


def test_lines_written_and_sealed_by_many_make_one_chain(store: SqlStore):
    def work(worker: int) -> int:
        sealed = 0
        for _ in range(5):
            take_in(store, a_message(thread=f"post-{worker}"))
            triage(store)
            with store.begin() as books:
                sealed += books.seal_audit(3)
        return sealed

    sealed = sum(at_once(work))
    with store.begin() as books:
        sealed += books.seal_audit()

    with store.read() as books:
        assert verify(books.read_audit()).sealed == sealed == WORKERS * 5
        assert verify(books.read_audit()).holds


def test_one_text_of_the_rules_put_on_record_by_many_is_one_version(store: SqlStore):
    def work(_: int) -> int:
        with store.begin() as books:
            return books.keep_rule_book("[[rule]]", author=Actor.vigie("app"), now=NOON)

    assert set(at_once(work)) == {1}


def test_one_process_makes_the_tables_when_several_start_at_once(empty_url: str):
    def start(_: int) -> int:
        with open_store(empty_url, brand="Loriot", create=True) as opened:
            return opened.brand_id

    assert set(at_once(start, workers=3)) == {1}


def test_readers_wait_for_no_writer(store: SqlStore):
    take_in(store, a_message())

    with store.begin() as books:
        books.add_messages([a_message()], now=NOON)
        with store.read() as seen:
            assert seen.count_waiting() == 1
