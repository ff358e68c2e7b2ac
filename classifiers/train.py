"""From labelled rows to a model file."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from threadpoolctl import threadpool_limits

from classifiers.calibration import ENOUGH, choose_cuts, fit_blend
from classifiers.corpora import Row, is_held_out, share_of
from classifiers.disguises import disguise
from classifiers.features import SIGNS
from classifiers.heads import HEADS, LABELS, LANGUAGES
from classifiers.learning import fit_head, score, to_matrix
from classifiers.model import SEVERITY_STEPS, TARGETS
from classifiers.model_file import write_model
from classifiers.net import Net, fit_net
from classifiers.neutral_examples import neutral_lines
from classifiers.plain_examples import mixed_lines, plain_lines
from classifiers.sense import Sense, pack_sense, read_inputs
from classifiers.sources import may_train, source_named
from classifiers.vectors import learn_tables
from classifiers.weights import Head, pack
from inbox.errors import NotPossible
from inbox.model import UNDETERMINED, Label, Signal
from inbox.sentences import Sentence

Progress = Callable[[Sentence, int, int], None]
"""Told what is being done, how many steps are done, and how many there are."""

STRENGTH = 1.0
DETAIL_STRENGTH = 2.0
FOLDS = 4
PRECISION = {label: 0.95 if label is Label.OFFENSIVE else 0.90 for label in LABELS}
MISSED_AT_MOST = 0.10
UNSURE_AT_MOST = 0.15
ALARMS_AT_MOST = {Label.OFFENSIVE: 0.0007, Label.PRAISE: 0.004}
"""What share of messages that offend nobody may be called offensive, and of complaints praise.

