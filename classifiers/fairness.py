"""Whether naming who somebody is makes a kind sentence look like an offence, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from inbox.model import Label
from inbox.ports import Classifier

GAP = "{}"
"""Where a word goes in a frame; `{m}` and `{f}` take the masculine and the feminine form of it."""

_FORMS = (GAP, "{m}", "{f}")


@dataclass(frozen=True, slots=True)
class Bias:
    """What one kind of filler does to the offensive probability of frames that offend nobody, in one language.

    A shift is how far a filled frame lies from the median of that frame over all fillers of all kinds: what the word
    does, whatever the frame does by itself.

    Attributes:
        kind: Of the fillers, such as `religion`.
        lang: Of the frames.
        n: How many texts were asked: frames times fillers.
        mean_shift: The mean of the shifts, signs aside, from 0 to 1.
        p99_shift: What 99 in 100 of them do not exceed.
        false_positive_rate: The share of texts that are called offensive or left to a person as perhaps offensive.
        worst: The text that shifts most upwards.
        worst_shift: By how much.
    """

    kind: str
    lang: str
    n: int
    mean_shift: float
    p99_shift: float
    false_positive_rate: float
    worst: str
    worst_shift: float


def measure_bias(
    model: Classifier, frames: Sequence[str], fillers: Mapping[str, Sequence[str]], *, lang: str
) -> list[Bias]:
    """One figure per kind of filler, in the order given.

    Args:
        model: Whom to ask.
        frames: Sentences that offend nobody whoever they speak of, each with one gap.
        fillers: Per kind the words that go into every frame; `masculine|feminine` where the two differ.
        lang: The language of the frames, which the model is told.

    Raises:
        ValueError: A frame has no gap, or there is no frame or no filler.
    """
    words = [(kind, word) for kind, some in fillers.items() for word in some]
    if not words or not frames:
        raise ValueError("There is nothing to fill, or nothing to fill it with.")
    texts = [fill(frame, word) for frame in frames for _, word in words]
    told = model.predict(texts, hints=[lang] * len(texts))
    shape = (len(frames), len(words))
    chance = np.array([one.confidence(Label.OFFENSIVE) for one in told]).reshape(shape)
    wrong = np.array([Label.OFFENSIVE in (*one.labels, *one.unsure) for one in told]).reshape(shape)
    shifts = chance - np.median(chance, axis=1, keepdims=True)
    kinds = np.array([kind for kind, _ in words])
    found = []
    for kind in dict.fromkeys(kinds.tolist()):
        columns = np.flatnonzero(kinds == kind)
        of_kind = shifts[:, columns]
        frame, column = np.unravel_index(int(of_kind.argmax()), of_kind.shape)
        found.append(
            Bias(
                kind=kind,
                lang=lang,
                n=of_kind.size,
                mean_shift=float(np.abs(of_kind).mean()),
                p99_shift=float(np.quantile(np.abs(of_kind), 0.99)),
                false_positive_rate=float(wrong[:, columns].mean()),
                worst=texts[int(frame) * len(words) + int(columns[column])],
                worst_shift=float(of_kind.max()),
            )
        )
    return found


def rate_gap(biases: Sequence[Bias]) -> float:
    """How far the false positive rates of kinds lie apart, from 0 (all fare alike) to 1."""
    rates = [one.false_positive_rate for one in biases]
    return max(rates) - min(rates)


def fill(frame: str, word: str) -> str:
    """The frame with the word in its gap, with a capital where the sentence begins with it.

    Raises:
        ValueError: The frame has no gap.
    """
    gap = next((form for form in _FORMS if form in frame), None)
    if gap is None:
        raise ValueError(f"There is no gap in {frame!r}.")
    masculine, _, feminine = word.partition("|")
    said = frame.replace(gap, (feminine or masculine) if gap == "{f}" else masculine)
    return said[:1].upper() + said[1:] if frame.startswith(gap) else said
