"""The model that ships with Vigie: text in, labels with confidence out, unsure where it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.heads import HEADS, LABELS, LANGUAGES, SIGNALS, Cuts, logistic
from classifiers.language import CODES, identify
from classifiers.model_file import ModelFile, read_model
from classifiers.reading import Reading, read_texts, read_words
from classifiers.reasons import MOST, find_candidates
from classifiers.sense import unpack_sense
from classifiers.weights import unpack
from inbox.model import UNDETERMINED, Label, Prediction, Severity, Target

STARTER = Path(__file__).parent / "starter" / "starter-2026.12.safetensors"

SEVERITY_STEPS = tuple(Severity)[1:]
"""One detail head for each severity above the least: whether an offence is at least that bad."""

TARGETS = tuple(Target)
"""One detail head for each target, after those of severity."""

_BATCH = 1024
_BATCH_LETTERS = 200_000
_OFFENSIVE = LABELS.index(Label.OFFENSIVE)
_BITS = 1 << np.arange(len(LABELS))
_NAMED = [tuple(label for at, label in enumerate(LABELS) if bits >> at & 1) for bits in range(1 << len(LABELS))]
"""The labels of each row of truths, read as bits."""

_SEVERITIES = (*Severity, None)
_TARGETS = (*Target, None)
_NO_REASONS: Mapping[Label, tuple[str, ...]] = MappingProxyType({})

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Scores:
    """What the model thinks of n texts, in columns.

    Attributes:
        chance: Shape (n, len(HEADS)). Probabilities, those of labels first.
        holds: Shape (n, len(LABELS)). Which labels hold.
        unsure: Shape (n, len(LABELS)). Which are left to a person.
        language: Shape (n,). Of each text the place of its language in `language.CODES`.
        known: Shape (n,). Whether the model may judge a text in that language.
        severity: Shape (n,). The place in Severity; -1 where the text is no offence.
        target: Shape (n,). The place in Target, likewise.
    """

    chance: NDArray[np.float64]
    holds: Bools
    unsure: Bools
    language: NDArray[np.intp]
    known: Bools
    severity: NDArray[np.intp]
    target: NDArray[np.intp]


class StarterModel:
    """Weights for hashed pieces of words and word lists, blended with a small net. An `inbox.ports.Classifier`."""

    def __init__(self, file: ModelFile) -> None:
        """Take a model file as `read_model` gives it."""
        self.about: Mapping[str, Any] = file.about
        self._weights = unpack(file.tensors, "heads", "details")
        self._sense = unpack_sense(file.tensors)
        scaling = file.about["calibration"]
        self._kinds = (*LANGUAGES, UNDETERMINED)
        blends = np.array([[scaling[kind][head] for head in HEADS] for kind in self._kinds])
        self._of_linear, self._of_net, self._offset = np.moveaxis(blends, -1, 0)
        thresholds = file.about["thresholds"]
        self._no_at = np.array([[thresholds[kind][label][0] for label in LABELS] for kind in self._kinds])
        self._yes_at = np.array([[thresholds[kind][label][1] for label in LABELS] for kind in self._kinds])
        self._version = str(file.about["version"])

    @property
    def version(self) -> str:
        """The name of the model, as stored with every prediction."""
        return self._version

    def cuts(self, lang: str) -> Mapping[Label, Cuts]:
        """The two thresholds of each label in a language, `und` for texts without letters."""
        at = self._kinds.index(lang)
        pairs = zip(self._no_at[at].tolist(), self._yes_at[at].tolist(), strict=True)
        return {label: Cuts(*pair) for label, pair in zip(LABELS, pairs, strict=True)}

    def predict(
        self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None, explain: bool = False
    ) -> list[Prediction]:
        """One prediction per text, in order. Any string will do.

        Args:
            texts: As written.
            hints: Per text the language its channel or contact suggests, as `fr` or `fr-CA`.
            explain: Fill `reasons` for the labels that hold or are unsure; none where the language is not known.
        """
        predictions: list[Prediction] = []
        for batch in _batches(texts):
            said, suggested = list(texts[batch]), None if hints is None else list(hints[batch])
            reading = self._read(said)
            scores = self._score(reading, suggested)
            reasons = self._explain(said, suggested, reading, scores) if explain else {}
            predictions += self._to_predictions(scores, reasons)
        return predictions

    def score(self, texts: Sequence[str], *, hints: Sequence[str | None] | None = None) -> Scores:
        """The same as `predict` without reasons, in columns: for whoever reads many texts and wants no objects."""
        scored = [
            self._score(self._read(texts[batch]), None if hints is None else hints[batch]) for batch in _batches(texts)
        ] or [self._score(self._read([]), None)]
        columns = ([getattr(part, field.name) for part in scored] for field in fields(Scores))
        return Scores(*map(np.concatenate, columns))

    def _read(self, texts: Sequence[str]) -> Reading:
        return read_texts(texts, self._weights.buckets, self._sense.tables)

    def _score(self, reading: Reading, hints: Sequence[str | None] | None) -> Scores:
        languages = identify(reading, hints)
        odds = self._weights.score(reading)
        kinds = np.minimum(languages.rows, len(LANGUAGES))
        chance = self._chance(odds[:, : len(HEADS)], reading, kinds)
        holds, unsure = self._judge(chance[:, : len(LABELS)], kinds, languages.known)
        severity, target = _describe(odds[:, len(HEADS) :])
        rude = (holds | unsure)[:, _OFFENSIVE] & languages.known
        return Scores(
            chance=chance,
            holds=holds,
            unsure=unsure,
            language=languages.rows,
            known=languages.known,
            severity=np.where(rude, severity, -1),
            target=np.where(rude, target, -1),
        )

    def _chance(self, odds: NDArray[np.float64], reading: Reading, kinds: NDArray[np.intp]) -> NDArray[np.float64]:
        """Shape (n_texts, len(HEADS)). Probabilities; nought for texts without a word or a sign.

        Args:
            odds: Shape (n_texts, len(HEADS)). Of each linear head.
            reading: Of the texts.
            kinds: Shape (n_texts,). Which calibration is their own: a served language's, or that of all together.
        """
        second = self._sense.score(reading)
        chance = logistic(odds * self._of_linear[kinds] + second * self._of_net[kinds] + self._offset[kinds])
        # Without letters only signs that speak for a label are heard.
        chance[~reading.has_letters & ~reading.has_feeling, : len(LABELS)] = 0.0
        chance[reading.n_words == 0] = 0.0
        return chance

    def _judge(self, chance: NDArray[np.float64], kinds: NDArray[np.intp], known: Bools) -> tuple[Bools, Bools]:
        """Which labels hold and which are unsure, each of shape (n_texts, len(LABELS)).

        In a language the model does not serve none holds and all are unsure.
        """
        holds = (chance >= self._yes_at[kinds]) & known[:, None]
        unsure = (chance > self._no_at[kinds]) & (chance < self._yes_at[kinds]) | ~known[:, None]
        return holds, unsure

    def _to_predictions(
        self, scores: Scores, reasons: Mapping[int, Mapping[Label, tuple[str, ...]]]
    ) -> list[Prediction]:
        rows = zip(
            (scores.holds @ _BITS).tolist(),
            (scores.unsure @ _BITS).tolist(),
            scores.chance.tolist(),
            scores.language.tolist(),
            scores.known.tolist(),
            scores.severity.tolist(),
            scores.target.tolist(),
            strict=True,
        )
        return [
            Prediction(
                _NAMED[yes],
                _NAMED[doubt],
                dict(zip(LABELS, chance, strict=False)),
                dict(zip(SIGNALS, chance[len(LABELS) :], strict=True)),
                CODES[language],
                known,
                self._version,
                _SEVERITIES[severity],
                _TARGETS[target],
                reasons.get(at, _NO_REASONS),
            )
            for at, (yes, doubt, chance, language, known, severity, target) in enumerate(rows)
        ]

    def _explain(
        self, texts: list[str], hints: list[str | None] | None, reading: Reading, scores: Scores
    ) -> dict[int, dict[Label, tuple[str, ...]]]:
        """Per text and label up to three pieces of the text; without each of them the label's score is lower.

        Words that brought most are tried by leaving them out, so that a reason is one in fact. Where no single piece
        will do, the whole text is the reason.
        """
        wanted = np.argwhere((scores.holds | scores.unsure) & scores.known[:, None])
        asked: list[tuple[int, int]] = [(int(at), int(head)) for at, head in wanted]
        if not asked:
            return {}
        words = read_words(texts, reading, self._weights.buckets)
        candidates = find_candidates(texts, words, self._weights.score_words(words, reading), asked)
        without = [texts[one.text].replace(one.piece, "") for one in candidates]
        left = self.score(without, hints=None if hints is None else [hints[one.text] for one in candidates])
        drops: dict[tuple[int, int], list[tuple[float, str]]] = {pair: [] for pair in asked}
        for one, row in zip(candidates, left.chance, strict=True):
            drop = float(scores.chance[one.text, one.head] - row[one.head])
            if drop > 0:
                drops[one.text, one.head].append((drop, one.piece))
        reasons: dict[int, dict[Label, tuple[str, ...]]] = {}
        for (at, head), found in drops.items():
            found.sort(key=lambda pair: -pair[0])
            pieces = tuple(dict.fromkeys(piece for _, piece in found))[:MOST] or (texts[at].strip(),)
            reasons.setdefault(at, {})[LABELS[head]] = pieces
        return reasons


def load_model(path: Path | None = None) -> StarterModel:
    """Load a model file; None loads the one that ships with Vigie.

    Raises:
        ModelTrouble: The file is missing, damaged, changed since it was written, or of another format.
    """
    return StarterModel(read_model(path or STARTER))


def _describe(odds: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """How bad an offence each text would be and whom it would be aimed at, from the odds of the detail heads."""
    steps = odds[:, : len(SEVERITY_STEPS)] > 0
    aims = odds[:, len(SEVERITY_STEPS) : len(SEVERITY_STEPS) + len(TARGETS)]
    return steps.sum(axis=1), aims.argmax(axis=1)


def _batches(texts: Sequence[str]) -> Iterator[slice]:
    """Slices of at most _BATCH texts and, long single texts aside, of at most _BATCH_LETTERS characters."""
    start = letters = 0
    for at, text in enumerate(texts):
        if at > start and (at - start >= _BATCH or letters + len(text) > _BATCH_LETTERS):
            yield slice(start, at)
            start, letters = at, 0
        letters += len(text)
    if start < len(texts):
        yield slice(start, len(texts))