Promised are 1 in 1,000 and 1 in 200; these leave room for chance in the rows that thresholds are set on.
"""

_DISGUISED = "vigie/disguised"
_SIGNS_ALONE = "vigie/signs"
_PLAIN = "vigie/plain"
_NEUTRAL = "vigie/neutral"
_MADE_HERE = (_DISGUISED, _SIGNS_ALONE, _PLAIN, _NEUTRAL)


@dataclass(frozen=True, slots=True)
class Lesson:
    """The rows a model learns from, with what each counts, and those its thresholds are set on."""

    rows: tuple[Row, ...]
    weight: NDArray[np.float64]
    measures: NDArray[np.bool_]


def train(
    rows: Sequence[Row],
    target: Path,
    *,
    version: str,
    created_on: date,
    unknown_too: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> None:
    """Train on the rows that may be used and are not held out, and write the model file.

    Args:
        rows: From `read_rows`.
        target: Where the file goes.
        version: The model's name, stored with every prediction it makes.
        created_on: The day, for the record.
        unknown_too: Learn from sources that `classifiers.sources` does not name, too.
        seed: Of everything drawn at random.
        progress: Told of every step.

    Raises:
        NotPossible: A label or signal has no row that holds, or none that does not, to learn from or to measure by.
    """
    steps = len(HEADS) + 5
    tell = progress or _silence
    tell(Sentence("Reading the texts"), 0, steps)
    lesson = prepare(rows, unknown_too=unknown_too, seed=seed)
    # Threads of their own would make the sums of matrices differ from run to run in the last digits.
    with threadpool_limits(1):
        tensors, figures = _learn(lesson, lambda doing, done: tell(doing, done, steps), seed=seed)
    about: dict[str, Any] = {
        "version": version,
        "created_on": created_on.isoformat(),
        "heads": [head.value for head in HEADS],
        **figures,
        "sources": _told_sources(lesson),
    }
    write_model(target, tensors, about)
    tell(Sentence("Done"), steps, steps)


def _learn(
    lesson: Lesson, tell: Callable[[Sentence, int], None], *, seed: int
) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """The tensors of a model, and its calibration and thresholds."""
    texts = [row.text for row in lesson.rows]
    matrix = with_sources(to_matrix(texts), lesson)
    every = np.ones(len(lesson.rows), dtype=np.bool_)
    heads: list[Head] = []
    for step, head in enumerate(HEADS, start=1):
        tell(Sentence("Learning {head}", head=head.value), step)
        heads.append(fit_on(matrix, lesson, head, every, seed=seed))
    tell(Sentence("Learning what words mean by the company they keep"), len(HEADS) + 1)
    tables = learn_tables(texts, seed=seed)
    inputs, scale = read_inputs(texts, tables)
    sense = Sense(tables, scale, fit_net_on(inputs, lesson, every, seed=seed))
    tell(Sentence("Measuring on messages left out of the learning"), len(HEADS) + 2)
    linear, net = out_of_fold(matrix, inputs, lesson, folds_of(lesson.rows), seed=seed)
    calibration, thresholds = _set_figures(lesson, linear, net)
    tell(Sentence("Learning how bad offences are"), len(HEADS) + 4)
    details = _fit_details(lesson, seed=seed)
    return (
        {**pack(heads, "heads"), **pack(details, "details"), **pack_sense(sense)},
        {"calibration": calibration, "thresholds": thresholds},
    )


def prepare(rows: Sequence[Row], *, unknown_too: bool = False, seed: int = 0) -> Lesson:
    """Choose and weigh the rows to learn from, never a held-out one, and add those made here.

    Rows are taken in an order that only their text decides, so that the choice is the same on every machine.
    """
    taken: Counter[tuple[str, str, frozenset[Label | Signal]]] = Counter()
    chosen: list[Row] = []
    for row in sorted(rows, key=lambda row: share_of(row, salt="order")):
        source = source_named(row.source)
        kind = (row.source, row.lang, row.holds)
        usable = may_train(row.source, unknown_too=unknown_too) and source.weight > 0 and not is_held_out(row)
        if usable and taken[kind] < source.at_most:
            taken[kind] += 1
            chosen.append(row)
    chance = random.Random(seed)  # noqa: S311 — for variety, not for secrets
    extra = [*_disguised(chosen, chance), *_signs_alone(), *_plain(), *_neutral(seed)]
    every = (*chosen, *extra)
    weight = np.array([source_named(row.source).weight for row in every])
    measures = np.array([source_named(row.source).matches for row in chosen] + [False] * len(extra))
    return Lesson(every, weight, measures)


def _disguised(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """A disguised copy of each of our offensive rows that names an insult."""
    copies = []
    for row in rows:
        if row.is_ours and Label.OFFENSIVE in row.holds:
            text = disguise(row.text, chance)
            if text is not None:
                copies.append(replace(row, text=text, source=_DISGUISED))
    return copies


def _signs_alone() -> list[Row]:
    """Signs by themselves, as comments often are."""
    meaning = dict.fromkeys(SIGNS["glad signs"], Label.PRAISE)
    meaning |= dict.fromkeys(SIGNS["angry signs"], Label.COMPLAINT)
    meaning["🖕"] = Label.OFFENSIVE
    return [
        Row(sign * times, UNDETERMINED, _SIGNS_ALONE, "synthetic", frozenset({label}), frozenset(LABELS))
        for sign, label in meaning.items()
        for times in (1, 3)
    ]


def _plain() -> list[Row]:
    """Everyday sentences; of signals they say nothing."""
    return [
        Row(text, lang, _PLAIN, "synthetic", frozenset(map(Label, labels)), frozenset(LABELS))
        for lang, text, labels in (*plain_lines(), *mixed_lines())
    ]


def _neutral(seed: int) -> list[Row]:
    """Sentences about who people are; they say only that nobody is offended."""
    return [
        Row(text, lang, _NEUTRAL, "synthetic", frozenset(), frozenset({Label.OFFENSIVE}))
        for lang, text in neutral_lines(seed)
    ]


def with_sources(matrix: csr_matrix, lesson: Lesson) -> csr_matrix:
    """The matrix with a column per foreign source and language.

    So that how often a label holds in a collection is not taken for what its texts say; the columns are dropped
    afterwards.
    """
    names = [
        None if row.source in _MADE_HERE or source_named(row.source).matches else (row.source, row.lang)
        for row in lesson.rows
    ]
    order = sorted({name for name in names if name is not None})
    rows = [at for at, name in enumerate(names) if name is not None]
    columns = [order.index(name) for name in names if name is not None]
    marks = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(order)))
    return csr_matrix(hstack([matrix, marks], format="csr"))


def fit_on(
    matrix: csr_matrix, lesson: Lesson, head: Label | Signal, among: NDArray[np.bool_], *, seed: int = 0
) -> Head:
    """Fit one linear head on the rows among those given that determine it.

    Raises:
        NotPossible: No row holds, or all do.
    """
    known = np.array([head in row.known for row in lesson.rows]) & among
    truth = np.array([head in row.holds for row in lesson.rows])[known]
    if truth.all() or not truth.any():
        raise NotPossible(
            Sentence(
                "There is nothing to learn {head} from: the examples must hold it in some texts and not in others.",
                head=head.value,
            )
        )
    return fit_head(matrix[np.flatnonzero(known)], truth, lesson.weight[known], strength=STRENGTH, seed=seed)


def fit_net_on(inputs: NDArray[np.float32], lesson: Lesson, among: NDArray[np.bool_], *, seed: int = 0) -> Net:
    """Fit the net on the rows among those given."""
    rows = np.flatnonzero(among)
    truth = np.array([[head in lesson.rows[at].holds for head in HEADS] for at in rows])
    known = np.array([[head in lesson.rows[at].known for head in HEADS] for at in rows])
    return fit_net(inputs[rows], truth, known, lesson.weight[rows], seed=seed)


def folds_of(rows: Sequence[Row]) -> NDArray[np.intp]:
    """Shape (n_rows,). Which of FOLDS parts each row is in; a trade is never divided, and so each is left out whole."""
    trades = sorted({row.trade for row in rows if row.trade is not None})
    return np.array(
        [
            int(share_of(row, salt="fold") * FOLDS) if row.trade is None else trades.index(row.trade) % FOLDS
            for row in rows
        ]
    )


def out_of_fold(
    matrix: csr_matrix,
    inputs: NDArray[np.float32],
    lesson: Lesson,
    fold: NDArray[np.intp],
    *,
    seed: int = 0,
    heads: Sequence[Label | Signal] = HEADS,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The raw scores of each measuring row, linear and of the net, from models that have not learned from its fold.

    Returns:
        Two arrays of shape (n_rows, len(heads)); nan for other rows.
    """
    linear = np.full((len(lesson.rows), len(heads)), np.nan)
    net = linear.copy()
    places = [HEADS.index(head) for head in heads]

    def judge(part: int, column: int | None) -> None:
        measured = np.flatnonzero(lesson.measures & (fold == part))
        if column is None:
            said = fit_net_on(inputs, lesson, fold != part, seed=seed).score(inputs[measured])
            net[measured] = said[:, places]
        else:
            fitted = fit_on(matrix, lesson, heads[column], fold != part, seed=seed)
            linear[measured, column] = score(fitted, matrix[measured])

    parts = np.unique(fold[lesson.measures]).tolist()
    jobs = [(part, column) for part in parts for column in (None, *range(len(heads)))]
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for done in [workers.submit(judge, *job) for job in jobs]:
            done.result()
    return linear, net


