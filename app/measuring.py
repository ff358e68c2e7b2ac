"""Gathering labelled texts, and measuring a model on those it has not learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifiers.corpora import Row, corpus_files, is_held_out, read_rows, share_of
from classifiers.curves import Curves, draw
from classifiers.evaluate import (
    Baseline,
    Confusion,
    Mixed,
    Score,
    ask,
    confuse,
    macro_f1,
    mix,
    score_rows,
    unsure_share,
)
from classifiers.examples import read_examples
from classifiers.functions import FunctionScore, function_files, is_a_test, read_cases, score_functions
from classifiers.heads import LANGUAGES, Cuts
from classifiers.model import StarterModel
from classifiers.sources import may_train
from inbox.errors import NotFound
from inbox.model import Label
from inbox.sentences import Sentence

CORPORA = Path(__file__).parents[1] / "data" / "corpora"
"""The labelled examples that ship."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a model does on rows it has not seen, and what a plain baseline does on the same rows.

    Attributes:
        n: How many rows were held out.
        held_out: Scores on them; functional tests are not among them.
        left_out: Scores on sets that nobody learns from.
        macro_f1: Over labels and languages of the rows held out, counting every probability of a half or more.
        unsure_share: The share of the rows held out with any label left to a person.
        confusions: What the rows held out were called, per language.
        mixes: How an everyday inbox would be misread, reckoned from held-out rows of the corpora that ship.
        functions: Functional tests, the lowest first.
        curves: What there is to draw, from the rows held out.
        baseline, baseline_left_out, baseline_macro_f1: The same of a baseline that learnt from all rows that may train
            and are not held out.
    """

    n: int
    held_out: Sequence[Score]
    left_out: Sequence[Score]
    macro_f1: float
    unsure_share: float
    confusions: Sequence[Confusion]
    mixes: Sequence[Mixed]
    functions: Sequence[FunctionScore]
    curves: Sequence[Curves]
    baseline: Sequence[Score] = ()
    baseline_left_out: Sequence[Score] = ()
    baseline_macro_f1: float | None = None


def gather(datasets: Path | None, examples: Sequence[Path] = (), *, corrections: Sequence[Row] = ()) -> list[Row]:
    """The rows of the reader's own files, of the examples that ship, and of a folder of public sets; each text once.

    Args:
        datasets: The folder.
        examples: The files.
        corrections: What people have said of messages in the inbox, the latest first.

    Raises:
        NotFound: The folder holds none, or a file is missing.
        BadLine: A line is no row.
    """
    files = corpus_files(CORPORA)
    if datasets is not None:
        found = corpus_files(datasets)
        if not found:
            raise NotFound(Sentence("{folder} holds no .jsonl or .jsonl.gz files.", folder=str(datasets)))
        files += found
    own = [row for path in examples for row in read_examples(path)]
    by_letters: dict[float, Row] = {}
    # Who labels a text that also ships means it: theirs comes first and stays.
    for row in (*own, *corrections, *read_rows(files)):
        by_letters.setdefault(share_of(row, salt="same"), row)
    return list(by_letters.values())


def measured_rows(rows: Sequence[Row]) -> list[Row]:
    """The rows that a model is measured on: held out, from sources that train, and no functional tests."""
    return [row for row in rows if may_train(row.source) and is_held_out(row) and not is_a_test(row)]


def measure(model: StarterModel, rows: Sequence[Row], *, with_baseline: bool = False) -> Measured:
    """Ask a model about the rows held out, about sources left out whole, and about the functional tests that ship."""
    held_out = measured_rows(rows)
    left_out = [row for row in rows if not may_train(row.source)]
    said, said_left_out = ask(model, held_out), ask(model, left_out)
    everyday = [at for at, row in enumerate(held_out) if row.is_ours]
    scores = score_rows(said, held_out)
    plain = Baseline([row for row in rows if may_train(row.source) and not is_held_out(row)]) if with_baseline else None
    theirs = score_rows(plain.ask(held_out), held_out) if plain else ()
    return Measured(
        n=len(held_out),
        held_out=scores,
        left_out=score_rows(said_left_out, left_out),
        macro_f1=macro_f1(scores, forced=True),
        unsure_share=unsure_share(said),
        confusions=confuse(said, held_out),
        mixes=mix(said.only(everyday), [held_out[at] for at in everyday]),
        functions=score_functions(model, read_cases(function_files(CORPORA))),
        curves=draw(said, held_out, _cuts(model)),
        baseline=theirs,
        baseline_left_out=score_rows(plain.ask(left_out), left_out) if plain and left_out else (),
        baseline_macro_f1=macro_f1(theirs, forced=True) if theirs else None,
    )


def _cuts(model: StarterModel) -> Mapping[str, Mapping[Label, Cuts]]:
    return {lang: model.cuts(lang) for lang in LANGUAGES}
