"""What is drawn of a model agrees with what is measured."""

from __future__ import annotations

import numpy as np

from classifiers.curves import POINTS, draw
from classifiers.evaluate import Verdicts
from classifiers.heads import HEADS, Cuts
from inbox.model import Label
from tests.classifiers.builders import a_row

CUTS = {"fr": dict.fromkeys(Label, Cuts(0.2, 0.6))}


def curves_of(n: int):
    """The curves of praise, on rows whose probability is their place and of which the upper half holds."""
    chance = np.zeros((n, len(HEADS)))
    chance[:, 0] = (np.arange(n) + 0.5) / n
    rows = [a_row(f"m {at}", *([Label.PRAISE] if at >= n // 2 else [])) for at in range(n)]
    (drawn,) = draw(Verdicts(chance, chance >= 0.6, chance < 0), rows, CUTS)
    return drawn


def test_every_row_is_in_one_bin_and_one_bar():
    drawn = curves_of(400)

    assert sum(one.n for one in drawn.reliability) == 400
    assert sum(bar.holds + bar.others for bar in drawn.histogram) == 400
    assert sum(bar.holds for bar in drawn.histogram) == drawn.positives == 200


def test_the_mark_is_what_the_threshold_brings():
    drawn = curves_of(400)

    assert drawn.acts is not None
    assert (drawn.acts.threshold, drawn.acts.precision, drawn.acts.recall) == (0.6, 1.0, 0.8)


def test_recall_rises_along_the_curve_which_stays_small():
    recall = [point.recall for point in curves_of(5_000).trade_off]

    assert recall == sorted(recall)
    assert recall[-1] == 1
    assert len(recall) <= POINTS


def test_a_label_that_never_holds_is_not_drawn():
    chance = np.zeros((1, len(HEADS)))

    assert draw(Verdicts(chance, chance > 0, chance > 0), [a_row("m")], CUTS) == []
