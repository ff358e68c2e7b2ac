"""How models fare on messages of a kind they never saw: whole sources left out, beside peers that anybody could take.

Random splits flatter, for two halves of one collection are alike. So sources are left out whole, in five folds: a fold
leaves out several public sets and about three trades of our corpora at once, and everything learns from the same rows
of what remains. `make bench-models` runs it.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from classifiers.calibration import ENOUGH, choose_cuts, fit_blend
from classifiers.corpora import Row, corpus_files, read_rows, share_of
from classifiers.evaluate import Baseline, Mixed, Verdicts, mix
from classifiers.functions import is_a_test
from classifiers.heads import HEADS, LABELS, LANGUAGES
from classifiers.learning import score, to_matrix
from classifiers.sense import read_inputs
from classifiers.sources import may_train
from classifiers.train import (
    ALARMS_AT_MOST,
    MISSED_AT_MOST,
    PRECISION,
    UNSURE_AT_MOST,
    Lesson,
    fit_net_on,
    fit_on,
    folds_of,
    out_of_fold,
    prepare,
    spared_of,
    with_sources,
)
from classifiers.vectors import learn_tables
from inbox.model import Label

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROOT = Path(__file__).parents[2]
DATASETS = ROOT.parent / "shared" / "datasets"
FOLDS = 5
FOLD: Mapping[str, int] = {
    "minibar": 0,
    "ftr": 0,
    "davidson": 1,
    "nlupp": 1,
    "tgspam": 1,
    "mlma": 2,
    "purchase_intent": 2,
    "umsab": 3,
    "edos": 3,
    "sms_spam": 3,
    "goemotions": 4,
    "toxic_spans": 4,
}
"""In which fold a public source is left out, by the beginning of its name."""

OURS = "Vigie"
OWN = "our trades"
LEAST = 5
"""With fewer rows that hold a label, or that do not, a source says nothing about it."""

HOW_MANY = {False: 3_000, True: 500}
"""How many rows of one source are asked about, at most; with and without hurry."""

_N_SPACY = {False: 24_000, True: 2_000}


@dataclass(frozen=True, slots=True)
class Fold:
    """What is left out at once, what is learned from, and what is asked."""

    number: int
    lesson: Lesson
    asked: Sequence[Row]
    quick: bool


@dataclass(frozen=True, slots=True)
class Peer:
    """Something that gives scores to texts: nan where it has nothing to say. `learns` tells whether it was trained."""

    name: str
    scores: Callable[[Fold], Floats]
    learns: bool = True


def fold_of(row: Row, trades: Sequence[str]) -> int | None:
    """The fold that leaves a row out; None for what is always learned from, or tried apart."""
    if row.is_ours:
        return trades.index(row.trade) % FOLDS if row.trade in trades else None
    if not may_train(row.source):
        return next((fold for name, fold in FOLD.items() if row.source.startswith(name)), 0)
    return next((fold for name, fold in FOLD.items() if row.source.startswith(name)), None)


def trades_of(rows: Sequence[Row]) -> list[str]:
    """The trades that our corpora name, in a fixed order."""
    return sorted({row.trade for row in rows if row.is_ours and row.trade is not None})


def make_fold(rows: Sequence[Row], number: int, *, quick: bool) -> Fold:
    """Split the rows: what may be learned from and is not left out, and of each source left out the first by hash."""
    trades = trades_of(rows)
    folds = [fold_of(row, trades) for row in rows]
    kept = [row for row, fold in zip(rows, folds, strict=True) if fold != number and may_train(row.source)]
    if quick:
        kept = [row for row in kept if share_of(row, salt="quick") < 0.25]
    left: dict[str, list[Row]] = {}
    for row, fold in zip(rows, folds, strict=True):
        if fold == number and not is_a_test(row):
            left.setdefault(row.source, []).append(row)
    asked = [
        row
        for name in sorted(left)
        for row in sorted(left[name], key=partial(share_of, salt="bench"))[: HOW_MANY[quick]]
    ]
    return Fold(number, prepare(kept), asked, quick)


def scores_left_out(fold: Fold) -> Floats:
    """Shape (n_asked, len(HEADS)). Log odds of the rows left out, by a model that learned from the others; labels only.

    Made as training makes it: linear heads and a net, blended by scores on trades that inner folds leave out.
    """
    lesson = fold.lesson
    texts, asked = [row.text for row in lesson.rows], [row.text for row in fold.asked]
    matrix = with_sources(to_matrix(texts), lesson)
    tables = learn_tables(texts)
    inputs, scale = read_inputs(texts, tables)
    every = np.ones(len(lesson.rows), dtype=np.bool_)
    known = out_of_fold(matrix, inputs, lesson, folds_of(lesson.rows), heads=LABELS)
    asked_matrix = to_matrix(asked)
    net = fit_net_on(inputs, lesson, every).score(read_inputs(asked, tables, scale)[0])
    langs, asked_langs = np.array([row.lang for row in lesson.rows]), np.array([row.lang for row in fold.asked])
    scores = np.full((len(asked), len(HEADS)), np.nan)
    for column, label in enumerate(LABELS):
        linear = score(fit_on(matrix, lesson, label, every), asked_matrix)
        truth = np.array([label in row.holds for row in lesson.rows])
        for lang in LANGUAGES:
            among, here = lesson.measures & (langs == lang), asked_langs == lang
            blend = fit_blend(known[0][among, column], known[1][among, column], truth[among])
            scores[here, column] = to_odds(blend(linear[here], net[here, column].astype(np.float64)))
    return scores


def baseline_scores(fold: Fold) -> Floats:
    """TF-IDF over words and pairs of words with logistic regression."""
    return to_odds(Baseline(fold.lesson.rows).ask(fold.asked).chance)


def vader_scores(fold: Fold) -> Floats:
    """VADER's compound figure, as praise and turned round as complaint; it reads English only."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    reader = SentimentIntensityAnalyzer()
    scores = np.full((len(fold.asked), len(HEADS)), np.nan)
    for at, row in enumerate(fold.asked):
        if row.lang == "en":
            compound = reader.polarity_scores(row.text)["compound"]
            scores[at, HEADS.index(Label.PRAISE)] = compound
            scores[at, HEADS.index(Label.COMPLAINT)] = -compound
    return scores