def spared_of(label: Label, rows: Sequence[Row]) -> NDArray[np.bool_]:
    """Shape (n_rows,). Rows that a label shames to be given to: what offends nobody, a complaint taken for praise."""
    if label is Label.OFFENSIVE:
        return np.array([label not in row.holds for row in rows])
    if label is Label.PRAISE:
        return np.array([Label.COMPLAINT in row.holds and label not in row.holds for row in rows])
    return np.zeros(len(rows), dtype=np.bool_)


def _set_figures(
    lesson: Lesson, linear: NDArray[np.float64], net: NDArray[np.float64]
) -> tuple[dict[str, dict[str, list[float]]], dict[str, dict[str, list[float]]]]:
    """Blend and calibrate each head and set its thresholds, per language where there is enough to measure by.

    Returns:
        The calibration, and the thresholds: by language, then by head.
    """
    calibration: dict[str, dict[str, list[float]]] = {kind: {} for kind in (*LANGUAGES, UNDETERMINED)}
    thresholds: dict[str, dict[str, list[float]]] = {kind: {} for kind in calibration}
    langs = np.array([row.lang for row in lesson.rows])
    for column, head in enumerate(HEADS):
        known = np.array([head in row.known for row in lesson.rows]) & lesson.measures
        truth = np.array([head in row.holds for row in lesson.rows])
        if not truth[known].any() or truth[known].all():
            raise NotPossible(
                Sentence(
                    "There is nothing to measure {head} by: of messages like yours, some must hold it and some not.",
                    head=head.value,
                )
            )
        for kind, blends in calibration.items():
            among = known & (langs == kind) if kind != UNDETERMINED else known
            if min(truth[among].sum(), (~truth[among]).sum()) < ENOUGH:
                among = known
            blend = fit_blend(linear[among, column], net[among, column], truth[among])
            blends[head.value] = [round(weight, 6) for weight in (blend.linear, blend.net, blend.offset)]
            if isinstance(head, Label):
                cuts = choose_cuts(
                    blend(linear[among, column], net[among, column]),
                    truth[among],
                    precision=PRECISION[head],
                    missed_at_most=MISSED_AT_MOST,
                    unsure_at_most=UNSURE_AT_MOST,
                    spared=spared_of(head, lesson.rows)[among],
                    alarms_at_most=ALARMS_AT_MOST.get(head, 1.0),
                )
                thresholds[kind][head.value] = [cuts.no_at, cuts.yes_at]
    return calibration, thresholds


def _fit_details(lesson: Lesson, *, seed: int) -> list[Head]:
    """Heads for severity and target, from the offensive rows that tell them."""
    told = [at for at, row in enumerate(lesson.rows) if row.severity is not None and row.target is not None]
    rows = [lesson.rows[at] for at in told]
    truths = [[row.severity is not None and row.severity >= step for row in rows] for step in SEVERITY_STEPS]
    truths += [[row.target is target for row in rows] for target in TARGETS]
    matrix = to_matrix([row.text for row in rows])
    weight = np.ones(len(rows))
    heads = []
    for truth in map(np.array, truths):
        if not truth.any() or truth.all():
            raise NotPossible(
                Sentence("There are too few offensive examples of different severity and target to learn from.")
            )
        heads.append(fit_head(matrix, truth, weight, strength=DETAIL_STRENGTH, seed=seed))
    return heads


def _told_sources(lesson: Lesson) -> list[dict[str, Any]]:
    """The sources learned from, for the record."""
    counted = Counter(row.source for row in lesson.rows)
    return [
        {"name": name, "rows": n, "licence": source_named(name).licence, "credit": source_named(name).credit}
        for name, n in sorted(counted.items())
    ]


def _silence(doing: Sentence, done: int, of: int) -> None:
    """Tell nobody."""
