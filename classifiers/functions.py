"""Functional tests: short texts that each try one thing a model should be able to do, and how often it can."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from classifiers.corpora import Row, read_rows
from classifiers.evaluate import ask
from classifiers.heads import HEADS, LABELS
from inbox.errors import BadLine
from inbox.model import Label, Signal
from inbox.ports import Classifier
from inbox.sentences import Sentence

PASSES = 0.70
"""A function under this share of right cases is marked."""

_ENDING = "-functions"


@dataclass(frozen=True, slots=True)
class Case:
    """One text with the labels that decide whether its function was met. Held-out cases are never learned from."""

    row: Row
    function: str
    decides: Mapping[Label | Signal, bool]
    held_out: bool


@dataclass(frozen=True, slots=True)
class FunctionScore:
    """How a model does on one function in one language; shares of its cases, from 0 to 1.

    `right` counts cases of which every deciding probability lies on its side of a half; `sure_and_wrong` those where
    the model would have acted, or kept still without a doubt, against what decides.
    """

    function: str
    lang: str
    n: int
    right: float
    sure_and_wrong: float

    @property
    def is_weak(self) -> bool:
        """Whether too few cases are right."""
        return self.right < PASSES


def function_files(folder: Path) -> list[Path]:
    """The files of a folder that hold functional tests, by name."""
    return sorted(folder.glob(f"*{_ENDING}.jsonl"))


def is_a_test(row: Row) -> bool:
    """Whether a row belongs to the functional tests, which are chosen to be hard and say nothing of everyday mail."""
    return row.source.endswith(_ENDING)


def read_cases(paths: Iterable[Path]) -> list[Case]:
    """The cases of many files, in their order.

    Raises:
        NotFound: A file is missing.
        BadLine: A line is no case; tells the line.
    """
    cases: list[Case] = []
    for path in paths:
        by_text = {row.text: row for row in read_rows([path])}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if not line.strip():
                continue
            try:
                kept = json.loads(line)
                if kept["text"] in by_text:
                    decides = {_head(name): bool(side) for name, side in kept["decides"].items()}
                    row, function = by_text[kept["text"]], str(kept["function"])
                    cases.append(Case(row, function, MappingProxyType(decides), bool(kept["held_out"])))
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                reason = Sentence("{path} does not hold a row here: {error}", path=str(path), error=str(error))
                raise BadLine(number, reason) from error
    return cases


def score_functions(model: Classifier, cases: Sequence[Case]) -> list[FunctionScore]:
    """Scores per function and language on the cases held out, the lowest first."""
    asked = [case for case in cases if case.held_out]
    said = ask(model, [case.row for case in asked])
    groups: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for at, case in enumerate(asked):
        right, wrong = True, False
        for head, side in case.decides.items():
            column = HEADS.index(head)
            right &= bool(said.chance[at, column] >= 0.5) == side
            sure = head in LABELS and not said.unsure[at, column]
            wrong |= sure and bool(said.holds[at, column]) != side
        groups.setdefault((case.function, case.row.lang), []).append((right, wrong))
    scores = []
    for (function, lang), found in groups.items():
        right_share, wrong_share = np.mean(found, axis=0).tolist()
        scores.append(FunctionScore(function, lang, len(found), right_share, wrong_share))
    return sorted(scores, key=lambda score: (score.right, -score.sure_and_wrong, score.function, score.lang))


def _head(name: str) -> Label | Signal:
    return Label(name) if name in set(Label) else Signal(name)
