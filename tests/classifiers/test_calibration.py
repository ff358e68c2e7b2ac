"""Probabilities that can be taken at their word, and thresholds that keep theirs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.calibration import calibration_error, choose_cuts, fit_blend

RANDOM = np.random.default_rng(11)
CHANCE = RANDOM.random(4000)
TRUTH = RANDOM.random(4000) < CHANCE


def test_a_blend_finds_the_odds_it_was_shown() -> None:
    linear, net = RANDOM.normal(size=(2, 6000))
    truth = RANDOM.random(6000) < 1 / (1 + np.exp(-(2 * linear + net - 1)))
    blend = fit_blend(linear, net, truth)
    assert (blend.linear, blend.net, blend.offset) == pytest.approx((2, 1, -1), abs=0.25)
    assert calibration_error(blend(linear, net), truth) < 0.03


def test_a_score_that_speaks_against_its_own_label_is_left_out_of_the_blend() -> None:
    linear, net = RANDOM.normal(size=(2, 4000))
    truth = RANDOM.random(4000) < 1 / (1 + np.exp(-(2 * linear - net)))
    blend = fit_blend(linear, net, truth)
    assert blend.linear > 0
    assert blend.net == 0
    turned = fit_blend(net, linear, truth)
    assert turned.linear == 0
    assert turned.net == pytest.approx(blend.linear)


def test_the_upper_threshold_keeps_the_precision_asked_for() -> None:
    cuts = choose_cuts(CHANCE, TRUTH, precision=0.9, missed_at_most=0.05, unsure_at_most=1.0)
    assert TRUTH[cuts.yes_at <= CHANCE].mean() >= 0.9


def test_the_lower_threshold_misses_few() -> None:
    cuts = choose_cuts(CHANCE, TRUTH, precision=0.9, missed_at_most=0.05, unsure_at_most=1.0)
    assert (CHANCE[TRUTH] <= cuts.no_at).mean() <= 0.05


def test_doubt_stays_within_the_share_allowed() -> None:
    cuts = choose_cuts(CHANCE, TRUTH, precision=0.9, missed_at_most=0.05, unsure_at_most=0.1)
    assert ((cuts.no_at < CHANCE) & (cuts.yes_at > CHANCE)).mean() <= 0.11


def test_where_precision_is_out_of_reach_only_what_is_all_but_certain_holds() -> None:
    cuts = choose_cuts(CHANCE, np.zeros(4000, dtype=np.bool_), precision=0.9, missed_at_most=0.05, unsure_at_most=0.1)
    assert cuts.yes_at == 0.98


def test_of_the_rows_to_be_spared_hardly_any_reaches_a_yes() -> None:
    spared = ~TRUTH
    cuts = choose_cuts(
        CHANCE, TRUTH, precision=0.5, missed_at_most=0.05, unsure_at_most=0.5, spared=spared, alarms_at_most=0.01
    )
    assert 0 < (CHANCE[spared] >= cuts.yes_at).mean() <= 0.01


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_there_is_always_room_for_doubt(pairs: list[tuple[float, bool]]) -> None:
    chance = np.array([pair[0] for pair in pairs])
    truth = np.array([pair[1] for pair in pairs])
    cuts = choose_cuts(chance, truth, precision=0.9, missed_at_most=0.1, unsure_at_most=0.1)
    assert 0 < cuts.no_at < cuts.yes_at < 1


def test_perfect_confidence_has_no_error_and_none_at_all_has_all() -> None:
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0
    assert calibration_error(np.array([1.0, 0.0]), np.array([False, True])) == 1


def test_nothing_cannot_be_calibrated() -> None:
    with pytest.raises(ValueError, match="0 probabilities"):
        calibration_error(np.array([]), np.array([], dtype=np.bool_))
