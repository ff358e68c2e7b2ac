"""The bench of models leaves out what it says it leaves out, and learns from nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from classifiers.corpora import Row
from classifiers.functions import is_a_test
from classifiers.heads import HEADS, LABELS
from inbox.model import Label
from tests.bench.models import FOLD, FOLDS, Area, Fold, areas, fold_of, make_fold, scores_left_out, trades_of
from tests.classifiers.builders import a_row, some_corpus_rows

P = Label.PRAISE


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return some_corpus_rows(0.1)


def test_a_trade_is_left_out_whole_and_so_is_a_source(rows: Sequence[Row]):
    trades = trades_of(rows)

    assert len({fold_of(replace(rows[0], trade=trade), trades) for trade in trades}) == FOLDS
    assert fold_of(a_row("x", source="minibar_app_reviews"), trades) == FOLD["minibar"]
    assert fold_of(a_row("x", source="cyberagression_fr"), trades) == 0
    assert fold_of(a_row("x", source="vigie/fr-functions"), trades) is None


def test_nothing_left_out_is_learned_from(rows: Sequence[Row]):
    fold = make_fold(rows, 2, quick=False)

    learned, asked = {row.text for row in fold.lesson.rows}, {row.text for row in fold.asked}
    assert learned.isdisjoint(asked)
    assert {row.trade for row in fold.asked}.isdisjoint(row.trade for row in fold.lesson.rows if row.trade)
    assert not any(is_a_test(row) for row in fold.asked)


def test_every_row_left_out_gets_a_score_for_every_label(rows: Sequence[Row]):
    fold = make_fold(rows, 0, quick=False)

    scores = scores_left_out(fold)

    assert scores.shape == (len(fold.asked), len(HEADS))
    assert np.isfinite(scores[:, : len(LABELS)]).all()


def test_our_trades_count_as_one_source_and_few_rows_for_nothing(rows: Sequence[Row]):
    ours = [a_row(f"m {at}", *([P] if at % 2 else [])) for at in range(20)]
    others = [a_row(f"o {at}", *([P] if at < 3 else []), source="nlupp_en") for at in range(20)]
    fold = Fold(0, make_fold(rows, 0, quick=True).lesson, [*ours, *others], quick=True)
    scores = np.zeros((40, len(HEADS)))
    scores[:, 0] = [P in row.holds for row in fold.asked]

    found = [one for one in areas([fold], {"perfect": [scores]}) if one.label is P]

    assert found == [Area(P, "fr", "our trades", 20, 10, {"perfect": 1.0})]
