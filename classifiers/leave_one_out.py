"""How a model fares on a source it never saw: each source left out in turn.

Random splits flatter, for two halves of one collection are alike. These are the figures to trust for other messages.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from classifiers.corpora import Row
from classifiers.evaluate import Baseline, Score, Verdicts, score_rows
from classifiers.heads import HEADS, logistic
from classifiers.learning import score, to_matrix
from classifiers.train import Progress, fit_on, prepare, with_sources
from inbox.sentences import Sentence


def leave_one_out(
    rows: Sequence[Row], sources: Sequence[str], *, seed: int = 0, progress: Progress | None = None
) -> tuple[list[Score], list[Score]]:
    """Scores on each source from heads that learned from all others, and those of the baseline on the same rows.

    The heads are not calibrated anew, so probabilities of a half mean little; compare average precision.

    Args:
        rows: From `read_rows`.
        sources: Names of the sources to leave out.
        seed: Of everything drawn at random.
        progress: Told of every step.
    """
    lesson = prepare(rows, seed=seed)
    matrix = with_sources(to_matrix([row.text for row in lesson.rows]), lesson)
    names = np.array([row.source for row in lesson.rows])
    ours: list[Score] = []
    plain: list[Score] = []
    for done, source in enumerate(sources):
        if progress is not None:
            progress(Sentence("Leaving out {source}", source=source), done, len(sources))
        measured = np.flatnonzero(names == source)
        left = [lesson.rows[at] for at in measured]
        raw = np.zeros((len(left), len(HEADS)))
        for column, head in enumerate(HEADS):
            if any(head in row.known for row in left):
                raw[:, column] = score(fit_on(matrix, lesson, head, names != source, seed=seed), matrix[measured])
        chance = logistic(raw)
        verdicts = Verdicts(chance, chance >= 0.5, np.zeros(chance.shape, dtype=np.bool_))
        ours += [one for one in score_rows(verdicts, left) if one.source == source]
        others = [row for row in lesson.rows if row.source != source]
        plain += [one for one in score_rows(Baseline(others).ask(left), left) if one.source == source]
    return ours, plain
