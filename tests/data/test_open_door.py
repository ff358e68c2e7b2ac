"""What the open door keeps, on both databases: words laid out, calls remembered, places in the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.store import SqlStore
from inbox.model import Actor
from inbox.outgoing import OutboxKind, Outgoing
from inbox.programs import Scope
from inbox.views import QueueFilter, Spot
from tests.builders import a_message
from tests.data.steps import take_in
from tests.inbox.builders import NOON

INES = Actor.person("Ines")


def outgoing(key: str, text: str = "Bonjour.") -> Outgoing:
    return Outgoing(OutboxKind.REPLY, key, "post-1", NOON, text=text, target="c-1", contact="u-1")


def test_what_is_laid_out_is_there_once_per_key_until_it_is_acknowledged(store: SqlStore):
    with store.begin() as books:
        first = books.put_outgoing("api:forum", outgoing("k-1"), now=NOON)
        again = books.put_outgoing("api:forum", outgoing("k-1", "other"), now=NOON)
        second = books.put_outgoing("api:forum", outgoing("k-2"), now=NOON)
        books.put_outgoing("api:blog", outgoing("k-3"), now=NOON)

    with store.begin() as books:
        before = books.outgoing_after("api:forum", 0, limit=10)
        behind = books.outgoing_after("api:forum", first, limit=10)
        done = [books.acknowledge_outgoing("api:forum", first, external_id="p-1", now=NOON) for _ in range(2)]
        elsewhere = books.acknowledge_outgoing("api:blog", second, external_id=None, now=NOON)
        after = books.outgoing_after("api:forum", 0, limit=10)

    assert first == again < second
    assert [one.number for one in before] == [first, second]
    assert (before[0].text, before[0].kind, before[0].put_at) == ("Bonjour.", OutboxKind.REPLY, NOON)
    assert [one.number for one in behind] == [one.number for one in after] == [second]
    assert (done, elsewhere) == ([True, True], False)
    with store.read() as books:
        assert (books.find_outgoing("k-1"), books.find_outgoing("nothing")) == (first, None)


def test_a_call_is_known_once_it_is_remembered(store: SqlStore):
    with store.begin() as books:
        before = books.knows_call("hook/forum", "m-1")
        remembered = [books.remember_call("hook/forum", "m-1", now=NOON) for _ in range(2)]
        after = (books.knows_call("hook/forum", "m-1"), books.knows_call("hook/blog", "m-1"))

    assert (before, remembered, after) == (False, [True, False], (True, False))


def test_a_name_is_free_again_once_its_token_is_revoked(store: SqlStore):
    with store.begin() as books:
        made = books.add_token("Blog", "mark-1", scopes=[Scope.RULES_TEST], by=INES, now=NOON)
        taken = books.add_token("blog", "mark-2", scopes=[Scope.RULES_TEST], by=INES, now=NOON)
        revoked = books.revoke_token("BLOG", now=NOON + timedelta(hours=1))
        again = books.add_token("blog", "mark-3", scopes=[Scope.LABELS_WRITE], by=INES, now=NOON)

    assert made is not None
    assert (made.name, made.brand, made.scopes) == ("Blog", "Loriot", frozenset({Scope.RULES_TEST}))
    assert taken is None
    assert revoked is not None
    assert revoked.revoked_at == NOON + timedelta(hours=1)
    assert again is not None
    with store.read() as books:
        assert [one.revoked_at is None for one in books.list_tokens()] == [True, False]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_pages_behind_a_place_hold_the_whole_queue_once_also_where_many_wait_since_the_same_moment(
    store: SqlStore, size: int
):
    said = [
        a_message(external_id=f"m-{n}", author=f"a-{n}", thread=f"t-{n}", sent_at=NOON + timedelta(minutes=n % 3))
        for n in range(9)
    ]
    take_in(store, *said)
    paged: list[int] = []
    after: Spot | None = None
    with store.read() as books:
        whole = [one.conversation_id for one in books.queue(QueueFilter(limit=50))]
        while page := books.queue(QueueFilter(limit=size, after=after)):
            paged += [one.conversation_id for one in page]
            after = page[-1].spot

    assert len(whole) == 9
    assert paged == whole
