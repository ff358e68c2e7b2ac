"""Any bytes, read as messages: the shipped model answers within bounds, and alone as in any batch.

    python -m pip install atheris
    nice python -m tests.fuzz.classify -max_total_time=600 -max_len=400 -len_control=0

Options are libFuzzer's. A finding is written to a file named crash-…; give that file as an argument to see it again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import atheris  # type: ignore[import-untyped,import-not-found,unused-ignore]  # there for `make fuzz` only

with atheris.instrument_imports(include=["classifiers", "inbox"]):
    from classifiers.model import load_model

CORPORA = Path(__file__).parents[2] / "data" / "corpora"
HINTS = (None, "fr", "en", "de", "", "fr-CA")
MOST_TEXTS = 6

MODEL = load_model()
SAID = [
    json.loads(line)["text"]
    for path in sorted(CORPORA.glob("*.jsonl"))
    for line in path.read_text("utf-8").splitlines()[::7]
]
"""What people really write, for the bytes to cut into."""


def to_texts(data: atheris.FuzzedDataProvider) -> tuple[list[str], list[str | None]]:
    """A few messages, each with what its channel says of its language."""
    texts, hints = [], []
    for _ in range(data.ConsumeIntInRange(1, MOST_TEXTS)):
        how = data.ConsumeIntInRange(0, 3)
        length = data.ConsumeIntInRange(0, 120)
        if how == 0:
            text = data.ConsumeUnicode(length)  # lone surrogates included
        elif how == 1:
            text = data.ConsumeBytes(length).decode("utf-8", "replace")
        else:
            said = data.PickValueInList(SAID)
            at = data.ConsumeIntInRange(0, len(said))
            text = said[:at] + data.ConsumeUnicode(length % 12) + (said[at:] if how == 2 else "")
        texts.append(text * data.ConsumeIntInRange(1, 3))
        hints.append(data.PickValueInList(list(HINTS)))
    return texts, hints


def test_one_input(raw: bytes) -> None:
    """What must hold for every input."""
    texts, hints = to_texts(atheris.FuzzedDataProvider(raw))
    together = MODEL.predict(texts, hints=hints, explain=True)
    alone = [MODEL.predict([text], hints=[hint], explain=True)[0] for text, hint in zip(texts, hints, strict=True)]
    backwards = MODEL.predict(texts[::-1], hints=hints[::-1], explain=True)[::-1]
    if not together == alone == backwards:
        raise AssertionError(f"Not the same alone and in a batch: {texts!r}, {hints!r}")
    for text, seen in zip(texts, together, strict=True):
        if not all(0 <= chance <= 1 for chance in (*seen.scores.values(), *seen.signals.values())):
            raise AssertionError(f"A score out of bounds: {text!r}, {seen!r}")
        if set(seen.labels) & set(seen.unsure):
            raise AssertionError(f"Sure and unsure at once: {text!r}, {seen!r}")
        if any(reason not in text for reasons in seen.reasons.values() for reason in reasons):
            raise AssertionError(f"A reason that is not in the text: {text!r}, {seen.reasons!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one_input)
    atheris.Fuzz()
