"""The model that ships with Vigie: text in, labels with confidence out, unsure where it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.features import Features, read_features
from classifiers.heads import HEADS, LABELS, LANGUAGES, SIGNALS, Cuts, logistic
from classifiers.language import Languages, identify
from classifiers.model_file import ModelFile, read_model
from classifiers.reasons import MOST, find_candidates
from classifiers.weights import unpack
from inbox.model import UNDETERMINED, Label, Prediction, Severity, Target

STARTER = Path(__file__).parent / "starter" / "starter-2026.11.safetensors"

SEVERITY_STEPS = tuple(Severity)[1:]
"""One detail head for each severity above the least: whether an offence is at least that bad."""

TARGETS = tuple(Target)
"""One detail head for each target, after those of severity."""

_BATCH = 512
_BATCH_LETTERS = 200_000
_OFFENSIVE = LABELS.index(Label.OFFENSIVE)

Bools = NDArray[np.bool_]


class StarterModel:
    """Hashed pieces of words and a few word lists, a weight for each per label. An `inbox.ports.Classifier`."""

    def __init__(self, file: ModelFile) -> None:
        """Take a model file as `read_model` gives it."""
        self.about: Mapping[str, Any] = file.about
        self._heads = unpack(file.tensors, "heads")
        self._details = unpack(file.tensors, "details")
        scaling = file.about["calibration"]
        self._kinds = (*LANGUAGES, UNDETERMINED)
        self._slope = np.array([[scaling[kind][head][0] for head in HEADS] for kind in self._kinds])
        self._offset = np.array([[scaling[kind][head][1] for head in HEADS] for kind in self._kinds])
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
        suggested: Sequence[str | None] = [None] * len(texts) if hints is None else hints
        return [
            prediction
            for batch in _batches(texts)
            for prediction in self._predict(list(texts[batch]), list(suggested[batch]), explain=explain)
        ]

    def _predict(self, texts: list[str], hints: list[str | None], *, explain: bool) -> list[Prediction]:
        features = read_features(texts)
        languages = identify(features, hints)
        kinds = self._kinds_of(languages)
        chance = self._chance(features, kinds)
        holds, unsure = self._judge(chance[:, : len(LABELS)], kinds, np.array(languages.known))
        offence = self._describe(texts, np.flatnonzero((holds | unsure)[:, _OFFENSIVE] & languages.known).tolist())
        wanted = (holds | unsure) & np.array(languages.known)[:, None]
        reasons = self._explain(texts, hints, features, wanted, chance) if explain else {}
        return [
            Prediction(
                labels=_named(yes),
                unsure=_named(doubt),
                scores=dict(zip(LABELS, row, strict=False)),
                signals=dict(zip(SIGNALS, row[len(LABELS) :], strict=True)),
                lang=lang,
                lang_known=known,
                model=self._version,
                severity=offence[at][0] if at in offence else None,
                target=offence[at][1] if at in offence else None,
                reasons=reasons.get(at, {}),
            )
            for at, (row, yes, doubt, lang, known) in enumerate(
                zip(chance.tolist(), holds.tolist(), unsure.tolist(), *languages, strict=True)
            )
        ]

    def _kinds_of(self, languages: Languages) -> list[int]:
        """Per text which calibration and thresholds are its own: a served language's, or those of all together."""
        return [LANGUAGES.index(code) if code in LANGUAGES else len(LANGUAGES) for code in languages.codes]

    def _chance(self, features: Features, kind: list[int]) -> NDArray[np.float64]:
        """Shape (n_texts, len(HEADS)). Probabilities; nought for texts without a word or a sign."""
        chance = logistic(self._heads.score(features) * self._slope[kind] + self._offset[kind])
        # Without letters only signs that speak for a label are heard.
        chance[~features.has_letters & ~features.has_feeling, : len(LABELS)] = 0.0
        chance[features.n_words == 0] = 0.0
        return chance

    def _judge(self, chance: NDArray[np.float64], kinds: list[int], known: Bools) -> tuple[Bools, Bools]:
        """Which labels hold and which are unsure, each of shape (n_texts, len(LABELS)).

        In a language the model does not serve none holds and all are unsure.
        """
        holds = (chance >= self._yes_at[kinds]) & known[:, None]
        unsure = (chance > self._no_at[kinds]) & (chance < self._yes_at[kinds]) | ~known[:, None]
        return holds, unsure

    def _describe(self, texts: list[str], rude: list[int]) -> dict[int, tuple[Severity, Target]]:
        """How bad each offence is, and whom it is aimed at."""
        if not rude:
            return {}
        scores = self._details.score(read_features([texts[at] for at in rude]))
        steps = (scores[:, : len(SEVERITY_STEPS)] > 0).sum(axis=1).tolist()
        targets = scores[:, len(SEVERITY_STEPS) :].argmax(axis=1).tolist()
        severities = tuple(Severity)
        return {at: (severities[step], TARGETS[aim]) for at, step, aim in zip(rude, steps, targets, strict=True)}

    def _explain(
        self,
        texts: list[str],
        hints: list[str | None],
        features: Features,
        wanted: Bools,
        chance: NDArray[np.float64],
    ) -> dict[int, dict[Label, tuple[str, ...]]]:
        """Per text and label up to three pieces of the text; without each of them the label's score is lower.

        Words that brought most are tried by leaving them out, so that a reason is one in fact. Where no single piece
        will do, the whole text is the reason.
        """
        asked: list[tuple[int, int]] = [(int(at), int(head)) for at, head in np.argwhere(wanted)]
        if not asked:
            return {}
        candidates = find_candidates(texts, features, self._heads.score_words(features), asked)
        without = [texts[one.text].replace(one.piece, "") for one in candidates]
        left = self._scores_of(without, [hints[one.text] for one in candidates])
        drops: dict[tuple[int, int], list[tuple[float, str]]] = {pair: [] for pair in asked}
        for one, row in zip(candidates, left, strict=True):
            drop = float(chance[one.text, one.head] - row[one.head])
            if drop > 0:
                drops[one.text, one.head].append((drop, one.piece))
        reasons: dict[int, dict[Label, tuple[str, ...]]] = {}
        for (at, head), found in drops.items():
            found.sort(key=lambda pair: -pair[0])
            pieces = tuple(dict.fromkeys(piece for _, piece in found))[:MOST] or (texts[at].strip(),)
            reasons.setdefault(at, {})[LABELS[head]] = pieces
        return reasons

    def _scores_of(self, texts: list[str], hints: list[str | None]) -> list[list[float]]:
        rows: list[list[float]] = []
        for batch in _batches(texts):
            features = read_features(texts[batch])
            rows.extend(self._chance(features, self._kinds_of(identify(features, hints[batch]))).tolist())
        return rows


def load_model(path: Path | None = None) -> StarterModel:
    """Load a model file; None loads the one that ships with Vigie.

    Raises:
        ModelTrouble: The file is missing, damaged, changed since it was written, or of another format.
    """
    return StarterModel(read_model(path or STARTER))


def _named(holds: list[bool]) -> tuple[Label, ...]:
    """The labels of a row of truths."""
    return tuple(compress(LABELS, holds)) if True in holds else ()


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
