"""F53: what is counted of a rule, since when, and what then speaks against its going further."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox.agreement import Agreement
from inbox.errors import BadInput, NotPossible
from inbox.fired import Fired, SentByRule
from inbox.model import Actor, Label
from inbox.past import NOTHING, Handled
from inbox.promotion import MARGINS, STEPS, against, how_far, next_mode
from inbox.record import LOOK_BACK, Keeping, Record
from inbox.rulebooks import Outline, RuleBookVersion, Standing, standings
from tests.inbox.builders import NOON

DAY = timedelta(days=1)
SINCE = NOON - 40 * DAY
PERSON = Actor.person("Ines")


def an_outline(rule: str = "thank", mode: str = "share:10", *, digest: str = "", can_reply: bool = True) -> Outline:
    return Outline(rule, mode, digest or f"{rule} {mode}", frozenset({"thanks"}), can_reply)


def a_fired(number: int = 1, *, at: datetime = NOON - DAY, version: int = 2, **more: Any) -> Fired:
    told: dict[str, Any] = {"acted": ("thank",), "in_shadow": (), "labels": (Label.PRAISE,), "handled": NOTHING}
    return Fired(number, at, version, **told | more)


def kept(*fired: Fired, sent: tuple[SentByRule, ...] = ()) -> Record:
    keeping = Keeping([Standing(an_outline(), 2, SINCE)], sent, now=NOON)
    keeping.take(fired)
    (record,) = keeping.told()
    return record


def a_record(mode: str = "draft", **more: Any) -> Record:
    """A rule against which nothing speaks, unless it is said here."""
    words = Agreement(prepared=200, sent=60, answered=100, same=97, edited=5, discarded=2)
    return replace(Record("thank", mode, SINCE, can_reply=True, matches=200, words=words), **more)


def test_f53_what_counts_is_what_happened_since_the_rule_stands_as_it_does():
    record = kept(
        a_fired(1, version=1, at=NOON - 45 * DAY),
        a_fired(2, version=1, at=NOON - 3 * DAY),  # by a process that had not taken the new version up yet
        a_fired(3, at=NOON - 20 * DAY),
        a_fired(4, at=NOON - 2 * DAY, acted=(), in_shadow=("thank",)),
        a_fired(5, acted=("another", "thank")),
    )

    assert (record.matches, record.in_shadow) == (3, 1)
    assert (record.last_week, record.last_month) == (3, 4)
    assert (record.rule, record.mode, record.since) == ("thank", "share:10", SINCE)


def test_f53_agreement_corrections_and_what_was_sent_are_told_apart():
    record = kept(
        a_fired(1, handled=Handled(replied=True, response="thanks")),
        a_fired(2, handled=Handled(replied=True, response="thanks", edited=True)),
        a_fired(3, handled=Handled(replied=True, response="sorry", labels=(Label.COMPLAINT,))),
        a_fired(4, handled=Handled(discarded=frozenset({"thanks"}), labels=(Label.PRAISE,))),
        a_fired(5),
        a_fired(6),
        sent=(
            SentByRule("thank", 5, NOON - DAY, refused=False, complained=True),
            SentByRule("thank", 6, NOON - DAY, refused=True, complained=False),
            SentByRule("thank", 7, SINCE - DAY, refused=False, complained=True),
            SentByRule("gone since", 8, NOON - DAY, refused=False, complained=True),
        ),
    )

    assert record.words == Agreement(prepared=6, sent=1, answered=3, same=2, edited=1, discarded=1)
    assert (record.words.unchanged, record.words.otherwise) == (1, 1)
    assert (record.judged, record.put_right) == (2, 1)
    assert (record.refused, record.complaints_after) == (1, 1)


def test_a_rule_stands_as_it_does_since_the_first_version_after_the_last_change():
    texts = {
        "one": {"a": an_outline("a", digest="1"), "b": an_outline("b", digest="1")},
        "two": {"a": an_outline("a", digest="1"), "b": an_outline("b", digest="2")},
        "three": {"a": an_outline("a", digest="1")},
        "four": {"a": an_outline("a", digest="1"), "b": an_outline("b", digest="2"), "c": an_outline("c")},
    }
    versions = [
        RuleBookVersion(number, text, PERSON, NOON + number * DAY)
        for number, text in enumerate(["one", "two", "three"], start=1)
    ]
    later = NOON + 9 * DAY

    stand = standings(versions, "four", lambda text: texts[text], now=later)

    assert [(one.outline.rule, one.version, one.since) for one in stand] == [
        ("a", 1, NOON + DAY),
        ("b", 4, later),
        ("c", 4, later),
    ]


@pytest.mark.parametrize(
    ("record", "to", "says"),
    [
        (a_record("shadow", matches=9), "draft", "It has held 9 times since it stands so; 10 are wanted."),
        (
            a_record("shadow", judged=5, put_right=1),
            "draft",
            "People have put the labels of 1 of its 5 messages right.",
        ),
        (a_record(can_reply=False), "share:10", "It asks for no reply"),
        (
            a_record(words=Agreement(50, 0, 19, 19)),
            "share:10",
            "People have answered 19 of its messages; 20 are wanted",
        ),
        (
            a_record(words=Agreement(50, 0, 50, 44)),
            "share:10",
            "Of 50 answers, 44 were what it prepares; 90 % are wanted.",
        ),
        (a_record(words=Agreement(50, 0, 50, 50, 13)), "share:10", "Of 50 answers, 37 were its words unchanged; 75 %"),
        (a_record(words=Agreement(50, 0, 30, 30, 0, 3)), "share:10", "Drafts of it that were thrown away: 3 of 50."),
        (a_record("share:10", words=Agreement(90, 29, 30, 30)), "live", "It has sent 29 replies by itself"),
        (a_record("share:10", complaints_after=2), "live", "After 2 of its 60 replies, the contact complained"),
        (a_record("share:10", complaints_after=2), "share:50", "After 2 of its 60 replies, the contact complained"),
    ],
)
def test_f53_a_record_that_is_thin_or_bad_speaks_against_going_further(record: Record, to: str, says: str):
    (told,) = against(record, to)

    assert str(told).startswith(says)


@pytest.mark.parametrize(("mode", "to"), [("shadow", "draft"), ("draft", "share:10"), ("share:10", "live")])
def test_f53_nothing_speaks_against_a_rule_with_a_good_record(mode: str, to: str):
    record = a_record(mode)

    assert next_mode(record) == to
    assert against(record, to) == ()


@given(record=st.builds(a_record, st.sampled_from(STEPS), matches=st.integers(0, 9)), to=st.sampled_from(STEPS))
def test_f53_less_far_is_always_let_and_further_never_without_a_record(record: Record, to: str):
    assert bool(against(record, to)) == (how_far(to) > how_far(record.mode))


def test_f53_a_rule_that_sends_goes_back_to_drafts_and_one_that_drafts_into_shadow():
    assert [next_mode(a_record(mode), down=True) for mode in ("live", "share:10", "draft")] == [
        "draft",
        "draft",
        "shadow",
    ]
    with pytest.raises(NotPossible, match="goes no less far"):
        next_mode(a_record("shadow"), down=True)
    with pytest.raises(NotPossible, match="goes no further"):
        next_mode(a_record("live"))


@pytest.mark.parametrize("mode", ["lve", "share", "share:0", "share:101", ""])
def test_a_mode_that_there_is_not_is_told(mode: str):
    with pytest.raises(BadInput, match="There is no mode"):
        how_far(mode)


def test_nothing_is_counted_that_is_older_than_the_look_back():
    assert kept(a_fired(at=NOON - LOOK_BACK - DAY)).matches == 0
    assert MARGINS.matches > 0
