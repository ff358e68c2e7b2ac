"""F57 and F71: what is promised to whom, and when nobody is to be called."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.hours import QuietHours
from inbox.model import Label, Severity
from inbox.promises import PROMISES, SlaTarget, SlaTargets
from tests.inbox.builders import PARIS, in_paris
from tests.inbox.test_hours import some_moments

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT = QuietHours(PARIS, ((time(20), time(8)),))
lengths = st.none() | st.integers(1, 5_000).map(lambda minutes: timedelta(minutes=minutes))
targets = st.builds(
    SlaTarget,
    st.frozensets(st.sampled_from(Label)),
    st.frozensets(st.sampled_from(["discord", "telegram"])),
    st.frozensets(st.sampled_from(Severity)),
    lengths,
    lengths,
    lengths,
)


@pytest.mark.parametrize("severity", Severity)
def test_without_targets_the_severity_says_what_is_promised(severity: Severity):
    promised = SlaTargets().of(severity, labels=[Label.COMPLAINT], channel="discord")

    assert (promised.first_response, promised.resolution) == PROMISES[severity]
    assert promised.next_response == promised.first_response


def test_f71_of_each_length_the_first_target_that_fits_counts():
    special = SlaTargets(
        (
            SlaTarget(labels=frozenset({Label.SALES_LEAD}), first_response=30 * MINUTE),
            SlaTarget(channels=frozenset({"telegram"}), first_response=HOUR, next_response=2 * HOUR),
            SlaTarget(resolution=9 * HOUR),
        )
    )

    lead = special.of(Severity.MEDIUM, labels=[Label.SALES_LEAD], channel="telegram")
    other = special.of(Severity.MEDIUM, labels=[Label.PRAISE], channel="discord")

    assert (lead.first_response, lead.next_response, lead.resolution) == (30 * MINUTE, 2 * HOUR, 9 * HOUR)
    assert (other.first_response, other.next_response, other.resolution) == (4 * HOUR, 4 * HOUR, 9 * HOUR)


@given(
    special=st.lists(targets, max_size=4),
    severity=st.sampled_from(Severity),
    labels=st.lists(st.sampled_from(Label), unique=True),
    channel=st.sampled_from(["discord", "telegram", "console"]),
)
def test_what_does_not_fit_changes_nothing_and_the_whole_is_never_due_before_the_first_answer(
    special: list[SlaTarget], severity: Severity, labels: list[Label], channel: str
):
    promised = SlaTargets(tuple(special)).of(severity, labels=labels, channel=channel)
    fitting = [one for one in special if one.covers(severity, labels, channel)]

    assert SlaTargets(tuple(fitting)).of(severity, labels=labels, channel=channel) == promised
    assert promised.first_response <= promised.resolution


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        (in_paris(2026, 6, 12, 19, 59), False),
        (in_paris(2026, 6, 12, 20), True),
        (in_paris(2026, 6, 13, 0), True),
        (in_paris(2026, 6, 13, 7, 59), True),
        (in_paris(2026, 6, 13, 8), False),
        (in_paris(2026, 3, 29, 3, 30), True),
        (in_paris(2026, 10, 25, 2, 30, fold=1), True),
    ],
)
def test_f57_quiet_hours_reach_over_midnight_and_over_both_clock_changes(moment: datetime, is_quiet: bool):
    assert NIGHT.is_quiet(moment) is is_quiet


@given(moment=some_moments())
def test_f57_quiet_hours_go_by_the_clock_on_the_wall_and_end_within_a_day(moment: datetime):
    wall = moment.astimezone(PARIS).time()
    day = [moment + timedelta(minutes=minutes) for minutes in range(0, 26 * 60, 15)]

    assert NIGHT.is_quiet(moment) is (wall >= time(20) or wall < time(8))
    assert any(not NIGHT.is_quiet(one) for one in day)
    assert not QuietHours(PARIS).is_quiet(moment)


def test_f57_several_spans_are_quiet_each():
    lunch_too = QuietHours(PARIS, ((time(12), time(14)), (time(22), time(7))))
    day = datetime(2026, 6, 12, tzinfo=UTC).astimezone(PARIS).replace(hour=0)

    quiet = [hour for hour in range(24) if lunch_too.is_quiet(day.replace(hour=hour))]

    assert quiet == [0, 1, 2, 3, 4, 5, 6, 12, 13, 22, 23]
