"""What an address asks of the list is read back as it was written, and what makes no sense asks for nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.model import Kind, Label, SlaState, Status, Visibility
from inbox.views import Spot
from web.filters import ME, NOBODY, Filters, read_spot, write_spot

PARIS = ZoneInfo("Europe/Paris")
SPOTS = st.builds(
    Spot,
    st.integers(-1000, 1000),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.integers(0, 2**31 - 1),
)


@given(spot=SPOTS)
def test_a_place_in_the_queue_is_read_as_it_was_written(spot: Spot):
    assert read_spot(write_spot(spot)) == spot


@given(written=st.text(max_size=40))
def test_whatever_stands_for_a_place_is_read_or_is_none(written: str):
    found = read_spot(written)

    assert found is None or read_spot(write_spot(found)) == found


@given(
    filters=st.builds(
        Filters,
        status=st.sampled_from([*Status, "any"]),
        label=st.sampled_from(["", "unsure", *Label]),
        channel=st.text(max_size=9).map(str.strip),
        q=st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.strip),
        sla=st.sampled_from(["", SlaState.BREACHED]),
        kind=st.sampled_from(["", *Kind]),
        visibility=st.sampled_from(["", *Visibility]),
        since=st.sampled_from(["", "2026-11-30"]),
        after=st.one_of(st.just(""), SPOTS.map(write_spot)),
    )
)
def test_filters_are_read_from_an_address_as_they_were_written(filters: Filters):
    assert Filters.of_query(filters.query()) == filters


@pytest.mark.parametrize(
    "asked",
    [{"status": "x"}, {"label": "x"}, {"sla": "x"}, {"kind": "x"}, {"since": "30/11"}, {"after": "!"}, {"z": "1"}],
)
def test_what_there_is_no_word_for_is_passed_over(asked: dict[str, str]):
    assert Filters.of(asked) == Filters()


def test_days_are_those_of_the_brand_and_both_are_included():
    wanted = Filters(since="2026-11-20", until="2026-11-20").wanted(me="Léa", zone=PARIS)

    assert (wanted.since, wanted.until) == (
        datetime(2026, 11, 20, tzinfo=PARIS),
        datetime(2026, 11, 21, tzinfo=PARIS),
    )


def test_mine_and_nobodys_are_told_apart():
    mine = Filters(assignee=ME).wanted(me="Léa", zone=PARIS)
    free = Filters(assignee=NOBODY).wanted(me="Léa", zone=PARIS)

    assert (mine.assignee, mine.is_free, free.assignee, free.is_free) == ("Léa", False, None, True)
