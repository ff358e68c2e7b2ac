"""Training and measuring a model from folders of labelled texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.corpora import Row, corpus_files, is_held_out, read_rows
from classifiers.evaluate import Baseline, Score, ask, macro_f1, score_rows, unsure_share
from classifiers.sources import may_train
from inbox.errors import NotFound
from inbox.ports import Classifier
from inbox.sentences import Sentence

CORPORA = Path(__file__).parents[1] / "data" / "corpora"
"""The labelled examples that ship."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Scores of a model on rows it has not seen, and those of a plain baseline on the same rows.

    The baseline learnt from all rows that may train and are not held out. Left-out scores are on sources that neither
    has seen a row of. F1 counts every probability of a half or more, as if the model might not abstain.
    """

    held_out: Sequence[Score]
    left_out: Sequence[Score]
    macro_f1: float
    unsure_share: float
    baseline: Sequence[Score] = ()
    baseline_left_out: Sequence[Score] = ()
    baseline_macro_f1: float | None = None


def gather(datasets: Path | None) -> list[Row]:
    """The rows of the examples that ship, and of a folder of public sets.

    Raises:
        NotFound: The folder holds none.
        BadLine: A line is no row.
    """
    files = corpus_files(CORPORA)
    if datasets is not None:
        found = corpus_files(datasets)
        if not found:
            raise NotFound(Sentence("{folder} holds no .jsonl or .jsonl.gz files.", folder=str(datasets)))
        files += found
    return read_rows(files)


def measure(model: Classifier, rows: Sequence[Row], *, with_baseline: bool) -> Measured:
    """Ask a model about the rows held out, and about sources left out whole."""
    held_out = [row for row in rows if may_train(row.source) and is_held_out(row)]
    left_out = [row for row in rows if not may_train(row.source)]
    said, said_left_out = ask(model, held_out), ask(model, left_out)
    scores = score_rows(said, held_out)
    measured = Measured(scores, score_rows(said_left_out, left_out), macro_f1(scores, forced=True), unsure_share(said))
    if not with_baseline:
        return measured
    plain = Baseline([row for row in rows if may_train(row.source) and not is_held_out(row)])
    theirs = score_rows(plain.ask(held_out), held_out)
    return Measured(
        measured.held_out,
        measured.left_out,
        measured.macro_f1,
        measured.unsure_share,
        baseline=theirs,
        baseline_left_out=score_rows(plain.ask(left_out), left_out) if left_out else (),
        baseline_macro_f1=macro_f1(theirs, forced=True),
    )