def profanity_scores(fold: Fold) -> Floats:
    """alt-profanity-check's probability, as offensive; it reads English only."""
    from profanity_check import predict_prob

    scores = np.full((len(fold.asked), len(HEADS)), np.nan)
    english = [at for at, row in enumerate(fold.asked) if row.lang == "en"]
    if english:
        said = predict_prob([fold.asked[at].text for at in english])
        scores[english, HEADS.index(Label.OFFENSIVE)] = to_odds(np.asarray(said, dtype=np.float64))
    return scores


def fasttext_scores(fold: Fold) -> Floats:
    """fastText with pieces of words, one model per label, for rows leave labels open."""
    scores = np.full((len(fold.asked), len(HEADS)), np.nan)
    asked = [_one_line(row.text) for row in fold.asked]
    with TemporaryDirectory() as folder:
        for column, label in enumerate(LABELS):
            file = Path(folder) / f"{label}.txt"
            known = [row for row in fold.lesson.rows if label in row.known]
            lines = [f"__label__{'yes' if label in row.holds else 'no'} {_one_line(row.text)}\n" for row in known]
            file.write_text("".join(lines), encoding="utf-8")
            made = _learn_fasttext(file, epochs=5 if fold.quick else 20)
            for at, text in enumerate(asked):
                # Through the core: the wrapper hands numpy an argument that version 2 refuses.
                by_name = {name: chance for chance, name in made.f.predict(f"{text}\n", 2, 0.0, "strict")}
                scores[at, column] = by_name.get("__label__yes", 0.0)
            scores[:, column] = to_odds(scores[:, column])
    return scores


def _learn_fasttext(file: Path, *, epochs: int) -> Any:
    """Learn one label; where sums overflow, which happens on some sets, again in smaller steps."""
    import fasttext

    for step in (0.3, 0.1, 0.05, 0.02):
        try:
            return fasttext.train_supervised(
                input=str(file), lr=step, epoch=epochs, dim=32, wordNgrams=2, minn=2, maxn=5,
                bucket=200_000, thread=1, seed=0, verbose=0,
            )  # fmt: skip
        except RuntimeError as error:
            trouble = error
    raise trouble


