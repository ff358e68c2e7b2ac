"""Measuring: the figures mean what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.evaluate import (
    KINDS,
    REAL_MIX,
    VERDICTS,
    Verdicts,
    confuse,
    found_at,
    mix,
    score_rows,
)
from classifiers.heads import HEADS, LABELS
from inbox.model import Label
from tests.classifiers.builders import a_row

P, C, S, O = Label.PRAISE, Label.COMPLAINT, Label.SALES_LEAD, Label.OFFENSIVE  # noqa: E741 - the four, side by side


def said(*holds: set[Label], unsure: tuple[set[Label], ...] = ()) -> Verdicts:
    """Verdicts on as many rows, sure of all but what is named unsure."""
    doubts = [*unsure, *(set() for _ in range(len(holds) - len(unsure)))]
    yes = np.array([[head in row for head in HEADS] for row in holds])
    return Verdicts(yes.astype(float), yes, np.array([[head in row for head in HEADS] for row in doubts]))


def test_the_mix_is_whole():
    assert sum(REAL_MIX.values()) == pytest.approx(1)


def test_rows_of_the_matrix_are_the_truth_and_columns_the_verdict():
    rows = [a_row("a", P), a_row("b", P, C), a_row("c"), a_row("d", C), a_row("e", O)]

    (matrix,) = confuse(said({P}, {C}, set(), {P, C}, set(), unsure=(set(), set(), set(), set(), {O})), rows)

    def count(kind: str, verdict: str) -> int:
        return matrix.counts[KINDS.index(kind)][VERDICTS.index(verdict)]

    assert count("praise", "praise") == 1
    assert count("several", "complaint") == 1
    assert count("other", "other") == 1
    assert count("complaint", "several") == 1
    assert count("offensive", "unsure") == 1
    assert sum(map(sum, matrix.counts)) == len(rows)


def test_each_language_has_its_own_matrix():
    rows = [a_row("a", P), a_row("b", P, lang="en")]

    assert [matrix.lang for matrix in confuse(said({P}, {P}), rows)] == ["en", "fr"]


def test_the_rates_weigh_kinds_by_how_often_they_come_not_by_how_many_rows_there_are():
    rows = [a_row("a"), a_row("b"), a_row("c", C), a_row("d", P), a_row("e", S), a_row("f", O)]

    (rates,) = mix(said({O}, set(), {P}, {P}, {S}, {O}), rows)

    assert rates.wrongly_offensive_per_1000 == pytest.approx(1000 * 0.40 / 2)
    assert rates.complaints_as_praise_per_200 == 200
    assert rates.counted == {"other": 2, "complaint": 1, "praise": 1, "sales_lead": 1, "offensive": 1}


def test_a_language_that_lacks_a_kind_has_no_rates():
    assert mix(said({P}), [a_row("a", P)]) == []


def test_what_can_be_found_stops_where_precision_falls_below_what_is_asked():
    chance = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    truth = np.array([True, True, False, False, True])

    assert found_at(chance, truth, 0.8) == pytest.approx(2 / 3)
    assert found_at(chance, truth, 0.6) == 1
    assert found_at(np.array([0.9, 0.1]), np.array([False, True]), 0.8) == 0


def test_rows_of_one_probability_are_taken_together_or_not_at_all():
    assert found_at(np.array([0.9, 0.9, 0.9]), np.array([True, False, False]), 0.8) == 0


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=30))
def test_the_more_precision_is_asked_for_the_less_is_found(rows: list[tuple[int, bool]]):
    chance, truth = np.array([at / 10 for at, _ in rows]), np.array([holds for _, holds in rows])

    assert found_at(chance, truth, 0.9) <= found_at(chance, truth, 0.5) <= 1


def test_scores_tell_auc_and_the_share_told_and_leave_out_what_cannot_be_reckoned():
    rows = [a_row("a", P), a_row("b", P), a_row("c"), a_row("d")]
    verdicts = said({P}, set(), set(), set(), unsure=(set(), {P}))

    praise = next(score for score in score_rows(verdicts, rows) if score.head is P and score.source == "all")

    assert praise.roc_auc == pytest.approx(0.75)
    assert praise.sure_share == 0.75
    assert praise.found == 0.5
    assert next(iter(score_rows(said({P}), [a_row("a", P)]))).roc_auc is None


def test_only_the_rows_asked_for_are_kept():
    verdicts = said({P}, {C}).only([1])

    assert verdicts.holds[:, : len(LABELS)].tolist() == [[False, True, False, False]]
