"""How long a channel lets a contact be answered (row F46)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.abilities import META_WINDOWS
from inbox.model import Visibility
from inbox.windows import Stands, Way, Window, needs_person, refusal, way_of, window_view
from tests.inbox.builders import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("visibility", "age", "says", "until"),
    [
        (Visibility.PRIVATE, HOUR, "can be answered until", 7 * DAY),
        (Visibility.PRIVATE, 25 * HOUR, "only a person may answer, until", 7 * DAY),
        (Visibility.PRIVATE, 8 * DAY, "cannot be answered until the contact writes again", None),
        (Visibility.PUBLIC, 6 * DAY, "can be answered in private until", 7 * DAY),
        (Visibility.PUBLIC, 8 * DAY, "cannot be answered in private any more", None),
    ],
)
def test_f46_people_are_shown_what_holds_and_until_when(
    visibility: Visibility, age: timedelta, says: str, until: timedelta | None
):
    shown = window_view(META_WINDOWS, visibility, since=NOON - age, now=NOON)

    assert shown is not None
    assert (str(shown.says), shown.until) == (says, None if until is None else NOON - age + until)


def test_a_channel_without_windows_shows_none():
    assert window_view({}, Visibility.PRIVATE, since=NOON - 99 * DAY, now=NOON) is None


def test_a_public_reply_to_a_comment_has_no_window_there():
    way = way_of(Visibility.PUBLIC, is_private_reply=False)

    assert refusal(META_WINDOWS, way, since=NOON - 99 * DAY, now=NOON, by_person=False) is None


@given(
    lasts=st.timedeltas(timedelta(), 30 * DAY),
    longer=st.none() | st.timedeltas(timedelta(), 30 * DAY),
    age=st.timedeltas(timedelta(), 90 * DAY),
    way=st.sampled_from(Way),
)
def test_a_person_may_whatever_a_rule_may_and_a_refusal_says_why(
    lasts: timedelta, longer: timedelta | None, age: timedelta, way: Way
):
    window = Window(lasts, None if longer is None else lasts + longer)
    since = NOON - age
    person, rule = (refusal({way: window}, way, since=since, now=NOON, by_person=by) for by in (True, False))

    assert rule is not None or person is None
    assert (rule is None) == (window.stands(since=since, now=NOON) is Stands.OPEN)
    assert needs_person({way: window}, way, since=since, now=NOON) == (rule is not None and person is None)
    assert all("{" not in str(told) for told in (person, rule) if told is not None)