def spacy_scores(fold: Fold, *, ensemble: bool) -> Floats:
    """A blank spaCy pipeline with a multilabel text classifier: a bag of words, and with `ensemble` a small CNN too."""
    import spacy
    from spacy.training import Example
    from thinc.api import fix_random_seed

    fix_random_seed(0)
    bag = {
        "@architectures": "spacy.TextCatBOW.v3",
        "exclusive_classes": False,
        "ngram_size": 2,
        "length": 262144,
        "no_output_layer": False,
    }
    reader = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {"@architectures": "spacy.MultiHashEmbed.v2", "width": 48, "attrs": ["NORM", "PREFIX", "SUFFIX"],
                  "rows": [2000, 500, 1000], "include_static_vectors": False},
        "encode": {"@architectures": "spacy.MaxoutWindowEncoder.v2", "width": 48, "window_size": 1, "maxout_pieces": 2,
                   "depth": 1},
    }  # fmt: skip
    both = {"@architectures": "spacy.TextCatEnsemble.v2", "linear_model": bag, "tok2vec": reader}
    pipeline = spacy.blank("xx")
    pipeline.add_pipe("textcat_multilabel", config={"model": both if ensemble else bag})
    # The CNN is slow on two cores, so it learns from a part: ours first, then the others by hash.
    rows = sorted(fold.lesson.rows, key=lambda row: (not row.is_ours, share_of(row, salt="spacy")))
    rows = rows[: _N_SPACY[fold.quick]] if ensemble or fold.quick else rows
    examples = [
        Example.from_dict(
            pipeline.make_doc(row.text),
            {"cats": {label: float(label in row.holds) for label in LABELS if label in row.known}},
        )
        for row in rows
    ]
    full = [one for one, row in zip(examples, rows, strict=True) if row.known.issuperset(LABELS)]
    optimizer = pipeline.initialize(lambda: full[:500])
    order = np.random.default_rng(0)
    for _ in range(3 if ensemble else 5):
        order.shuffle(examples)
        for at in range(0, len(examples), 128):
            pipeline.update(examples[at : at + 128], sgd=optimizer, drop=0.1)
    scores = np.full((len(fold.asked), len(HEADS)), np.nan)
    for at, made in enumerate(pipeline.pipe([row.text for row in fold.asked], batch_size=256)):
        scores[at, : len(LABELS)] = [made.cats[label] for label in LABELS]
    return to_odds(scores)


PEERS = (
    Peer(OURS, scores_left_out),
    Peer("TF-IDF + logistic regression", baseline_scores),
    Peer("fastText", fasttext_scores),
    Peer("spaCy, bag of words", partial(spacy_scores, ensemble=False)),
    Peer("spaCy, bag and CNN", partial(spacy_scores, ensemble=True)),
    Peer("VADER", vader_scores, learns=False),
    Peer("alt-profanity-check", profanity_scores, learns=False),
)


def to_odds(chance: Floats) -> Floats:
    """Log odds, so that every model can be calibrated alike."""
    held = np.clip(chance, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(held / (1 - held)), dtype=np.float64)


def _one_line(text: str) -> str:
    return " ".join(text.lower().split())


@dataclass(frozen=True, slots=True)
class Area:
    """The ROC-AUC of every model on one label, in one language, of one source, and on how many rows."""

    label: Label
    lang: str
    source: str
    n: int
    positives: int
    by_model: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Acts:
    """What a model would do with thresholds set like ours, on trades it never saw."""

    precision: Mapping[tuple[Label, str], float]
    recall: Mapping[tuple[Label, str], float]
    unsure: Mapping[str, float]
    mixes: Sequence[Mixed]


def areas(folds: Sequence[Fold], told: Mapping[str, Sequence[Floats]]) -> Iterator[Area]:
    """Per label, language and source with enough rows either way; our trades count per fold, then together."""
    for column, label in enumerate(LABELS):
        groups: dict[tuple[str, str], list[tuple[int, NDArray[np.intp]]]] = {}
        for place, fold in enumerate(folds):
            for (lang, source), rows in _groups(fold.asked, label).items():
                truth = np.array([label in fold.asked[at].holds for at in rows])
                if min(truth.sum(), (~truth).sum()) >= LEAST:
                    groups.setdefault((lang, source), []).append((place, np.array(rows)))
        for (lang, source), parts in sorted(groups.items()):
            truths = [np.array([label in folds[place].asked[at].holds for at in rows]) for place, rows in parts]
            by_model = {}
            for name, scores in told.items():
                said = [scores[place][rows, column] for place, rows in parts]
                if not any(np.isnan(one).any() for one in said):
                    pairs = zip(truths, said, strict=True)
                    by_model[name] = float(np.mean([roc_auc_score(truth, one) for truth, one in pairs]))
            n, positives = sum(map(len, truths)), int(sum(truth.sum() for truth in truths))
            yield Area(label, lang, source, n, positives, by_model)


def _groups(rows: Sequence[Row], label: Label) -> dict[tuple[str, str], list[int]]:
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(rows):
        if label in row.known:
            groups.setdefault((row.lang, OWN if row.is_ours else row.source), []).append(at)
    return groups


