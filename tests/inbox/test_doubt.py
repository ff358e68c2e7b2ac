"""What the model is least sure of comes first (row F22), and a share moves by more than chance or not."""

from __future__ import annotations

import random
from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from inbox.doubt import Band, Doubtful, margin, most_doubtful
from inbox.model import UNDETERMINED, Label
from inbox.model_use import drift
from tests.inbox.builders import NOON

BANDS = {
    "fr": {Label.PRAISE: Band(0.2, 0.8), Label.COMPLAINT: Band(0.5, 0.9)},
    UNDETERMINED: {Label.PRAISE: Band(0.4, 0.6)},
}
_share = st.floats(0, 1)


def a_doubtful(number: int, scores: Mapping[Label, float], *, lang: str = "fr") -> Doubtful:
    return Doubtful(number, number, "telegram", "Léa", "Bonjour", lang, NOON, scores, (), (), None)


def test_f22_of_200_the_first_20_are_the_20_lowest_margins():
    dice = random.Random(22)
    messages = [a_doubtful(n, {label: dice.random() for label in BANDS["fr"]}) for n in range(200)]

    offered = most_doubtful(messages, BANDS, limit=20)

    by_hand = {
        one.message_id: min(abs(one.scores[Label.PRAISE] - 0.5) / 0.3, abs(one.scores[Label.COMPLAINT] - 0.7) / 0.2)
        for one in messages
    }
    assert [one.message.message_id for one in offered] == sorted(by_hand, key=lambda number: by_hand[number])[:20]


@given(probability=_share, thresholds=st.tuples(_share, _share).map(sorted))
def test_what_lies_between_the_thresholds_is_less_sure_than_what_does_not(probability: float, thresholds: list[float]):
    band = Band(*thresholds)
    if band.no_at < probability < band.yes_at:
        assert margin(probability, band) <= 1
    elif band.yes_at - band.no_at > 1e-9:
        assert margin(probability, band) >= 1 - 1e-6
    else:
        assert margin(probability, band) >= 0


def test_a_language_without_thresholds_has_those_of_none_and_no_scores_have_no_doubt():
    unknown = a_doubtful(1, {Label.PRAISE: 0.5, Label.COMPLAINT: 0.7}, lang="xx")
    silent = a_doubtful(2, {})

    (doubt,) = most_doubtful([unknown, silent], BANDS, limit=9)

    assert (doubt.message, doubt.label, doubt.margin) == (unknown, Label.PRAISE, 0)


def test_the_latest_of_equals_comes_first():
    alike = [a_doubtful(number, {Label.PRAISE: 0.5}) for number in (1, 3, 2)]

    assert [one.message.message_id for one in most_doubtful(alike, BANDS, limit=2)] == [3, 2]


def test_a_share_has_moved_when_chance_would_hardly_do_that():
    assert drift("complaint", 40, 100, 20, 100).has_moved
    assert not drift("complaint", 25, 100, 20, 100).has_moved
    assert not drift("complaint", 0, 100, 0, 100).has_moved
    assert not drift("complaint", 3, 3, 0, 0).has_moved
    assert (drift("complaint", 1, 4, 1, 2).now, drift("complaint", 0, 0, 1, 2).now) == (0.25, None)
