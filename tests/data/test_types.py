"""Column types, and the plain data that goes into them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import SqlStore
from data.types import to_json, to_storable
from tests.builders import a_message
from tests.data.steps import take_in
from tests.inbox.builders import NOON


def test_a_moment_without_a_zone_is_refused(store: SqlStore):
    with pytest.raises(ValueError, match="needs a time zone"):
        take_in(store, a_message(sent_at=datetime(2026, 6, 10)))  # that is what is refused
    with pytest.raises(Exception, match="needs a time zone"), store.begin() as books:
        books.claim_due(now=datetime(2026, 6, 10), limit=1, lease=NOON - NOON, paused=False)  # the same


def test_plain_data_is_written_without_blanks_and_with_its_letters():
    assert to_json({"é": [1, NOON]}) == '{"é":[1,"2026-06-10T12:00:00+00:00"]}'


def test_what_is_not_plain_data_is_refused():
    with pytest.raises(TypeError, match="Not plain data"):
        to_json({"set": {1}})


@given(st.text())
def test_any_text_becomes_one_that_a_database_keeps(text: str):
    storable = to_storable(text)

    assert "\x00" not in storable
    assert storable.encode().decode() == storable
    assert to_storable(storable) == storable


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_a_text_that_a_database_keeps_stays_as_it_is(text: str):
    assert to_storable(text) is text


def test_a_moment_keeps_its_microseconds(store: SqlStore):
    moment = datetime(2026, 6, 10, 12, 0, 0, 123_456, tzinfo=UTC)
    take_in(store, a_message(sent_at=moment))

    with store.read() as books:
        assert [message.sent_at for message in books.claim_waiting(1)] == [moment]