def acts(folds: Sequence[Fold], scores: Sequence[Floats]) -> Acts:
    """Calibrate and set thresholds as training does, each fold's from the rows of the other folds; then count."""
    rows = [row for fold in folds for row in fold.asked if row.is_ours]
    number = np.array([fold.number for fold in folds for row in fold.asked if row.is_ours])
    ours = [[row.is_ours for row in fold.asked] for fold in folds]
    raw = np.concatenate([part[np.array(mask, dtype=np.bool_)] for part, mask in zip(scores, ours, strict=True)])
    langs = np.array([row.lang for row in rows])
    chance, holds, unsure = np.zeros(raw.shape), np.zeros(raw.shape, np.bool_), np.zeros(raw.shape, np.bool_)
    for column, label in enumerate(LABELS):
        truth = np.array([label in row.holds for row in rows])
        for lang in LANGUAGES:
            for fold in sorted(set(number.tolist())):
                here, others = (langs == lang) & (number == fold), (langs == lang) & (number != fold)
                if min(truth[others].sum(), (~truth[others]).sum()) < ENOUGH:
                    continue
                scaling = LogisticRegression(C=10.0).fit(raw[others, column, None], truth[others])
                among, given = (scaling.predict_proba(raw[which, column, None])[:, 1] for which in (others, here))
                cuts = choose_cuts(
                    among,
                    truth[others],
                    precision=PRECISION[label],
                    missed_at_most=MISSED_AT_MOST,
                    unsure_at_most=UNSURE_AT_MOST,
                    spared=spared_of(label, rows)[others],
                    alarms_at_most=ALARMS_AT_MOST.get(label, 1.0),
                )
                chance[here, column] = given
                holds[here, column] = given >= cuts.yes_at
                unsure[here, column] = (given > cuts.no_at) & (given < cuts.yes_at)
    pairs = [(label, lang) for label in LABELS for lang in LANGUAGES]
    right = {pair: _right(pair, rows, langs, holds) for pair in pairs}
    return Acts(
        {pair: hit / said if said else float("nan") for pair, (hit, said, _) in right.items()},
        {pair: hit / true if true else float("nan") for pair, (hit, _, true) in right.items()},
        {lang: float(unsure[langs == lang].any(axis=1).mean()) for lang in LANGUAGES},
        mix(Verdicts(chance, holds, unsure), rows),
    )


def _right(pair: tuple[Label, str], rows: Sequence[Row], langs: NDArray[np.str_], holds: Bools) -> tuple[int, int, int]:
    label, lang = pair
    truth = np.array([label in row.holds for row in rows])[langs == lang]
    said = holds[langs == lang, LABELS.index(label)]
    return int((truth & said).sum()), int(said.sum()), int(truth.sum())


def page(folds: Sequence[Fold], told: Mapping[str, Sequence[Floats]], took_s: Mapping[str, float]) -> str:
    """Everything as Markdown."""
    found = list(areas(folds, told))
    names = list(told)
    lines = [
        "# Models on sources they never saw",
        "",
        f"Made by `make bench-models` on {datetime.now(UTC):%Y-%m-%d}; do not edit. "
        + (f"**A quick run over {len(folds)} of {FOLDS} folds: figures are rough.** " if folds[0].quick else "")
        + "Whole sources and about three trades of our corpora are left out at a time; everything that learns does so "
        f"from the same {len(folds[0].lesson.rows):,} rows or so of what remains.",
        "",
        ", ".join(f"{name} {version(name)}" for name in _packages()) + ".",
        "",
        "## Mean ROC-AUC over sources, per label and language",
        "",
        f"Our own trades count together as one source. At least {LEAST} rows either way; chance is 0.50. VADER and "
        "alt-profanity-check come trained, read English only, and may have seen a source here.",
        "",
        *_table(["label", "language", "sources", *names], _means(found, names)),
        "",
        "## Acting, on trades never seen",
        "",
        "Calibrated and given thresholds the way training does it, from the rows of the other folds; precision asked "
        f"for {PRECISION[Label.COMPLAINT]:.2f}, offensive {PRECISION[Label.OFFENSIVE]:.2f}. Precision / recall of what "
        "is labelled; the mix is 40 % other, 25 % complaint, 20 % praise, 10 % leads, 5 % offensive.",
        "",
        *_acting(folds, told),
        "",
        "## ROC-AUC, source by source",
        "",
        *_table(
            ["label", "language", "source", "n", "hold", *names],
            [
                [one.label, one.lang, one.source, f"{one.n:,}", f"{one.positives:,}", *_best(one.by_model, names)]
                for one in found
            ],
        ),
        "",
        "## Seconds, all folds, learning and asking",
        "",
        *_table(["model", "seconds"], [[name, f"{took_s[name]:.0f}"] for name in names]),
        "",
    ]
    return "\n".join(lines)


