"""The versions of the canned responses, and how often each was sent."""

from __future__ import annotations

from datetime import timedelta

from data.store import SqlStore
from inbox.model import Actor
from inbox.response_books import ResponseUse
from tests.builders import a_message
from tests.data.steps import a_rule_replies, claim, send_out
from tests.inbox.builders import NOON

INES = Actor.person("Inès")


def test_a_text_that_reads_as_the_latest_is_no_new_version(store: SqlStore):
    with store.begin() as books:
        numbers = [
            books.keep_response_book(text, author=INES, why="Essai", now=NOON) for text in ("one", "one", "two", "one")
        ]

    with store.read() as books:
        found = books.response_books()

    assert numbers == [1, 1, 2, 3]
    assert [(one.version, one.text, one.author, one.why, one.written_at) for one in found] == [
        (1, "one", INES, "Essai", NOON),
        (2, "two", INES, "Essai", NOON),
        (3, "one", INES, "Essai", NOON),
    ]


def test_only_what_was_sent_since_is_counted_as_use(store: SqlStore):
    sent = a_rule_replies(store, a_message("late", thread="one"))
    a_rule_replies(store, a_message("thanks", thread="two"), not_before=NOON + timedelta(hours=1))
    claim(store)
    send_out(store, sent)

    with store.read() as books:
        uses = books.response_uses(since=NOON - timedelta(days=1))
        later = books.response_uses(since=NOON + timedelta(seconds=1))

    assert uses == {"late": ResponseUse(1, NOON)}
    assert later == {}