def _means(found: Sequence[Area], names: Sequence[str]) -> list[list[str]]:
    rows = []
    for label in LABELS:
        for lang in LANGUAGES:
            those = [one for one in found if (one.label, one.lang) == (label, lang)]
            means = {
                name: float(np.mean([one.by_model[name] for one in those]))
                for name in names
                if those and all(name in one.by_model for one in those)
            }
            rows.append([label.value, lang, str(len(those)), *_best(means, names)])
    return rows


def _acting(folds: Sequence[Fold], told: Mapping[str, Sequence[Floats]]) -> list[str]:
    learned = [peer.name for peer in PEERS if peer.learns and peer.name in told]
    done = {name: acts(folds, told[name]) for name in learned}
    rows = [
        [
            f"{label}, {lang}",
            *(_pair(done[name].precision[label, lang], done[name].recall[label, lang]) for name in learned),
        ]
        for label in LABELS
        for lang in LANGUAGES
    ]
    for lang in sorted(LANGUAGES):
        rows.append([f"any label unsure, {lang}", *(f"{done[name].unsure[lang]:.0%}" for name in learned)])
        rates = [{one.lang: one for one in done[name].mixes}.get(lang) for name in learned]
        rows.append(
            [
                f"wrongly offensive per 1,000, {lang}",
                *(f"{one.wrongly_offensive_per_1000:.1f}" if one else "" for one in rates),
            ]
        )
        rows.append(
            [
                f"complaints called praise per 200, {lang}",
                *(f"{one.complaints_as_praise_per_200:.1f}" if one else "" for one in rates),
            ]
        )
    return _table(["", *learned], rows)


def _pair(precision: float, recall: float) -> str:
    """Both figures; a model that labels nothing has no precision."""
    return f"{'–' if np.isnan(precision) else f'{precision:.2f}'} / {recall:.2f}"


def _best(figures: Mapping[str, float], names: Sequence[str]) -> list[str]:
    most = max(figures.values(), default=0.0)
    shown = {name: f"{figure:.3f}" for name, figure in figures.items()}
    return [
        f"**{shown[name]}**" if name in figures and figures[name] >= most - 5e-4 else shown.get(name, "")
        for name in names
    ]


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    rule = "|".join("---" if at == 0 else "---:" for at in range(len(columns)))
    return [f"| {' | '.join(columns)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in rows)]


def _packages() -> list[str]:
    wanted = ("scikit-learn", "fasttext-numpy2", "spacy", "vadersentiment", "alt-profanity-check")
    found = []
    for name in wanted:
        try:
            version(name)
        except ModuleNotFoundError:
            continue
        found.append(name)
    return found


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def main() -> None:
    """Leave out, learn, ask, and write the page."""
    asked = argparse.ArgumentParser(prog="make bench-models BENCH_ARGS=…", description=__doc__)
    asked.add_argument("--datasets", type=Path, default=DATASETS if DATASETS.is_dir() else None)
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "decisions" / "0008-models-measured.md")
    asked.add_argument("--quick", action="store_true", help="two folds, few rows: whether it works, not how well")
    wanted = asked.parse_args()
    warnings.simplefilter("ignore")
    files = corpus_files(ROOT / "data" / "corpora") + (corpus_files(wanted.datasets) if wanted.datasets else [])
    rows = read_rows(files)
    folds: list[Fold] = []
    told: dict[str, list[Floats]] = {}
    took_s: dict[str, float] = {}
    peers = list(PEERS)
    for number in range(2 if wanted.quick else FOLDS):
        folds.append(make_fold(rows, number, quick=wanted.quick))
        _say(f"fold {number}: {len(folds[-1].lesson.rows):,} rows to learn from, {len(folds[-1].asked):,} asked")
        for peer in list(peers):
            began = perf_counter()
            try:
                told.setdefault(peer.name, []).append(peer.scores(folds[-1]))
            except ModuleNotFoundError as error:
                _say(f"  {peer.name}: {error}; left out")
                peers.remove(peer)
                told.pop(peer.name, None)
                continue
            took_s[peer.name] = took_s.get(peer.name, 0.0) + perf_counter() - began
            _say(f"  {peer.name}: {perf_counter() - began:.0f} s")
    wanted.out.write_text(page(folds, told, took_s), encoding="utf-8")
    _say(f"written: {wanted.out}")


if __name__ == "__main__":
    main()
